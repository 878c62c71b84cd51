import { describe, expect, it } from 'vitest';
import {
  durbinWatson,
  effectiveSize,
  lagOneAutocorrelation,
  neweyWestSlopeError,
} from '../../../src/analysis/statistics/autocorrelation.js';
import { median, robustScale, standardDeviation } from '../../../src/analysis/statistics/descriptive.js';
import { aicc } from '../../../src/analysis/statistics/information-criterion.js';
import { boundsAround, mapBounds } from '../../../src/analysis/statistics/intervals.js';
import { fitLine, leastSquares, leverageAt } from '../../../src/analysis/statistics/linear-regression.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';
import { huberLine, theilSenLine } from '../../../src/analysis/statistics/robust-line.js';
import { brentRoot, goldenSectionMinimum } from '../../../src/analysis/statistics/root-finding.js';
import { runsTest } from '../../../src/analysis/statistics/runs-test.js';
import { fitTrend } from '../../../src/analysis/statistics/trend.js';

describe('least squares', () => {
  it('a line by hand', () => {
    const fit = fitLine([1, 2, 3, 4], [2, 3, 5, 6]);
    expect(fit.slope).toBeCloseTo(1.4, 12);
    expect(fit.intercept).toBeCloseTo(0.5, 12);
    expect(fit.sse).toBeCloseTo(0.2, 12);
    expect(fit.slope_se).toBeCloseTo(Math.sqrt(0.1 / 5), 12);
    expect(leverageAt(fit, 2.5)).toBeCloseTo(0.25, 12);
    expect(() => fitLine([1, 1], [2, 3])).toThrow(RangeError);
  });
  it('a weight of two is a point counted twice', () => {
    const weighted = fitLine([1, 2, 3], [1, 3, 4], [1, 2, 1]);
    const doubled = fitLine([1, 2, 2, 3], [1, 3, 3, 4]);
    expect(weighted.slope).toBeCloseTo(doubled.slope, 12);
    expect(weighted.intercept).toBeCloseTo(doubled.intercept, 12);
    expect(weighted.sse).toBeCloseTo(doubled.sse, 12);
  });
  it('several columns agree with the line, and survive badly scaled ones', () => {
    const x = [1, 2, 3, 4, 7];
    const y = [2.1, 2.9, 5.2, 6, 9];
    const line = fitLine(x, y);
    const fit = leastSquares([x.map(() => 1), x.map((v) => v * 1e-12)], y);
    expect(fit.coefficients[0]).toBeCloseTo(line.intercept, 10);
    expect((fit.coefficients[1] as number) * 1e-12).toBeCloseTo(line.slope, 10);
    expect(Math.sqrt(((fit.sse / fit.dof) * (fit.inverse[1]?.[1] as number)) as number) * 1e-12).toBeCloseTo(
      line.slope_se,
      10,
    );
    expect(() => leastSquares([x, x], y)).toThrow(RangeError);
    expect(() => leastSquares([[1], [2]], [1])).toThrow(RangeError);
  });
});

describe('correlated residuals', () => {
  it('figures by hand', () => {
    expect(lagOneAutocorrelation([1, -1, 1, -1])).toBeCloseTo(-0.75, 12);
    expect(durbinWatson([1, -1, 1, -1])).toBeCloseTo(3, 12);
    expect(durbinWatson([0, 0])).toBeNull();
    expect(effectiveSize([1, -1, 1, -1, 1, -1], 1).n_eff).toBe(6);
  });
  it('Newey–West without lags is the heteroscedastic error', () => {
    const x = [0, 1, 2, 3, 4];
    const { residuals, sxx } = fitLine(x, [1, 3, 2, 5, 4]);
    const white =
      Math.sqrt(residuals.reduce((sum, e, i) => sum + (e * ((x[i] as number) - 2)) ** 2, 0) * (5 / 3)) / sxx;
    expect(neweyWestSlopeError(x, residuals, 0)).toBeCloseTo(white, 12);
  });
  it('the effective size of an autoregressive series is what theory says', () => {
    const normal = normalDeviates(mulberry32(5));
    let state = 0;
    const series = Array.from({ length: 20_000 }, () => {
      state = 0.8 * state + normal();
      return state;
    });
    const x = series.map((_, i) => i);
    expect(fitTrend(x, series).n_eff / (20_000 / 9)).toBeCloseTo(1, 0.7);
    expect(fitTrend(x, series, true).n_eff).toBe(20_000);
  });
});

describe('lines that outliers do not pull', () => {
  /** The definition itself: all pairs, sorted. */
  function slopesOf(x: number[], y: number[]): number[] {
    const slopes: number[] = [];
    for (let i = 0; i < x.length; i++) {
      for (let j = i + 1; j < x.length; j++) {
        const dx = (x[j] as number) - (x[i] as number);
        if (dx !== 0) slopes.push(((y[j] as number) - (y[i] as number)) / dx);
      }
    }
    return slopes.sort((a, b) => a - b);
  }

  it('Theil–Sen is the median of all pairwise slopes, ties in x or y included', () => {
    const random = mulberry32(6);
    for (let round = 0; round < 30; round++) {
      const n = 4 + Math.floor(random() * 30);
      const x = Array.from({ length: n }, () => Math.floor(random() * (round % 2 ? 12 : 1000)));
      const y = x.map((v) => 0.3 * v + Math.floor(random() * 20));
      const slopes = slopesOf(x, y);
      const fit = theilSenLine(x, y);
      expect(fit.slope).toBeCloseTo(median(slopes), 9);
      const ends = [fit.slope_ci95_low, fit.slope_ci95_high];
      for (const end of ends) expect(slopes.some((slope) => Math.abs(slope - end) < 1e-9)).toBe(true);
      expect(ends[0]).toBeLessThanOrEqual(fit.slope);
      expect(ends[1]).toBeGreaterThanOrEqual(fit.slope);
    }
  });
  it('Huber ignores a gross outlier that least squares follows', () => {
    const x = Array.from({ length: 40 }, (_, i) => i);
    const normal = normalDeviates(mulberry32(2));
    const y = x.map((v) => 2 * v + 0.1 * normal());
    y[39] = -100;
    expect(Math.abs(huberLine(x, y).slope - 2)).toBeLessThan(0.01);
    expect(Math.abs(fitLine(x, y).slope - 2)).toBeGreaterThan(0.5);
  });
});

describe('small tools', () => {
  it('medians, scales and deviations', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(standardDeviation([1, 3])).toBeCloseTo(Math.SQRT2, 12);
    expect(robustScale([-1, 1, -1, 100])).toBeCloseTo(1.4826, 12);
  });
  it('counts runs', () => {
    expect(runsTest([1, 1, -1, -1, 1, 0, 1])).toMatchObject({ runs: 3, n_pos: 4, n_neg: 2 });
    expect(runsTest([1, 1]).p).toBeNull();
    const alternating = Array.from({ length: 60 }, (_, i) => (i % 2 ? 1 : -1));
    expect(runsTest(alternating).z).toBeGreaterThan(5);
  });
  it('the corrected criterion is undefined where it must be', () => {
    expect(aicc(4, 3, 1)).toBeNull();
    expect(aicc(10, 3, 0)).toBeNull();
    expect(aicc(10, 3, 1)).toBeCloseTo(6 + 24 / 6, 12);
  });
  it('a decreasing function swaps the ends, also where one is lost', () => {
    const bounds = boundsAround(1, 1, Number.POSITIVE_INFINITY);
    const inverse = mapBounds(bounds, (x) => (x > 0 ? 1 / x : Number.NaN), 'decreasing');
    expect(inverse.ci95_low).toBeCloseTo(1 / 2.959963984540054, 12);
    expect(inverse.ci95_high).toBeNull();
    expect(boundsAround(1, Number.NaN, 5).ci95_low).toBeNull();
    expect(boundsAround(0, 3, Number.POSITIVE_INFINITY, 4).ci95_high).toBeCloseTo(5 * 1.959963984540054, 10);
  });
  it('finds roots and minima', () => {
    expect(brentRoot((x) => x ** 3 - 2, 0, 2)).toBeCloseTo(2 ** (1 / 3), 13);
    expect(() => brentRoot((x) => x * x + 1, -1, 1)).toThrow(RangeError);
    expect(goldenSectionMinimum((x) => (x - 0.3) ** 2, 0, 1, 1e-9).x).toBeCloseTo(0.3, 7);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  chiSquareQuantile,
  fisherFCdf,
  fisherFUpperTail,
  logGamma,
  noncentralTCdf,
  normalCdf,
  normalQuantile,
  regularizedIncompleteBeta,
  studentTCdf,
  studentTQuantile,
  studentTTwoSidedP,
  toleranceFactorOneSided,
} from '../../../src/analysis/statistics/distributions.js';
import { mulberry32, normalDeviates, seedFromNumbers } from '../../../src/analysis/statistics/random.js';
import { golden, hasGolden, sayIfAbsent } from '../../shared-data.js';

sayIfAbsent(hasGolden, 'golden values');

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

describe.runIf(hasGolden)('num-01', () => {
  const table = hasGolden ? JSON.parse(readFileSync(join(golden, 'num-01.json'), 'utf8')) : {};
  const tolerance = table.tolerance?.rel;

  it('Student t quantiles, also with non-integer degrees of freedom', () => {
    // The reference's own quantiles are off by up to 5e-9: at p = 0.95 and 30 degrees of freedom the closed form of
    // the distribution function gives 0.950000000742 for the reference and 0.95 to 16 digits for this one.
    for (const row of table.t_quantile) {
      expectRelative(studentTQuantile(row.p, row.dof), row.value, 5e-9);
    }
  });
  it('normal quantiles', () => {
    for (const row of table.normal_quantile) expectRelative(normalQuantile(row.p), row.value, tolerance);
  });
  it('two-sided p-values of t', () => {
    for (const row of table.t_two_sided_p)
      expectRelative(studentTTwoSidedP(row.t, row.dof), row.value, tolerance);
  });
  it('chi-square quantiles', () => {
    for (const row of table.chi2_quantile)
      expectRelative(chiSquareQuantile(row.p, row.dof), row.value, tolerance);
  });
  it('upper tails of F', () => {
    for (const row of table.F_sf)
      expectRelative(fisherFUpperTail(row.F, row.d1, row.d2), row.value, tolerance);
  });
  it('the incomplete beta function', () => {
    for (const row of table.incomplete_beta) {
      expectRelative(regularizedIncompleteBeta(row.x, row.a, row.b), row.value, tolerance);
    }
  });
  it('one-sided tolerance factors, 90 % of samples with 95 % confidence', () => {
    for (const row of table.tolerance_factor_one_sided_90_95) {
      expectRelative(toleranceFactorOneSided(row.n), row.k, tolerance);
    }
  });
});

describe('closed forms', () => {
  it('ln Γ at integers and halves', () => {
    expectRelative(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
    expectRelative(logGamma(11), Math.log(3628800), 1e-14);
    expect(logGamma(1)).toBeCloseTo(0, 14);
  });
  it('t with 1 and 2 degrees of freedom', () => {
    for (const t of [-30, -1, 0.001, 0.4, 3, 1e4]) {
      expectRelative(studentTCdf(t, 1), 0.5 + Math.atan(t) / Math.PI, 1e-11);
      expectRelative(studentTCdf(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)), 1e-9);
    }
  });
  it('t quantiles with even degrees of freedom satisfy the finite sum', () => {
    const cdf = (t: number, dof: number) => {
      let term = 1;
      let sum = 1;
      for (let k = 1; k < dof / 2; k++) {
        term *= ((dof / (dof + t * t)) * (2 * k - 1)) / (2 * k);
        sum += term;
      }
      return (1 + (t / Math.sqrt(dof + t * t)) * sum) / 2;
    };
    for (const dof of [2, 4, 10, 30, 200]) {
      for (const p of [0.6, 0.95, 0.975, 0.995])
        expect(Math.abs(cdf(studentTQuantile(p, dof), dof) - p)).toBeLessThan(1e-14);
    }
  });
  it('t of many degrees of freedom is normal', () => {
    expectRelative(studentTQuantile(0.975, 1e9), normalQuantile(0.975), 1e-8);
    expect(studentTQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975));
  });
  it('quantile and distribution function undo each other', () => {
    for (const dof of [0.3, 1, 1.95, 7.5, 498]) {
      for (const p of [1e-6, 0.01, 0.3, 0.6, 0.975, 0.9999])
        expectRelative(studentTCdf(studentTQuantile(p, dof), dof), p, 1e-10);
    }
    for (const p of [1e-12, 0.02, 0.5, 0.7, 0.999]) expectRelative(normalCdf(normalQuantile(p)), p, 1e-12);
  });
  it('F and its tail add up to one; F(1, ν) is t²', () => {
    expect(fisherFCdf(2.7, 3, 11) + fisherFUpperTail(2.7, 3, 11)).toBeCloseTo(1, 13);
    expectRelative(fisherFUpperTail(4.41, 1, 9), studentTTwoSidedP(2.1, 9), 1e-12);
  });
  it('noncentral t without noncentrality is t', () => {
    for (const dof of [1, 2, 9, 400])
      expectRelative(noncentralTCdf(1.3, dof, 0), studentTCdf(1.3, dof), 1e-10);
  });
  it('refuses what has no answer', () => {
    expect(studentTQuantile(0.95, 0)).toBeNaN();
    expect(normalQuantile(1.1)).toBeNaN();
    expect(toleranceFactorOneSided(1)).toBeNaN();
  });
});

describe('random numbers', () => {
  it('repeat for the same seed and differ for another', () => {
    const first = mulberry32(7);
    const second = mulberry32(7);
    const series = Array.from({ length: 5 }, first);
    expect(Array.from({ length: 5 }, second)).toEqual(series);
    expect(mulberry32(8)()).not.toBe(series[0]);
    expect(seedFromNumbers([1, 2], [3])).toBe(seedFromNumbers(new Float64Array([1, 2]), [3]));
    expect(seedFromNumbers([1, 2])).not.toBe(seedFromNumbers([2, 1]));
  });
  it('normal deviates have mean 0, variance 1 and normal tails', () => {
    const normal = normalDeviates(mulberry32(1));
    const n = 40_000;
    let sum = 0;
    let squares = 0;
    let beyond = 0;
    for (let i = 0; i < n; i++) {
      const z = normal();
      sum += z;
      squares += z * z;
      if (Math.abs(z) > 1.959964) beyond++;
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.02);
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.03);
    expect(Math.abs(beyond / n - 0.05)).toBeLessThan(0.005);
  });
});

import { describe, expect, it } from 'vitest';
import { capacityLimitedCycles } from '../../../src/analysis/cycling/index.js';
import { fitDecay } from '../../../src/analysis/decay/index.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import {
  expectFigures,
  expectNear,
  type GoldenCase,
  goldenCases,
  type Tolerance,
} from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

/**
 * The reference reports least squares even with gross outliers, where this project takes Huber's line, and leaves the
 * knee out there; the number of iterations is the algorithm's own business.
 */
function toleranceOf(path: string, hasOutliers: boolean): Tolerance | null {
  if (/\.(note|reason|target|iterations)$/.test(path)) return null;
  if (hasOutliers && (/\.knee$/.test(path) || path.startsWith('.verdict_D'))) return null;
  if (path.includes('.block_bootstrap')) return { relative: 0.15 };
  if (/aicc/.test(path)) return { absolute: 0.01 };
  if (path.endsWith('.exponent')) return { absolute: 1e-3 };
  if (path.includes('.power.')) return { relative: 1e-4 };
  if (/\.nls|\.huber|\.knee|\.models/.test(path)) return { relative: 1e-6 };
  if (path.includes('.theil_sen')) return { relative: 1e-9 };
  return { relative: 1e-8 };
}

describe('decay fits of the reference', () => {
  it.each(goldenCases('dec-', 'decay'))('%s', (_id, reference) => {
    const { cycle, capacity } = reference.data;
    const fit = fitDecay({ cycle, capacity }, { bootstrap_samples: 4000 });
    const hasOutliers = fit.warnings.some((warning) => warning.code === 'OUTLIERS');
    expectFigures(fit, reference.expected, (path) => toleranceOf(path, hasOutliers));
    expect(fit.verdict_D.verdict).toBe(reference.expected.verdict_D.verdict);
  });

  it.each(goldenCases('dec-', 'decay-exact'))('%s', (_id, reference) => {
    const { cycle, capacity } = reference.data;
    const fit = fitDecay({ cycle, capacity });
    const relative = { relative: reference.tolerance.rel };
    expectNear(fit.log_ols.D, reference.truth.D, relative, 'D');
    expectNear(fit.log_ols.Q0, reference.truth.Q0, relative, 'Q0');
    expectNear(fit.log_ols.n80_fitted_Q0, reference.truth.n80, relative, 'n80');
    expect(fit.warnings.map((warning) => warning.code)).not.toContain('TREND_NOT_RESOLVED');
  });

  it.each(goldenCases('dec-', 'decay-exclusion'))('%s', (_id, reference) => {
    const { cycle, capacity, label } = reference.data;
    const fit = fitDecay({ cycle, capacity, label });
    expectFigures(fit, reference.expected, () => ({ relative: reference.tolerance.rel }));
    expect(fit.log_ols.D).toBe(fit.ageing_only?.D);
  });

  it.runIf(hasGolden)(
    'dec-s4-outliers: Huber is reported, with an error that outliers do not inflate',
    () => {
      const reference = goldenCases('dec-s4', 'decay')[0]?.[1];
      const fit = fitDecay({ cycle: reference.data.cycle, capacity: reference.data.capacity });
      const D = fit.results.find((row) => row.quantity === 'D');
      expect(D?.method).toContain('Huber');
      expect(Math.abs((D?.value as number) - reference.truth.D)).toBeLessThan(
        2 * (D?.standard_error as number),
      );
      expect(D?.standard_error).toBeLessThan(fit.log_ols.D_se_ols / 5);
      const listed = fit.warnings.find((warning) => warning.code === 'OUTLIERS')?.message as string;
      for (const cycle of reference.truth.outlier_cycles)
        expect(listed).toMatch(new RegExp(`[( ]${cycle}[,)]`));
    },
  );

  it.each(goldenCases('dec-', 'decay-protocol'))('%s', (_id, reference) => {
    const { data, expected } = reference as GoldenCase;
    const limited = capacityLimitedCycles(data.q_chg_Ah, data.v_max, 4.1);
    const label = data.label.map((text: string | null, i: number) => {
      if (text !== 'Aging cycle') return text;
      if (data.q_chg_Ah[i] === null || data.q_dis_Ah[i] === null) return 'partial';
      return limited[i] ? 'capacity_limited' : 'ageing';
    });
    const fit = fitDecay({ cycle: data.cycle, capacity: data.q_dis_Ah, label });
    const relative = { relative: reference.tolerance.rel };
    expect(fit.series).toBe('checkup');
    expect(fit.warnings.map((warning) => warning.code)).toContain('CAPACITY_LIMITED');
    const byAgeing = expected.D_from_checkups_per_ageing_cycle;
    expectFigures(
      fit.log_ols,
      { D: byAgeing.D, D_se_ols: byAgeing.D_se_ols, D_ci95_ols: byAgeing.D_ci95_ols },
      () => relative,
    );
    expectFigures(fit.checkup_only, expected.D_from_checkups_per_cycle_index, () => relative);
    expectNear(fit.ageing_only?.D, expected.naive_D_from_ageing_cycles, relative, 'naive D');
  });
});

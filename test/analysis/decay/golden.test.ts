import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capacityLimitedCycles } from '../../../src/analysis/cycling/index.js';
import { type DecayVerdict, type FadeComparison, fitDecay } from '../../../src/analysis/decay/index.js';
import { goldenFiles, hasGolden, sayIfAbsent } from '../../shared-data.js';
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

const amendedCases = (kind: string): [string, GoldenCase][] =>
  [...goldenFiles()]
    .filter(([name]) => name.startsWith('dec-'))
    .map(([, path]): GoldenCase => JSON.parse(readFileSync(path, 'utf8')))
    .filter((reference) => reference.kind === kind)
    .map((reference) => [reference.id, reference]);

/** What verdict_D must say: laws are judged only where one replaces the exponential. */
function expectVerdict(verdict: DecayVerdict, law: FadeComparison, expected: GoldenCase): void {
  const { window, recent, cycles_spanned } = expected;
  const tolerance = (path: string): Tolerance | null => (path.startsWith('.law') ? null : { relative: 1e-6 });
  expect(verdict.cycles_spanned).toBe(cycles_spanned);
  expectFigures(verdict.window, window, tolerance);
  if (recent === null) expect(verdict.recent).toBeNull();
  else {
    const { first_cycle, ...figures } = recent;
    expectFigures(verdict.recent, figures, tolerance);
    expect((verdict.recent?.first_n as number) + 1, 'first cycle of the last third').toBe(first_cycle);
  }
  expect(law.law_inadequate).toBe(window.law.inadequate);
  if (window.law.inadequate) {
    expect(law.best_eff).toBe(window.law.best);
    expectNear(law.delta_aicc_eff_exponential, window.law.delta_aicc_eff, { relative: 1e-4 }, 'ΔAICc');
  }
  expect(verdict.verdict).toBe(expected.verdict);
}

describe.runIf(hasGolden)('decay verdicts with the wander of the capacity', () => {
  it.each(amendedCases('decay-verdict'))('%s', (_id, { data, policy, expected }) => {
    const options = { capacity_wander_relative: policy.wander_half_width, bootstrap_samples: 0 };
    const fit = fitDecay({ cycle: data.cycle, capacity: data.capacity }, options);
    expectVerdict(fit.verdict_D, fit.model_comparison, expected);
  });

  it.each(amendedCases('decay-checkups'))('%s', (_id, { data, policy, expected }) => {
    // Five check-ups with so many ageing cycles of fixed capacity before each of them.
    const ageing = data.ageing_cycles_done.at(-1);
    const label: string[] = [];
    const capacity: number[] = [];
    for (let done = 0; done <= ageing; done++) {
      const at = data.ageing_cycles_done.indexOf(done);
      if (at >= 0) {
        label.push('checkup');
        capacity.push(data.capacity[at]);
      }
      label.push('capacity_limited');
      capacity.push(1.5);
    }
    const cycle = label.map((_, i) => i + 1);
    const options = { capacity_wander_relative: policy.wander_half_width, bootstrap_samples: 0 };
    const { verdict_D } = fitDecay({ cycle, capacity, label }, options);
    const tolerance = (path: string) =>
      path.startsWith('.law') || path === '.rho1' ? null : { relative: 1e-8 };
    expectFigures(verdict_D.window, expected.window, tolerance);
    expect(verdict_D.window.dof_eff).toBe(expected.dof);
    expect(verdict_D.verdict).toBe(expected.verdict);
  });

  const amended = amendedCases('decay-verdict-amendments')[0]?.[1].expected ?? {};
  it.each(goldenCases('dec-', 'decay').filter(([id]) => id in amended))('%s', (id, { data }) => {
    const { verdict_D: expected } = amended[id];
    const options = { capacity_wander_relative: expected.wander_half_width, bootstrap_samples: 0 };
    const fit = fitDecay({ cycle: data.cycle, capacity: data.capacity }, options);
    if (fit.warnings.some(({ code }) => code === 'OUTLIERS')) {
      // The reference takes least squares of all points there; this project leaves the outliers out.
      expect(fit.verdict_D.verdict).toBe(expected.verdict);
      return;
    }
    expectVerdict(fit.verdict_D, (fit.window_to_eol ?? fit).model_comparison, expected);
  });
});

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

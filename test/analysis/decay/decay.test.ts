import { describe, expect, it } from 'vitest';
import {
  type DecayEstimate,
  type DecayEvidence,
  type DecayFit,
  fitDecay,
  judgeDecay,
} from '../../../src/analysis/decay/index.js';
import { NotComputable } from '../../../src/analysis/result.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';
import { inWords } from '../../message.js';

/** Capacities of cycles 1…n with proportional noise. */
function series(n: number, capacityAt: (cycle: number) => number, noise = 0.001, seed = 1) {
  const normal = normalDeviates(mulberry32(seed));
  const cycle = Array.from({ length: n }, (_, i) => i + 1);
  return { cycle, capacity: cycle.map((c) => capacityAt(c) * (1 + noise * normal())) };
}

const codes = (fit: DecayFit) => fit.warnings.map((warning) => warning.code);
const row = (fit: DecayFit, name: string) => fit.results.find((candidate) => candidate.quantity === name);
const fade = (rate: number) => (cycle: number) => 200 * (1 - rate) ** (cycle - 1);

describe('a decay fit', () => {
  it('is refused where the check-ups have no ageing cycle between them', () => {
    const { cycle, capacity } = series(12, fade(0.001));
    const label = cycle.map((c) => (c <= 5 ? 'checkup' : 'capacity_limited'));
    expect(() => fitDecay({ cycle, capacity, label })).toThrow(NotComputable);
    expect(() => fitDecay({ cycle, capacity, label })).toThrow('no ageing cycle lies between the check-ups');
  });

  it('finds the rate by every estimator', () => {
    const fit = fitDecay(series(300, fade(0.0004)));
    for (const name of ['D', 'D_nls', 'D_theil_sen', 'D_huber', 'D_to_end_of_life']) {
      expect(Math.abs((row(fit, name)?.value as number) - 0.0004), name).toBeLessThan(4e-6);
    }
    expect(row(fit, 'Q0')?.value).toBeCloseTo(200, 0);
    expect(fit.verdict_D.verdict).toBe('PASS');
    expect(row(fit, 'n80_fitted_Q0')?.value).toBeCloseTo(558, -1);
    expect(codes(fit)).toContain('EXTRAPOLATED');
  });

  it('counts n from the first included cycle', () => {
    const { cycle, capacity } = series(200, fade(0.001), 0);
    const fit = fitDecay({ cycle: cycle.map((c) => c + 49), capacity });
    expect(fit.log_ols.Q0).toBeCloseTo(200, 8);
    expect(fit.log_ols.D).toBeCloseTo(0.001, 10);
  });

  it('widens the interval when residuals are correlated', () => {
    const white = series(300, fade(0.0004), 0.002);
    const normal = normalDeviates(mulberry32(3));
    let state = 0;
    const red = series(300, fade(0.0004), 0);
    red.capacity = red.capacity.map((q) => {
      state = 0.9 * state + Math.sqrt(1 - 0.81) * normal();
      return q * (1 + 0.002 * state);
    });
    const [a, b] = [fitDecay(white), fitDecay(red)];
    expect(b.log_ols.D_se_reported / b.log_ols.D_se_ols).toBeGreaterThan(2.5);
    expect(a.log_ols.D_se_reported / a.log_ols.D_se_ols).toBeLessThan(1.4);
    expect(b.log_ols.n_eff).toBeLessThan(60);
  });

  it('leaves out cycles that are no ageing cycles, and shows the others beside', () => {
    const { cycle, capacity } = series(150, fade(0.0005));
    const label = cycle.map((c) =>
      c <= 3 ? 'formation' : c === 70 ? 'interrupted' : c === 80 ? 'EIS' : 'ageing',
    );
    capacity[69] = 40;
    const fit = fitDecay({ cycle, capacity, label });
    expect(fit.log_ols.n).toBe(145);
    expect(fit.excluded.map((point) => point.index)).toEqual([0, 1, 2, 69, 79]);
    expect(fit.naive_all_cycles?.n).toBe(150);
    expect(fit.log_ols.D).not.toBe(fit.naive_all_cycles?.D);
  });

  it('takes a run of interrupted cycles without labels as outliers, on either side of the rule', () => {
    const { cycle, capacity } = series(300, fade(0.0004));
    for (const c of [20, 21, 22, 150, 220]) capacity[c - 1] = (capacity[c - 1] as number) * 0.3;
    const fit = fitDecay({ cycle, capacity });
    expect(codes(fit)).toContain('OUTLIERS');
    expect(Math.abs((row(fit, 'D')?.value as number) - 0.0004)).toBeLessThan(5e-6);
    expect(Math.abs(fit.log_ols.D - 0.0004)).toBeGreaterThan(
      Math.abs((row(fit, 'D')?.value as number) - 0.0004),
    );
    expect(fit.verdict_D.reason).toContain('outliers');
  });

  it('finds a knee, fails it and withholds the modelled life', () => {
    const fit = fitDecay(
      series(400, (c) => (c <= 250 ? fade(0.0002)(c) : fade(0.0002)(250) * (1 - 0.002) ** (c - 250))),
    );
    expect(fit.knee?.accepted).toBe(true);
    expect(Math.abs((fit.knee?.knee_cycle as number) - 249)).toBeLessThanOrEqual(3);
    expect(row(fit, 'D_after')?.value).toBeCloseTo(0.002, 4);
    expect(row(fit, 'n80_fitted_Q0')).toMatchObject({ value: null, status: 'unusable' });
    expect(fit.verdict_D).toMatchObject({ verdict: 'FAIL' });
    expect(fit.verdict_D.reason).toContain('accelerating');
  });

  it('does not call a decelerating bend a knee', () => {
    const fit = fitDecay(
      series(400, (c) => (c <= 60 ? fade(0.002)(c) : fade(0.002)(60) * (1 - 0.0002) ** (c - 60))),
    );
    expect(fit.knee?.accepted).toBe(false);
    expect(codes(fit)).toContain('EARLY_TRANSIENT');
  });

  it('names another law', () => {
    const root = fitDecay(series(400, (c) => 200 - 1.2 * Math.sqrt(c - 1), 0.0005));
    expect(codes(root)).toContain('LAW_INADEQUATE');
    expect(['sqrt', 'power']).toContain(root.model_comparison.best_eff);
    expect(row(root, 'n80_fitted_Q0')?.value).toBeNull();
    const exponential = fitDecay(series(400, fade(0.0008), 0.0005));
    expect(codes(exponential)).not.toContain('LAW_INADEQUATE');
  });

  it('sees the end of life only when capacity stays below 80 %', () => {
    const { cycle, capacity } = series(300, fade(0.001));
    capacity[99] = 100;
    const fit = fitDecay({ cycle, capacity });
    expect(fit.first_cycle_below_80pct_of_initial).toBe(100);
    expect(Math.abs((fit.end_of_life_cycle as number) - 225)).toBeLessThan(6);
    expect(fit.window_to_eol?.n).toBe((fit.end_of_life_cycle as number) - 1);
    expect(fit.verdict_D.verdict).toBe('FAIL');
  });

  it('uses check-ups when the protocol fixes the capacity, and says when they are too few', () => {
    const cycle = Array.from({ length: 161 }, (_, i) => i + 1);
    const isCheckup = (c: number) => c % 40 === 1;
    const capacity = cycle.map((c) => (isCheckup(c) ? 200 * (1 - 0.0003) ** c * (1 + 1e-4 * (c % 3)) : 150));
    const label = cycle.map((c) => (isCheckup(c) ? 'checkup' : 'capacity_limited'));
    const fit = fitDecay({ cycle, capacity, label });
    expect(fit.series).toBe('checkup');
    expect(fit.log_ols.n).toBe(5);
    expect(fit.log_ols.observed_span).toBe(156);
    expect(fit.log_ols.D).toBeCloseTo(0.0003 * (160 / 156), 5);
    const short = fitDecay({
      cycle: cycle.slice(0, 100),
      capacity: capacity.slice(0, 100),
      label: label.slice(0, 100),
    });
    expect(row(short, 'D')).toMatchObject({ n: 3, ci95_low: null, bound95_high: null });
    expect(codes(short)).toContain('FEW_CHECKUPS');
    expect(() =>
      fitDecay({ cycle: cycle.slice(0, 60), capacity: capacity.slice(0, 60), label: label.slice(0, 60) }),
    ).toThrow(NotComputable);
  });

  it('refuses two cycles, and skips what is no capacity', () => {
    expect(() => fitDecay({ cycle: [1, 2], capacity: [1, 0.99] })).toThrow(NotComputable);
    const fit = fitDecay({ cycle: [1, 2, 2, 3, 4, 5], capacity: [1, 0.999, 5, null, 0, 0.996] });
    expect(fit.excluded.map((point) => point.index)).toEqual([2, 3, 4]);
    expect(fit.log_ols.n).toBe(3);
  });

  it('gives the energy its own rate', () => {
    const data = series(200, fade(0.0003));
    const energy = data.capacity.map((q, i) => q * 3.6 * (1 - 0.0002) ** i);
    expect(row(fitDecay({ ...data, energy }), 'D_energy')?.value).toBeCloseTo(0.0005, 5);
  });

  it('never prints NaN or infinity', () => {
    const check = (fit: DecayFit) =>
      JSON.stringify(fit, (key, value) => {
        if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${key} is not finite`);
        return value;
      });
    check(fitDecay(series(3, fade(0.001))));
    check(fitDecay(series(6, fade(0.001))));
    check(fitDecay({ cycle: [1, 2, 3, 4, 5], capacity: [7, 7, 7, 7, 7] }));
    check(fitDecay(series(40, (c) => 100 + c)));
  });
});

describe('the wander of the capacity', () => {
  it('widens the interval of a slope by both ends of the window, and leaves the statistical one alone', () => {
    const data = series(301, fade(0.0003), 0.001);
    const bare = fitDecay(data).verdict_D.window;
    const full = fitDecay(data, { capacity_wander_relative: 0.005 }).verdict_D.window;
    expect(bare.u_wander).toBe(0);
    expect(bare.ci95).toEqual(bare.ci95_statistical);
    expect(full.ci95_statistical).toEqual(bare.ci95);
    // 2·0.5 %/√3 over 300 cycles; of 1.96 such units the statistics add next to nothing here.
    expect(full.u_wander).toBeCloseTo(0.01 / Math.sqrt(3) / 300, 12);
    const half = ((full.ci95[1] as number) - (full.ci95[0] as number)) / 2;
    const statistical = ((bare.ci95[1] as number) - (bare.ci95[0] as number)) / 2;
    expect(half / Math.hypot(statistical, 1.959964 * full.u_wander)).toBeCloseTo(1, 3);
  });

  it('lets a rate pass only with the 99 % bound below the limit', () => {
    const data = series(161, fade(0.00044), 0.0002);
    const judged = (wander: number) => fitDecay(data, { capacity_wander_relative: wander }).verdict_D;
    // The half width that puts the 95 % bound just below the limit, and the 99 % one above it.
    const between = (3e-5 * Math.sqrt(3) * 160) / 2;
    expect(judged(0).verdict).toBe('PASS');
    const open = judged(between);
    expect(open.D_upper95).toBeLessThan(0.0005);
    expect(open.D_upper99).toBeGreaterThan(0.0005);
    expect(open.verdict).toBe('INCONCLUSIVE');
    expect(open.needed).toMatch(/^\d+ more cycles/);
    expect(judged(0.001).verdict).toBe('PASS');
  });
});

describe('a fade that is no exponential', () => {
  /** 16 % in 400 cycles, ever faster. */
  const accelerating = (c: number) => 200 * (1 - 0.16 * ((c - 1) / 399) ** 2.5);

  it('takes the noise from the law that fits, not the misfit for noise', () => {
    const fit = fitDecay(series(400, accelerating, 0.001));
    const { window, recent, verdict, reason } = fit.verdict_D;
    expect(codes(fit)).toContain('LAW_INADEQUATE');
    expect(codes(fit)).not.toContain('TREND_NOT_RESOLVED');
    expect(window.D).toBe(fit.log_ols.D);
    expect(window.n_eff).toBeGreaterThan(100);
    expect(fit.log_ols.n_eff).toBeLessThan(10);
    expect(row(fit, 'D')?.ci95_low).toBeGreaterThan(0);
    // The mean slope of ln Q over the last third is 0.0009: well above the average of all.
    expect(recent?.D).toBeGreaterThan(1.5 * window.D);
    expect(verdict).toBe('FAIL');
    expect(reason).toContain('over the last third');
  });

  it('keeps the error of the exponential where that holds, and below ten points', () => {
    const fit = fitDecay(series(400, fade(0.0004), 0.001));
    expect(fit.verdict_D.window.slope_se).toBeCloseTo(fit.log_ols.D_se_reported, 8);
    const short = fitDecay({
      cycle: [0, 50, 100, 150, 200, 250, 300, 350, 400].map((c) => c + 1),
      capacity: [0, 50, 100, 150, 200, 250, 300, 350, 400].map(
        (c) => accelerating(c + 1) * (1 + 1e-6 * (c % 7)),
      ),
    });
    expect(short.model_comparison.law_inadequate).toBe(false);
  });

  it('blocks a PASS while the last third is at the limit, and prints it in any case', () => {
    const open = fitDecay(
      series(200, (c) => 200 * (1 - 0.065 * ((c - 1) / 199) ** 1.9), 0.001),
      {
        capacity_wander_relative: 0.005,
      },
    );
    expect(open.verdict_D.D_upper99).toBeLessThan(0.0005);
    expect(open.verdict_D.verdict).toBe('INCONCLUSIVE');
    expect(open.verdict_D.reason).toContain('at or above the limit');
    const steady = fitDecay(series(300, fade(0.0002), 0.0002));
    expect(steady.verdict_D.verdict).toBe('PASS');
    expect(steady.verdict_D.reason).toContain('D_recent');
    expect(row(steady, 'D_recent')?.value).toBeCloseTo(0.0002, 5);
    expect(fitDecay(series(99, fade(0.0002))).verdict_D.recent).toBeNull();
  });

  it('leaves outliers out of the recent rate', () => {
    const data = series(300, fade(0.0003), 0.0005);
    for (const c of [205, 290, 295, 298]) data.capacity[c - 1] = 60;
    const { verdict_D } = fitDecay(data);
    expect(verdict_D.recent?.D).toBeCloseTo(0.0003, 5);
    expect(verdict_D.verdict).toBe('PASS');
    // A run of them at the very end may be the cell dying: it stays in until capacity returns.
    for (const c of [299, 300]) data.capacity[c - 1] = 60;
    expect(fitDecay(data).verdict_D.verdict).not.toBe('PASS');
  });
});

describe('the verdict on a decay rate', () => {
  const window: DecayEstimate = {
    n: 300,
    D: 4e-4,
    slope: -4e-4,
    slope_se: 3e-5,
    rho1: 0,
    rho1_bias_corrected: 0,
    n_eff: 300,
    dof_eff: 298,
    u_wander: 0,
    ci95_statistical: [3e-4, 4.9e-4],
    ci95: [3e-4, 4.9e-4],
    lower95: 3e-4,
    upper95: 4.8e-4,
    upper99: 4.9e-4,
  };
  const evidence: DecayEvidence = {
    window,
    recent: null,
    knee: null,
    cycles_spanned: 300,
    cycles_to_end_of_life: null,
    remarks: [],
  };
  const bounds = (lower95: number, upper95: number, upper99 = upper95) => ({
    ...evidence,
    window: { ...window, lower95, upper95, upper99 },
  });
  const recently = (D: number, lower95: number) => ({ ...window, D, lower95, first_n: 200 });
  const knee = {
    knee_cycle: 100,
    knee_ci95: [90, 110] as [number, number],
    D_before: 1e-4,
    D_after: 8e-4,
    ratio: 8,
    sse_line: 1,
    sse_hinge: 0.1,
    n_eff: 100,
    delta_aicc_eff: -200,
    F: 100,
    accepted: true,
  };

  it('follows the order of the rules', () => {
    expect(judgeDecay(evidence).verdict).toBe('PASS');
    expect(judgeDecay({ ...evidence, cycles_spanned: 99 })).toMatchObject({ verdict: 'INSUFFICIENT DATA' });
    expect(judgeDecay(bounds(-2e-4, -1e-4)).verdict).toBe('INCONCLUSIVE');
    expect(judgeDecay({ ...evidence, knee }).verdict).toBe('FAIL');
    expect(judgeDecay({ ...evidence, knee: { ...knee, accepted: false } }).verdict).toBe('PASS');
    expect(judgeDecay({ ...evidence, knee: { ...knee, D_after: 4e-4 } }).verdict).toBe('PASS');
    expect(judgeDecay({ ...evidence, cycles_to_end_of_life: 446 }).verdict).toBe('FAIL');
    expect(judgeDecay({ ...evidence, cycles_to_end_of_life: 447 }).verdict).toBe('PASS');
    expect(judgeDecay(bounds(5e-4, 6e-4)).verdict).toBe('FAIL');
    expect(judgeDecay(bounds(4e-4, 5e-4)).verdict).toBe('INCONCLUSIVE');
    expect(judgeDecay(bounds(4e-4, 4.9e-4, 5e-4)).verdict).toBe('INCONCLUSIVE');
    const failing = judgeDecay({ ...evidence, recent: recently(6e-4, 5e-4) });
    expect(failing).toMatchObject({ verdict: 'FAIL', needed: null });
    expect(failing.reason).toContain('accelerating fade');
    expect(judgeDecay({ ...evidence, recent: recently(5e-4, 4e-4) }).verdict).toBe('INCONCLUSIVE');
    expect(judgeDecay({ ...evidence, recent: recently(4.9e-4, 4e-4) }).verdict).toBe('PASS');
    expect(judgeDecay({ ...bounds(5e-4, 6e-4), recent: recently(6e-4, 4e-4) }).verdict).toBe('FAIL');
    expect(judgeDecay({ ...bounds(-2e-4, -1e-4), recent: recently(6e-4, 5e-4) }).verdict).toBe(
      'INCONCLUSIVE',
    );
  });

  it('says how many cycles are missing and what must be mentioned', () => {
    expect(judgeDecay({ ...evidence, cycles_spanned: 60 }).needed).toContain('40 more');
    const open = bounds(3e-4, 5e-4);
    expect(judgeDecay(open)).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(judgeDecay(open).needed).toMatch(/^\d+ more cycles/);
    const none = { ...window, lower95: null, upper95: null, upper99: null };
    expect(judgeDecay({ ...evidence, window: none }).verdict).toBe('INSUFFICIENT DATA');
    expect(judgeDecay({ ...evidence, remarks: [inWords('3 outliers')] }).reason).toContain('3 outliers');
  });
});

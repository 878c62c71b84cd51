import { describe, expect, it } from 'vitest';
import { type DecayFit, fitDecay, judgeDecay } from '../../../src/analysis/decay/index.js';
import { NotComputable, quantity } from '../../../src/analysis/result.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';

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

describe('the verdict on a decay rate', () => {
  const evidence = {
    D: quantity({ quantity: 'D', value: 4e-4, unit: '1/cycle', bound95_low: 3e-4, bound95_high: 4.9e-4 }),
    knee: null,
    cycles_spanned: 300,
    cycles_to_end_of_life: null,
    window_cycles: 300,
    remarks: [],
  };
  const bounds = (low: number, high: number) => ({
    ...evidence,
    D: { ...evidence.D, bound95_low: low, bound95_high: high },
  });
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
  });

  it('says how many cycles are missing and what must be mentioned', () => {
    expect(judgeDecay({ ...evidence, cycles_spanned: 60 }).needed).toContain('40 more');
    const open = { ...evidence.D, standard_error: 6e-5, n: 300, n_eff: 300, bound95_high: 5e-4 };
    expect(judgeDecay({ ...evidence, D: open })).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(judgeDecay({ ...evidence, D: { ...open, value: 4.95e-4 } }).needed).toMatch(/^\d+ more cycles/);
    expect(judgeDecay({ ...evidence, D: { ...open, bound95_low: null } }).verdict).toBe('INSUFFICIENT DATA');
    expect(judgeDecay({ ...evidence, remarks: ['3 outliers'] }).reason).toContain('3 outliers');
  });
});

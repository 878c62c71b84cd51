import { describe, expect, it } from 'vitest';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';
import {
  declaredHalfWidth,
  fromScatter,
  halfWidth,
  statedOrAssumed,
} from '../../../src/analysis/uncertainty/index.js';
import {
  cyclesNeededForDecay,
  cyclesNeededForMean,
  exactEstimate,
  insufficient,
  judge,
  judgeMaterial,
  judgePeakDischarge,
  judgeTemperatureRange,
  type Limit,
  narrowPasses,
  poolSamples,
  randomEffects,
  samplesNeeded,
  shareToKeep,
  temperaturesNeeded,
  whatSettlesAccuracy,
  whatSettlesPool,
} from '../../../src/analysis/verdict/index.js';
import { inWords } from '../../message.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectFigures, type GoldenCase, goldenCases } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

describe('pooling of the reference', () => {
  it.each(goldenCases('tgt-', 'pooling', 'pooling-batches'))('%s', (_id, reference) => {
    for (const { inputs, expected } of reference.cases as GoldenCase[]) {
      const values = inputs.sigma_S_cm ?? inputs.y;
      const shared = inputs.u_shared_relative ?? 0;
      const pool = poolSamples(values, {
        log: inputs.log ?? false,
        standard_errors: inputs.se ?? inputs.se_S_cm,
        batches: inputs.batch,
        shared: [{ ...declaredHalfWidth('gauge', 0), standard_uncertainty: shared }],
      });
      const threshold = inputs.target_lower ?? 0.01;
      const { verdict, note, reason, scope, plain_mean_would_say: plain, ...figures } = expected;
      const judged = judgeMaterial(pool, { comparison: '>', threshold });
      const found = {
        ...pool,
        mean: pool.value,
        sd_between_cells: pool.sd,
        se: pool.standard_error,
        lower95: pool.bound95_low,
        upper95: pool.bound95_high,
        ci95: [pool.ci95_low, pool.ci95_high],
        lower95_one_sided: pool.bound95_low,
        upper95_one_sided: pool.bound95_high,
        lower_tolerance_90_95: pool.lower_tolerance_90_95,
        best: pool.highest,
        worst: pool.lowest,
      };
      expectFigures(found, figures, () => ({ relative: reference.tolerance.rel }));
      expect(judged.verdict).toBe(verdict);
      if (scope) expect(pool.scope.of).toBe(scope);
      if (plain)
        expect(
          judgeMaterial(poolSamples(values, { log: true }), { comparison: '>', threshold }).verdict,
        ).toBe(plain);
      if (note) expect(judged.notes.map(({ code }) => code)).toContain('CHAMPION');
      if (reason) expect(judged.needed).toContain('more samples');
    }
  });
});

describe('samples that are equal', () => {
  it('have no variance between them, however small their own errors are', () => {
    const value = 0.1 + 0.2;
    for (const errors of [
      [1e-20, 3e-21],
      [1e-25, 7e-22, 2e-23],
    ]) {
      expect(
        randomEffects(
          errors.map(() => value),
          errors,
        ).tau2,
      ).toBe(0);
    }
  });
});

describe('one result against one limit', () => {
  const estimate = { value: 10, ci95_low: 8, ci95_high: 12, bound95_low: 8.4, bound95_high: 11.6 };
  const word = (limit: Limit) => judge(estimate, limit).verdict;

  it('needs the facing bound to clear it', () => {
    expect(word({ comparison: '>', threshold: 8.3 })).toBe('PASS');
    expect(word({ comparison: '>', threshold: 9 })).toBe('INCONCLUSIVE');
    expect(word({ comparison: '>', threshold: 11.7 })).toBe('FAIL');
    expect(word({ comparison: '<', threshold: 11.7 })).toBe('PASS');
    expect(word({ comparison: '<', threshold: 9 })).toBe('INCONCLUSIVE');
    expect(word({ comparison: '<', threshold: 8.3 })).toBe('FAIL');
  });

  it('is strict where it is written so', () => {
    expect(word({ comparison: '>', threshold: 8.4 })).toBe('INCONCLUSIVE');
    expect(word({ comparison: '>=', threshold: 8.4 })).toBe('PASS');
    expect(word({ comparison: '>', threshold: 11.6 })).toBe('FAIL');
    expect(word({ comparison: '>=', threshold: 11.6 })).toBe('INCONCLUSIVE');
    expect(judge(exactEstimate(0.5), { comparison: '>', threshold: 0.5 }).verdict).toBe('FAIL');
    expect(judge(exactEstimate(1), { comparison: '<=', threshold: 1 }).verdict).toBe('PASS');
  });

  it('gives the margin in half widths, positive where the target is met', () => {
    expect(judge(estimate, { comparison: '>', threshold: 7 }).margin).toBeCloseTo(1.5, 12);
    expect(judge(estimate, { comparison: '<', threshold: 7 }).margin).toBeCloseTo(-1.5, 12);
    expect(judge(exactEstimate(3), { comparison: '>', threshold: 1 }).margin).toBeNull();
  });

  it('has no word for what is not there', () => {
    expect(judge(null, { comparison: '>', threshold: 1 }, inWords('no geometry'))).toMatchObject({
      verdict: 'INSUFFICIENT DATA',
      reason: 'no geometry',
    });
    expect(judge({ ...estimate, bound95_low: null }, { comparison: '>', threshold: 1 }).verdict).toBe(
      'INSUFFICIENT DATA',
    );
  });

  it('counts passes that stand close to their limit', () => {
    const limits = [8.3, 5, 9].map((threshold): Limit => ({ comparison: '>', threshold }));
    expect(narrowPasses(limits.map((limit) => judge(estimate, limit)))).toBe(1);
    expect(narrowPasses([insufficient(inWords('nothing'))])).toBe(0);
  });
});

describe('several samples', () => {
  it('two are not enough to pass, and it says to measure a third', () => {
    const verdict = judgeMaterial(poolSamples([10.4, 11.2]), { comparison: '>', threshold: 10 });
    expect(verdict.verdict).toBe('INCONCLUSIVE');
    expect(verdict.needed).toContain('third');
  });

  it('labels one batch, and only one', () => {
    const codes = (...batches: (string | null)[]) =>
      judgeMaterial(poolSamples([11, 11.1, 11.2], { batches }), { comparison: '>', threshold: 10 }).notes.map(
        ({ code }) => code,
      );
    expect(codes('a', 'a', 'a')).toEqual(['ONE_BATCH']);
    expect(codes('a', 'b', 'a')).toEqual(['BATCH_MEANS']);
    expect(codes(null, null, null)).toEqual(['BATCH_NOT_STATED']);
    // The third may be from the same batch or another.
    expect(codes('a', 'a', null)).toEqual(['BATCH_NOT_STATED']);
  });

  it('calls the lowest sample the champion of an upper limit', () => {
    const verdict = judgeMaterial(poolSamples([8, 20, 30], { log: true }), {
      comparison: '<',
      threshold: 10,
    });
    expect(verdict.notes.map(({ code }) => code)).toContain('CHAMPION');
  });

  it('a sum of samples that agree within their errors keeps those errors', () => {
    const effects = randomEffects([10, 10.1, 9.9], [1, 1, 1]);
    expect(effects.tau2).toBe(0);
    expect(effects.se_hk).toBeCloseTo(1 / Math.sqrt(3), 12);
  });

  it('τ² solves the Paule–Mandel equation', () => {
    const y = [1, 4, 9, 2];
    const se = [0.5, 1, 2, 0.1];
    const { mu, tau2 } = randomEffects(y, se);
    const q = y.reduce((sum, value, i) => sum + (value - mu) ** 2 / ((se[i] as number) ** 2 + tau2), 0);
    expect(q).toBeCloseTo(3, 9);
  });

  it('a common uncertainty does not shrink with the number of samples', () => {
    const values = Array.from({ length: 400 }, (_, i) => 10 + (i % 2 ? 0.1 : -0.1));
    const pool = poolSamples(values, { shared: [declaredHalfWidth('gauge', 0.5 * Math.sqrt(3))] });
    expect((pool.bound95_high as number) - pool.value).toBeGreaterThan(0.5 * 1.6448);
  });

  it('refuses what has no logarithm', () => {
    expect(() => poolSamples([1, -1], { log: true })).toThrow(RangeError);
    expect(() => poolSamples([])).toThrow(RangeError);
  });

  it('covers the true mean', () => {
    const normal = normalDeviates(mulberry32(11));
    let covered = 0;
    let covered2 = 0;
    const sets = 1000;
    for (let set = 0; set < sets; set++) {
      const se = [0.2, 0.5, 1, 0.3, 0.8];
      const y = se.map((error) => 5 + 0.7 * normal() + error * normal());
      const effects = poolSamples(y, { standard_errors: se });
      const plain = poolSamples(y);
      if ((effects.ci95_low as number) < 5 && (effects.ci95_high as number) > 5) covered++;
      if ((plain.ci95_low as number) < 5 && (plain.ci95_high as number) > 5) covered2++;
    }
    expect(covered / sets).toBeGreaterThan(0.93);
    expect(covered2 / sets).toBeGreaterThan(0.93);
    expect(covered / sets).toBeLessThan(0.99);
  });
});

describe('what would settle an open verdict', () => {
  it('is the smallest number that clears the limit', () => {
    const needed = samplesNeeded(3, 1, 0.5) as number;
    const clears = (m: number) => (poolSamples(alternating(m, 1)).bound95_low as number) > -0.5;
    expect(needed).toBe(13);
    expect(clears(needed)).toBe(true);
    expect(clears(needed - 2)).toBe(false);
    expect(samplesNeeded(3, 1, 0)).toBeNull();
  });
  it('is an accuracy, where what all samples share is too large: with it the bound just clears the limit', () => {
    const thickness = statedOrAssumed('thickness', null);
    const scatter = fromScatter('between cells', 0.001, 9);
    const distance = 0.01;
    const share = shareToKeep({ distance, components: [scatter, thickness] }, thickness) as number;
    const better = { ...thickness, standard_uncertainty: share * thickness.standard_uncertainty };
    expect(halfWidth([scatter, better], 0.95)).toBeCloseTo(distance, 12);
    const pool = { m: 10, batches: null, standard_error: 0.001, u_shared: thickness.standard_uncertainty };
    const { message: text } = whatSettlesPool({ ...pool, distance, components: [scatter, thickness] });
    // √(0.01² − (1.833·0.001)²)·√3/1.645 = 1.035 %, and a worse one is not enough.
    expect(text).toContain('thickness known to ±1 % (state thickness_relative_uncertainty in cells.csv)');
    expect(text).toContain('more samples do not settle it');
  });
  it('is nothing realistic at the limit, and this is said', () => {
    const cost = statedOrAssumed('cost', null, 0.5);
    expect(whatSettlesAccuracy({ distance: 1e-4, components: [cost] }).message).toContain(
      'no realistic accuracy',
    );
    const scatter = fromScatter('between cells', 0.1, 3);
    const pool = { m: 4, batches: null, standard_error: 0.1, u_shared: 0, components: [scatter] };
    expect(whatSettlesPool({ ...pool, distance: 0.02 }).message).toContain('no realistic amount');
    expect(whatSettlesPool({ ...pool, distance: 0.15 }).message).toContain('more samples');
  });
  it('cannot beat the instrument', () => {
    expect(cyclesNeededForMean(500, 0.001, 2, 0.0003, 0.0004)).toBeNull();
    expect(cyclesNeededForMean(500, 0.004, 2, 0.0001, 0.0003)).toBeGreaterThan(500);
  });
  it('a decay rate sharpens with the power 3/2 of the cycles', () => {
    const plan = { cycles: 100, standard_error: 1e-5, effective: 100, distance: 1e-5 };
    const needed = cyclesNeededForDecay(plan) as number;
    expect(needed).toBeGreaterThan(100 * 1.65 ** (2 / 3) - 2);
    expect(needed).toBeLessThan(100 * 1.7 ** (2 / 3));
  });
  it('what slow changes do to a decay rate falls with the cycles', () => {
    const plan = { cycles: 100, standard_error: 0, effective: 100, wander: 1e-5, distance: 1e-5 };
    expect(cyclesNeededForDecay(plan)).toBe(165);
    expect(cyclesNeededForDecay({ ...plan, probability: 0.99 })).toBe(233);
  });
  it('temperatures help only against scatter', () => {
    expect(temperaturesNeeded(4, 0.1, 0.1, 0.1)).toBeNull();
    expect(temperaturesNeeded(4, 0.1, 0, 0.1)).toBeGreaterThan(4);
    expect(temperaturesNeeded(4, 0.01, 0, 0.1)).toBe(4);
  });
});

/** m values of mean 0 and the given sample standard deviation. */
function alternating(m: number, sd: number): number[] {
  const raw = Array.from({ length: m }, (_, i) => i - (m - 1) / 2);
  const scale = Math.sqrt(raw.reduce((sum, v) => sum + v * v, 0) / (m - 1));
  return raw.map((v) => (v * sd) / scale);
}

describe('conditions of use', () => {
  it('wants three cells at both ends, and reports the worse end', () => {
    const hot = { temperature_celsius: 60, shares: [0.98, 0.981, 0.979], required_share: 0.95 };
    const cold = { temperature_celsius: -20, shares: [0.6, 0.61, 0.59], required_share: 0.7 };
    expect(judgeTemperatureRange([hot, { ...cold, shares: [0.8, 0.81] }]).verdict).toBe('INSUFFICIENT DATA');
    expect(judgeTemperatureRange([hot, cold])).toMatchObject({ verdict: 'FAIL' });
    expect(judgeTemperatureRange([hot, cold]).reason).toContain('-20');
    expect(judgeTemperatureRange([hot, { ...cold, shares: [0.8, 0.81, 0.79] }]).verdict).toBe('PASS');
    expect(judgeTemperatureRange([hot]).verdict).toBe('INSUFFICIENT DATA');
  });
  it('takes a peak rate only with its conditions', () => {
    const peak = { c_rate: 6, pulse_second: 10, state_of_charge: 0.5, cutoff_volt: 2.5 };
    expect(judgePeakDischarge(peak, 5).verdict).toBe('PASS');
    expect(judgePeakDischarge({ ...peak, cutoff_volt: null }, 5).reason).toContain('cut-off');
    expect(judgePeakDischarge({ ...peak, c_rate: 5 }, 5).verdict).toBe('FAIL');
  });
});

import { describe, expect, it } from 'vitest';
import {
  type CellType,
  detectSoftShort,
  isAnodeEvidence,
  judgeEfficiency,
  judgeReservoir,
  missesHalfCycle,
  type PlateAndStrip,
  platingStep,
  readEfficiencies,
  recogniseReservoir,
} from '../../../src/analysis/coulombic-efficiency/index.js';
import { NotComputable } from '../../../src/analysis/result.js';
import { boundsAround } from '../../../src/analysis/statistics/intervals.js';
import { expectNear, type GoldenCase, goldenCases } from '../golden-figures.js';

/** Which efficiencies are evidence, and how well their ratio is known, beside the reference. */

const codeOf = (action: () => unknown): string | null => {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof NotComputable) return error.code;
    throw error;
  }
};

describe('evidence of an efficiency', () => {
  it('a column of fractions and percent together is neither', () => {
    const mixed = Array.from({ length: 100 }, (_, i) => (i % 2 ? 99.7 : 0.997));
    expect(codeOf(() => readEfficiencies(mixed))).toBe('CE_UNIT_CONFLICT');
    const failing = [...Array(98).fill(99.7), 0.4, 1.1];
    expect(readEfficiencies(failing)).toMatchObject({ isPercent: true });
  });

  it.each(goldenCases('ce-', 'ce-unit'))('%s', (_id, reference) => {
    for (const { header, values, expected } of reference.cases as GoldenCase[]) {
      if (expected.error) expect(codeOf(() => readEfficiencies(values, header))).toBe(expected.error);
      else {
        const read = readEfficiencies(values, header);
        expect(read.isPercent, header).toBe(expected.finding === 'CE_PERCENT');
        for (const [i, value] of read.values.entries())
          expectNear(value, expected.values[i], { relative: 1e-15 }, header);
      }
    }
  });

  it.each(goldenCases('ce-', 'ce-eligibility'))(
    '%s: which cells are evidence on an anode',
    (_id, reference) => {
      for (const { name, cell_type, lithium_excess_mAh, expected } of reference.cases as GoldenCase[]) {
        if (expected.evidence_on_anode === undefined) continue;
        expect(isAnodeEvidence(cell_type, lithium_excess_mAh ?? null), name).toBe(expected.evidence_on_anode);
      }
    },
  );

  it.each(goldenCases('ce-', 'ce-accuracy'))('%s', (_id, reference) => {
    for (const { name, inputs, expected } of reference.cases as GoldenCase[]) {
      const { mean, se, dof } = inputs;
      const bounds = boundsAround(mean, se, dof, expected.ratio_half_width / Math.sqrt(3));
      const near = { relative: reference.tolerance.rel };
      expectNear(bounds.bound95_low, expected.lower95, near, name);
      expectNear(bounds.ci95_high, expected.ci95[1], near, name);
      const statistics = {
        n: 500,
        mean,
        ci95: [bounds.ci95_low, bounds.ci95_high],
        lower95_one_sided: bounds.bound95_low,
        upper95_one_sided: bounds.bound95_high,
        block100_means: [mean, mean, mean, mean, mean],
        n_eff: dof + 1,
        sd: se,
        instrument_u: expected.u,
      } as GoldenCase;
      const evidence = { statistics, excluded_share: 0, possible_soft_short: false };
      expect(judgeEfficiency(evidence).verdict, name).toBe(expected.verdict);
    }
  });

  it.each(goldenCases('ce-', 'ce-reservoir-recognition'))('%s', (_id, reference) => {
    for (const { name, inputs, expected } of reference.cases as GoldenCase[]) {
      const pairs: PlateAndStrip[] = [];
      for (const { direction, Q_mAh, end_V } of inputs.steps) {
        if (direction === 'plate') pairs.push({ plated: Q_mAh, stripped: 0, at_cutoff: false });
        else {
          const at_cutoff = end_V >= inputs.return_cutoff_V - 0.005;
          Object.assign(pairs.at(-1) as PlateAndStrip, { stripped: Q_mAh, at_cutoff });
        }
      }
      const found = recogniseReservoir(pairs, inputs.ratio_half_width);
      expect(found !== null, name).toBe(expected.recognised);
      if (found === null) continue;
      const near = { relative: reference.tolerance.rel };
      expect([found.preconditioning_cycles, found.n]).toEqual([expected.preconditioning_cycles, expected.n]);
      expectNear(found.coulombic_efficiency, expected.ce, near, name);
      expectNear(found.u, expected.u, near, name);
      expectNear(found.ci95[0], expected.ci95[0], near, name);
      expectNear(found.bound95[1], expected.upper95, near, name);
      expect(judgeReservoir(found).verdict, name).toBe(expected.verdict);
    }
  });

  it('a reservoir average fails where its bound misses, and never passes', () => {
    const bound = (high: number): [number, number] => [high - 0.001, high];
    expect(judgeReservoir({ n: 515, bound95: bound(0.9949) }).verdict).toBe('FAIL');
    expect(judgeReservoir({ n: 515, bound95: bound(0.9999) }).verdict).toBe('INCONCLUSIVE');
    // 300 of 500 at 0.99 cannot be made good any more.
    expect(judgeReservoir({ n: 300, bound95: bound(0.99) }).verdict).toBe('FAIL');
  });

  it.each(goldenCases('ce-', 'soft-short'))('%s', (_id, reference) => {
    const { data, expected } = reference;
    const steps = (data.plating_voltage_V as number[][]).map((voltage) =>
      platingStep(
        voltage.map((_, i) => i),
        voltage,
      ),
    );
    const found = detectSoftShort(steps, data.cell_type as CellType);
    const near = { relative: reference.tolerance.rel };
    expectNear(found.reference_noise, expected.reference_noise_V, near, 'noise');
    expectNear(found.reference_voltage, expected.reference_overpotential_V, near, 'overpotential');
    expectNear(found.threshold, expected.threshold_V, near, 'threshold');
    expect(found.falls).toEqual(expected.falls_per_cycle);
    expect(found.found).toBe(expected.warning === 'POSSIBLE_SOFT_SHORT');
    expect(found.first === null ? null : found.first + 1).toBe(expected.first_flagged_cycle);
  });

  it('a soft short is not assessed from few cycles or few records, and that is said', () => {
    const step = platingStep([0, 1, 2], [-0.02, -0.021, -0.02]);
    expect(detectSoftShort([step], 'li_cu')).toMatchObject({
      found: null,
      reason: expect.stringContaining('1 '),
    });
    expect(detectSoftShort(Array(20).fill(step), 'li_cu').found).toBeNull();
  });
});

describe('a half cycle without records', () => {
  const usual = Array.from({ length: 20 }, () => 1);
  const at = (position: number, value: number) => usual.map((one, i) => (i === position ? value : one));

  it('is told by twice the charge one way, and the usual one back', () => {
    expect(missesHalfCycle(at(9, 0.997), at(9, 2)).indexOf(true)).toBe(9);
    expect(missesHalfCycle(at(9, 2), usual).indexOf(true)).toBe(9);
    expect(missesHalfCycle(at(9, 2), usual).filter(Boolean)).toHaveLength(1);
  });

  it('is not a doubled charge that comes back, a bad first cycle, a poor return or a new capacity', () => {
    expect(missesHalfCycle(at(9, 1.9), at(9, 2))).not.toContain(true);
    expect(missesHalfCycle(at(0, 1), at(0, 2))).not.toContain(true);
    expect(missesHalfCycle(at(9, 0.5), usual)).not.toContain(true);
    const later = usual.map((one, i) => (i < 10 ? one : 2));
    expect(missesHalfCycle(later, later)).not.toContain(true);
  });
});

import { describe, expect, it } from 'vitest';
import {
  type CoulombicEfficiencyInput,
  type EfficiencyEvidence,
  efficiencyStatistics,
  fitCoulombicEfficiency,
  inventoryEfficiency,
  judgeEfficiency,
} from '../../../src/analysis/coulombic-efficiency/index.js';
import { NotComputable } from '../../../src/analysis/result.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';

function efficiencies(n: number, mean: number, sd = 0.0003, seed = 1): number[] {
  const normal = normalDeviates(mulberry32(seed));
  return Array.from({ length: n }, () => mean + sd * normal());
}

function input(values: number[]): CoulombicEfficiencyInput {
  return { cycle: values.map((_, i) => i + 1), coulombic_efficiency: values };
}

const codes = (fit: ReturnType<typeof fitCoulombicEfficiency>) => fit.warnings.map((warning) => warning.code);

describe('a series of coulombic efficiencies', () => {
  it('is the mean of quotients, with the charge-weighted quotient beside it', () => {
    const fit = fitCoulombicEfficiency({ cycle: [1, 2, 3], charge: [1, 2, 1], discharge: [0.9, 1.98, 0.97] });
    const value = (name: string) => fit.results.find((row) => row.quantity === name)?.value;
    expect(value('mean')).toBeCloseTo((0.9 + 0.99 + 0.97) / 3, 12);
    expect(value('charge_weighted')).toBeCloseTo(3.85 / 4, 12);
    expect(value('cumulative_product')).toBeCloseTo(0.9 * 0.99 * 0.97, 12);
  });

  it('turns the quotient round for lithium on copper', () => {
    const fit = fitCoulombicEfficiency(
      { cycle: [1], charge: [0.99], discharge: [1] },
      { cell_type: 'li_cu' },
    );
    expect(fit.results[0]?.value).toBeCloseTo(0.99, 12);
  });

  it('has no value for symmetric cells', () => {
    const run = () =>
      fitCoulombicEfficiency({ cycle: [1], charge: [1], discharge: [1] }, { cell_type: 'symmetric' });
    expect(run).toThrow(NotComputable);
    expect(run).toThrow(/not defined/);
    expect(() => fitCoulombicEfficiency(input([0.99, 0.99]), { cell_type: 'symmetric' })).toThrow(
      /not defined/,
    );
  });

  it('keeps the instrument’s term whatever the number of cycles', () => {
    const few = efficiencyStatistics(efficiencies(100, 0.998), 0.0005);
    const many = efficiencyStatistics(efficiencies(10_000, 0.998), 0.0005);
    const half = (s: typeof few) => (s.ci95[1] as number) - s.mean;
    const floor = (1.959963984540054 * 0.0005) / Math.sqrt(3);
    expect(half(many)).toBeGreaterThan(floor);
    expect(half(many)).toBeLessThan(1.01 * floor);
    expect(half(few)).toBeGreaterThan(half(many));
  });

  it('counts capacity-limited cycles, not conflicting, partial or unlabelled ones', () => {
    const values = efficiencies(10, 0.998);
    const label = [
      'formation',
      'capacity_limited',
      'ageing',
      'partial',
      'checkup',
      'pulse',
      'ageing',
      '?',
      'ageing',
      'ageing',
    ];
    const fit = fitCoulombicEfficiency({
      ...input(values),
      label,
      counter_conflict: values.map((_, i) => i === 8),
    });
    expect(fit.eligible).toBe(4);
    expect(fit.excluded.map((point) => point.index)).toEqual([0, 3, 4, 5, 7, 8]);
  });

  it('downgrades a pass that rests on a broken series, a short or a ratio not known well enough', () => {
    const good = efficiencies(520, 0.9985);
    expect(fitCoulombicEfficiency(input(good)).verdict).toBe('PASS');
    const label = good.map((_, i) => (i % 15 === 7 ? 'interrupted' : 'ageing'));
    const broken = fitCoulombicEfficiency({
      ...input(efficiencies(560, 0.9985)),
      label: [...label, ...Array(40).fill('ageing')],
    });
    expect(broken.verdict).toBe('INCONCLUSIVE');
    expect(broken.reason).toContain('interrupted');
    // How well the ratio of charges is known stands in the bound; no margin is asked for beside it.
    const near = input(efficiencies(520, 0.9957));
    expect(fitCoulombicEfficiency(near, { instrument_half_width: 0.001 }).verdict).toBe('INCONCLUSIVE');
    expect(fitCoulombicEfficiency(near, { instrument_half_width: 0.0002 }).verdict).toBe('PASS');
  });

  it('a mean above 1 beyond what the instrument leaves open is no efficiency', () => {
    const above = fitCoulombicEfficiency(input(efficiencies(520, 1.003)));
    expect(above.verdict).toBe('INCONCLUSIVE');
    expect(above.reason).toContain('more charge comes back than went in');
    // The two directions of an ordinary cycler differ by so much.
    expect(fitCoulombicEfficiency(input(efficiencies(520, 1.0002))).verdict).toBe('PASS');
  });

  it('suspects a soft short only where the voltage is noisy too', () => {
    const values = efficiencies(520, 0.998);
    for (const i of [200, 201, 202, 203]) values[i] = 1.01;
    const noisy = values.map((_, i) => i >= 200 && i <= 203);
    const quiet = fitCoulombicEfficiency(input(values), { cell_type: 'li_cu' });
    expect(codes(quiet)).toEqual(['CE_ABOVE_ONE']);
    const loud = fitCoulombicEfficiency({ ...input(values), voltage_noise: noisy }, { cell_type: 'li_cu' });
    expect(codes(loud)).toEqual(['POSSIBLE_SOFT_SHORT']);
    expect(loud.verdict).toBe('INCONCLUSIVE');
    expect(codes(fitCoulombicEfficiency({ ...input(values), voltage_noise: noisy }))).toEqual([]);
  });

  it('wants every block of 100 cycles above the threshold', () => {
    const values = [...efficiencies(400, 0.9995), ...efficiencies(100, 0.994, 0.0003, 2)];
    const fit = fitCoulombicEfficiency(input(values), {
      instrument_half_width: 0.0001,
    });
    expect(fit.verdict).toBe('INCONCLUSIVE');
    expect(fit.reason).toContain('not sustained');
    expect(fit.reason).toContain('401 to 500');
  });

  it('flags what is implausible and what is not consecutive', () => {
    const values = efficiencies(20, 0.998);
    values[4] = 1.3;
    const label = values.map((_, i) => (i === 9 || i === 10 ? 'interrupted' : 'ageing'));
    const fit = fitCoulombicEfficiency({ ...input(values), label });
    expect(codes(fit)).toEqual(['CE_IMPLAUSIBLE', 'GAP_IN_SERIES']);
    expect(fit.statistics_all?.n).toBe(20);
    expect(fit.eligible).toBe(18);
  });

  it('checks the inventory of an anode-free cell', () => {
    const charge = [1];
    const discharge = [0.99];
    for (let i = 1; i < 50; i++) {
      charge.push(discharge[i - 1] as number);
      discharge.push(0.99 * (charge[i] as number));
    }
    const cycle = charge.map((_, i) => i + 1);
    expect(codes(fitCoulombicEfficiency({ cycle, charge, discharge }, { cell_type: 'anode_free' }))).toEqual(
      [],
    );
    const gaining = charge.map((q, i) => q * 1.001 ** i);
    const gained = fitCoulombicEfficiency(
      { cycle, charge: gaining, discharge: gaining.map((q) => 0.99 * q) },
      { cell_type: 'anode_free' },
    );
    expect(codes(gained)).toEqual(['INVENTORY_MISMATCH']);
  });
});

describe('the verdict on a coulombic efficiency', () => {
  const evidence = (values: number[], halfWidth = 0.0002): EfficiencyEvidence => ({
    statistics: efficiencyStatistics(values, halfWidth),
    excluded_share: 0,
    possible_soft_short: false,
  });

  it('never passes before the cycles are done, but may fail', () => {
    expect(judgeEfficiency(evidence(efficiencies(499, 0.9999)))).toMatchObject({
      verdict: 'INSUFFICIENT DATA',
      needed: '1 more eligible cycles',
    });
    expect(judgeEfficiency({ ...evidence([]), statistics: null }).verdict).toBe('INSUFFICIENT DATA');
    expect(judgeEfficiency(evidence(Array(250).fill(0.98))).verdict).toBe('FAIL');
    expect(judgeEfficiency(evidence(Array(250).fill(0.991))).verdict).toBe('INSUFFICIENT DATA');
  });

  it('says whether more cycles or a better instrument would settle it', () => {
    const scattered = judgeEfficiency(evidence(efficiencies(500, 0.9953, 0.004, 5), 0.0001));
    expect(scattered.verdict).toBe('INCONCLUSIVE');
    expect(scattered.needed).toMatch(/a series of \d+ cycles/);
    const blunt = judgeEfficiency(evidence(efficiencies(500, 0.9952, 0.0001, 5), 0.0005));
    expect(blunt.verdict).toBe('INCONCLUSIVE');
    expect(blunt.needed).toContain('charge ratio known better than');
  });
});

it('inventory efficiency counts the excess over the cycled charge', () => {
  expect(inventoryEfficiency(3, 1, 150)).toBeCloseTo(0.98, 12);
});

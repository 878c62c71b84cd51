import { describe, expect, it } from 'vitest';
import {
  type CellType,
  coulombicEfficiency,
  efficiencyForRetention,
  excessConsumed,
  fitCoulombicEfficiency,
  remainingInventory,
  reservoirEfficiency,
} from '../../../src/analysis/coulombic-efficiency/index.js';
import { cyclesTo80, decayTo80 } from '../../../src/analysis/decay/index.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectFigures, expectNear, type GoldenCase, goldenCases } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

/** The reference describes cells in words. */
function cellTypeOf(words: string): CellType {
  if (words.startsWith('cathode_half')) return 'cathode_half';
  if (words.startsWith('anode_half')) return 'anode_half';
  if (words.includes('symmetric')) return 'symmetric';
  if (words.startsWith('Li||Cu')) return 'li_cu';
  return words as CellType;
}

describe('coulombic efficiency of the reference', () => {
  it.each(goldenCases('ce-', 'ce-definition'))('%s', (_id, reference) => {
    for (const one of reference.cases) {
      const { value, reason } = coulombicEfficiency(
        cellTypeOf(one.cell_type),
        one.q_charge_mAh,
        one.q_discharge_mAh,
        !one.interrupted,
      );
      if (one.expected_ce === null) {
        expect(value, one.cell_type).toBeNull();
        expect(reason).toBeTruthy();
      } else expectNear(value, one.expected_ce, { relative: reference.tolerance.rel }, one.cell_type);
    }
  });

  it.each(goldenCases('ce-', 'ce-aurbach'))('%s', (_id, reference) => {
    for (const { name, inputs, expected } of reference.cases as GoldenCase[]) {
      const repeat = () => Array.from({ length: inputs.n }, () => inputs.Q_C);
      const result = reservoirEfficiency({
        reservoir: inputs.Q_T,
        plated: inputs.plate ?? repeat(),
        stripped: inputs.strip ?? repeat(),
        final_strip: inputs.Q_S,
        relative_uncertainty: inputs.u_rel_each_step,
      });
      const near = { relative: reference.tolerance.rel };
      expectNear(result.coulombic_efficiency, expected.ce, near, name);
      if (inputs.u_rel_each_step) {
        expectNear(result.u_independent_steps, expected.u_ce_independent_steps, near, name);
        expectNear(result.u_gain_mismatch, expected.u_ce_fully_correlated_gain_mismatch, near, name);
      }
      const codes = result.warnings.map((warning) => warning.code);
      if (expected.warning === undefined) expect(codes, name).toEqual([]);
      else expect(codes, name).toEqual([expected.ce > 1 ? 'CE_IMPLAUSIBLE' : 'RESERVOIR_EXHAUSTED']);
    }
  });

  it.each(goldenCases('ce-', 'ce-series'))('%s', (_id, reference) => {
    const { data, policy, expected } = reference;
    const fit = fitCoulombicEfficiency(
      { cycle: data.cycle, coulombic_efficiency: data.ce, label: data.label ?? undefined },
      {
        required_cycles: policy.n_required,
        threshold: policy.target,
        instrument_half_width: policy.instrument_half_width,
      },
    );
    // The stored efficiencies are rounded to ten decimals, a scatter of 3e-4 therefore to 1e-7 of itself.
    expectFigures(fit, expected, (path) => {
      if (path === '.reason') return null;
      return { relative: /\.(sd|rho1.*|n_eff|se_mean)$/.test(path) ? 2e-7 : reference.tolerance.rel };
    });
    const mean = fit.results.find((row) => row.quantity === 'mean');
    const first = expected.statistics_first_500_eligible;
    expectNear(mean?.bound95_low, first.lower95_one_sided, { relative: reference.tolerance.rel }, 'bound');
    expect(fit.excluded.length).toBe(data.cycle.length - expected.eligible);
  });

  it.each(goldenCases('ce-', 'ce-arithmetic'))('%s', (_id, reference) => {
    for (const { name, inputs, expected } of reference.cases as GoldenCase[]) {
      let value: number | null;
      if (inputs.ce !== undefined) {
        value = name.startsWith('Li excess')
          ? excessConsumed(inputs.ce, inputs.n)
          : remainingInventory(inputs.ce, inputs.n);
      } else if (inputs.D !== undefined) {
        value =
          inputs.n === undefined
            ? cyclesTo80(Math.log1p(-inputs.D))
            : remainingInventory(1 - inputs.D, inputs.n);
      } else {
        value = name.startsWith('D needed')
          ? decayTo80(inputs.n)
          : efficiencyForRetention(inputs.retention, inputs.n);
      }
      expectNear(value, expected, { relative: reference.tolerance.rel }, name);
    }
  });
});

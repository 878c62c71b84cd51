import { describe, expect, it } from 'vitest';
import { decayTo80 } from '../../../src/analysis/decay/index.js';
import {
  arealMass,
  compositeConductivity,
  energyDensity,
  exponentialCostPath,
  fitPowerLaw,
  flightTimeHour,
  heatGeneration,
  judgeCost,
  learningCurveCost,
  levelisedCostOfStorage,
  logisticShare,
  nernstEinsteinDiffusivity,
  powerBounds,
  processYield,
  progressRatio,
  ratioOf,
  reductionOf,
  roundTripEfficiency,
  specificEnergy,
  theoreticalCapacity,
} from '../../../src/analysis/materials/index.js';
import { NotComputable } from '../../../src/analysis/result.js';
import { exactEstimate, judge } from '../../../src/analysis/verdict/index.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectFigures, type GoldenCase, goldenCases } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

const stated = { basis: 'kg', currency: 'CNY', price_year: 2025, scale: '1 t/a' };

/** What this project computes for the inputs of one reference case, under the reference's names. */
function computed(name: string, inputs: GoldenCase): GoldenCase {
  if (name.startsWith('cost')) {
    const reduction = reductionOf(
      inputs.new,
      inputs.current,
      (inputs.u_new ?? 0) / inputs.new,
      (inputs.u_current ?? 0) / inputs.current,
    );
    return {
      reduction: reduction.value,
      u_reduction: reduction.u,
      lower95_one_sided: reduction.bound95_low,
      target_value: 0.5 * inputs.current,
      verdict: judgeCost(reduction, { comparison: '>', threshold: 0.5 }, stated).verdict,
    };
  }
  if (inputs.pet_um !== undefined) {
    const copper = (um: number) => ({ density_gram_per_cm3: inputs.rho_cu, thickness_um: um });
    const pet = { density_gram_per_cm3: inputs.rho_pet, thickness_um: inputs.pet_um };
    const composite = arealMass([pet, copper(inputs.cu_um_each_side), copper(inputs.cu_um_each_side)]);
    const reference = arealMass([copper(inputs.reference_cu_um)]);
    const reduction = reductionOf(composite, reference);
    return {
      composite_g_m2: composite,
      reference_g_m2: reference,
      reduction: reduction.value,
      verdict: judge(reduction, { comparison: '>=', threshold: 0.4 }).verdict,
    };
  }
  if (name === 'theoretical capacity')
    return { mAh_g: theoreticalCapacity(inputs.n_electrons, inputs.molar_mass_g_mol) };
  if (name === 'specific energy') {
    const value = specificEnergy(inputs.q_Ah, inputs.v_mean, inputs.mass_kg);
    return {
      Wh_kg: value,
      verdict_400: judge(exactEstimate(value), { comparison: '>', threshold: 400 }).verdict,
    };
  }
  if (name === 'volumetric energy density') {
    const value = energyDensity(inputs.q_Ah, inputs.v_mean, inputs.volume_L);
    return {
      Wh_L: value,
      verdict_1000: judge(exactEstimate(value), { comparison: '>', threshold: 1000 }).verdict,
    };
  }
  if (name === 'power bound') {
    const power = powerBounds(inputs.v, inputs.r_ohm);
    return { P_formula_V2_over_R_W: power.short_circuit_watt, P_matched_load_W: power.matched_load_watt };
  }
  if (name === 'Nernst-Einstein') {
    return { D_cm2_s: nernstEinsteinDiffusivity(inputs.sigma_S_cm, inputs.T_K, inputs.n_cm3, inputs.z) };
  }
  if (inputs.phi) return compositeConductivity(inputs.phi, inputs.sigma);
  if (inputs.Q_loss) return { n: fitPowerLaw(inputs.t, inputs.Q_loss).exponent.value };
  if (name === 'learning curve') {
    return { C: learningCurveCost(inputs.C0, inputs.b, inputs.n), progress_ratio: progressRatio(inputs.b) };
  }
  if (name === 'yield') return { Y: processYield(inputs.p).value };
  if (name === 'round-trip efficiency') {
    const rte = roundTripEfficiency(inputs.e_dis_Wh, inputs.e_chg_Wh);
    return { rte, verdict_95: judge(exactEstimate(rte), { comparison: '>', threshold: 0.95 }).verdict };
  }
  if (name === 'cycle life to D') return { D_max: decayTo80(inputs.cycles) };
  if (name === 'flight time') return { T_h: flightTimeHour(inputs.eta, inputs.E_Wh, inputs.P_W) };
  throw new Error(`no formula for "${name}"`);
}

describe('target arithmetic of the reference', () => {
  it.each(goldenCases('tgt-', 'target-arithmetic'))('%s', (_id, reference) => {
    for (const { name, inputs, expected } of reference.cases as GoldenCase[]) {
      expectFigures(computed(name, inputs), expected, (path) =>
        /\.(note|reason)$/.test(path) ? null : { relative: reference.tolerance.rel },
      );
    }
  });
});

describe('costs', () => {
  it('are not compared without a stated basis', () => {
    const reduction = reductionOf(400, 1000);
    const limit = { comparison: '>', threshold: 0.5 } as const;
    expect(judgeCost(reduction, limit, stated).verdict).toBe('PASS');
    const verdict = judgeCost(reduction, limit, { ...stated, price_year: null, scale: '' });
    expect(verdict).toMatchObject({ verdict: 'INSUFFICIENT DATA' });
    expect(verdict.reason).toContain('price year, scale');
    expect(judgeCost(null, limit, stated).verdict).toBe('INSUFFICIENT DATA');
  });
  it('parity is met exactly at the reference', () => {
    expect(judge(ratioOf(100, 100), { comparison: '<=', threshold: 1 }).verdict).toBe('PASS');
    expect(judge(ratioOf(100, 100, 0.05), { comparison: '<=', threshold: 1 }).verdict).toBe('INCONCLUSIVE');
  });
});

describe('formulas', () => {
  it('lithium iron phosphate holds 170 mAh/g', () => {
    expect(theoreticalCapacity(1, 157.757)).toBeCloseTo(169.9, 1);
  });
  it('the effective medium lies between the bounds and solves its equation', () => {
    const phases = { phi: [0.7, 0.3], sigma: [1e-3, 1e-5] };
    const { upper_parallel, lower_series, bruggeman } = compositeConductivity(phases.phi, phases.sigma);
    expect(bruggeman).toBeGreaterThan(lower_series);
    expect(bruggeman).toBeLessThan(upper_parallel);
    const terms = phases.phi.map((phi, i) => {
      const sigma = phases.sigma[i] as number;
      return (phi * (sigma - bruggeman)) / (sigma + 2 * bruggeman);
    });
    expect((terms[0] as number) + (terms[1] as number)).toBeCloseTo(0, 9);
    expect(() => compositeConductivity([0.5, 0.4], [1, 1])).toThrow(RangeError);
  });
  it('a power law needs three points', () => {
    expect(() => fitPowerLaw([1, 2], [1, 2])).toThrow(NotComputable);
    expect(fitPowerLaw([1, 2, 4, 8], [3, 6, 12, 24]).exponent.value).toBeCloseTo(1, 12);
  });
  it('heat, yield, storage cost and scenarios', () => {
    expect(heatGeneration(2, 0.1, 300, 1e-4).total_watt).toBeCloseTo(0.4 + 0.06, 12);
    expect(heatGeneration(-2, 0.1, 300, 1e-4).total_watt).toBeCloseTo(0.4 - 0.06, 12);
    const { value, u } = processYield([0.1, 0.2], [0.01, 0.02]);
    expect(value).toBeCloseTo(0.72, 12);
    expect(u).toBeCloseTo(0.72 * Math.hypot(0.01 / 0.9, 0.02 / 0.8), 12);
    expect(levelisedCostOfStorage([100, 10], [0, 55], 0.1)).toBeCloseTo((100 + 10 / 1.1) / 50, 12);
    expect(exponentialCostPath(100, 0.1, 10)).toBeCloseTo(100 / Math.E, 10);
    expect(logisticShare(2, 5, 5)).toBe(0.5);
  });
});

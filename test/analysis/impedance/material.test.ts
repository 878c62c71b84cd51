import { describe, expect, it } from 'vitest';
import {
  areaSpecificResistance,
  assignArc,
  brugCapacitance,
  characteristicFrequency,
  combinedRelativeUncertainty,
  conductivity,
  conductivityFromFit,
  discArea,
  fitImpedance,
  hsuMansfeldCapacitance,
  interfacialResistanceFromFit,
  layerResistance,
  roleOf,
  timeConstant,
} from '../../../src/analysis/impedance/index.js';
import { assignArcs } from '../../../src/analysis/impedance/material/roles.js';
import { hasGolden } from '../../shared-data.js';
import { goldenCases, row, spectrumOf } from './golden.js';
import { frequencies, simulated } from './simulated.js';

const fast = { compare_circuits: false } as const;
const codes = (result: { warnings: { code: string }[] }) => result.warnings.map(({ code }) => code);

describe('formulas', () => {
  it('agree with hand-made figures', () => {
    expect(discArea(1)).toBeCloseTo(0.7853981634, 10);
    expect(conductivity(50, 0.1, 0.5)).toBeCloseTo(0.004, 12);
    expect(areaSpecificResistance(30, 0.8, 2)).toBeCloseTo(12, 12);
    expect(layerResistance(5e-6, 1e-6)).toBeCloseTo(5, 12);
    expect(hsuMansfeldCapacitance(100, 1e-6, 1)).toBeCloseTo(1e-6, 15);
    expect(timeConstant(100, 1e-6, 1)).toBeCloseTo(1e-4, 15);
    expect(brugCapacitance(10, 1e-6, 1)).toBeCloseTo(1e-6, 15);
  });

  it.each([
    [6e-13, 'bulk', []],
    [1.5e-11, 'grain_boundary', ['minor_phase']],
    [7e-9, 'grain_boundary', ['surface_layer']],
    [5e-8, 'surface_layer', []],
    [2e-6, 'interface', []],
    [4e-4, 'electrochemical_reaction', []],
    [5e-14, 'unphysical', []],
  ])('%f F is %s', (capacitance, band, may_also_be) => {
    expect(assignArc(capacitance)).toEqual({ band, may_also_be });
  });
});

describe('a pellet between blocking electrodes', () => {
  const band = frequencies(5e6, 1, 10);
  const cell = { cell_type: 'pellet', thickness_cm: 0.08, area_cm2: discArea(1) };
  const sulfide = simulated('L0-R0-CPE1', { L0: 1e-7, R0: 12.3, CPE1_Q: 3e-6, CPE1_n: 0.9 }, band, 0.002);

  it('gives the total conductivity only, where no arc is resolved', () => {
    const fit = fitImpedance(sulfide, { ...fast, circuit: 'L0-R0-CPE1' });
    const { results, warnings } = conductivityFromFit(fit, cell);
    expect(results.map(({ quantity }) => quantity)).toEqual([
      'R_electrolyte_ohm',
      'sigma_total_S_cm',
      'ASR_electrolyte_ohm_cm2',
    ]);
    expect(row({ results }, 'sigma_total_S_cm').value).toBeCloseTo(0.08 / (12.3 * 0.7854), 4);
    expect(warnings.map(({ code }) => code)).toContain('LEADS_NOT_SUBTRACTED');
  });

  it('subtracts leads given as resistance or as spectrum', () => {
    const blank = simulated('L0-R0', { L0: 1e-7, R0: 0.3 }, frequencies(2e6, 10, 5));
    for (const lead of [0.3, blank]) {
      const fit = fitImpedance(sulfide, { ...fast, circuit: 'L0-R0-CPE1', lead });
      const { results, warnings } = conductivityFromFit(fit, cell);
      expect(Math.abs(row({ results }, 'R_electrolyte_ohm').value! - 12)).toBeLessThan(0.02);
      expect(warnings.map(({ code }) => code)).not.toContain('LEADS_NOT_SUBTRACTED');
    }
  });

  it('widens the interval by the geometry on the logarithmic scale', () => {
    const fit = fitImpedance(sulfide, { ...fast, circuit: 'L0-R0-CPE1' });
    const uncertain = { ...cell, thickness_relative_uncertainty: 0.03, area_relative_uncertainty: 0.04 };
    const { results, geometry_relative_uncertainty } = conductivityFromFit(fit, uncertain);
    const sigma = row({ results }, 'sigma_total_S_cm');
    expect(geometry_relative_uncertainty).toBeCloseTo(0.05, 12);
    const half = Math.log(sigma.ci95_high! / sigma.value!);
    expect(half).toBeCloseTo(
      Math.hypot(1.96 * 0.05, Math.log(1 + (1.975 * sigma.standard_error_adjusted!) / sigma.value!)),
      4,
    );
    expect(Math.log(sigma.value! / sigma.ci95_low!)).toBeCloseTo(half, 12);
    expect(sigma.bound95_low!).toBeGreaterThan(sigma.ci95_low!);
  });

  it('gives no conductivity without geometry', () => {
    const fit = fitImpedance(sulfide, {
      ...fast,
      circuit: 'L0-R0-CPE1',
      cell: { cell_type: 'pellet', area_cm2: 0.785 },
    });
    expect(codes(fit)).toContain('NO_GEOMETRY');
    expect(fit.results.some(({ quantity }) => quantity.startsWith('sigma'))).toBe(false);
  });
});

describe('a symmetric cell', () => {
  const code = 'R0-p(R1,CPE1)-p(R2,CPE2)';
  const values = { R0: 30, R1: 60, CPE1_Q: 3e-9, CPE1_n: 0.95, R2: 22, CPE2_Q: 1.4e-5, CPE2_n: 0.85 };
  const cell = { cell_type: 'symmetric', thickness_cm: 0.1, area_cm2: discArea(1) };
  const spectrum = simulated(code, values, frequencies(5e6, 0.1, 10), 0.001);

  it('halves the resistance of two like interfaces and keeps the electrolyte apart', () => {
    const fit = fitImpedance(spectrum, { ...fast, circuit: code, cell });
    const asr = row(fit, 'interfacial_asr_ohm_cm2');
    expect(Math.abs(asr.value! / ((22 * cell.area_cm2) / 2) - 1)).toBeLessThan(0.01);
    expect(asr.method).toContain('2 interface(s)');
    expect(Math.abs(row(fit, 'R_electrolyte_ohm').value! / 90 - 1)).toBeLessThan(0.01);
    expect(codes(fit)).toContain('INTERFACE_ARC_LEFT_OUT');
    const single = interfacialResistanceFromFit(fit, { ...cell, interface_count: 1 });
    expect(row(single, 'interfacial_asr_ohm_cm2').value! / asr.value!).toBeCloseTo(2, 12);
  });

  it('lets the user say what an arc stands for', () => {
    const fit = fitImpedance(spectrum, { ...fast, circuit: code });
    const overruled = interfacialResistanceFromFit(fit, { ...cell, arc_roles: { R1: 'interface' } });
    expect(Math.abs(row(overruled, 'R_interface_ohm').value! - 82)).toBeLessThan(1);
  });

  it('reports no interface that is not resolved', () => {
    const bulkOnly = simulated('R0-p(R1,CPE1)', values, frequencies(5e6, 100, 10), 0.001);
    const fit = fitImpedance(bulkOnly, { ...fast, circuit: 'R0-p(R1,CPE1)' });
    const derived = interfacialResistanceFromFit(fit, cell);
    expect(derived.results).toEqual([]);
    expect(codes(derived)).toContain('NO_INTERFACE_ARC');
    expect(codes(interfacialResistanceFromFit(fit, { cell_type: 'symmetric' }))).toContain('NO_GEOMETRY');
  });
});

describe.skipIf(!hasGolden)('golden material arithmetic', () => {
  const near = (found: number, wanted: number) => expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-9);

  it('eis-d01-derived', () => {
    for (const { inputs: i, expected: e } of goldenCases('eis-derived').flatMap(({ cases }) => cases)) {
      const area = discArea((i.diameter_mm ?? 0) / 10);
      const thickness = (i.thickness_um ?? 0) / 1e4;
      const R = i.R_ohm ?? i.R_interface_total_ohm;
      const found: Record<string, () => number> = {
        area_cm2: () => area,
        sigma_S_cm: () => conductivity(R, thickness, area),
        sigma_mS_cm: () => 1e3 * conductivity(R, thickness, area),
        area_specific_R_bulk_ohm_cm2: () => areaSpecificResistance(R, area),
        asr_per_interface_ohm_cm2: () => areaSpecificResistance(R, area, i.n_interfaces),
        relative_u: () =>
          combinedRelativeUncertainty(
            i.u_R / R,
            i.u_thickness_um / i.thickness_um,
            (2 * i.u_diameter_mm) / i.diameter_mm,
          ),
        u_sigma_S_cm: () => found.relative_u!() * found.sigma_S_cm!(),
        R_int_ohm_cm2: () => layerResistance(i.delta_nm * 1e-7, i.sigma_contact_S_cm),
        C_F: () =>
          i.Rs_ohm
            ? brugCapacitance(i.Rs_ohm, i.Q, i.n, i.Rct_ohm)
            : hsuMansfeldCapacitance(i.R_ohm, i.Q, i.n),
        tau_s: () => timeConstant(i.R_ohm, i.Q, i.n),
        f_char_hz: () => characteristicFrequency(timeConstant(i.R_ohm, i.Q, i.n)),
      };
      for (const [name, wanted] of Object.entries<number>(e)) near(found[name]!(), wanted);
    }
  });

  it('eis-d02-assignment', () => {
    const cases = goldenCases('eis-arc-assignment').flatMap((golden) => golden.cases);
    expect(cases.length).toBeGreaterThan(0);
    for (const { C_normalised_F, expect: wanted } of cases) {
      const { band, may_also_be } = assignArc(C_normalised_F);
      expect(wanted.startsWith(band)).toBe(true);
      expect(may_also_be.includes('surface_layer')).toBe(wanted.includes('surface layer'));
    }
  });

  it.each(goldenCases('eis-arc-role').map((c) => [c.id, c] as const))('%s', (_id, golden) => {
    for (const { C_F, thickness_cm, area_cm2, interface_count, ...expected } of golden.cases) {
      const normalised = thickness_cm === null ? null : (C_F * thickness_cm) / area_cm2;
      const areal = (C_F * interface_count) / area_cm2;
      if (normalised !== null) near(normalised, expected.C_l_over_A_F);
      near(areal, expected.C_areal_per_interface_F_cm2);
      expect(roleOf(normalised, areal)).toBe(expected.role);
    }
  });

  it.each(goldenCases('eis-assignment-cell').map((c) => [c.id, c] as const))('%s', (_id, golden) => {
    const { expected, tolerance, cell } = golden;
    const fit = fitImpedance(spectrumOf(golden), { cell });
    const within = (found: number | null | undefined, wanted: number, share: number) =>
      expect(Math.abs(found! / wanted - 1)).toBeLessThan(share);
    const arcs = assignArcs(fit, cell);
    for (const wanted of expected.arcs) {
      const arc = arcs.find(({ resistor }) => resistor === wanted.resistor)!;
      expect(arc.role).toBe(wanted.role);
      within(arc.C_normalised_F, wanted.C_l_over_A_F, tolerance.C_rel);
      within(arc.C_areal_per_interface_F_cm2, wanted.C_areal_per_interface_F_cm2, tolerance.C_rel);
    }
    const { with_arc, without_arc } = expected.asr_per_interface_ohm_cm2;
    within(row(fit, 'interfacial_asr_ohm_cm2').value, with_arc, tolerance.R_rel);
    within(row(fit, 'interfacial_asr_if_electrolyte_ohm_cm2').value, without_arc, tolerance.R_rel);
    within(row(fit, 'R_electrolyte_ohm').value, expected.R_electrolyte_ohm.with_arc, tolerance.R_rel);
    within(
      row(fit, 'R_electrolyte_if_interface_ohm').value,
      expected.R_electrolyte_ohm.without_arc,
      tolerance.R_rel,
    );
    expect(codes(fit)).toContain('ASSIGNMENT_AMBIGUOUS');
  });

  it.each(goldenCases('eis-lower-bound').map((c) => [c.id, c] as const))('%s', (_id, golden) => {
    const { expected, tolerance, cell } = golden;
    const fit = fitImpedance(spectrumOf(golden), { cell });
    const bound = row(fit, 'interfacial_asr_lower_bound_ohm_cm2').value!;
    expect(Math.abs(bound / expected.asr_lower_bound_ohm_cm2 - 1)).toBeLessThan(tolerance.lower_bound_rel);
    expect(bound).toBeLessThan(golden.truth.asr_ohm_cm2);
    expect(codes(fit)).toContain('ARC_NOT_CLOSED');
    expect(fit.circuit).not.toMatch(/-CPE\d+$/);
    for (const extrapolated of fit.results.filter(({ quantity }) => quantity === 'interfacial_asr_ohm_cm2')) {
      expect(extrapolated.status).not.toBe('ok');
    }
  });
});

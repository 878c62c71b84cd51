import { describe, expect, it } from 'vitest';
import {
  fitDrt,
  fitImpedance,
  fromAdmittance,
  fromAdmittancePolar,
  fromCapacitanceLoss,
  fromCapacitanceQuality,
  fromConductanceCapacitance,
  fromModulus,
  fromParallel,
  fromPermittivity,
  fromPolar,
  fromResistivity,
  fromSeries,
  fromSeriesInductance,
  simulateImpedance,
} from '../../../src/analysis/impedance/index.js';
import { hasGolden } from '../../shared-data.js';
import { goldenCases, row } from './golden.js';
import { frequencies, simulated } from './simulated.js';

const at = (code: string, values: Record<string, number>, hertz: number) => {
  const z = simulateImpedance(code, values, [hertz]);
  return [z.real_impedance_ohm[0]!, z.imaginary_impedance_ohm[0]!];
};

describe('elements of solid-state spectra', () => {
  // Computed with numpy from the formulas of the elements' docstrings.
  it.each([
    ['G1', { G1_R: 50, G1_tau: 0.01 }, 30, [29.33177499, -17.64288683]],
    ['HN1', { HN1_R: 50, HN1_tau: 0.01, HN1_n: 0.8, HN1_b: 0.6 }, 30, [27.67215077, -14.54967783]],
    ['TLMB1', { TLMB1_R: 100, TLMB1_Q: 1e-3, TLMB1_n: 0.9 }, 30, [22.87903551, -19.08709643]],
    ['TLMR1', { TLMR1_R: 100, TLMR1_Rct: 40, TLMR1_Q: 1e-3, TLMR1_n: 0.9 }, 3, [57.49427963, -16.82631732]],
  ])('%s has the impedance of its formula', (code, values, hertz, wanted) => {
    at(code, values as Record<string, number>, hertz).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 6);
    });
  });

  it('have the limits that physics gives them', () => {
    // A line with blocking walls: R/3 in front of its capacitance at low frequency.
    const slow = at('TLMB1', { TLMB1_R: 90, TLMB1_Q: 1e-3, TLMB1_n: 0.99999999 }, 1e-3);
    expect(slow[0]).toBeCloseTo(30, 1);
    // With a reaction: √(R·Rct)·coth√(R/Rct) at rest.
    const rest = at('TLMR1', { TLMR1_R: 90, TLMR1_Rct: 40, TLMR1_Q: 1e-6, TLMR1_n: 0.9 }, 1e-6);
    expect(rest[0]).toBeCloseTo(60 / Math.tanh(1.5), 4);
    expect(at('HN1', { HN1_R: 50, HN1_tau: 1e-3, HN1_n: 0.9, HN1_b: 0.7 }, 1e-9)[0]).toBeCloseTo(50, 4);
  });

  it.each([
    ['R0-G1', { R0: 10, G1_R: 50, G1_tau: 0.01 }],
    ['R0-HN1', { R0: 10, HN1_R: 50, HN1_tau: 0.001, HN1_n: 0.85, HN1_b: 0.6 }],
    ['R0-TLMB1', { R0: 5, TLMB1_R: 60, TLMB1_Q: 2e-4, TLMB1_n: 0.92 }],
    ['R0-TLMR1', { R0: 5, TLMR1_R: 60, TLMR1_Rct: 30, TLMR1_Q: 2e-4, TLMR1_n: 0.92 }],
  ])('%s is recovered from noise-free data', (circuit, values) => {
    const spectrum = simulated(
      circuit,
      values as unknown as Record<string, number>,
      frequencies(1e5, 0.01, 6),
    );
    const fit = fitImpedance(spectrum, { circuit, compare_circuits: false, check_robustly: false });
    for (const [name, value] of Object.entries(values)) {
      expect(Math.abs(row(fit, name).value! / value - 1), name).toBeLessThan(1e-5);
    }
  });
});

describe.skipIf(!hasGolden)('golden conversions', () => {
  it.each(goldenCases('eis-conversion').map((c) => [c.id, c] as const))('%s', (_id, golden) => {
    const { thickness, area } = { thickness: 0.08, area: 0.785 };
    const degree = Math.PI / 180;
    const forms: Record<string, (f: number, a: number, b: number) => { re: number; im: number }> = {
      polar_degree: (_f, size, phase) => fromPolar(size, phase * degree),
      polar_radian: (_f, size, phase) => fromPolar(size, phase),
      polar_minus_phase: (_f, size, phase) => fromPolar(size, -phase * degree),
      admittance: (_f, G, B) => fromAdmittance(G, B),
      admittance_polar: (_f, size, phase) => fromAdmittancePolar(size, phase * degree),
      cp_d: fromCapacitanceLoss,
      cp_q: fromCapacitanceQuality,
      cp_rp: fromParallel,
      cs_rs: fromSeries,
      ls_rs: fromSeriesInductance,
      resistivity: (_f, re, im) => fromResistivity(re, im, thickness, area),
      permittivity: (f, re, im) => fromPermittivity(f, re, im, thickness, area),
    };
    for (const [name, { rows }] of Object.entries<{ rows: number[][] }>(golden.forms)) {
      rows.forEach(([f, a, b], i) => {
        const z = forms[name]!(f!, a!, b!);
        expect(Math.abs(z.re / golden.expected.z_re_ohm[i] - 1), name).toBeLessThan(golden.tolerance.rel);
        expect(Math.abs(z.im / golden.expected.z_im_ohm[i] - 1), name).toBeLessThan(golden.tolerance.rel);
      });
    }
  });

  it('go back to what they came from', () => {
    const [f, G, B] = [1e4, 2e-3, 5e-4];
    const z = fromAdmittance(G, B);
    expect(fromConductanceCapacitance(f, G, B / (2 * Math.PI * f)).im).toBeCloseTo(z.im, 9);
    const b = (2 * Math.PI * f * 8.854e-14 * 0.785) / 0.08;
    const modulus = fromModulus(f, -z.im * b, z.re * b, 0.08, 0.785);
    expect(modulus.re).toBeCloseTo(z.re, 9);
    expect(modulus.im).toBeCloseTo(z.im, 9);
  });
});

describe('distribution of relaxation times', () => {
  const values = { R0: 20, R1: 60, CPE1_Q: 2e-7, CPE1_n: 0.95, R2: 140, CPE2_Q: 3e-5, CPE2_n: 0.92 };
  const spectrum = simulated('R0-p(R1,CPE1)-p(R2,CPE2)', values, frequencies(1e6, 0.1, 8), 0.003);
  const drt = fitDrt(spectrum);

  it('has one peak for each arc, at its time constant and of its resistance', () => {
    expect(drt.peaks).toHaveLength(2);
    [
      { R: 60, tau: (60 * 2e-7) ** (1 / 0.95) },
      { R: 140, tau: (140 * 3e-5) ** (1 / 0.92) },
    ].forEach(({ R, tau }, i) => {
      expect(Math.abs(drt.peaks[i]!.R_ohm / R - 1)).toBeLessThan(0.05);
      expect(Math.abs(Math.log10(drt.peaks[i]!.tau_s / tau))).toBeLessThan(0.1);
    });
    expect(Math.abs(row(drt as never, 'R_polarisation_ohm').value! / 200 - 1)).toBeLessThan(0.03);
  });

  it('takes the largest ridge that the noise allows', () => {
    expect(drt.goodness.rms_residual as number).toBeLessThanOrEqual(1.5 * (drt.goodness.s_kk as number));
    expect(drt.lambda).toBeGreaterThan(1e-3);
  });
});

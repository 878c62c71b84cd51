import { describe, expect, it } from 'vitest';
import { fitImpedance } from '../../../src/analysis/impedance/index.js';
import { row } from './golden.js';
import { frequencies, simulated } from './simulated.js';

const band = frequencies(1e6, 0.1, 8);
const pellet = {
  code: 'p(R1,CPE1)-p(R2,CPE2)-CPE3',
  values: {
    R1: 2000,
    CPE1_Q: 6e-11,
    CPE1_n: 0.95,
    R2: 700,
    CPE2_Q: 4e-8,
    CPE2_n: 0.85,
    CPE3_Q: 2e-6,
    CPE3_n: 0.85,
  },
};
const fast = { compare_circuits: false } as const;
const codes = (fit: { warnings: { code: string }[] }) => fit.warnings.map(({ code }) => code);

describe('fitImpedance', () => {
  it('recovers the truth from noise-free data', () => {
    const fit = fitImpedance(simulated(pellet.code, pellet.values, band), { ...fast, circuit: pellet.code });
    for (const [name, value] of Object.entries(pellet.values))
      expect(row(fit, name).value! / value).toBeCloseTo(1, 8);
    expect(fit.goodness.ssr_weighted).toBeLessThan(1e-20);
  });

  it('gives the same answer for any order of the points, and the same twice', () => {
    const spectrum = simulated(pellet.code, pellet.values, band, 0.003, 5);
    const reversed = {
      frequency_hertz: band.toReversed(),
      real_impedance_ohm: spectrum.real_impedance_ohm.toReversed(),
      imaginary_impedance_ohm: spectrum.imaginary_impedance_ohm.toReversed(),
    };
    const options = { ...fast, circuit: pellet.code };
    const fit = fitImpedance(spectrum, options);
    expect(fitImpedance(reversed, options).results).toEqual(fit.results);
    expect(fitImpedance(spectrum, options)).toEqual(fit);
  });

  it('numbers arcs from fast to slow whatever the code calls them first', () => {
    const swapped = {
      R1: 700,
      CPE1_Q: 4e-8,
      CPE1_n: 0.85,
      R2: 2000,
      CPE2_Q: 6e-11,
      CPE2_n: 0.95,
      CPE3_Q: 2e-6,
      CPE3_n: 0.85,
    };
    const fit = fitImpedance(simulated(pellet.code, swapped, band), { ...fast, circuit: pellet.code });
    expect(row(fit, 'R1').value).toBeCloseTo(2000, 3);
    expect(fit.arcs[0]!.tau_s).toBeLessThan(fit.arcs[1]!.tau_s!);
  });

  it('lists what it leaves out and averages by input index', () => {
    const s = simulated('R0-p(R1,C1)', { R0: 1, R1: 2, C1: 1e-3 }, band, 0.001);
    const f = [...band, 0, Number.NaN, band[3]!];
    const re = [...s.real_impedance_ohm, 1, 1, s.real_impedance_ohm[3]!];
    const im = [...s.imaginary_impedance_ohm, 1, 1, s.imaginary_impedance_ohm[3]!];
    const n = band.length;
    const fit = fitImpedance(
      { frequency_hertz: f, real_impedance_ohm: re, imaginary_impedance_ohm: im },
      { ...fast, circuit: 'R0-p(R1,C1)' },
    );
    expect(fit.excluded.map(({ index }) => index)).toEqual([n, n + 1, n + 2]);
    expect(fit.excluded[2]!.reason).toContain('point 3');
    expect(fit.goodness.n_points).toBe(n);
  });

  it('puts a capacitor where a CPE exponent ends at 1', () => {
    const forced = fitImpedance(
      simulated('L0-R0-p(R1,C1)', { L0: 2e-5, R0: 10, R1: 50, C1: 1e-5 }, band.slice(8), 0.001, 3),
      { ...fast, circuit: 'R0-p(R1,CPE1)' },
    );
    expect(forced.circuit).toBe('R0-p(R1,C1)');
    expect(codes(forced)).toContain('CPE_EXPONENT_AT_BOUND');
    expect(row(forced, 'C1').standard_error).toBeGreaterThan(0);
  });

  it('withholds what the spectrum does not determine', () => {
    const spectrum = simulated(
      'R0-p(R1,CPE1)',
      { R0: 10, R1: 50, CPE1_Q: 1e-5, CPE1_n: 0.9 },
      band,
      0.003,
      2,
    );
    const fit = fitImpedance(spectrum, { ...fast, circuit: 'R0-p(R1,CPE1)-p(R2,CPE2)' });
    expect(codes(fit)).toContain('NOT_IDENTIFIABLE');
    const withheld = fit.results.filter(({ status }) => status === 'unusable');
    expect(withheld.length).toBeGreaterThan(0);
    for (const { value, standard_error, ci95_low } of withheld)
      expect([value, standard_error, ci95_low]).toEqual([null, null, null]);
  });

  it('says that a circuit does not describe the spectrum', () => {
    const spectrum = simulated(pellet.code, pellet.values, band, 0.002);
    const fit = fitImpedance(spectrum, { ...fast, circuit: 'R0-p(R1,CPE1)' });
    expect(codes(fit)).toContain('POOR_FIT');
    expect(fit.goodness.se_adjust_factor).toBeGreaterThan(1.5);
    const { standard_error, standard_error_adjusted } = row(fit, 'CPE1_Q');
    expect(standard_error_adjusted! / standard_error!).toBeCloseTo(
      fit.goodness.se_adjust_factor as number,
      12,
    );
    const compared = fitImpedance(spectrum, { circuit: 'R0-p(R1,CPE1)' });
    expect(codes(compared)).toContain('BETTER_CIRCUIT');
    expect(compared.alternatives.length).toBeGreaterThan(10);
  });

  it('reports a ZARC as the resistor and CPE that it is', () => {
    const values = { R0: 10, R1: 50, CPE1_Q: 1e-5, CPE1_n: 0.85 };
    const spectrum = simulated('R0-p(R1,CPE1)', values, band, 0.003, 6);
    const zarc = fitImpedance(spectrum, { ...fast, circuit: 'R0-ZARC1' });
    const cpe = fitImpedance(spectrum, { ...fast, circuit: 'R0-p(R1,CPE1)' });
    const pairs = [
      ['ZARC1_R', 'R1'],
      ['ZARC1_Q', 'CPE1_Q'],
      ['ZARC1_n', 'CPE1_n'],
      ['ZARC1_tau_s', 'R1_tau_s'],
      ['ZARC1_C_eff_F', 'R1_C_eff_F'],
    ] as const;
    for (const [one, other] of pairs) {
      expect(row(zarc, one).value! / row(cpe, other).value!).toBeCloseTo(1, 6);
      expect(row(zarc, one).standard_error! / row(cpe, other).standard_error!).toBeCloseTo(1, 5);
    }
  });

  it('knows a sum better than its parts', () => {
    const values = { R0: 10, R1: 20, CPE1_Q: 1e-5, CPE1_n: 0.85, R2: 30, CPE2_Q: 4e-5, CPE2_n: 0.85 };
    const circuit = 'R0-p(R1,CPE1)-p(R2,CPE2)';
    const fit = fitImpedance(simulated(circuit, values, band, 0.003, 6), { ...fast, circuit });
    const [one, two, total] = ['R1', 'R2', 'R_polarisation_ohm'].map(
      (name) => row(fit, name).standard_error!,
    );
    expect(total!).toBeLessThan(Math.hypot(one!, two!) / 5);
    expect(Math.abs(row(fit, 'R_polarisation_ohm').value! - 50)).toBeLessThan(4 * total!);
  });

  it('says that an arc lies outside the band', () => {
    const values = { R0: 10, R1: 50, CPE1_Q: 2e-10, CPE1_n: 0.95 };
    const fit = fitImpedance(simulated('R0-p(R1,CPE1)', values, band, 1e-4), {
      ...fast,
      circuit: 'R0-p(R1,CPE1)',
    });
    expect(codes(fit)).toContain('ARC_OUTSIDE_BAND');
    expect(row(fit, 'R1').status).toBe('warn');
  });

  it('is not led astray by outliers in the robust check', () => {
    const spectrum = simulated(
      'R0-p(R1,CPE1)',
      { R0: 10, R1: 50, CPE1_Q: 1e-5, CPE1_n: 0.9 },
      band,
      0.002,
      4,
    );
    for (const i of [5, 6, 7]) spectrum.real_impedance_ohm[i]! *= 1.15;
    const fit = fitImpedance(spectrum, { ...fast, circuit: 'R0-p(R1,CPE1)' });
    expect(Math.abs(fit.robust!.parameters.R0! - 10)).toBeLessThan(0.03);
    expect(Math.abs(row(fit, 'R0').value! - 10)).toBeGreaterThan(0.1);
    expect(codes(fit)).toContain('ROBUST_FIT_DIFFERS');
  });

  it('chooses the circuit that made the data', () => {
    const fit = fitImpedance(simulated(pellet.code, pellet.values, band, 0.003, 8));
    expect(fit.circuit).toBe(pellet.code);
    expect(fit.requested_circuit).toBeNull();
  });

  it('finds ideal capacitors when no CPE circuit is admissible', () => {
    const fit = fitImpedance(simulated('R0-p(R1,C1)', { R0: 10, R1: 50, C1: 1e-6 }, band, 0));
    expect(row(fit, 'R1').value).toBeCloseTo(50, 3);
    expect(row(fit, 'R0').value).toBeCloseTo(10, 3);
  });

  it('refuses too few points, naming what is needed', () => {
    const two = simulated('R1', { R1: 1 }, Float64Array.of(10, 1));
    expect(() => fitImpedance(two, { ...fast, circuit: pellet.code })).toThrow(
      '8 parameters; 2 usable frequencies',
    );
    const none = { frequency_hertz: [0], real_impedance_ohm: [1], imaginary_impedance_ohm: [1] };
    expect(() => fitImpedance(none)).toThrow('no usable point');
    expect(() => fitImpedance({ ...none, frequency_hertz: [1, 2] })).toThrow('different lengths');
  });
});

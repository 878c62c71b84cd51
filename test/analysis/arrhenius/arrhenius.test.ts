import { describe, expect, it } from 'vitest';
import {
  type ArrheniusFit,
  type ArrheniusInput,
  conductivityMeasuredAt25,
  fitArrhenius,
} from '../../../src/analysis/arrhenius/index.js';
import { NotComputable } from '../../../src/analysis/result.js';
import { judgeConductivity } from '../../../src/analysis/verdict/index.js';

const BOLTZMANN = 8.617333262145179e-5;

/** σ = σ₀·exp(−Eₐ/kT), each value times its factor. */
function arrheniusData(celsius: number[], factors: number[] = [], ea = 0.3, prefactor = 100): ArrheniusInput {
  return {
    temperature_celsius: celsius,
    conductivity_siemens_per_centimeter: celsius.map(
      (t, i) => (factors[i] ?? 1) * prefactor * Math.exp(-ea / (BOLTZMANN * (t + 273.15))),
    ),
  };
}

const codes = (fit: ArrheniusFit) => fit.warnings.map((warning) => warning.code);
const row = (fit: ArrheniusFit, name: string) => fit.results.find((candidate) => candidate.quantity === name);
/** ±2 % in turns: scatter without a trend. */
const scatter = (n: number) => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1.02 : 0.98));

describe('an Arrhenius fit', () => {
  it('gives back what the data were made with, and names the two forms apart by kT', () => {
    const fit = fitArrhenius(arrheniusData([-10, 10, 30, 50, 70]));
    expect(row(fit, 'Ea_eV')?.value).toBeCloseTo(0.3, 10);
    expect(row(fit, 'prefactor')?.value).toBeCloseTo(100, 6);
    const other = fit.forms.ln_sigma_T.results.find((candidate) => candidate.quantity === 'Ea_eV')
      ?.value as number;
    expect(other - 0.3).toBeGreaterThan(0.024);
    expect(other - 0.3).toBeLessThan(0.03);
    expect(fit.model_comparison).toBeNull();
  });

  it('needs two temperatures', () => {
    expect(() => fitArrhenius(arrheniusData([25, 25.4, 24.8]))).toThrow(NotComputable);
  });

  it('still knows the reading at 25 °C of a sample with one temperature', () => {
    const data = arrheniusData([25, 25], [1.01, 0.99]);
    const sigma = data.conductivity_siemens_per_centimeter as number[];
    const row = conductivityMeasuredAt25(data, { geometry_relative_uncertainty: 0.05 });
    expect(row?.value).toBeCloseTo(Math.sqrt((sigma[0] as number) * (sigma[1] as number)), 12);
    expect(Math.log((row?.bound95_high as number) / (row?.value as number))).toBeCloseTo(0.05 * 1.6448536, 6);
    expect(conductivityMeasuredAt25(data)).toMatchObject({ bound95_low: null, dof: null });
    expect(conductivityMeasuredAt25(arrheniusData([30, 60]))).toBeNull();
  });

  it('gives a number without an uncertainty for two temperatures', () => {
    const fit = fitArrhenius(arrheniusData([25, 60]));
    expect(row(fit, 'Ea_eV')).toMatchObject({
      standard_error: null,
      ci95_low: null,
      bound95_high: null,
      dof: 0,
    });
    expect(codes(fit)).toContain('FEW_TEMPERATURES');
    expect(judgeConductivity(fit, { comparison: '>', threshold: 1e-4 }).verdict).toBe('INSUFFICIENT DATA');
  });

  it('asks for 30 K', () => {
    const fit = fitArrhenius(arrheniusData([20, 25, 30, 40], scatter(4)));
    expect(codes(fit)).toContain('NARROW_TEMPERATURE_SPAN');
  });

  it('leaves out what is not positive or far from its set point, and says so', () => {
    const data = arrheniusData([0, 20, 40, 60, 80, 90], scatter(6));
    (data.conductivity_siemens_per_centimeter as number[])[1] = -1e-5;
    const fit = fitArrhenius({ ...data, setpoint_celsius: [0, 20, 40, 60, 80, 95] });
    expect(fit.excluded.map((point) => point.index)).toEqual([1, 5]);
    expect(fit.excluded[1]?.reason).toContain('5.0 K');
    expect(fit.forms.ln_sigma.goodness.n).toBe(4);
  });

  it('counts temperatures, not readings', () => {
    const celsius = [0, 20, 40, 60, 80].flatMap((t) => [t, t + 0.3, t - 0.3]);
    const fit = fitArrhenius(arrheniusData(celsius, scatter(15)));
    expect(fit.forms.ln_sigma.goodness.n).toBe(5);
    expect(fit.goodness.n_readings).toBe(15);
  });

  it('warns of two clusters and of extrapolation, and refuses a verdict far outside', () => {
    const fit = fitArrhenius(arrheniusData([60, 62, 150, 155], scatter(4)));
    expect(codes(fit)).toEqual(expect.arrayContaining(['TWO_CLUSTERS', 'EXTRAPOLATED']));
    expect(fit.goodness.extrapolation_distance_K).toBeCloseTo(35, 9);
    const verdict = judgeConductivity(fit, { comparison: '>', threshold: 1e-9 });
    expect(verdict.verdict).toBe('INCONCLUSIVE');
    expect(row(fit, 'sigma25_S_cm')?.value).toBeGreaterThan(0);
  });

  it('lets a verdict rest on a fit that ends within 10 K of 25 °C', () => {
    const fit = fitArrhenius(arrheniusData([30, 50, 70, 90], scatter(4)));
    expect(fit.verdict_basis.source).toBe('fit');
    expect(judgeConductivity(fit, { comparison: '>', threshold: 1e-5 }).verdict).toBe('PASS');
    expect(judgeConductivity(fit, { comparison: '>', threshold: 1e-2 }).verdict).toBe('FAIL');
  });

  it('widens σ by the geometry but not the activation energy', () => {
    const data = arrheniusData([0, 20, 40, 60, 80], scatter(5));
    const plain = fitArrhenius(data);
    const wide = fitArrhenius(data, { geometry_relative_uncertainty: 0.1 });
    expect(row(wide, 'Ea_eV')).toEqual(row(plain, 'Ea_eV'));
    const half = (fit: ArrheniusFit) =>
      Math.log((row(fit, 'sigma25_S_cm')?.ci95_high as number) / (row(fit, 'sigma25_S_cm')?.value as number));
    expect(half(wide)).toBeCloseTo(Math.hypot(half(plain), 1.959963984540054 * 0.1), 10);
  });

  it('finds a bend between two activation energies and takes σ at 25 °C from its side', () => {
    const celsius = [-20, -10, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    const bend = 1 / (45 + 273.15);
    const sigma = celsius.map((t, i) => {
      const x = 1 / (t + 273.15);
      const slope = x > bend ? -0.9 / BOLTZMANN : -0.4 / BOLTZMANN;
      return 1e-4 * Math.exp(slope * (x - bend)) * (scatter(12)[i] as number) ** 0.5;
    });
    const fit = fitArrhenius({ temperature_celsius: celsius, conductivity_siemens_per_centimeter: sigma });
    expect(fit.model_selected).toBe('two_segment');
    expect(fit.model_comparison?.two_segment?.Ea_low_T_eV).toBeCloseTo(0.9, 1);
    expect(fit.model_comparison?.two_segment?.Ea_high_T_eV).toBeCloseTo(0.4, 1);
    const truth = 1e-4 * Math.exp((-0.9 / BOLTZMANN) * (1 / 298.15 - bend));
    expect((row(fit, 'sigma25_S_cm')?.value as number) / truth).toBeCloseTo(1, 1);
    expect(codes(fit)).toContain('TWO_SEGMENTS');
  });

  it('judges by the lower branch unless heating was conditioning', () => {
    const celsius = [0, 20, 40, 60, 80, 80, 60, 40, 20, 0];
    const factors = celsius.map((_, i) => (i < 5 ? 0.8 : 1) * (i % 2 ? 1.01 : 0.99));
    const branch = celsius.map((_, i) => (i < 5 ? 'heating' : 'cooling'));
    const data = { ...arrheniusData(celsius, factors), branch };
    const strict = fitArrhenius(data);
    const conditioned = fitArrhenius(data, { heating_is_conditioning: true });
    expect(strict.judged_branch).toBe('heating');
    expect(conditioned.judged_branch).toBe('cooling');
    const ratio =
      (row(conditioned, 'sigma25_S_cm')?.value as number) / (row(strict, 'sigma25_S_cm')?.value as number);
    expect(ratio).toBeCloseTo(1.25, 1);
    const middle = strict.forms.ln_sigma.results.find((candidate) => candidate.quantity === 'sigma25_S_cm')
      ?.value as number;
    expect(middle).toBeGreaterThan(row(strict, 'sigma25_S_cm')?.value as number);
  });

  it('does not call equal branches hysteresis', () => {
    const celsius = [0, 20, 40, 60, 60, 40, 20, 0];
    const factors = [1.01, 0.99, 1.02, 0.98, 0.98, 1.02, 0.99, 1.01];
    const fit = fitArrhenius({
      ...arrheniusData(celsius, factors),
      branch: celsius.map((_, i) => (i < 4 ? 'heating' : 'cooling')),
    });
    expect(fit.hysteresis_test?.ratio).toBeCloseTo(1, 12);
    expect(fit.judged_branch).toBeNull();
  });

  it('judges ordinary least squares whatever the stated errors say, and shows the weighted fit beside', () => {
    const errors = [1e-6, 2e-5, 1e-4, 2e-5, 3e-4, 5e-4];
    const data = arrheniusData([0, 15, 30, 45, 60, 75]);
    const plain = fitArrhenius(data);
    const weighted = fitArrhenius({ ...data, conductivity_standard_error: errors });
    expect(weighted.results).toEqual(plain.results);
    expect(weighted.weighted?.forms.ln_sigma.goodness.weighting).toBe('inverse variance');
    expect(weighted.goodness.weighted_chi2_reduced).toBe(weighted.weighted?.chi2_reduced);
  });

  it('marks a value that is extrapolated too far in its own row, and names the form of every Ea', () => {
    const fit = fitArrhenius(arrheniusData([255, 270, 285, 300]));
    for (const rows of [fit.results, fit.forms.ln_sigma_T.results])
      expect(rows.find(({ quantity }) => quantity === 'sigma25_S_cm')?.status).toBe('warn');
    const label = (form: 'ln_sigma' | 'ln_sigma_T') =>
      fit.forms[form].results.find(({ quantity }) => quantity === 'Ea_eV')?.label;
    expect([label('ln_sigma'), label('ln_sigma_T')]).toEqual(['Ea (ln σ)', 'Ea (ln σT)']);
  });

  it('reminds of the scatter between laboratories near the target', () => {
    const data = arrheniusData([0, 20, 40, 60, 80], scatter(5));
    const sigma = row(fitArrhenius(data), 'sigma25_S_cm')?.value as number;
    expect(codes(fitArrhenius(data, { target_siemens_per_centimeter: sigma / 1.3 }))).toContain(
      'INTERLABORATORY_SCATTER',
    );
    expect(codes(fitArrhenius(data, { target_siemens_per_centimeter: sigma / 3 }))).not.toContain(
      'INTERLABORATORY_SCATTER',
    );
  });

  it('never prints NaN or infinity', () => {
    for (const celsius of [
      [25, 60],
      [20, 40, 60],
      [0, 20, 40, 60],
    ]) {
      const text = JSON.stringify(fitArrhenius(arrheniusData(celsius, scatter(4))), (_key, value) => {
        if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('not finite');
        return value;
      });
      expect(text.length).toBeGreaterThan(100);
    }
  });

  it('says how many temperatures would settle an open verdict', () => {
    const fit = fitArrhenius(arrheniusData([0, 20, 40, 60, 80], [1.1, 0.9, 1.1, 0.9, 1.1]));
    const sigma = row(fit, 'sigma25_S_cm')?.value as number;
    const verdict = judgeConductivity(fit, { comparison: '>', threshold: sigma * 0.97 });
    expect(verdict.verdict).toBe('INCONCLUSIVE');
    expect(verdict.needed).toMatch(/^\d+ more temperatures/);
  });
});

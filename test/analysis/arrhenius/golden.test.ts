import { describe, expect, it } from 'vitest';
import {
  type ArrheniusForm,
  conductivityFromReading,
  fitArrhenius,
  type ReadingAt25,
} from '../../../src/analysis/arrhenius/index.js';
import { Z_TWO_SIDED } from '../../../src/analysis/statistics/intervals.js';
import { boundsFrom, declaredHalfWidth } from '../../../src/analysis/uncertainty/index.js';
import { asEstimate, judge, judgeConductivity } from '../../../src/analysis/verdict/index.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectFigures, expectNear, type GoldenCase, goldenCases } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

function fitOf(reference: GoldenCase, geometry = 0) {
  const { temperature_c, sigma_S_cm, branch } = reference.data;
  return fitArrhenius(
    { temperature_celsius: temperature_c, conductivity_siemens_per_centimeter: sigma_S_cm, branch },
    { geometry_relative_uncertainty: geometry },
  );
}

/** A form's rows and figures under the names of the reference. */
function figuresOf(form: ArrheniusForm): GoldenCase {
  const rows = Object.fromEntries(form.results.map((row) => [row.quantity, row]));
  const sigma = rows.sigma25_S_cm;
  const ea = rows.Ea_eV;
  return {
    ...form.goodness,
    ...Object.fromEntries(form.results.map((row) => [row.quantity, row.value])),
    Ea_ci95_eV: [ea?.ci95_low, ea?.ci95_high],
    sigma25_ci95: [sigma?.ci95_low, sigma?.ci95_high],
    sigma25_pi95: [form.goodness.sigma25_pi95_low, form.goodness.sigma25_pi95_high],
    sigma25_lower95_one_sided: sigma?.bound95_low,
    sigma25_upper95_one_sided: sigma?.bound95_high,
  };
}

describe('Arrhenius fits of the reference', () => {
  it.each(goldenCases('arr-', 'arrhenius'))('%s', (_id, reference) => {
    const fit = fitOf(reference);
    const { rel, vtf_rel, aicc_abs } = reference.tolerance;
    for (const name of ['ln_sigma', 'ln_sigma_T'] as const) {
      const { with_geometry, se_abs_max, ...expected } = reference.expected[name];
      const figures = figuresOf(fit.forms[name]);
      expectFigures(figures, expected, (path) =>
        path === '.extrapolation_distance_K' ? { absolute: 1e-9 } : { relative: rel },
      );
      if (se_abs_max !== undefined) expect(figures.Ea_se_eV).toBeLessThan(se_abs_max);
      if (with_geometry) {
        const { u_geom_rel, ...bounds } = with_geometry;
        expectFigures(figuresOf(fitOf(reference, u_geom_rel).forms[name]), bounds, () => ({ relative: rel }));
      }
    }
    if (!reference.expected.model_comparison) expect(fit.model_comparison).toBeNull();
    else {
      expectFigures(fit.model_comparison, reference.expected.model_comparison, (path) => {
        if (path.endsWith('.aicc')) return { absolute: aicc_abs };
        return { relative: path.startsWith('.vtf') ? vtf_rel : rel };
      });
    }
  });

  it.each(goldenCases('arr-', 'arrhenius-replicates'))('%s', (_id, reference) => {
    const fit = fitOf(reference);
    const relative = { relative: reference.tolerance.rel };
    const expected = reference.expected.per_temperature_mean_fit;
    expectFigures(figuresOf(fit.forms.ln_sigma), expected, (path) =>
      path === '.extrapolation_distance_K' ? { absolute: 1e-9 } : relative,
    );
    expectFigures(fit.hysteresis_test, reference.expected.hysteresis_test, () => relative);
    expect(fit.warnings.map((warning) => warning.code)).toContain('HYSTERESIS');
  });

  it.runIf(hasGolden)('arr-s4-vtf: σ at 25 °C comes from the curved law', () => {
    const reference = goldenCases('arr-s4', 'arrhenius')[0]?.[1];
    const fit = fitOf(reference);
    const sigma = fit.results.find((row) => row.quantity === 'sigma25_S_cm');
    expect(fit.model_selected).toBe('vtf');
    expect(fit.warnings.map((warning) => warning.code)).toEqual(
      expect.arrayContaining(['CURVED', 'VTF_PREFERRED']),
    );
    expectNear(
      sigma?.value,
      reference.expected.model_comparison.vtf.sigma25_S_cm,
      { relative: 1e-4 },
      'sigma25',
    );
    const { A, B_K, T0_K } = reference.source.truth;
    const truth = A * Math.exp(-B_K / (298.15 - T0_K));
    expect(sigma?.ci95_low).toBeLessThan(truth);
    expect(sigma?.ci95_high).toBeGreaterThan(truth);
  });

  it.runIf(hasGolden)('arr-05-lgps-3pt: three temperatures, the reading at 25 °C is what counts', () => {
    const fit = fitOf(goldenCases('arr-05', 'arrhenius')[0]?.[1]);
    expect(fit.warnings.map((warning) => warning.code)).toContain('FEW_TEMPERATURES');
    expect(fit.verdict_basis.source).toBe('measured');
    const measured = fit.results.find((row) => row.quantity === 'sigma25_measured_S_cm');
    expect(measured?.value).toBeCloseTo(0.012, 12);
  });

  it.each(goldenCases('arr-t', 'arrhenius-temperature-term'))('%s', (_id, reference) => {
    const { temperature_c, sigma_S_cm, u_geometry_relative } = reference.data;
    const relative = { relative: reference.tolerance.rel };
    for (const { temperature_half_width_K, ln_sigma, ln_sigma_T, verdict } of reference.expected.cases) {
      const fit = fitArrhenius(
        { temperature_celsius: temperature_c, conductivity_siemens_per_centimeter: sigma_S_cm },
        {
          geometry_relative_uncertainty: u_geometry_relative,
          temperature_half_width_kelvin: temperature_half_width_K,
        },
      );
      expectFigures(amendedFigures(fit.forms.ln_sigma), ln_sigma, () => relative);
      expectFigures(amendedFigures(fit.forms.ln_sigma_T), ln_sigma_T, () => relative);
      expect(judgeConductivity(fit, { comparison: '>', threshold: 0.01 }).verdict).toBe(verdict.verdict);
      // The bound comes from its components.
      const sigma = fit.results.find(({ quantity }) => quantity === 'sigma25_S_cm');
      const geometry = declaredHalfWidth('geometry', Math.sqrt(3) * u_geometry_relative);
      const bounds = boundsFrom(sigma?.value as number, [...fit.components, geometry], 'ln');
      expectNear(bounds.bound95_low, ln_sigma.sigma25_lower95, relative, 'bound from components');
    }
  });

  it.each(goldenCases('arr-t', 'arrhenius-judged'))('%s', (_id, { data, expected, tolerance }) => {
    const fit = fitArrhenius({
      temperature_celsius: data.temperature_c,
      conductivity_siemens_per_centimeter: data.sigma_S_cm,
      conductivity_standard_error: data.sigma_se_S_cm,
    });
    const relative = { relative: tolerance.rel };
    expectFigures(
      amendedFigures({ ...fit.forms.ln_sigma, results: fit.results }),
      expected.ols,
      () => relative,
    );
    const { goodness } = fit;
    expectNear(goodness.weighted_Ea_ln_sigma_eV, expected.weighted.Ea_eV, relative, 'weighted Ea');
    expectNear(goodness.weighted_sigma25_S_cm, expected.weighted.sigma25_S_cm, relative, 'weighted σ25');
    expectNear(goodness.weighted_chi2_reduced, expected.weighted.reduced_chi2, relative, 'reduced χ²');
  });

  it.each(goldenCases('arr-t', 'reading-near-25'))('%s', (_id, { cases, tolerance }) => {
    for (const { inputs, expected } of cases) {
      const { verdict, warning, Ea_half_width_eV: _half, ...figures } = expected;
      const temperature_celsius: number[] = inputs.series_temperature_c ?? [inputs.temperature_c];
      const reading = readingOf(inputs, temperature_celsius);
      const { quantity: row } = reading;
      const ea = reading.components.find(({ component }) => component === 'activation energy');
      const found = {
        Ea_eV: reading.Ea_eV,
        Ea_se_eV: 0,
        dof: ea?.dof,
        sigma25_S_cm: row.value,
        correction_factor: reading.correction_factor,
        ln_u_temperature: reading.components.find(({ component }) => component === 'temperature')
          ?.standard_uncertainty,
        ci95: [row.ci95_low, row.ci95_high],
        lower95: row.bound95_low,
        upper95: row.bound95_high,
        uncorrected_S_cm: reading.read,
      };
      expectFigures(found, figures, (path) => (path === '.Ea_se_eV' ? null : { relative: tolerance.rel }));
      expect(judge(asEstimate(row), { comparison: '>', threshold: 0.01 }).verdict).toBe(verdict);
      expect(reading.Ea_assumed).toBe(warning === 'EA_ASSUMED');
    }
  });
});

/** The reading of a case, whose own error counts only for itself. */
function readingOf(inputs: GoldenCase, temperature_celsius: number[]): ReadingAt25 {
  const conductivity: number[] = inputs.series_sigma_S_cm ?? [inputs.sigma_S_cm];
  const input = {
    temperature_celsius,
    conductivity_siemens_per_centimeter: conductivity,
    conductivity_standard_error: conductivity.map((sigma) => sigma * inputs.u_R_relative),
  };
  const options = {
    geometry_relative_uncertainty: inputs.u_geometry_relative,
    temperature_half_width_kelvin: inputs.temperature_half_width_K,
  };
  const reading =
    temperature_celsius.length > 1
      ? fitArrhenius(input, options).reading
      : conductivityFromReading(input, options);
  return reading as ReadingAt25;
}

/** A form's rows under the names of the amended cases. */
function amendedFigures({ results, goodness, ...rest }: ArrheniusForm): GoldenCase {
  const rows = Object.fromEntries(results.map((row) => [row.quantity, row]));
  const { Ea_eV: ea, sigma25_S_cm: sigma, ln_sigma25: ln } = rows;
  const uEa =
    ((ea?.ci95_high ?? 0) - (ea?.value ?? 0)) ** 2 -
    ((ea?.ci95_statistical_high ?? 0) - (ea?.value ?? 0)) ** 2;
  return {
    ...rest,
    n: ea?.n,
    dof: ea?.dof,
    Ea_eV: ea?.value,
    Ea_se_eV: ea?.standard_error,
    Ea_u_temperature_eV: Math.sqrt(Math.max(uEa, 0)) / Z_TWO_SIDED,
    Ea_ci95_statistical: [ea?.ci95_statistical_low, ea?.ci95_statistical_high],
    Ea_ci95: [ea?.ci95_low, ea?.ci95_high],
    sigma25_S_cm: sigma?.value,
    ln_sigma25_se: ln?.standard_error,
    ln_sigma25_u_temperature: goodness.ln_sigma25_u_temperature,
    ln_sigma25_u_geometry: goodness.geometry_relative_uncertainty,
    sigma25_ci95_statistical: [sigma?.ci95_statistical_low, sigma?.ci95_statistical_high],
    sigma25_ci95: [sigma?.ci95_low, sigma?.ci95_high],
    sigma25_lower95: sigma?.bound95_low,
    sigma25_upper95: sigma?.bound95_high,
  };
}

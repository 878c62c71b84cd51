import { describe, expect, it } from 'vitest';
import { type ArrheniusForm, fitArrhenius } from '../../../src/analysis/arrhenius/index.js';
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
});

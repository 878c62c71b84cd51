import { describe, expect, it } from 'vitest';
import { type KramersKronigTest, testKramersKronig } from '../../../src/analysis/impedance/index.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { type GoldenCase, goldenCases, spectrumOf } from './golden.js';

sayIfAbsent(hasGolden, 'golden Kramers–Kronig tests');

const cases = goldenCases('linkk').map((c) => [c.id, c] as const);

function expectSame(found: KramersKronigTest, wanted: GoldenCase, tolerance: GoldenCase) {
  expect(found.M).toBe(wanted.M);
  expect(Math.abs(found.mu - wanted.mu)).toBeLessThanOrEqual(tolerance.mu_abs);
  expect(Math.abs(found.pseudo_chi2 / wanted.pseudo_chi2 - 1)).toBeLessThanOrEqual(tolerance.pseudo_chi2_rel);
  for (const name of ['rms_residual', 'max_abs_residual'] as const) {
    expect(Math.abs(found[name] - wanted[name])).toBeLessThanOrEqual(tolerance.residual_abs);
  }
  for (const part of ['residual_re', 'residual_im'] as const) {
    wanted[part].forEach((value: number, i: number) => {
      expect(Math.abs(found[part][i]! - value)).toBeLessThanOrEqual(tolerance.residual_abs);
    });
  }
}

describe.skipIf(!hasGolden)('golden Kramers–Kronig tests', () => {
  it.each(cases)('%s', (_id, golden) => {
    const found = testKramersKronig(spectrumOf(golden));
    const wanted = golden.recommended;
    expectSame(found, wanted, golden.tolerance);
    expect(found.M_range).toEqual(wanted.M_range);
    expect(found.add_cap).toBe(wanted.add_cap);
    expect(found.verdict).toBe(wanted.verdict);
    const flagged = found.flagged.map((point) => point.index_from_high_frequency);
    expect(flagged).toEqual([...wanted.outlier_index_from_high_frequency].sort((a, b) => a - b));
  });

  it.each(cases)("%s by Schönleber's rule", (_id, golden) => {
    const runs = golden.runs.filter(({ config }: GoldenCase) => config.fit_type === 'complex');
    expect(runs.length).toBeGreaterThan(0);
    for (const { config, expected } of runs) {
      const found = testKramersKronig(spectrumOf(golden), {
        mu_threshold: config.c,
        minimum_M: 1,
        maximum_M: config.max_M,
        add_capacitance: config.add_cap,
      });
      expectSame(found, expected, golden.tolerance);
    }
  });

  it.each(goldenCases('kk-points').map((c) => [c.id, c] as const))(
    '%s: single points and noise',
    (_id, golden) => {
      const found = testKramersKronig(spectrumOf(golden));
      const { expected, tolerance } = golden;
      expect(Math.abs(found.rms_residual / expected.kk_rms - 1)).toBeLessThanOrEqual(tolerance.kk_rms_rel);
      expect(found.add_cap).toBe(expected.point_model.add_cap);
      expect(Math.abs(found.s_kk / expected.point_model.s_kk - 1)).toBeLessThanOrEqual(tolerance.s_kk_rel);
      expect(found.sign_reversed).toBe(expected.sign_reversed);
      expect(found.flagged.map((point) => point.index_from_high_frequency)).toEqual(
        expected.flagged.map((point: GoldenCase) => point.index_from_high),
      );
      expected.flagged.forEach((point: GoldenCase, i: number) => {
        expect(Math.abs(found.flagged[i]!.deviation / point.deviation - 1)).toBeLessThanOrEqual(
          tolerance.deviation_rel,
        );
      });
    },
  );
});

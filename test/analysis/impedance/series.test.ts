import { describe, expect, it } from 'vitest';
import { fitArrhenius } from '../../../src/analysis/arrhenius/index.js';
import {
  type CellDescription,
  conductivityFromFit,
  describedBySeries,
  fitImpedance,
  fitTemperatureSeries,
  prepareForFit,
  type Spectrum,
  type TemperatureSeriesFit,
} from '../../../src/analysis/impedance/index.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { type GoldenCase, goldenCases, row, spectrumOf } from './golden.js';
import { frequencies, simulated } from './simulated.js';

sayIfAbsent(hasGolden, 'golden temperature series');

interface Measured {
  temperature_celsius: number;
  points: Spectrum;
}

function seriesOf(measured: readonly Measured[], cell: CellDescription): TemperatureSeriesFit {
  return fitTemperatureSeries(
    measured.map(({ temperature_celsius, points }) => ({
      temperature_celsius,
      spectrum: prepareForFit(points, {}).spectrum,
      alternatives: fitImpedance(points, { cell, check_robustly: false }).alternatives,
    })),
  );
}

/** Rows of one name over the temperatures of a series. */
function overSeries(
  measured: readonly Measured[],
  series: TemperatureSeriesFit,
  cell: CellDescription,
  name: string,
): number[] {
  return measured.map(({ points }, i) => {
    const { circuit, parameters } = series.readings[i]!;
    const fit = fitImpedance(points, {
      circuit: circuit!,
      start: parameters,
      compare_circuits: false,
      check_robustly: false,
    });
    return row(conductivityFromFit(fit, describedBySeries(cell, series, series.readings[i]!)), name).value!;
  });
}

function activationEnergy(measured: readonly Measured[], sigma: readonly number[]) {
  const fit = fitArrhenius({
    temperature_celsius: measured.map(({ temperature_celsius }) => temperature_celsius),
    conductivity_siemens_per_centimeter: [...sigma],
  });
  const value = (name: string) =>
    fit.forms.ln_sigma.results.find(({ quantity }) => quantity === name)!.value!;
  return { Ea: value('Ea_eV'), sigma25: value('sigma25_S_cm') };
}

const scaled = (
  { thickness_cm, area_cm2, ...cell }: CellDescription,
  thickness: number,
  diameter: number,
) => ({
  ...cell,
  thickness_cm: thickness_cm! * thickness,
  area_cm2: area_cm2! * diameter ** 2,
});

describe.skipIf(!hasGolden)('golden temperature series', () => {
  it.each(goldenCases('eis-temperature-series').map((c) => [c.id, c] as const))('%s', (_id, golden) => {
    const { expected, tolerance, cell } = golden;
    const measured: Measured[] = golden.spectra.map((one: GoldenCase) => ({
      temperature_celsius: one.temperature_c,
      points: {
        frequency_hertz: one.freq_hz,
        real_impedance_ohm: one.z_re_ohm,
        imaginary_impedance_ohm: one.z_im_ohm,
      },
    }));
    const series = seriesOf(measured, cell);
    expect([series.arcs, series.tail]).toEqual([expected.number_of_arcs, expected.tail]);
    expected.arc_median_C_F_slow_to_fast.forEach((C: number, j: number) => {
      expect(Math.abs(series.arc_median_C_F[j]! / C - 1)).toBeLessThan(0.01);
    });
    const judged = (name: string, wanted: GoldenCase) => {
      const R = overSeries(measured, series, cell, `R_electrolyte${name}_ohm`);
      wanted.R_electrolyte_ohm.forEach((value: number, i: number) => {
        expect(Math.abs(R[i]! / value - 1)).toBeLessThan(tolerance.R_rel);
      });
      const sigma = R.map((value) => cell.thickness_cm / (value * cell.area_cm2));
      const found = activationEnergy(measured, sigma);
      expect(Math.abs(found.Ea - wanted.Ea_eV_ln_sigma)).toBeLessThan(tolerance.Ea_eV);
      expect(Math.abs(found.sigma25 / wanted.sigma25_S_cm - 1)).toBeLessThan(tolerance.sigma25_rel);
      return found;
    };
    const wanted = expected.rows
      ? { ...expected, R_electrolyte_ohm: expected.rows.map((one: GoldenCase) => one.R_electrolyte_ohm) }
      : expected.with_arc;
    const { Ea } = judged('', wanted);
    if (expected.without_arc) judged('_if_interface', expected.without_arc);
    const { thickness_factor, diameter_factor } = expected.scaled_geometry;
    const other = scaled(cell, thickness_factor, diameter_factor);
    const elsewhere = overSeries(measured, series, other, 'sigma_total_S_cm');
    expect(Math.abs(activationEnergy(measured, elsewhere).Ea - Ea)).toBeLessThan(1e-6);
  });
});

describe.skipIf(!hasGolden)('a public pellet at 150, 170 and 190 °C', () => {
  it('has two arcs and a tail throughout, and the same Ea whatever its geometry', () => {
    const measured = goldenCases('eis-fit')
      .flatMap((one): Measured[] => {
        const celsius = /^eis-r-s04147-(\d+)C$/.exec(one.id)?.[1];
        return celsius === undefined
          ? []
          : [{ temperature_celsius: Number(celsius), points: spectrumOf(one) }];
      })
      .sort((a, b) => a.temperature_celsius - b.temperature_celsius);
    expect(measured).toHaveLength(3);
    const pellet = (thickness_cm: number, diameter_cm: number) => ({
      cell_type: 'pellet',
      thickness_cm,
      area_cm2: (Math.PI * diameter_cm ** 2) / 4,
    });
    const series = seriesOf(measured, pellet(0.21, 0.8));
    expect([series.arcs, series.tail]).toEqual([2, 'CPE']);
    const [slow, fast] = series.arc_median_C_F as [number, number];
    expect([slow > 1.7e-11 && slow < 1.9e-11, fast > 5.5e-12 && fast < 7.2e-12]).toEqual([true, true]);
    const Ea = [pellet(0.21, 0.8), pellet(0.1, 1), pellet(0.02, 1.5)].map(
      (cell) => activationEnergy(measured, overSeries(measured, series, cell, 'sigma_total_S_cm')).Ea,
    ) as [number, number, number];
    // 0.818 eV over all seven temperatures.
    expect(Math.abs(Ea[0] - 0.818)).toBeLessThan(0.01);
    for (const other of Ea) expect(Math.abs(other - Ea[0])).toBeLessThan(1e-6);
  });
});

describe('a series of temperatures', () => {
  const cell = { cell_type: 'pellet', thickness_cm: 0.1, area_cm2: 0.785 };
  const pellet = (temperature_celsius: number, seed: number): Measured => {
    const factor = Math.exp(
      ((0.35 * 1.602e-19) / 1.380649e-23) * (1 / (temperature_celsius + 273.15) - 1 / 298.15),
    );
    const values = {
      R1: 400 * factor,
      CPE1_Q: 4e-10,
      CPE1_n: 0.95,
      R2: 900 * factor,
      CPE2_Q: 2e-8,
      CPE2_n: 0.9,
      CPE3_Q: 2e-6,
      CPE3_n: 0.9,
    };
    return {
      temperature_celsius,
      points: simulated('p(R1,CPE1)-p(R2,CPE2)-CPE3', values, frequencies(1e6, 1, 6), 0.003, seed),
    };
  };
  const measured = [10, 25, 45, 70].map(pellet);
  const series = seriesOf(measured, cell);

  it('has one kind of circuit, whose arcs are counted from the slow end', () => {
    expect(series).toMatchObject({ arcs: 2, tail: 'CPE', warnings: [] });
    const R = overSeries(measured, series, cell, 'R_electrolyte_ohm');
    expect(Math.abs(R[1]! / 1300 - 1)).toBeLessThan(0.01);
  });

  it.each([
    [0.2, 1.5],
    [3, 0.6],
    [1, 2],
  ])('gives the same Ea whatever the geometry: thickness × %f, diameter × %f', (thickness, diameter) => {
    const Ea = (own: CellDescription) =>
      activationEnergy(measured, overSeries(measured, series, own, 'sigma_total_S_cm')).Ea;
    expect(Math.abs(Ea(scaled(cell, thickness, diameter)) - Ea(cell))).toBeLessThan(1e-6);
    expect(Math.abs(Ea(cell) - 0.35)).toBeLessThan(0.003);
  });

  it('does not depend on the order in which the spectra come', () => {
    const turned = seriesOf([...measured].reverse(), cell);
    expect(turned.readings.map(({ circuit }) => circuit).reverse()).toEqual(
      series.readings.map(({ circuit }) => circuit),
    );
  });
});

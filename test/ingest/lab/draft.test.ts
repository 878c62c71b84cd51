import { expect, it } from 'vitest';
import { guessedGeometry, guessedId, guessedTemperature } from '../../../src/ingest/lab/name-guesses.js';

/** Guesses for a draft of the metadata: what names and preambles say, and nothing where they say nothing. */

it.each([
  ['LPSC-04_25degC_PEIS_C01.mpt', 'LPSC-04'],
  ['eis/2026-03-08_P12_m10C.z', 'P12'],
  ['NMC811-K7_cycling_C02.mpr.csv', 'NMC811-K7'],
  ['K-04/run_3.csv', 'K-04'],
  ['20260308_120000.csv', undefined],
])('the id in %s is %s', (path, id) => {
  expect(guessedId(path)).toBe(id);
});

it.each([
  ['P1_25degC.z', 25],
  ['P1_-10C.z', -10],
  ['P1_m10C.z', -10],
  ['P1-60C.z', 60],
  ['P1_298K.z', 24.85],
  ['70 °C/P1.z', 70],
  ['P1_37,5C_up.csv', 37.5],
  ['P1_C01.mpt', undefined],
  ['LPSC-04.z', undefined],
  ['P1_5000C.z', undefined],
])('the temperature in %s is %s', (path, celsius) => {
  expect(guessedTemperature(path)).toBe(celsius);
});

it('geometry is taken with its unit only', () => {
  expect(guessedGeometry('Electrode surface area : 0.785 cm²\nCharacteristic mass : 1 mg\n')).toEqual({
    electrode_area_cm2: 0.785,
  });
  expect(guessedGeometry('Sample thickness (mm): 0.9\nDiameter = 10 mm\n')).toEqual({
    thickness_um: 900,
    diameter_mm: 10,
  });
  expect(guessedGeometry('P1 t897.5um d10mm 25C')).toEqual({ thickness_um: 897.5, diameter_mm: 10 });
  expect(guessedGeometry('thickness 900\n')).toEqual({});
});

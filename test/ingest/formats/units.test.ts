import { describe, expect, it } from 'vitest';
import { type Dimension, unitConversion, unitDimension } from '../../../src/ingest/formats/units.js';
import { convertedSql } from '../../reference/sql.js';

const convert = (value: number, unit: string, dimension: Dimension) => {
  const conversion = unitConversion(unit, dimension);
  if (conversion === undefined) return undefined;
  return (value * (conversion.multiply ?? 1)) / (conversion.divide ?? 1) + (conversion.add ?? 0);
};

describe('units', () => {
  it.each([
    ['mA', 'current', 12.3, 0.0123],
    ['µA', 'current', 1, 1e-6],
    ['μA', 'current', 1, 1e-6],
    ['mV', 'voltage', 3500, 3.5],
    ['mAh', 'charge', 2500, 2.5],
    ['mA.h', 'charge', 2500, 2.5],
    ['mAs', 'charge', 3_600_000, 1],
    ['C', 'charge', 3600, 1],
    ['AH', 'charge', 2, 2],
    ['mWs', 'energy', 3_600_000, 1],
    ['W.h', 'energy', 2, 2],
    ['min', 'time', 2, 120],
    ['Hours', 'time', 2, 7200],
    ['ms', 'time', 2, 0.002],
    ['K', 'temperature', 298.15, 25],
    ['C', 'temperature', 25, 25],
    ['℃', 'temperature', 25, 25],
    ['\uFFFDC', 'temperature', 25, 25],
    ['?C', 'temperature', 25, 25],
    ['kHz', 'frequency', 2, 2000],
    ['mHz', 'frequency', 2, 0.002],
    ['MHz', 'frequency', 2, 2_000_000],
    ['MOhm', 'impedance', 2, 2_000_000],
    ['mOhm', 'impedance', 2, 0.002],
    ['Ω', 'impedance', 2, 2],
    ['rad', 'angle', Math.PI, 180],
    ['hh:mm:ss', 'time', 2, 2],
    ['ss.xxx', 'time', 2, 2],
    ['h:min:s.ms', 'time', 2, 2],
    ['Tage', 'time', 2, 172_800],
    ['Ohm-1', 'admittance', 2, 2],
    ['Ω⁻¹', 'admittance', 2, 2],
    ['mS', 'admittance', 2, 0.002],
  ] as const)('%s of %s: %d is %d', (unit, dimension, value, expected) => {
    expect(convert(value, unit, dimension)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['mWh', 'charge'],
    ['Ohm-1', 'impedance'],
    ['Ohm^(-1)', 'impedance'],
    ['A', 'voltage'],
    ['MA', 'current'],
    ['MHZ', 'frequency'],
    ['', 'time'],
    ['V vs. Li', 'current'],
  ] as const)('%j is no unit of %s', (unit, dimension) => {
    expect(unitConversion(unit, dimension)).toBeUndefined();
  });

  it('leaves a reference electrode out of the unit', () => {
    expect(unitDimension('V vs. Li/Li+')).toBe('voltage');
  });

  it('divides by whole numbers, so that a milliampere keeps every digit', () => {
    expect(convert(12.3, 'mA', 'current')).toBe(0.0123);
    expect(convertedSql('x', unitConversion('mA', 'current')!)).toBe('(x) / 1000');
    expect(convertedSql('x', unitConversion('K', 'temperature')!)).toBe('(x) + (-273.15)');
  });
});

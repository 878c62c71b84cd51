import { describe, expect, it } from 'vitest';
import { matchField, nameKey, readHeader, type Spelling } from '../../../src/ingest/formats/header.js';
import type { Dimension } from '../../../src/ingest/formats/units.js';

const match = (text: string, spelling: Spelling, dimension: Dimension, defaultUnit?: string) => {
  const found = matchField(readHeader(['', text])[1]!, spelling, dimension, defaultUnit);
  return found === undefined
    ? undefined
    : { unit: found.writtenUnit, multiply: found.conversion?.multiply, divide: found.conversion?.divide };
};

describe('header fields', () => {
  it.each([
    'Current (mA)',
    'Current(mA)',
    'Current [mA]',
    'Current[mA]',
    'Current/mA',
    'Current / mA',
    'Current#mA',
    'current_mA',
    'current__mA',
    'CURRENT mA',
    '  Current (mA) ',
    '~Current[mA]',
    'current_in_mA',
    'Current in mA',
    'Current in [mA]',
    'Current, mA',
    'Current\n(mA)',
  ])('%j is a current in milliampere', (text) => {
    expect(match(text, { name: 'Current' }, 'current')).toEqual({
      unit: 'mA',
      multiply: undefined,
      divide: 1000,
    });
  });

  it('refuses a unit of another quantity', () => {
    expect(match('Charge Capacity (mWh)', { name: 'Charge Capacity' }, 'charge', 'Ah')).toBeUndefined();
    expect(match('Charge Capacity (mWh)', { name: 'Charge Capacity' }, 'energy')?.unit).toBe('mWh');
  });

  it('takes the assumed unit only where none is written', () => {
    expect(match('Volts', { name: 'Volts', unit: 'V' }, 'voltage')).toEqual({ unit: undefined });
    expect(match('Volts', { name: 'Volts' }, 'voltage', 'mV')?.divide).toBe(1000);
    expect(match('Volts (mV)', { name: 'Volts', unit: 'V' }, 'voltage')?.divide).toBe(1000);
    expect(match('Volts', { name: 'Volts' }, 'voltage')).toBeUndefined();
  });

  it('tells a time from a number by its unit alone', () => {
    expect(match('Step (Sec)', { name: 'Step', needsUnit: true }, 'time', 's')?.unit).toBe('Sec');
    expect(match('Step', { name: 'Step', needsUnit: true }, 'time', 's')).toBeUndefined();
    expect(match('Step', { name: 'Step' }, 'none')).toBeDefined();
    expect(match('Step (Sec)', { name: 'Step' }, 'none')).toBeUndefined();
  });

  it('tells columns that differ by case only where the declaration asks for it', () => {
    expect(match('q_chg', { name: 'Q_chg', exact: true }, 'none')).toBeUndefined();
    expect(match('q_chg', { name: 'Q_chg' }, 'none')).toBeDefined();
    expect(nameKey(' Data_Point  x')).toBe('data point x');
  });

  it('reads typographic minus signs and primes as plain ones', () => {
    expect(match('−Z″ (Ω)', { name: "-Z''" }, 'impedance')?.unit).toBe('Ω');
    expect(match('Z’/ohm', { name: "Z'" }, 'impedance')?.unit).toBe('ohm');
  });

  it('keeps what is written and where', () => {
    const header = readHeader(['\uFEFF# Time (s)', ' Rec# ', '']);
    expect(header.map(({ text, index }) => [text, index])).toEqual([
      ['Time (s)', 0],
      ['Rec#', 1],
      ['', 2],
    ]);
  });
});

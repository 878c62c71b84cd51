import type { Role } from '../formats/definition.js';
import { clockSyntax } from './clock.js';
import { type Dialect, splitFields, unwrapLine } from './dialect.js';
import { durationSyntax } from './durations.js';
import type { MappedField } from './map-columns.js';

/** Columns that a row cannot be stored without. */
export const neededRoles: readonly Role[] = [
  'test_time_second',
  'voltage_volt',
  'current_ampere',
  'frequency_hertz',
  'real_impedance_ohm',
  'imaginary_impedance_ohm',
];

/** A header that doubles its delimiters, and so has more fields than its rows, by the names that are there. */
export function packedHeader(
  header: readonly string[],
  hasUnits: boolean,
  rowFields: number,
): readonly string[] {
  const names = header.filter((name) => name.trim() !== '');
  const isDoubled = header.every((name, index) => index % 2 === 0 || name.trim() === '');
  const isPacked = names.length === rowFields || (isDoubled && names.length > rowFields);
  return !hasUnits && header.length > rowFields && isPacked ? names : header;
}

/** Those of the lines above a table's header that hold what its rows hold: numbers in every column that a row needs. */
export function dataAbove(
  lines: readonly string[],
  delimiter: Dialect['delimiter'],
  mapping: ReadonlyMap<Role, MappedField>,
  fieldCount: number,
): { line: number; text: string }[] {
  if (fieldCount < 2) return [];
  const needed = neededRoles.flatMap((role) => mapping.get(role)?.field.index ?? []);
  return lines.flatMap((text, index) => {
    const fields = splitFields(unwrapLine(text, delimiter), delimiter);
    const isData =
      fields.length === fieldCount &&
      needed.every((field) => {
        const value = fields[field] ?? '';
        return durationSyntax(value) !== undefined || clockSyntax(value) !== undefined;
      });
    return isData ? [{ line: index + 1, text }] : [];
  });
}

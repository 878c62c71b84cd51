import type { Role } from '../formats/definition.js';
import { clockSyntax } from './clock.js';
import { type Dialect, splitFields, unwrapLine } from './dialect.js';
import { durationSyntax } from './durations.js';
import type { MappedField } from './map-columns.js';

/** Columns that a row must have to be stored. */
export const neededRoles: readonly Role[] = [
  'test_time_second',
  'voltage_volt',
  'current_ampere',
  'frequency_hertz',
  'real_impedance_ohm',
  'imaginary_impedance_ohm',
];

/** Removes the empty fields of a header with doubled delimiters, which has more fields than its rows. */
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

/**
 * A header that names all columns of its rows but the first, which numbers them: `write.table` of R leaves that one without
 * a name, and every other would be read under its neighbour's.
 */
export function numberedHeader(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const isLonger = rows.length > 2 && rows.every((row) => row.length === header.length + 1);
  const isNumbered = rows.every(
    (row, at) => Number(row[0]) === Number(rows[0]![0]) + at && /^\d+$/.test(row[0]!),
  );
  const isFilled = rows.every((row) => (row.at(-1) ?? '').trim() !== '');
  return isLonger && isNumbered && isFilled && header.every((name) => name.trim() !== '')
    ? ['', ...header]
    : header;
}

/** The lines above the header of a table that look like its rows: with numbers in every required column. */
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

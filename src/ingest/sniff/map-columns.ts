import { editDistance } from '../../edit-distance.js';
import { type Format, type FoundTable, type Role, roles } from '../formats/definition.js';
import {
  type HeaderField,
  type MatchedField,
  matchField,
  nameKey,
  type Spelling,
} from '../formats/header.js';
import { firstRoles, impedanceShape, secondRoles } from '../formats/impedance-shapes.js';

/** A header field that fills a role, with what the declaration adds. */
export interface MappedField extends MatchedField {
  negate: boolean;
  /** The unit that the values prove, where the header names none or a wrong one. */
  settledUnit?: string;
  /** Whether no declared spelling matches it, but its unit or the form of its name does. */
  isGuessed?: boolean;
  /** The field that is subtracted: the potential of the counter electrode from that of the working electrode. */
  minus?: MatchedField;
}

/** A file of a known format without a column that is required. */
export class MissingColumnError extends Error {}

/** A table of a known vendor that is left aside, because everything in it is read from elsewhere. */
export class LeftAsideError extends Error {}

/** The rows of a table are not what the format that claims it declares. */
export class OtherFormatError extends Error {}

/** The full form of a declared spelling. */
export const spellingOf = (given: NonNullable<Format['columns'][Role]>[number]): Spelling =>
  typeof given === 'string' || given instanceof RegExp ? { name: given } : given;

/**
 * Matches the declared spellings of a format with header fields; each field fills at most one role. If several match,
 * the one of the first spelling whose column has values is used, since exports list columns that a set-up never fills.
 *
 * @param isFilled whether the column at a position has a value in the examined rows
 */
export function mapColumns(
  format: Format,
  header: readonly HeaderField[],
  isFilled: (index: number) => boolean = () => true,
): Map<Role, MappedField> {
  const mapping = new Map<Role, MappedField>();
  const taken = new Set<number>();
  for (const [role, spellings] of Object.entries(format.columns) as [
    Role,
    Parameters<typeof spellingOf>[0][],
  ][]) {
    const dimension = roles[role];
    const candidates = spellings.map(spellingOf).flatMap((spelling) => {
      const matches = header
        .filter(({ index }) => !taken.has(index))
        .flatMap((field) => matchField(field, spelling, dimension, format.defaultUnits[dimension]) ?? []);
      const match = preferExactCase(matches, spelling);
      return match === undefined ? [] : [{ ...match, negate: spelling.negate ?? false }];
    });
    const chosen = candidates.find(({ field }) => isFilled(field.index)) ?? candidates[0];
    if (chosen === undefined) continue;
    mapping.set(role, chosen);
    taken.add(chosen.field.index);
  }
  settleElectrodes(format, header, mapping, isFilled);
  return mapping;
}

/**
 * The voltage of a cell with a reference electrode, if it is not written, is the difference between the potentials of
 * its electrodes.
 */
function settleElectrodes(
  { electrodes, defaultUnits }: Format,
  header: readonly HeaderField[],
  mapping: Map<Role, MappedField>,
  isFilled: (index: number) => boolean,
): void {
  if (electrodes === undefined) return;
  const find = (fields: readonly HeaderField[], spellings: readonly Parameters<typeof spellingOf>[0][]) =>
    fields
      .filter(({ index }) => isFilled(index))
      .flatMap((field) =>
        spellings.map((given) => matchField(field, spellingOf(given), 'voltage', defaultUnits.voltage)),
      )
      .find((matched) => matched !== undefined);
  const voltage = mapping.get('voltage_volt');
  const working = find(voltage === undefined ? header : [voltage.field], electrodes.working);
  const minus = find(header, electrodes.counter);
  if (working !== undefined && minus !== undefined)
    mapping.set('voltage_volt', { ...working, negate: false, minus });
}

/** Two columns may differ by case only; the one written as declared is meant. */
function preferExactCase(matches: MatchedField[], spelling: Spelling): MatchedField | undefined {
  const exact = matches.find(({ field }) => field.readings.some(({ name }) => name === spelling.name));
  return exact ?? matches[0];
}

/** The declared spelling nearest to a name, and its role, where one is near. */
export function nearestSpelling(format: Format, text: string): { name: string; role: Role } | undefined {
  let best: { name: string; role: Role } | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [role, spellings] of Object.entries(format.columns)) {
    for (const { name } of spellings.map(spellingOf)) {
      if (typeof name !== 'string') continue;
      const distance = editDistance(nameKey(text), nameKey(name));
      if (distance < bestDistance) [best, bestDistance] = [{ name, role: role as Role }, distance];
    }
  }
  return best !== undefined && bestDistance <= Math.max(2, best.name.length / 2) ? best : undefined;
}

/** Whether this column is known in a format but not needed. */
export function isIgnored(format: Format, field: HeaderField): boolean {
  return format.ignored.some((pattern) =>
    pattern instanceof RegExp
      ? pattern.test(field.text)
      : field.readings.some(({ name }) => nameKey(name) === nameKey(pattern)),
  );
}

/** Whether a table has everything that a point of impedance needs. */
export function holdsImpedance(format: Format, mapping: ReadonlyMap<Role, MappedField>): boolean {
  const has = (role: Role) => mapping.has(role);
  return has('frequency_hertz') && impedanceShape(has, format.lengthOverArea) !== undefined;
}

/** What a table must have to be worth reading; the message names what is missing and what was found. */
export function requireColumns(
  kind: FoundTable['kind'],
  mapping: ReadonlyMap<Role, MappedField>,
  header: readonly HeaderField[],
  isImpedance: boolean,
): void {
  const has = (role: Role) => mapping.has(role);
  const missing: string[] = [];
  const hasTime =
    has('test_time_second') || has('step_time_second') || has('date_time') || has('unix_time_second');
  if (kind === 'timeseries' || (kind === 'mixed' && !isImpedance)) {
    if (!hasTime) missing.push('time');
    if (!has('voltage_volt')) missing.push('voltage');
  } else if (kind === 'impedance' && !isImpedance) {
    if (!has('frequency_hertz')) missing.push('frequency');
    if (!firstRoles.some(has)) missing.push('real impedance');
    if (!secondRoles.some(has)) missing.push('imaginary impedance');
    if (missing.length === 0) missing.push('second impedance');
  } else if (kind === 'summary' && !has('vendor_cycle_count')) missing.push('cycle number');
  if (missing.length === 0) return;
  const found = header.map(({ text }) => text).filter((text) => text !== '');
  throw new MissingColumnError(
    `missing ${missing.join(' and ')} column; columns found: ${found.join(', ') || 'none'}`,
  );
}

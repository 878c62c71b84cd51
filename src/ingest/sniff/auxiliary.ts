import type { Format, Role } from '../formats/definition.js';
import { type HeaderField, nameKey } from '../formats/header.js';
import { normaliseUnit, unitDimension } from '../formats/units.js';
import { durationSyntax } from './durations.js';
import { isIgnored, type MappedField, nearestSpelling } from './map-columns.js';

/**
 * Columns of numbers without a role: thermocouples, potentials of single electrodes, pressures, anything that a
 * laboratory wired to its channel. They are kept as written, with the unit of the header.
 */

/** What an auxiliary channel measures, as far as its unit or name shows it. */
export type AuxiliaryKind =
  | 'temperature'
  | 'voltage'
  | 'current'
  | 'pressure'
  | 'force'
  | 'humidity'
  | 'resistance'
  | 'other';

const missing = /^(|nan|n\/a|na|null|-)$/i;

/** A column that is kept without a role. */
export interface AuxiliaryChannel {
  field: HeaderField;
  /** Name without its unit. */
  name: string;
  /** Unit as the header writes it, else the one this format usually has; undefined: none is known. */
  unit: string | undefined;
  kind: AuxiliaryKind;
}

const kindOfDimension: Partial<Record<NonNullable<ReturnType<typeof unitDimension>>, AuxiliaryKind>> = {
  temperature: 'temperature',
  voltage: 'voltage',
  current: 'current',
  impedance: 'resistance',
};
const kindOfUnit: readonly [RegExp, AuxiliaryKind][] = [
  [/^([kMh]?Pa|m?bar|psi[ag]?|Torr|mmHg|atm)$/i, 'pressure'],
  [/^[kmM]?N$|^(kgf|lbf)$/, 'force'],
  [/^% ?r\.?h\.?$/i, 'humidity'],
];
const kindOfName: readonly [RegExp, AuxiliaryKind][] = [
  [/humid|feuchte|湿度/i, 'humidity'],
  [/press(ure)?(\b|[_\d])|druck|压力|压强/i, 'pressure'],
  [/\b(force|kraft)\b|load ?cell/i, 'force'],
  [/temp|thermo|(^|[ _.?])t(max|min)?[ _]?\d*$|温度/i, 'temperature'],
  [/volt|potential|spannung|^<?e(we|ce)\b|^[uv]\d+$|电压/i, 'voltage'],
  [/resistance|dcir|^acr$|^acimp|widerstand|内阻/i, 'resistance'],
];
const kindNamed = (name: string) => kindOfName.find(([pattern]) => pattern.test(nameKey(name)))?.[1];
const kindMeasuredIn = (unit: string) =>
  kindOfDimension[unitDimension(unit) ?? 'none'] ?? kindOfUnit.find(([pattern]) => pattern.test(unit))?.[1];
const isUnit = (unit: string) => unitDimension(unit) !== undefined || kindMeasuredIn(unit) !== undefined;

/** Derivatives with respect to time or another quantity, which are not the quantity itself. */
const isDerivative = (text: string) => /(^|[^a-z])d\w*\/_?d\w|rate|gradient/i.test(text);
/** "C" means degree Celsius, except for a charge. */
const isCelsius = (unit: string, name: string) =>
  /^(C|deg ?C|degrees C)$/i.test(unit) && !/(^|[^a-z])(d?q|charge|cap)/i.test(name);

/** Name and unit of a field; the number of a channel may come after the unit: `Temperature (C)_1`. */
function nameAndUnit({ text, readings }: HeaderField): { name: string; unit: string | undefined } {
  const numbered = /^(.+?)\s*\(([^()]+)\)(_\d+)$/.exec(text);
  if (numbered !== null) return { name: `${numbered[1]}${numbered[3]}`, unit: normaliseUnit(numbered[2]!) };
  // A number belongs to the channel; signs alone are a unit that was damaged by an encoding.
  const withUnit = readings.filter(
    ({ unit }) => unit !== undefined && /[^\W\d]|[°%Ω\u0370-\uffff]/u.test(unit),
  );
  const inBrackets = ({ name }: { name: string }) => /^\s*[([]/.test(text.slice(name.length));
  return withUnit.find(({ unit }) => isUnit(unit!)) ?? withUnit.find(inBrackets) ?? readings[0]!;
}

function describeField(field: HeaderField, format: Format): AuxiliaryChannel {
  const { name, unit } = nameAndUnit(field);
  const named = kindNamed(name);
  if (isDerivative(field.text)) return { field, name, unit, kind: 'other' };
  if (unit === undefined)
    return { field, name, unit: format.defaultUnits[named ?? ''], kind: named ?? 'other' };
  if (isCelsius(unit, name)) return { field, name, unit, kind: 'temperature' };
  return { field, name, unit, kind: isUnit(unit) ? (kindMeasuredIn(unit) ?? 'other') : (named ?? 'other') };
}

/** Sensors that a format lists among the columns it does not need; its flags, powers and derivatives stay left out. */
function isSensor({ field, name, kind }: AuxiliaryChannel): boolean {
  const key = nameKey(name);
  if (/^(aux|analog)/.test(key)) return !isDerivative(field.text);
  if (kind === 'voltage') return /^<?e(we|ce)>?$|^<?ewe-ece>?$|^[uv]\d+$|^e2\b|refer|electrode/.test(key);
  if (kind === 'resistance') return /internal|dcir|^acr$|^acimp|^r-(ac|dc)|ac impedance|内阻/.test(key);
  return kind === 'temperature' || kind === 'pressure' || kind === 'force' || kind === 'humidity';
}

/** A channel whose unit is in a column of its own after it: `Aux #1`, `Units`. */
function withUnitBeside(
  channel: AuxiliaryChannel,
  header: readonly HeaderField[],
  records: readonly (readonly string[])[],
): AuxiliaryChannel {
  const beside = header[channel.field.index + 1];
  if (channel.unit !== undefined || beside === undefined || !/^units?$/i.test(beside.text)) return channel;
  const written = records
    .map((row) => (row[beside.index] ?? '').trim())
    .find((value) => !missing.test(value));
  if (written === undefined) return channel;
  const unit = normaliseUnit(written);
  if (isCelsius(unit, channel.name)) return { ...channel, unit, kind: 'temperature' };
  return { ...channel, unit, kind: kindMeasuredIn(unit) ?? channel.kind };
}

/** What becomes of the columns without a role. */
export interface WithoutRole {
  /** Columns of numbers, in the order of the header: kept as they are. */
  auxiliary: readonly AuxiliaryChannel[];
  /** Header fields that are not read, as written. */
  unmapped: string[];
  /**
   * Columns that are new in this format and are not read, or look like a role that no column fills; with the nearest
   * known spelling.
   */
  unknown: { text: string; nearest: string | undefined; isKept: boolean }[];
}

/**
 * Decides what becomes of the columns of a table without a role.
 *
 * @param records the table's first data rows, cut into fields; undefined where its rows are not records
 */
export function withoutRole(
  format: Format,
  header: readonly HeaderField[],
  mapping: ReadonlyMap<Role, MappedField>,
  records: readonly (readonly string[])[] | undefined,
): WithoutRole {
  const names = new Set(header.map(({ text }) => text));
  // A header that is repeated among the rows is not a row.
  const rows = records?.filter(
    (row) => !row.every((value) => value.trim() === '' || names.has(value.trim())),
  );
  const taken = new Set([...mapping.values()].map(({ field }) => field.index));
  const left = header.filter(({ text, index }) => text !== '' && !taken.has(index));
  const voltage = mapping.get('voltage_volt');
  // An electrode from which the voltage is computed is also a channel.
  const single = voltage?.minus === undefined ? [] : [voltage.field];
  const auxiliary = (rows === undefined ? [] : [...left, ...single])
    .sort((a, b) => a.index - b.index)
    .map((field) => withUnitBeside(describeField(field, format), header, rows!))
    .filter((channel) => isKept(channel, format, rows!));
  const kept = new Set(auxiliary.map(({ field }) => field));
  return {
    auxiliary,
    unmapped: left.filter((field) => !kept.has(field)).map(({ text }) => text),
    unknown: left
      .filter((field) => !isIgnored(format, field))
      .map((field) => ({ field, nearest: nearestSpelling(format, field.text) }))
      .filter(
        ({ field, nearest }) => !kept.has(field) || (nearest !== undefined && !mapping.has(nearest.role)),
      )
      .map(({ field, nearest }) => ({ text: field.text, nearest: nearest?.name, isKept: kept.has(field) })),
  };
}

function isKept(channel: AuxiliaryChannel, format: Format, records: readonly (readonly string[])[]): boolean {
  const values = records
    .map((row) => (row[channel.field.index] ?? '').trim())
    .filter((value) => !missing.test(value));
  if (!values.every((value) => durationSyntax(value) === 'number')) return false;
  // A sensor may begin late; nothing is known about any other column without a value.
  return isSensor(channel) || (values.length > 0 && !isIgnored(format, channel.field));
}

import type { Format, Role } from '../formats/definition.js';
import { type HeaderField, nameKey } from '../formats/header.js';
import { unitConversion } from '../formats/units.js';
import { isIgnored, type MappedField, MissingColumnError } from './map-columns.js';

/**
 * A column of current that matches no declared name. A table is never stored without the current it contains: if only
 * one column can be meant, it is used, with a finding; otherwise the laboratory has to say which.
 */

const currentName = /current|curr\b|\bamps?\b|amperage|strom|电流|courant|corriente|corrente|^i([ _]|$)/i;
/** Limits, set points, averages and densities of a current, which are not the current itself. */
const otherCurrent =
  /range|limit|set|target|nominal|cut|max|min|mean|avg|average|load|densit|dichte|密度|ratio|rate|cycle|charge|leak|h[2-9]|noise|error|std|direction|mode|id$/i;

/** Whether a field names any unit; with one that is not of a current, such as `mA/cm2`, the values are not ampere. */
const hasUnit = ({ text }: HeaderField): boolean => /[([/]/.test(text);

/** Whether name or unit of a field show that it holds a current, and the unit it names. */
function asCurrent(field: HeaderField): { isPlain: boolean; unit: string | undefined } | undefined {
  const unit = field.readings.find(
    (reading) => reading.unit && unitConversion(reading.unit, 'current'),
  )?.unit;
  const isNamed = field.readings.some(({ name }) => currentName.test(nameKey(name)));
  if (unit === undefined && !isNamed) return undefined;
  const isOther = otherCurrent.test(nameKey(field.text));
  if (isOther && unit === undefined) return undefined;
  return { isPlain: !isOther && (unit !== undefined || !hasUnit(field)), unit };
}

const numbersOf = (rows: readonly (readonly string[])[], index: number): number[] =>
  rows.map((row) => {
    const text = (row[index] ?? '').trim().replace(',', '.');
    return text === '' ? Number.NaN : Number(text);
  });

/** Whether values change their sign with the slope of the voltage, as a current does. */
function followsVoltage(values: readonly number[], volts: readonly number[]): boolean {
  let along = 0;
  let against = 0;
  const signs = new Set(values.filter((value) => value !== 0).map(Math.sign));
  if (!signs.has(1) || !signs.has(-1)) return false;
  for (let at = 1; at < values.length; at++) {
    const [now, before] = [values[at]!, values[at - 1]!];
    const slope = volts[at]! - volts[at - 1]!;
    // Only inside a step, since the voltage jumps where the current does.
    if (now === 0 || Math.abs(now - before) > 0.05 * Math.abs(now) || !(Math.abs(slope) > 0)) continue;
    if (Math.sign(slope) === Math.sign(now)) along++;
    else against++;
  }
  return along + against >= 10 && Math.max(along, against) >= 0.9 * (along + against);
}

/**
 * Adds the column of current to a mapping without one, where the header or the values show which it is.
 *
 * @param rows the table's first data rows, cut into fields
 * @throws MissingColumnError where a column looks like the current but a person has to confirm it
 */
export function findCurrent(
  format: Format,
  header: readonly HeaderField[],
  mapping: Map<Role, MappedField>,
  rows: readonly (readonly string[])[],
): void {
  if (mapping.has('current_ampere') || !mapping.has('voltage_volt')) return;
  const used = new Set([...mapping.values()].map(({ field }) => field.index));
  const open = header.filter(
    (field) => field.text !== '' && !used.has(field.index) && !isIgnored(format, field),
  );
  const isNumeric = (index: number) =>
    numbersOf(rows, index).filter(Number.isFinite).length > rows.length / 2;
  const found = open
    .map((field) => ({ field, ...asCurrent(field) }))
    .filter(({ isPlain, field }) => isPlain !== undefined && isNumeric(field.index));
  const plain = found.filter(({ isPlain }) => isPlain === true);
  const [only] = plain;
  const unit = only?.unit ?? format.defaultUnits.current;
  const conversion = unit === undefined ? undefined : unitConversion(unit, 'current');
  if (plain.length === 1 && only !== undefined && conversion !== undefined) {
    mapping.set('current_ampere', {
      field: only.field,
      conversion,
      writtenUnit: only.unit,
      negate: false,
      isGuessed: true,
    });
    return;
  }
  const volts = numbersOf(rows, mapping.get('voltage_volt')!.field.index);
  const doubtful =
    found.length > 0
      ? found
      : open
          .map((field) => ({ field }))
          .filter(({ field }) => followsVoltage(numbersOf(rows, field.index), volts));
  if (doubtful.length === 0) return;
  const names = doubtful.map(({ field }) => `"${field.text}"`).join(', ');
  throw new MissingColumnError(
    `no column is known to be its current, but ${names} ${doubtful.length > 1 ? 'look' : 'looks'} like one: say which it is in a format of your own (\`cellar sniff --suggest FILE\` drafts it), or list it there as ignored`,
  );
}

import { readHeader } from '../formats/header.js';
import { isDatePattern, isTimePattern, unitDimension } from '../formats/units.js';

const bracketed = /^\s*[[(](.*)[\])]\s*$/;
/** Quantities that have no role, and ratios of units: `mAh/cm2`, `V/s`, `%`, `dQ/dV`. */
const otherUnit = /^(%|[mk]?W|[mk]?Watt|[kM]?Pa|bar|psi|rpm|1)$|^[\p{L}°µΩ.]+\d?[/·*](\p{L}|Ω)[\p{L}\d.]*$/iu;
/** Names of sensors or counters in place of a unit: `T1`, `AhPrev`, `Aux_2`. */
const sensorName = /^\p{L}[\p{L}_ ]{0,15}\d{0,3}$/u;

const isUnit = (text: string): boolean =>
  unitDimension(text) !== undefined ||
  text === '°C' ||
  text === 'C' ||
  otherUnit.test(text) ||
  isTimePattern(text) ||
  isDatePattern(text);

/**
 * Whether the row below a header names units: its cells, without brackets, are units, patterns of time, or names of
 * sensors; none is a plain number, a time or a date, and at least one is a unit.
 */
export function isUnitsRow(fields: readonly string[]): boolean {
  let units = 0;
  for (const field of fields) {
    const inside = bracketed.exec(field)?.[1];
    const text = (inside ?? field).trim();
    if (text === '' || text === '#' || text === '-') continue;
    if (isUnit(text) && (inside !== undefined || text !== '1')) units++;
    else if (inside === undefined ? !sensorName.test(text) : /^[-+]?[\d.,:]+$/.test(text)) return false;
  }
  return units > 0;
}

/** Header fields with the units from a row of units added; a field that names its unit itself stays as it is. */
export function withUnits(header: readonly string[], units: readonly string[] | undefined): string[] {
  if (units === undefined) return [...header];
  return header.map((name, index) => {
    const given = units[index] ?? '';
    const unit = (bracketed.exec(given)?.[1] ?? given).trim();
    if (!isUnit(unit)) return name;
    const [field] = readHeader([name]);
    const hasUnit = field?.readings.some((reading) => reading.unit && unitDimension(reading.unit));
    return hasUnit === true ? name : `${name} [${unit}]`;
  });
}

import type { Role } from '../formats/definition.js';
import { type HeaderField, nameKey } from '../formats/header.js';
import { unitDimension } from '../formats/units.js';
import { type MappedField, MissingColumnError } from './map-columns.js';

/**
 * Tables that are not time series although they have a time and a voltage: statistics of a vendor by cycle or step, a
 * table of features. Stored as records they would look like a second life of the cell.
 */

/** Columns that count cycles or half cycles under names that no format declares. */
const cycleName =
  /^(half[ _-]?cycle|cycle|cyc|cycles|charge|discharge|zyklus|entladung|ladung|rpt|checkup|循环)([ _]?(no\.?|number|num|nr\.?|index|idx|id|count|n))?\.?#?$/i;
/** Quantities that only a whole cycle or step has: extremes, durations, efficiencies, states of health. */
const featureName =
  /\bon (cycle|step)\b|^v ?(max|min)\b|^(max|min|mean|avg|average|end|start|onset|oneset|final)[ .]*(volt|current|temp)|(volt(age)?|current|temperature)[ .]*(max|min|mean|avg|average|end|start)\b|^(dis)?charge (time|duration)|(coulombic|energy|charge|dchg|chg).*eff|\beff(iciency)?\b|^soh\b|retention|^(dis)?charge end|end date|结束|效率/i;

/** Fewer rows than this tell nothing. */
const fewestRows = 3;
/** Share of the rows that must begin a new cycle or step. */
const mostRows = 0.9;

/** Share of the rows that differ from the one before; undefined where there are too few. */
function shareOfChanges(keys: readonly string[]): number | undefined {
  if (keys.length < fewestRows) return undefined;
  const changes = keys.filter((key, index) => index > 0 && key !== keys[index - 1]).length;
  return changes / (keys.length - 1);
}

/** Whether a column counts up with (nearly) every row. */
function advances(values: readonly string[]): boolean {
  if (values.length < fewestRows) return false;
  const numbers = values.map((value) =>
    value.trim() === '' ? Number.NaN : Number(value.trim().replace(',', '.')),
  );
  if (!numbers.every((value) => Number.isFinite(value) && Number.isInteger(value))) return false;
  const rises = numbers.filter((value, index) => index > 0 && value > numbers[index - 1]!).length;
  return rises >= mostRows * (numbers.length - 1);
}

/** What each line of a summary is for, and how this was recognised. */
export interface Summary {
  per: 'cycle' | 'step';
  reason: string;
}

/**
 * What a table is a summary of, or undefined where it is a time series.
 *
 * @param rows its first data rows, cut into fields
 */
export function summaryOf(
  header: readonly HeaderField[],
  mapping: ReadonlyMap<Role, MappedField>,
  rows: readonly (readonly string[])[],
): Summary | undefined {
  const column = (index: number) => rows.map((row) => row[index] ?? '');
  const fieldOf = (role: Role) => mapping.get(role)?.field;
  const perCycle = (text: string): Summary => ({
    per: 'cycle',
    reason: `one line per cycle ("${text}" advances with every line)`,
  });
  const cycle = fieldOf('vendor_cycle_count');
  if (cycle !== undefined && advances(column(cycle.index))) return perCycle(cycle.text);
  const counted = openFields(header, mapping).find(
    ({ readings, index }) =>
      readings.some(({ name, unit }) => unit === undefined && cycleName.test(nameKey(name))) &&
      advances(column(index)),
  );
  if (counted !== undefined) return perCycle(counted.text);
  const feature = header.find(({ readings }) => readings.some(({ name }) => featureName.test(nameKey(name))));
  if (feature === undefined) return undefined;
  const step = fieldOf('vendor_step_count') ?? fieldOf('step_id');
  const numbered = [cycle, step].filter((field) => field !== undefined);
  const changes = shareOfChanges(rows.map((row) => numbered.map(({ index }) => row[index]).join('/')));
  if (numbered.length > 0 && changes !== undefined && changes >= mostRows) {
    return { per: 'step', reason: `one line per step ("${feature.text}" is of a whole step)` };
  }
  const time = fieldOf('test_time_second');
  const times = time === undefined ? [] : column(time.index).map((value) => Number(value.replace(',', '.')));
  const falls = times.filter((value, index) => index > 0 && value < times[index - 1]!).length;
  if (times.length < fewestRows || falls <= (times.length - 1) / 2) return undefined;
  return {
    per: 'cycle',
    reason: `one line per cycle (its time falls from line to line, and "${feature.text}" is of a whole cycle)`,
  };
}

/** Header fields without a role. */
function openFields(header: readonly HeaderField[], mapping: ReadonlyMap<Role, MappedField>): HeaderField[] {
  const used = new Set([...mapping.values()].map(({ field }) => field.index));
  return header.filter(({ index }) => !used.has(index));
}

/**
 * Refuses a table of records whose rows are points of impedance under names that its format does not know: every row
 * has a frequency and an impedance in addition to time and voltage.
 *
 * @throws MissingColumnError naming the columns
 */
export function refuseImpedance(
  header: readonly HeaderField[],
  mapping: ReadonlyMap<Role, MappedField>,
  rows: readonly (readonly string[])[],
): void {
  if (rows.length === 0) return;
  const open = openFields(header, mapping);
  const ofDimension = (dimension: string, name: RegExp) =>
    open.find(
      (field) =>
        field.readings.some(({ unit }) => unit !== undefined && unitDimension(unit) === dimension) &&
        field.readings.some((reading) => name.test(reading.name)),
    );
  const frequency = ofDimension('frequency', /freq|^f$|频率/i);
  const impedance = ofDimension('impedance', /^-?[|(]?(Z|Re|Im|imped)/i);
  if (frequency === undefined || impedance === undefined) return;
  const points = rows.filter((row) => Number((row[frequency.index] ?? '').replace(',', '.')) > 0).length;
  if (points < rows.length / 2) return;
  throw new MissingColumnError(
    `points of impedance ("${frequency.text}", "${impedance.text}") beside time and voltage, under names that are not known; a format of your own can name them`,
  );
}

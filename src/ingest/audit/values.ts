import { type CountedColumn, countedColumns } from '../load/record-facts.js';
import { type Audit, counted } from './audit.js';

/** Counters that a file with one counter for both directions leaves empty at rest, by construction. */
const splitColumns = new Set<CountedColumn>([
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
]);

/** Fields of optional columns that are empty, or not a number, in rows that were stored. */
export const valuesNotStored: Audit = (facts, context) => {
  const parts: string[] = [];
  for (const column of countedColumns) {
    const header = context.headerOf(column);
    const sensorless = column === 'ambient_temperature_celsius' ? context.sensorless : 0;
    const missing = splitColumns.has(column) && !context.hasPair ? 0 : facts.empty[column] - sensorless;
    if (header === undefined) continue;
    if (missing > 0) parts.push(`${missing} of ${facts.records} in "${header}" are empty or not a number`);
    if (sensorless > 0) parts.push(`${sensorless} in "${header}" are below -200 °C, which no sensor reads`);
  }
  const header = context.headerOf('capacity_ah');
  if (!context.hasPair && facts.uncounted > 0 && header !== undefined) {
    parts.push(`${counted(facts.uncounted, 'record')} with current have no number in "${header}"`);
  }
  return parts.length === 0
    ? []
    : [{ code: 'VALUES_NOT_STORED', message: `stored as NULL: ${parts.join('; ')}` }];
};

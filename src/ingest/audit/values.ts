import { auditMessages as say } from '../../messages/audit.js';
import type { Message } from '../../messages/message.js';
import { type CountedColumn, countedColumns } from '../load/record-facts.js';
import type { Audit } from './audit.js';

/** Counters that a file with one counter for both directions leaves empty at rest, by construction. */
const splitColumns = new Set<CountedColumn>([
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
]);

/** Fields of optional columns that are empty, or not a number, in rows that were stored. */
export const valuesNotStored: Audit = (facts, context) => {
  const parts: Message[] = [];
  for (const column of countedColumns) {
    const header = context.headerOf(column);
    const sensorless = column === 'ambient_temperature_celsius' ? context.sensorless : 0;
    const missing = splitColumns.has(column) && !context.hasPair ? 0 : facts.empty[column] - sensorless;
    if (header === undefined) continue;
    const { records } = facts;
    if (missing > 0) parts.push(say('EMPTY_VALUES', { count: missing, records, column: header }));
    if (sensorless > 0) parts.push(say('SENSORLESS_VALUES', { count: sensorless, column: header }));
  }
  const header = context.headerOf('capacity_ah');
  if (!context.hasPair && facts.uncounted > 0 && header !== undefined) {
    parts.push(say('UNCOUNTED_RECORDS', { count: facts.uncounted, column: header }));
  }
  return parts.length === 0 ? [] : [say('VALUES_NOT_STORED', { parts })];
};

import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../store/connection.js';
import { measurements } from '../store/tables/index.js';

/**
 * A change of stored values that would correct what a finding describes. It is proposed with the finding, made only on
 * request by `--repair CODE`, and recorded, so that a grown export of the same test is read in the same way.
 */
export type Repair =
  /** Columns were written in another unit than their header says. */
  | { kind: 'scale'; columns: string[]; multiply?: number; divide?: number }
  /** Positive current discharges: turn it. Counters that follow its sign change places with it. */
  | { kind: 'turn_current'; swaps_counters: boolean; negates_net: boolean }
  /** The current is stored as it should be: take its direction as known. */
  | { kind: 'accept_direction' };

const counterPairs: Record<string, string> = {
  charging_capacity_ah: 'discharging_capacity_ah',
  discharging_capacity_ah: 'charging_capacity_ah',
  charging_energy_wh: 'discharging_energy_wh',
  discharging_energy_wh: 'charging_energy_wh',
};
const netColumns = ['net_capacity_ah', 'net_energy_wh'];

/** Columns of `measurements` that a repair changes. */
export function repairedColumns(repair: Repair): string[] {
  switch (repair.kind) {
    case 'scale':
      return repair.columns.filter((name) => measurements.columns.some((column) => column.name === name));
    case 'turn_current':
      return [
        'current_ampere',
        ...(repair.swaps_counters ? Object.keys(counterPairs) : []),
        ...(repair.negates_net ? netColumns : []),
      ];
    case 'accept_direction':
      return [];
  }
}

/**
 * SQL for the value of a column of `measurements` after these repairs, in the order given.
 *
 * @param prefix table alias with its point
 */
export function repairedSql(name: string, repairs: readonly Repair[], prefix = ''): string {
  const [last, before] = [repairs.at(-1), repairs.slice(0, -1)];
  if (last === undefined) return `${prefix}${name}`;
  const from = (column: string) => repairedSql(column, before, prefix);
  if (!repairedColumns(last).includes(name)) return from(name);
  if (last.kind === 'scale') {
    const scaled = last.multiply === undefined ? from(name) : `(${from(name)}) * ${last.multiply}::DOUBLE`;
    return last.divide === undefined ? scaled : `(${scaled}) / ${last.divide}::DOUBLE`;
  }
  const pair = counterPairs[name];
  return pair === undefined ? `-(${from(name)})` : from(pair);
}

/** Repairs that were made to a test, in their order. */
export async function recordedRepairs(connection: DuckDBConnection, testId: number): Promise<Repair[]> {
  const rows = await select<{ repair: string }>(
    connection,
    `SELECT repair::VARCHAR AS repair FROM findings
     WHERE test_id = ${testId} AND repaired AND repair IS NOT NULL ORDER BY rowid`,
  );
  return rows.map(({ repair }) => JSON.parse(repair) as Repair);
}

/** Changes the stored values of a test. */
export async function applyRepair(
  connection: DuckDBConnection,
  testId: number,
  repair: Repair,
): Promise<void> {
  const columns = repairedColumns(repair);
  if (columns.length > 0) {
    await run(
      connection,
      `UPDATE measurements SET ${columns.map((name) => `${name} = ${repairedSql(name, [repair])}`).join(', ')}
       WHERE test_id = ${testId}`,
    );
  }
  if (repair.kind !== 'scale') {
    await run(connection, `UPDATE tests SET current_direction = 'known' WHERE test_id = ${testId}`);
  }
}

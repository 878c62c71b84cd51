import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, select } from '../store/connection.js';

/**
 * The Battery Data Format of the Battery Data Alliance: one file per test, first line the preferred labels, fixed
 * units, current positive where it charges. Its validator wants test time, voltage and current, and capacities under
 * their plain label only where they never fall over the whole test.
 */

/** What a test contains: how many of its records have a value, per column. */
export interface TestContent {
  test_id: number;
  cell_id: string | null;
  started_at: Date | null;
  current_direction: string | null;
  counter_scope: string | null;
  record_count: number;
  test_time_second: number;
  voltage_volt: number;
  current_ampere: number;
  unix_time_second: number;
  step_count: number;
  cycle_count: number;
  ambient_temperature_celsius: number;
  charging_capacity_ah: number;
  discharging_capacity_ah: number;
  net_capacity_ah: number;
  charging_energy_wh: number;
  discharging_energy_wh: number;
  net_energy_wh: number;
}

/** Reads what every test contains; `condition` limits the tests. */
export function readTestContents(connection: DuckDBConnection, condition: string): Promise<TestContent[]> {
  return select(
    connection,
    `SELECT t.test_id, t.cell_id, t.started_at, t.current_direction, t.counter_scope, count(*) AS record_count,
       count(m.test_time_second) AS test_time_second, count(m.voltage_volt) AS voltage_volt,
       count(m.current_ampere) AS current_ampere, count(m.unix_time_second) AS unix_time_second,
       count(m.step_count) AS step_count, count(s.cycle_count) AS cycle_count,
       count(m.ambient_temperature_celsius) AS ambient_temperature_celsius,
       count(m.charging_capacity_ah) AS charging_capacity_ah,
       count(m.discharging_capacity_ah) AS discharging_capacity_ah, count(m.net_capacity_ah) AS net_capacity_ah,
       count(m.charging_energy_wh) AS charging_energy_wh, count(m.discharging_energy_wh) AS discharging_energy_wh,
       count(m.net_energy_wh) AS net_energy_wh
     FROM (FROM tests WHERE ${condition}) t
     JOIN measurements m USING (test_id)
     LEFT JOIN steps s USING (test_id, step_count)
     GROUP BY ALL ORDER BY t.test_id`,
  );
}

/** Why a test cannot be written in this format; undefined where it can. */
export function unfitForBdf(test: TestContent): string | undefined {
  if (test.current_direction === 'unknown') return 'nothing tells which way its current flows';
  const missing = (['test_time_second', 'voltage_volt', 'current_ampere'] as const).find(
    (name) => test[name] < test.record_count,
  );
  return missing === undefined ? undefined : `some of its records have no ${missing}`;
}

/** Prefix of a label for counters that restart with each step or cycle; null where the format has no word for them. */
const scopePrefix: Record<string, string | null> = { test: '', step: 'Step ', cycle: 'Cycle ' };

type CounterColumn = keyof TestContent;

function counterLabels(scope: string | null): [CounterColumn, string][] {
  const net: [CounterColumn, string][] = [
    ['net_capacity_ah', 'Net Capacity / Ah'],
    ['net_energy_wh', 'Net Energy / Wh'],
  ];
  const prefix = scopePrefix[scope ?? ''];
  if (prefix === undefined || prefix === null) return scope === 'net' ? net : [];
  return [
    ['charging_capacity_ah', `${prefix}Charging Capacity / Ah`],
    ['discharging_capacity_ah', `${prefix}Discharging Capacity / Ah`],
    ['charging_energy_wh', `${prefix}Charging Energy / Wh`],
    ['discharging_energy_wh', `${prefix}Discharging Energy / Wh`],
  ];
}

/** The SELECT of one test under the format's labels; columns without any value are left out. */
export function bdfSelect(test: TestContent): string {
  const labels: [CounterColumn | 'record_index', string][] = [
    ['test_time_second', 'Test Time / s'],
    ['voltage_volt', 'Voltage / V'],
    ['current_ampere', 'Current / A'],
    ['unix_time_second', 'Unix Time / s'],
    ['cycle_count', 'Cycle Count / 1'],
    ['step_count', 'Step Count / 1'],
    ['record_index', 'Record Index / 1'],
    ['ambient_temperature_celsius', 'Ambient Temperature / degC'],
    ...counterLabels(test.counter_scope),
  ];
  const columns = labels
    .filter(([name]) => name === 'record_index' || Number(test[name]) > 0)
    .map(([name, label]) => `${name === 'cycle_count' ? 's' : 'm'}.${name} AS ${identifier(label)}`);
  return `SELECT ${columns.join(', ')}
    FROM measurements m LEFT JOIN steps s USING (test_id, step_count)
    WHERE m.test_id = ${test.test_id} ORDER BY m.record_index`;
}

/** `CELL__YYYYMMDD_TEST.bdf.csv`, after the naming the format recommends; unsafe characters become hyphens. */
export function bdfFileName(
  { cell_id, started_at, test_id }: TestContent,
  extension: 'csv' | 'parquet',
): string {
  const cell = (cell_id ?? 'unknown-cell').replace(/[^\p{Letter}\p{Number}._-]+/gu, '-').replace(/^\.+/, '-');
  const day = started_at === null ? 'undated' : started_at.toISOString().slice(0, 10).replaceAll('-', '');
  return `${cell}__${day}_${String(test_id).padStart(3, '0')}.bdf.${extension}`;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import type { PlatingStep } from '../analysis/coulombic-efficiency/index.js';
import { select } from '../store/connection.js';

/** The plating steps of the eligible cycles of a cell, in order; one per cycle. */
export interface PlatingHistory {
  cycle: number[];
  steps: PlatingStep[];
}

/** The same as `platingStep`, but inside the engine, since a long life has millions of records. */
const platingSql = `
  WITH plating AS (
    SELECT t.cell_id, c.cell_cycle, s.test_id, s.step_count, s.start_time_second, s.duration_second
    FROM steps s
    JOIN tests t USING (test_id)
    JOIN cells l USING (cell_id)
    JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count
    WHERE (l.cell_type IN ('li_cu', 'anode_free') OR (l.cell_type = 'full' AND l.lithium_excess_mah = 0))
      AND s.step_type = CASE WHEN l.cell_type = 'li_cu' THEN 'discharge' ELSE 'charge' END
      AND c.cell_cycle_label IN ('ageing', 'capacity_limited') AND c.efficiency_objection IS NULL
      AND s.duration_second > 0
    QUALIFY row_number() OVER (PARTITION BY t.cell_id, c.cell_cycle ORDER BY s.capacity_ah DESC, s.step_count) = 1
  ),
  inside AS (
    SELECT p.cell_id, p.cell_cycle, m.record_index, m.voltage_volt
    FROM measurements m
    JOIN plating p ON p.test_id = m.test_id AND p.step_count = m.step_count
    WHERE (m.test_time_second - p.start_time_second) / p.duration_second BETWEEN 0.1 - 1e-9 AND 0.95 + 1e-9
      AND m.voltage_volt IS NOT NULL
  ),
  middle AS (
    SELECT cell_id, cell_cycle, median(voltage_volt) AS voltage, count(*)::DOUBLE AS records
    FROM inside GROUP BY cell_id, cell_cycle
  ),
  steps_between AS (
    SELECT i.cell_id, i.cell_cycle, CASE WHEN m.voltage < 0 THEN -1 ELSE 1 END * (i.voltage_volt
      - lag(i.voltage_volt) OVER (PARTITION BY i.cell_id, i.cell_cycle ORDER BY i.record_index)) AS change
    FROM inside i JOIN middle m USING (cell_id, cell_cycle)
  ),
  shown AS (
    SELECT cell_id, cell_cycle, 1.4826 * mad(change) AS noise,
      coalesce(list_sort(list(-change) FILTER (change < 0), 'DESC')[1:20], []) AS falls
    FROM steps_between GROUP BY cell_id, cell_cycle
  )
  SELECT cell_id, list(cell_cycle::DOUBLE ORDER BY cell_cycle) AS cycle,
    list({records: records, noise: noise, voltage: abs(voltage), falls: falls} ORDER BY cell_cycle) AS steps
  FROM shown JOIN middle USING (cell_id, cell_cycle)
  GROUP BY cell_id`;

/** What the voltage of every cell that plates lithium shows in its eligible cycles, by cell id. */
export async function readPlating(connection: DuckDBConnection): Promise<Map<string, PlatingHistory>> {
  const [any] = await select<{ found: boolean }>(
    connection,
    `SELECT EXISTS (SELECT 1 FROM cells WHERE cell_type IN ('li_cu', 'anode_free')
       OR (cell_type = 'full' AND lithium_excess_mah = 0)) AS found`,
  );
  if (any?.found !== true) return new Map();
  const rows = await select<PlatingHistory & { cell_id: string }>(connection, platingSql);
  return new Map(rows.map(({ cell_id, ...history }) => [cell_id, history]));
}

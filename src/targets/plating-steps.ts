import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../store/connection.js';

/** A half cycle of a symmetric cell with its records; current in A. */
export interface CurrentStep {
  cell_id: string;
  test_id: number;
  step_count: number;
  step_type: 'charge' | 'discharge';
  current_ampere: number;
  time: number[];
  voltage: number[];
}

/** Half cycles of symmetric cells whose current takes at least three values, by cell; others are not read. */
export async function readCurrentSteps(connection: DuckDBConnection): Promise<Map<string, CurrentStep[]>> {
  const rows = await select<CurrentStep>(
    connection,
    `WITH stepped AS (
       SELECT t.test_id FROM steps s JOIN tests t USING (test_id) JOIN cells c USING (cell_id)
       WHERE c.cell_type = 'symmetric' AND s.step_type IN ('charge', 'discharge') AND s.mean_current_ampere <> 0
       GROUP BY t.test_id HAVING count(DISTINCT round(25 * ln(abs(s.mean_current_ampere)))) >= 3
     )
     SELECT cell_id, test_id, step_count, any_value(step_type) AS step_type,
       median(abs(current_ampere)) AS current_ampere,
       list(test_time_second ORDER BY record_index) AS time, list(voltage_volt ORDER BY record_index) AS voltage
     FROM curves
     WHERE test_id IN (SELECT test_id FROM stepped) AND step_type IN ('charge', 'discharge')
       AND voltage_volt IS NOT NULL AND test_time_second IS NOT NULL
     GROUP BY cell_id, test_id, step_count ORDER BY cell_id, test_id, step_count`,
  );
  const steps = new Map<string, CurrentStep[]>();
  for (const row of rows) steps.set(row.cell_id, [...(steps.get(row.cell_id) ?? []), row]);
  return steps;
}

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { collectFacts } from '../../src/ingest/audit/index.js';
import { openWritable, select } from '../../src/store/connection.js';
import { createSchema } from '../../src/store/schema.js';
import { temporaryFolder } from '../cli/run.js';

/** A long test is looked at in parts beside each other; what stands on their borders must be seen all the same. */

const records = 700_000;
const perStep = 1000;

/** Charge and discharge by turns. At the border of the parts, and elsewhere, time runs back and a cycle is left out. */
const recordsOf = (testId: number) => `
  SELECT ${testId} AS test_id, i + 1 AS record_index, i + 2 AS line_number,
    i * 10.0 - CASE WHEN i >= ${border} THEN 5000 ELSE 0 END - CASE WHEN i >= 123456 THEN 70 ELSE 0 END AS test_time_second,
    1 + i // ${perStep} AS step_count,
    1.0 + i // ${2 * perStep} + CASE WHEN i >= ${border} THEN 3 ELSE 0 END AS vendor_cycle_count,
    CASE WHEN i // ${perStep} % 2 = 0 THEN 0.001 ELSE -0.001 END AS current_ampere,
    3.5 + 0.0005 * (i % ${perStep}) * CASE WHEN i // ${perStep} % 2 = 0 THEN 1 ELSE -1 END AS voltage_volt,
    CASE WHEN i // ${perStep} % 2 = 0 THEN (i % ${perStep}) / 360000.0 ELSE 0 END AS charging_capacity_ah,
    CASE WHEN i // ${perStep} % 2 = 0 THEN 0 ELSE (i % ${perStep}) / 360000.0 END AS discharging_capacity_ah
  FROM range(${records}) AS r(i)`;
/** Where the second part begins: the step that holds the record in the middle. */
const border = records / 2 - perStep;

it('tells the same of a test in parts as of the same test sorted', { timeout: 60_000 }, async () => {
  const database = await openWritable(join(temporaryFolder(), 'lab.duckdb'));
  try {
    const { connection } = database;
    await createSchema(connection);
    await connection.run(`INSERT INTO measurements BY NAME (${recordsOf(1)} ORDER BY i)`);
    // Stored in another order, a test is sorted as a whole.
    await connection.run(`INSERT INTO measurements BY NAME (${recordsOf(2)} ORDER BY i % 7, i)`);
    const inParts = (await collectFacts(connection, [1], true)).get(1)!;
    const steps = (of: string) =>
      select(
        connection,
        `SELECT s, n, first_line, t_low, v_first, v_last, c_first, qc_last, gap, odd, round(charge, 12) AS charge FROM ${of} ORDER BY s`,
      );
    const stepsInParts = await steps('audit_steps');
    const sorted = (await collectFacts(connection, [2], true)).get(2)!;
    expect(inParts.backward).toEqual({ count: 2, line: 123458 });
    expect(inParts.cycle_jumps).toEqual({ count: 1, line: border + 2, from: 175, to: 178 });
    expect(inParts).toEqual(sorted);
    expect(stepsInParts).toHaveLength(records / perStep);
    expect(stepsInParts).toEqual(await steps('audit_steps'));
  } finally {
    database.close();
  }
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditFacts } from '../../src/ingest/audit/index.js';
import { storedFacts } from '../../src/ingest/audit/stored-facts.js';
import { openWritable } from '../../src/store/connection.js';
import { createSchema } from '../../src/store/schema.js';
import { temporaryFolder } from '../cli/run.js';

/** A long test is looked at block by block, in its order however it is stored; nothing on their borders is missed. */

const records = 700_000;
const perStep = 1000;

/** Charge and discharge by turns. In the middle, and elsewhere, time runs back and a cycle is left out. */
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
/** A step in the middle. */
const border = records / 2 - perStep;

it('tells the same of a test as of the same test stored in another order', { timeout: 60_000 }, async () => {
  const database = await openWritable(join(temporaryFolder(), 'lab.duckdb'));
  try {
    const { connection } = database;
    await createSchema(connection);
    await connection.run(`INSERT INTO measurements BY NAME (${recordsOf(1)} ORDER BY i)`);
    await connection.run(`INSERT INTO measurements BY NAME (${recordsOf(2)} ORDER BY i % 7, i)`);
    const inOrder = await storedFacts(connection, 1);
    const sorted = await storedFacts(connection, 2);
    const judged = auditFacts(inOrder, true);
    expect(judged.backward).toEqual({ count: 2, line: 123458 });
    expect(judged.cycle_jumps).toEqual({ count: 1, line: border + 2, from: 175, to: 178 });
    expect(auditFacts(sorted, true)).toEqual(judged);
    expect(inOrder.steps).toHaveLength(records / perStep);
    expect(sorted.steps).toEqual(inOrder.steps);
  } finally {
    database.close();
  }
});

import { expect, test } from 'vitest';
import { select } from '../../../src/store/connection.js';
import { idCondition } from '../../../src/store/derive/id-condition.js';
import { addTest, derive, emptyDatabase } from './fixture.js';

test('a test large enough to be scanned in two parts loses nothing where it is cut', async () => {
  const database = await emptyDatabase();
  try {
    const { connection } = database;
    await addTest(connection, [], { counters: 'step' });
    // 600,000 records a second apart, steps of 4,096 records in turn charge and discharge: the cut falls inside a step.
    await connection.run(`
      INSERT INTO measurements BY NAME
      SELECT 1 AS test_id, i + 1 AS record_index, i::DOUBLE AS test_time_second, 1 + i // 4096 AS step_count,
        (i // 4096 % 2)::VARCHAR AS step_id, CASE WHEN i // 4096 % 2 = 0 THEN 3.6 ELSE -3.6 END AS current_ampere,
        3.7 AS voltage_volt, CASE WHEN i // 4096 % 2 = 0 THEN 1e-3 * (i % 4096) ELSE 0 END AS charging_capacity_ah,
        CASE WHEN i // 4096 % 2 = 1 THEN 1e-3 * (i % 4096) ELSE 0 END AS discharging_capacity_ah
      FROM range(600000) r(i)`);
    await derive(connection, [1]);
    const [row] = await select(
      connection,
      `SELECT count(*) AS steps, sum(record_count)::BIGINT AS records, round(min(capacity_ah), 9) AS least,
        max(abs(charging_capacity_integrated_ah - charging_capacity_counter_ah)) < 1e-9 AS agrees
       FROM steps WHERE step_count < (SELECT max(step_count) FROM steps)`,
    );
    expect(row).toEqual({ steps: 146, records: 146 * 4096, least: 4.095, agrees: true });
  } finally {
    database.close();
  }
});

test('consecutive test ids become ranges', () => {
  expect(idCondition('id', [5, 1, 2, 3, 9, 9])).toBe('(id BETWEEN 1 AND 3 OR id IN (5, 9))');
  expect(idCondition('id', [])).toBe('FALSE');
});

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { naturalName } from '../../../src/ingest/lab/part-names.js';
import { insertRows, type SqlRow, select } from '../../../src/store/connection.js';
import { goldenFiles, sayIfAbsent } from '../../shared-data.js';
import { addTest, derive, emptyDatabase } from './fixture.js';

/** The parts of one life in their order, and a step that a file cuts, beside the reference. */

const file = goldenFiles().get('cyc-n3-parts.json');
sayIfAbsent(file !== undefined, 'the golden parts of a life');
// biome-ignore lint/suspicious/noExplicitAny: the reference has a shape per kind.
type Case = any;
const cases: Case[] = file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8')).cases;
const orders = cases.filter(({ parts }) => parts !== undefined);
const cuts = cases.filter(({ records, expected }) => records !== undefined && expected.repeated === 0);

/** A charge and a discharge in the vendor's first and last cycle, over the part's time. */
function recordsOf(testId: number, part: Case): SqlRow[] {
  const { first_time_s: from, last_time_s: to } = part;
  const middle = (from + to) / 2;
  return [
    [from, 1, part.first_vendor_cycle],
    [middle, 1, part.first_vendor_cycle],
    [middle, 2, part.last_vendor_cycle],
    [to, 2, part.last_vendor_cycle],
  ].map(([time, step, vendor_cycle_count], i) => ({
    test_id: testId,
    record_index: i + 1,
    test_time_second: time,
    step_count: step,
    vendor_cycle_count: vendor_cycle_count ?? null,
    current_ampere: step === 1 ? 1 : -1,
    // Of each part its own, or it would repeat the one before.
    voltage_volt: 3.5 + 0.001 * testId,
  }));
}

describe.skipIf(file === undefined)('the order of the parts of a life', () => {
  const found = new Map<string, { names: string[]; warnings: string }>();
  beforeAll(async () => {
    const database = await emptyDatabase();
    const { connection } = database;
    const names: string[] = [];
    for (const { name, parts } of orders) {
      await insertRows(connection, 'cells', [{ cell_id: name, cell_type: 'full' }]);
      for (const part of parts) {
        const testId = names.push(part.name);
        const clock = part.clock === null ? {} : { startedAt: part.clock };
        await addTest(connection, recordsOf(testId, part), { testId, cellId: name, ...clock });
        await connection.run(
          `UPDATE tests SET part_name = '${naturalName(part.name)}' WHERE test_id = ${testId}`,
        );
      }
    }
    await derive(
      connection,
      names.map((_, at) => at + 1),
    );
    const rows = await select<{ cell_id: string; tests: number[]; warnings: string }>(
      connection,
      `SELECT cell_id, list(test_id ORDER BY first) AS tests, max(warnings) AS warnings
       FROM (SELECT cell_id, test_id, min(cell_cycle) AS first, max(warnings::VARCHAR) AS warnings
         FROM cycles JOIN tests USING (test_id) GROUP BY cell_id, test_id) GROUP BY cell_id`,
    );
    for (const { cell_id, tests, warnings } of rows)
      found.set(cell_id, { names: tests.map((id) => names[id - 1]!), warnings });
    database.close();
  });

  it.each(orders.map((one) => [one.name, one] as const))('%s', (name, { expected }) => {
    const { names, warnings } = found.get(name)!;
    expect(names).toEqual(expected.order);
    const codes = ['PART_ORDER_BY_NAME', 'PART_ORDER_CONFLICT'].filter((code) => warnings.includes(code));
    expect(codes).toEqual(expected.finding === null ? [] : [expected.finding]);
  });
});

describe.skipIf(file === undefined)('a step that the end of a file cuts', () => {
  it.each(cuts.map((one) => [one.name, one] as const))('%s', async (_name, { records, expected }) => {
    const database = await emptyDatabase();
    const { connection } = database;
    await insertRows(connection, 'cells', [{ cell_id: 'cell', cell_type: 'full' }]);
    for (const [at, part] of (records as number[][][]).entries()) {
      const rows = part.map(([time, volt, ampere], i) => ({
        test_id: at + 1,
        record_index: i + 1,
        test_time_second: time!,
        step_count: 1,
        current_ampere: ampere!,
        voltage_volt: volt!,
      }));
      await addTest(connection, rows, { testId: at + 1, cellId: 'cell' });
    }
    await derive(connection, [1, 2]);
    const [whole] = await select<{ moved: number; warnings: string }>(
      connection,
      'SELECT sum(charging_capacity_ah) AS moved, max(warnings::VARCHAR) AS warnings FROM cycles',
    );
    database.close();
    expect(3600 * whole!.moved).toBeCloseTo(expected.Q_As, 9);
    expect(whole!.warnings.includes('STEP_CUT_AT_FILE_END')).toBe(
      expected.finding === 'STEP_CUT_AT_FILE_END',
    );
  });
});

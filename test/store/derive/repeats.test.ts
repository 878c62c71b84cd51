import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Database,
  insertRows,
  inTransaction,
  type SqlRow,
  select,
} from '../../../src/store/connection.js';
import { renumberTests } from '../../../src/store/derive/derive.js';
import { goldenFiles, sayIfAbsent } from '../../shared-data.js';
import {
  addTest,
  type Counters,
  cycle,
  derive,
  emptyDatabase,
  type MadeTest,
  records,
  repeat,
} from './fixture.js';

/** Records that one export of a cell repeats from another count once. */

const whole = (counters: Counters = 'none') =>
  records(
    repeat(5, () => cycle()),
    { counters },
  );
const rows = whole();
// In the middle of the discharge of the third cycle, and exactly at the end of one.
const middle = rows.findIndex(({ step_count }) => step_count === 11) + 30;
const end = rows.findIndex(({ step_count }) => step_count === 12);

const file = goldenFiles().get('cyc-n3-parts.json');
sayIfAbsent(file !== undefined, 'the golden parts of a life');
// biome-ignore lint/suspicious/noExplicitAny: the reference has a shape per kind.
const golden: any[] = (file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8')).cases).filter(
  ({ expected }: { expected: { repeated?: number } }) => (expected.repeated ?? 0) > 0,
);

interface Part extends MadeTest {
  rows: readonly SqlRow[];
}
const part = (all: readonly SqlRow[], first: number, last?: number, made: MadeTest = {}): Part => ({
  ...made,
  rows: all.slice(first, last),
});
const overlapping = (at: number, overlap: number, counters: Counters): Part[] => {
  const all = whole(counters);
  return [part(all, 0, at, { counters }), part(all, at - overlap, undefined, { counters })];
};
const otherVoltage = rows.map((row, i) => (i === middle - 20 ? { ...row, voltage_volt: 3.9 } : row));
const clock = (second: number) => new Date(Date.parse('2025-03-01T08:00:00Z') + 1000 * second).toISOString();
const restarted = (first: number): Part => {
  const begun = rows[first]!.test_time_second as number;
  const again = rows.map((row) => ({ ...row, test_time_second: (row.test_time_second as number) - begun }));
  return part(again, first, undefined, { startedAt: clock(begun) });
};

/** Parts of a cell, and what they repeat: how many records, and of which part (from 0). */
const cells: Record<string, { parts: Part[]; repeats: ([n: number, of: number] | null)[]; kept?: number }> = {
  '3 records inside a step': { parts: overlapping(middle, 3, 'none'), repeats: [null, [3, 0]] },
  '40 records over steps': { parts: overlapping(middle, 40, 'none'), repeats: [null, [40, 0]] },
  'a whole cycle and more': { parts: overlapping(middle, 200, 'step'), repeats: [null, [200, 0]] },
  'up to the end of a step': { parts: overlapping(end, 40, 'test'), repeats: [null, [40, 0]] },
  'counters of half cycles': { parts: overlapping(middle, 61, 'half_cycle'), repeats: [null, [61, 0]] },
  'all that was there': { parts: overlapping(middle, middle, 'test'), repeats: [null, [middle, 0]] },
  'two records are too few': {
    parts: overlapping(middle, 2, 'none'),
    repeats: [null, null],
    kept: rows.length + 2,
  },
  'another voltage': {
    parts: [part(rows, 0, middle), part(otherVoltage, middle - 40)],
    repeats: [null, null],
    kept: rows.length + 40,
  },
  'three in any order, and one twice': {
    parts: [
      part(rows, middle - 10),
      part(rows, 0, middle),
      part(rows, middle - 90, middle + 7),
      part(rows, 0, middle),
    ],
    repeats: [[17, 2], null, [90, 1], [middle, 1]],
  },
  'by the clock': {
    parts: [part(rows, 0, middle, { startedAt: clock(0) }), restarted(middle - 25)],
    repeats: [null, [25, 0]],
  },
  'the same at another clock is another test': {
    parts: [part(rows, 0, middle, { startedAt: clock(0) }), part(rows, 0, middle, { startedAt: clock(1e6) })],
    repeats: [null, null],
    kept: 2 * middle,
  },
  ...Object.fromEntries(
    golden.map(({ name, records: parts, expected }) => [
      `reference: ${name}`,
      {
        parts: (parts as number[][][]).map((points) => ({
          rows: points.map(([time, volt, ampere]) => ({
            test_time_second: time!,
            step_count: 1,
            current_ampere: ampere!,
            voltage_volt: volt!,
          })),
        })),
        repeats: [null, [expected.repeated, 0] as [number, number]],
        kept: expected.records_kept,
      },
    ]),
  ),
};

describe('records that an export repeats', () => {
  let database: Database;
  const first = new Map<string, number>();
  beforeAll(async () => {
    database = await emptyDatabase();
    const { connection } = database;
    let testId = 0;
    await insertRows(
      connection,
      'cells',
      Object.keys(cells).map((cell_id) => ({ cell_id, cell_type: 'full' })),
    );
    for (const [cellId, { parts }] of Object.entries(cells)) {
      first.set(cellId, testId + 1);
      for (const made of parts) {
        testId += 1;
        const own = made.rows.map((row, i) => ({ ...row, test_id: testId, record_index: i + 1 }));
        await addTest(connection, own, { ...made, testId, cellId });
      }
    }
    await derive(
      connection,
      Array.from({ length: testId }, (_, at) => at + 1),
    );
  });
  afterAll(() => database.close());

  const ofCell = async (cell: string) => {
    const [row] = await select<{ cycles: number; charged: number; discharged: number; records: number }>(
      database.connection,
      `SELECT max(cell_cycle) AS cycles, sum(charging_capacity_ah) AS charged, sum(discharging_capacity_ah) AS discharged,
         (SELECT sum(steps.record_count)::INTEGER FROM steps JOIN tests USING (test_id) WHERE cell_id = '${cell}') AS records
       FROM cycles JOIN tests USING (test_id) WHERE cell_id = '${cell}'`,
    );
    return row!;
  };

  it.each(Object.entries(cells))('%s', async (cell, { repeats, kept }) => {
    const found = await select<{ n: number | null; of: number | null }>(
      database.connection,
      `SELECT repeated_record_count AS n, repeats_test_id - ${first.get(cell)} AS of FROM tests
       WHERE cell_id = '${cell}' ORDER BY test_id`,
    );
    expect(found.map(({ n, of }) => (n === null ? null : [n, of]))).toEqual(repeats);
    const { cycles, discharged, records: counted } = await ofCell(cell);
    expect(counted).toBe(kept ?? rows.length);
    // An hour at 1 A each.
    if (kept === undefined) {
      expect(cycles).toBe(5);
      expect(discharged).toBeCloseTo(5, 6);
    }
  });

  it.each(golden.map((one) => [one.name, one] as const))(
    'charge of the reference: %s',
    async (name, { expected }) => {
      expect(3600 * (await ofCell(`reference: ${name}`)).charged).toBeCloseTo(expected.Q_As, 9);
    },
  );

  it('counts them again where the test moves to another cell', async () => {
    const { connection } = database;
    const [before, after] = [first.get('40 records over steps')!, first.get('40 records over steps')! + 1];
    await insertRows(connection, 'cells', [{ cell_id: 'other', cell_type: 'full' }]);
    await inTransaction(connection, async () => {
      await connection.run(`UPDATE tests SET cell_id = 'other' WHERE test_id = ${after}`);
      await renumberTests(connection, [before, after]);
    });
    expect((await ofCell('other')).records).toBe(rows.length - middle + 40);
  });
});

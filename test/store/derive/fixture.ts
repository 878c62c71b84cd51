import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, inTransaction, type SqlRow, select } from '../../../src/store/connection.js';
import { type DeriveOptions, deriveTests } from '../../../src/store/derive/derive.js';
import { openEmptyDatabase } from '../../empty-database.js';

/** A step of a made-up protocol: current (A, positive charges), duration (s), voltage from … to, seconds between records. */
export interface Segment {
  current: number;
  seconds: number;
  volt: readonly [from: number, to: number];
  /** Current at the end, reached linearly; absent: constant. */
  endCurrent?: number;
  every?: number;
  type?: string;
  cycle?: number;
}

export type Counters = 'none' | 'step' | 'half_cycle' | 'cycle' | 'test' | 'net';

export interface MadeTest {
  testId?: number;
  cellId?: string;
  startedAt?: string;
  counters?: Counters;
  /** Added to every counter, as in a file cut from a longer test. */
  counterOffset?: number;
  direction?: 'known' | 'unknown';
}

/** Records of a protocol, with counters that restart as asked. Constant currents make their charge exact. */
export function records(segments: readonly Segment[], made: MadeTest = {}): SqlRow[] {
  const { testId = 1, counters = 'none', counterOffset = 0 } = made;
  const rows: SqlRow[] = [];
  let start = 0;
  const total = { in: 0, out: 0 };
  const base = { in: 0, out: 0 };
  let lastSign = 0;
  segments.forEach((segment, index) => {
    const every = segment.every ?? 60;
    const end = segment.endCurrent ?? segment.current;
    const sign = Math.sign(segment.current);
    const isNewCycle = index > 0 && segment.cycle !== segments[index - 1]?.cycle;
    const restarts =
      counters === 'step' ||
      (counters === 'cycle' && isNewCycle) ||
      (counters === 'half_cycle' && sign !== 0 && sign !== lastSign);
    if (restarts) Object.assign(base, total);
    if (sign !== 0) lastSign = sign;
    const atStart = { ...total };
    for (let time = 0; time <= segment.seconds + 1e-9; time += every) {
      const share = segment.seconds === 0 ? 0 : time / segment.seconds;
      const current = segment.current + (end - segment.current) * share;
      const charge = ((segment.current + current) / 2) * (time / 3600);
      total.in = atStart.in + Math.max(charge, 0);
      total.out = atStart.out + Math.max(-charge, 0);
      const [from, to] = segment.volt;
      rows.push({
        test_id: testId,
        record_index: rows.length + 1,
        test_time_second: start + time,
        step_count: index + 1,
        step_id: String(index % 4),
        vendor_step_type: segment.type ?? (sign === 0 ? 'Rest' : null),
        vendor_cycle_count: segment.cycle ?? null,
        current_ampere: current,
        voltage_volt: from + (to - from) * share,
        ...(counters === 'none'
          ? {}
          : counters === 'net'
            ? { net_capacity_ah: total.in - total.out + counterOffset }
            : {
                charging_capacity_ah: total.in - base.in + counterOffset,
                discharging_capacity_ah: total.out - base.out + counterOffset,
              }),
      });
    }
    start += segment.seconds;
  });
  return rows;
}

export const charge = (current = 1, seconds = 3600, more: Partial<Segment> = {}): Segment => ({
  current,
  seconds,
  volt: [3, 4.2],
  ...more,
});
export const discharge = (current = 1, seconds = 3600, more: Partial<Segment> = {}): Segment => ({
  current: -current,
  seconds,
  volt: [4.1, 2.8],
  ...more,
});
export const rest = (seconds = 600, more: Partial<Segment> = {}): Segment => ({
  current: 0,
  seconds,
  volt: [3.5, 3.5],
  ...more,
});

/** Whole cycles of charge, rest, discharge, rest. */
export const cycle = (current = 1, seconds = 3600): Segment[] => [
  charge(current, seconds),
  rest(),
  discharge(current, seconds),
  rest(),
];

export const repeat = (count: number, make: (index: number) => Segment[]): Segment[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

/** An empty database with the documented schema. */
export const emptyDatabase = openEmptyDatabase;

export async function addTest(connection: DuckDBConnection, rows: readonly SqlRow[], made: MadeTest = {}) {
  await insertRows(connection, 'tests', [
    {
      test_id: made.testId ?? 1,
      cell_id: made.cellId ?? null,
      started_at: made.startedAt === undefined ? null : new Date(made.startedAt),
      counter_scope: made.counters ?? 'none',
      current_direction: made.direction ?? 'known',
    },
  ]);
  await insertRows(connection, 'measurements', rows);
}

export async function derive(connection: DuckDBConnection, testIds: number[], options: DeriveOptions = {}) {
  await inTransaction(connection, () => deriveTests(connection, testIds, options));
}

export interface StoredStep {
  step_count: number;
  cycle_count: number;
  step_type: string | null;
  capacity_ah: number;
  energy_wh: number;
  charging_capacity_ah: number;
  discharging_capacity_ah: number;
  charging_capacity_counter_ah: number | null;
  discharging_capacity_counter_ah: number | null;
  charging_capacity_integrated_ah: number | null;
  discharging_capacity_integrated_ah: number | null;
  capacity_source: string;
  record_count: number;
  duration_second: number;
  [column: string]: unknown;
}

export interface StoredCycle {
  cycle_count: number;
  label: string;
  cell_cycle: number | null;
  charging_capacity_ah: number;
  discharging_capacity_ah: number;
  charging_capacity_counter_ah: number | null;
  discharging_capacity_counter_ah: number | null;
  coulombic_efficiency: number | null;
  charge_quotient: number | null;
  energy_efficiency: number | null;
  is_complete: boolean;
  warnings: string;
  [column: string]: unknown;
}

export const stepsOf = (connection: DuckDBConnection, testId = 1) =>
  select<StoredStep>(connection, `SELECT * FROM steps WHERE test_id = ${testId} ORDER BY step_count`);

export const cyclesOf = (connection: DuckDBConnection, testId = 1) =>
  select<StoredCycle>(connection, `SELECT * FROM cycles WHERE test_id = ${testId} ORDER BY cycle_count`);

export interface Derived {
  steps: StoredStep[];
  cycles: StoredCycle[];
}

/** A protocol that is to be derived, and who waits for it. */
interface Waiting {
  rows: readonly SqlRow[];
  made: MadeTest;
  cell: SqlRow | undefined;
  isRunning: boolean;
  resolve(result: Derived): void;
  reject(error: unknown): void;
}

const waiting: Waiting[] = [];

/** Derives all that wait, each as a test of a cell of its own in one database: to plan the statements takes longest. */
async function deriveWaiting(): Promise<void> {
  const together = waiting.splice(0);
  const running = together.flatMap(({ isRunning }, at) => (isRunning ? [at + 1] : []));
  const database = await emptyDatabase();
  const { connection } = database;
  try {
    for (const [at, { rows, made, cell }] of together.entries()) {
      const testId = at + 1;
      const cellId = `cell ${testId}`;
      if (cell !== undefined) await insertRows(connection, 'cells', [{ ...cell, cell_id: cellId }]);
      const own = rows.map((row) => ({ ...row, test_id: testId }));
      await addTest(connection, own, { ...made, testId, ...(cell === undefined ? {} : { cellId }) });
    }
    const testIds = together.map((_, at) => at + 1);
    await derive(connection, testIds, { running });
    for (const [at, { resolve }] of together.entries()) {
      resolve({ steps: await stepsOf(connection, at + 1), cycles: await cyclesOf(connection, at + 1) });
    }
  } catch (error) {
    for (const { reject } of together) reject(error);
  } finally {
    database.close();
  }
}

/** Steps and cycles of one protocol. What tests that run at the same time ask for is derived together. */
export function derived(
  segments: readonly Segment[] | { rows: readonly SqlRow[] },
  made: MadeTest & { cell?: SqlRow } = {},
  { isRunning = false } = {},
): Promise<Derived> {
  const rows = 'rows' in segments ? segments.rows : records(segments, made);
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(deriveWaiting, 10);
    waiting.push({ rows, made, cell: made.cell, isRunning, resolve, reject });
  });
}

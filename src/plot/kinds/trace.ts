import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { usageError } from '../../errors.js';
import { type Chart, type ChartPanel, counted, rangeText, type Series } from '../../report/figures/chart.js';
import { plainNumber } from '../../report/numbers.js';
import { select } from '../../store/connection.js';
import { kind } from './kind.js';

/** With more records per pixel than this, a window is drawn by its extremes. */
const RECORDS_PER_PIXEL = 4;
const BUCKETS_PER_PIXEL = 2;
/** Neighbours further apart than this multiple of the median distance are not joined by a line. */
const GAP_TIMES = 20;
const USUAL_PIXELS = 1_200;

const quantities = {
  v: { column: 'voltage_volt', label: 'voltage (V)', unit: 'V', name: 'voltage', tone: 's0' },
  i: { column: 'current_ampere', label: 'current (A)', unit: 'A', name: 'current', tone: 's1' },
  t: {
    column: 'ambient_temperature_celsius',
    label: 'temperature (°C)',
    unit: '°C',
    name: 'temperature',
    tone: 's2',
  },
} as const;
type Name = keyof typeof quantities;

const seconds = z
  .string()
  .max(40)
  .transform(Number)
  .refine((value) => Number.isFinite(value), 'is not a number of seconds')
  .optional();
const yOption = z
  .string()
  .regex(/^[vit](,[vit])*$/, 'lists v, i and t')
  .default('v,i,t')
  .transform((text) => [...new Set(text.split(','))] as Name[]);

export interface Window {
  test: number;
  from: number;
  to: number;
  /** Width in pixels. */
  px: number;
}

/** Start and end of a whole test from its steps, since reading its records would take ten times as long. */
async function endsOf(connection: DuckDBConnection, test: number) {
  const [found] = await select<{ low: number | null; high: number | null; records: number | null }>(
    connection,
    `SELECT min(s.start_time_second) AS low, max(s.end_time_second) AS high, any_value(t.record_count) AS records
     FROM tests t LEFT JOIN steps s USING (test_id) WHERE test_id = ${test}`,
  );
  return found;
}

/** Number of records in a window, estimated from steps: within a step, records are assumed to be evenly spaced. */
async function recordsIn(connection: DuckDBConnection, { test, from, to }: Window): Promise<number> {
  const [found] = await select<{ n: number | null }>(
    connection,
    `SELECT CAST(sum((last_record_index - first_record_index + 1) * CASE WHEN end_time_second > start_time_second
       THEN greatest(least(end_time_second, ${to}) - greatest(start_time_second, ${from}), 0)
         / (end_time_second - start_time_second) ELSE 1 END) AS DOUBLE) AS n
     FROM steps WHERE test_id = ${test} AND end_time_second >= ${from} AND start_time_second <= ${to}`,
  );
  return found?.n ?? 0;
}

interface Buckets {
  /** First and last time of each bucket. */
  t0: number[];
  t1: number[];
  n: number[];
  low: Record<string, (number | null)[]>;
  high: Record<string, (number | null)[]>;
  record: number[];
}

const recordsSql = ({ test, from, to }: Window, columns: readonly string[]) =>
  `SELECT test_time_second, record_index, ${columns.join(', ')}
FROM measurements
WHERE test_id = ${test} AND test_time_second BETWEEN ${from} AND ${to}
ORDER BY record_index`;

const bucketsSql = ({ test, from, to, px }: Window, columns: readonly string[]) => {
  const width = (to - from) / (BUCKETS_PER_PIXEL * px) || 1;
  const extremes = columns.flatMap((name) => [
    `min(${name}) AS lowest_${name}`,
    `max(${name}) AS highest_${name}`,
  ]);
  return `SELECT min(test_time_second) AS first_time_second, max(test_time_second) AS last_time_second,
  count(*) AS records, min(record_index) AS record_index,
  ${extremes.join(', ')}
FROM measurements
WHERE test_id = ${test} AND test_time_second BETWEEN ${from} AND ${to}
GROUP BY CAST(floor((test_time_second - ${from}) / ${width}) AS INTEGER)
ORDER BY first_time_second`;
};

async function columnsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<Record<string, (number | null)[]>> {
  const reader = await connection.runAndReadAll(sql);
  const columns = reader.getColumnsObjectJS() as Record<string, (number | bigint | null)[]>;
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      values.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
    ]),
  );
}

const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
};

/** Times at which the line is broken: neighbours much further apart than usual. */
function gapAfter(times: readonly number[], least: number): boolean[] {
  const steps = times.slice(1).map((time, i) => time - (times[i] as number));
  const limit = Math.max(GAP_TIMES * median(steps.filter((step) => step > 0)), least);
  return steps.map((step) => step > limit);
}

/** Two points per bucket, ordered by whether the next bucket lies lower or higher; null at gaps. */
function fromBuckets(
  { t0, t1, n, low, high, record }: Buckets,
  column: string,
  width: number,
): Pick<Series, 'x' | 'y' | 'of'> {
  const [lows, highs] = [low[column] ?? [], high[column] ?? []];
  const breaks = gapAfter(t0, 2 * width);
  const x: number[] = [];
  const y: (number | null)[] = [];
  const of: (number | null)[] = [];
  const put = (time: number, value: number | null, from: number | null) => {
    x.push(time);
    y.push(value);
    of.push(from);
  };
  const middle = (i: number) => ((lows[i] ?? 0) + (highs[i] ?? 0)) / 2;
  for (let i = 0; i < t0.length; i++) {
    const [from, to] = [t0[i] as number, t1[i] as number];
    if (n[i] === 1 || lows[i] === highs[i]) put(from, lows[i] ?? null, record[i] ?? null);
    else {
      const isFalling = i + 1 < t0.length ? middle(i + 1) < middle(i) : middle(i) < middle(i - 1);
      put(from, (isFalling ? highs[i] : lows[i]) ?? null, record[i] ?? null);
      put(to, (isFalling ? lows[i] : highs[i]) ?? null, record[i] ?? null);
    }
    if (breaks[i] === true) put((to + (t0[i + 1] as number)) / 2, null, null);
  }
  return { x, y, of };
}

function fromRecords(
  columns: Record<string, (number | null)[]>,
  column: string,
): Pick<Series, 'x' | 'y' | 'of'> {
  const times = (columns.test_time_second ?? []) as number[];
  const breaks = gapAfter(times, 0);
  const x: number[] = [];
  const y: (number | null)[] = [];
  const of: (number | null)[] = [];
  times.forEach((time, i) => {
    x.push(time);
    y.push(columns[column]?.[i] ?? null);
    of.push(columns.record_index?.[i] ?? null);
    if (breaks[i] !== true) return;
    x.push((time + (times[i + 1] as number)) / 2);
    y.push(null);
    of.push(null);
  });
  return { x, y, of };
}

const hours = (second: number) => plainNumber(Math.round(second / 0.36) / 10_000, 8);

/** The times of a test in hours, or in seconds where they are short. */
export const trace = kind({
  name: 'trace',
  title: 'Voltage, current and temperature over time',
  summary: 'the records of a test over time; long windows by their extremes, so that no spike is lost',
  subject: 'test',
  options: z.object({
    from: seconds,
    to: seconds,
    y: yOption,
    px: z
      .string()
      .regex(/^\d{1,6}$/, 'is a number of pixels')
      .transform(Number)
      .refine((value) => value >= 50 && value <= 4000, 'lies between 50 and 4000')
      .optional(),
  }),
  async draw(connection, { subjects, options }) {
    const test = await testOf(connection, subjects);
    const ends = await endsOf(connection, test.test_id);
    if (ends?.low == null || ends.high == null) {
      return {
        sql: recordsSql({ test: test.test_id, from: 0, to: 0, px: 1 }, ['voltage_volt']),
        charts: [],
        empty: `test ${test.test_id} has no record`,
      };
    }
    const window: Window = {
      test: test.test_id,
      from: options.from ?? ends.low,
      to: options.to ?? ends.high,
      px: options.px ?? USUAL_PIXELS,
    };
    if (!(window.to > window.from))
      throw usageError('the window is empty', 'from must be before to, in seconds.');
    const columns = options.y.map((name) => quantities[name].column);
    const expected = await recordsIn(connection, window);
    const isWhole = expected <= RECORDS_PER_PIXEL * window.px;
    const sql = isWhole ? recordsSql(window, columns) : bucketsSql(window, columns);
    const read = await columnsOf(connection, sql);
    const count = isWhole
      ? (read.test_time_second ?? []).length
      : (read.records ?? []).reduce<number>((sum, n) => sum + (n ?? 0), 0);
    if (count === 0)
      return {
        sql,
        charts: [],
        empty: `test ${test.test_id} has no record between ${window.from} and ${window.to} s`,
      };
    const bucketWidth = (window.to - window.from) / (BUCKETS_PER_PIXEL * window.px);
    const buckets = (of: 'lowest' | 'highest') =>
      Object.fromEntries(columns.map((name) => [name, read[`${of}_${name}`] ?? []]));
    const panels = options.y.flatMap((name): ChartPanel[] => {
      const { column, label, tone, name: text } = quantities[name];
      const data = isWhole
        ? fromRecords(read, column)
        : fromBuckets(
            {
              t0: (read.first_time_second ?? []) as number[],
              t1: (read.last_time_second ?? []) as number[],
              n: (read.records ?? []) as number[],
              record: (read.record_index ?? []) as number[],
              low: buckets('lowest'),
              high: buckets('highest'),
            },
            column,
            bucketWidth,
          );
      if (data.y.every((value) => value === null)) return [];
      return [
        {
          y: { label },
          series: [{ ...data, name: text, tone, mark: 'line' }],
          height: name === 'v' ? 180 : 96,
        },
      ];
    });
    const cell = test.cell_id ?? 'no cell';
    const first = panels[0]?.series[0]?.y ?? [];
    const chart: Chart = {
      id: `trace-${test.test_id}`,
      title: `${cell}, test ${test.test_id}: ${panels.map(({ series }) => series[0]?.name).join(', ')} over time`,
      words: `${counted(count, 'record')} from ${hours(window.from)} to ${hours(window.to)} h; ${quantities[options.y[0] as Name].name} ${rangeText(first, quantities[options.y[0] as Name].unit)}. ${isWhole ? 'Every record is drawn.' : 'Drawn by the lowest and highest value of each stretch of half a pixel: every extreme is there.'}`,
      x: { label: 'test time (s)', domain: [window.from, window.to] },
      decimated: !isWhole,
      panels,
    };
    return { sql, charts: [chart] };
  },
});

/** The requested test: by its number, or the first test of a cell. */
async function testOf(
  connection: DuckDBConnection,
  subjects: readonly string[],
): Promise<{ test_id: number; cell_id: string | null }> {
  const [subject = ''] = subjects;
  if (subjects.length !== 1) throw usageError('a trace shows one test', 'Name one test or one cell.');
  const rows = await select<{ test_id: number; cell_id: string | null }>(
    connection,
    /^\d{1,9}$/.test(subject)
      ? `SELECT test_id, cell_id FROM tests WHERE test_id = ${subject}`
      : `SELECT test_id, cell_id FROM tests WHERE cell_id = $1 ORDER BY started_at NULLS LAST, test_id LIMIT 1`,
    /^\d{1,9}$/.test(subject) ? [] : [subject],
  );
  const [found] = rows;
  if (found === undefined)
    throw usageError(`${subject} has no test`, '`cellar query "FROM tests"` lists them.');
  return found;
}

import type { SqlDialect } from './dialect.js';

/** The vendor's running counters: two directions each, or one signed. */
export const directedCounters = [
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
] as const;
export const netCounters = ['net_capacity_ah', 'net_energy_wh'] as const;
export const counters = [...directedCounters, ...netCounters] as const;

/** Columns whose value in the previous record is needed too. */
const remembered = [
  'test_id',
  'record_index',
  'step_count',
  'test_time_second',
  'current_ampere',
  'voltage_volt',
  ...counters,
];

/** Columns of `measurements` the derivation reads at every record. */
const columns = [...remembered, 'ambient_temperature_celsius'].join(', ');

const previous = (window: string) =>
  remembered.map((name) => `lag(${name}) OVER (${window}) AS previous_${name}`).join(', ');

/** Records and how each is reached from the one before it in its step. */
export interface RecordSource {
  /** `measurements`, or a query with its columns. */
  measurements: string;
  /** Queries that together give each record once, with `previous_…` of the record before it. */
  parts: readonly string[];
}

/** Records per part of a parallel scan, and the largest number of parts. */
const partRecords = 250_000;
const mostParts = 8;

/**
 * Record indexes at which a scan from the `first` to the `last` is cut into parts of equal length. They depend only on
 * these, not on the machine, so that sums by parts have the same last digit everywhere.
 */
export function splitRecords(first: number, last: number): number[] {
  const records = last - first + 1;
  const parts = Math.min(mostParts, Math.floor(records / partRecords));
  return Array.from(
    { length: Math.max(0, parts - 1) },
    (_, index) => first - 1 + Math.floor((records * (index + 1)) / parts),
  );
}

/** Records in whatever order they are stored: what any engine can run. */
export function sortedRecords(measurements: string): RecordSource {
  const inStep = 'PARTITION BY test_id, step_count ORDER BY record_index';
  return {
    measurements,
    parts: [`SELECT ${columns}, ${previous(inStep)} FROM ${measurements}`],
  };
}

/**
 * Records in the order they are stored, which is that of their tests: a window without an order streams in DuckDB and
 * needs no sort (measured on 8 million records: 2 s of processor time instead of 5 s). Whether the stored order was
 * right is counted by `unpreceded_count`; it must be 1 per test. `splits` are record indexes at which the scan is
 * divided into parallel parts; each part begins with the last record of the one before.
 */
export function storedRecords(measurements: string, splits: readonly number[]): RecordSource {
  const edges = [0, ...splits];
  const parts = edges.map((low, index) => {
    const high = edges[index + 1];
    const range = `record_index >= ${low}${high === undefined ? '' : ` AND record_index <= ${high}`}`;
    return `
      SELECT * FROM (SELECT ${columns}, ${previous('')} FROM ${measurements} WHERE ${range})
      WHERE record_index > ${low}`;
  });
  return { measurements, parts };
}

/**
 * `measurements` with each counter carried over records of a step that do not state it (some exports write counters
 * only on some lines). The next value is found by looking back from the end, because a frame that ends with its
 * partition is quadratic in Spark.
 */
export function carriedCounters(dialect: SqlDialect, measurements: string): string {
  const soFar = 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW';
  const window = (order: 'ASC' | 'DESC') =>
    `PARTITION BY test_id, step_count ORDER BY record_index ${order} ${soFar}`;
  const carried = counters.map(
    (name) => `coalesce(
        ${dialect.lastNonNull(name, window('ASC'))},
        ${dialect.lastNonNull(name, window('DESC'))}) AS ${name}`,
  );
  return `(SELECT test_id, record_index, step_count, test_time_second, current_ampere, voltage_volt,
      ambient_temperature_celsius, step_id, vendor_step_type, vendor_cycle_count, vendor_record_index,
      ${carried.join(', ')}
    FROM ${measurements})`;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../../store/connection.js';

/**
 * How close the values of one test must be in two kinds of files: an instrument's own file has all digits, an export
 * as many as its program writes. A value may differ by the rounding of the coarser of the two, but by no more.
 */

/** How much two values of a column may differ. */
export interface Closeness {
  column: string;
  /** In the column's unit. */
  allowed: number;
  /** Only magnitudes are compared, because one of the tests does not state the direction of its current. */
  isUndirected: boolean;
}

/** Digits after the decimal point that are examined. */
const mostDigits = 12;
/** Exports give at least seven digits of a value, unless they round it to a step. */
const relative = 2e-6;
/**
 * Steps of values; time may be written in minutes or hours. A step counts as rounding up to a share of the largest
 * value, or up to what the coarsest programs write (1 mV, 1 µA). A test with only zeros has no step.
 */
const compared = [
  { column: 'test_time_second', bases: [1, 60, 3600], share: 1, coarsest: 0, isCut: true },
  { column: 'voltage_volt', bases: [1], share: 0.005, coarsest: 1e-3, isCut: false },
  { column: 'current_ampere', bases: [1], share: 0.01, coarsest: 1e-6, isCut: false },
] as const;

/** SQL for the coarsest step of which all values of a column are multiples, in double precision; null: none. */
function stepSql(column: string, bases: readonly number[]): string {
  const steps = bases
    .flatMap((base) => Array.from({ length: mostDigits + 1 }, (_, digits) => base / 10 ** digits))
    .sort((a, b) => b - a);
  const cases = steps.map((step) => {
    const multiple = `${column} / ${step}::DOUBLE`;
    return `WHEN bool_and(${column} IS NULL OR abs(${multiple} - round(${multiple})) <= 1e-7 * abs(${multiple}) + 1e-6) THEN ${step}::DOUBLE`;
  });
  return `CASE ${cases.join(' ')} END`;
}

/**
 * How much the values of two tests may differ.
 *
 * @param repaired columns changed by a repair, which are left out
 */
export async function closenessOf(
  connection: DuckDBConnection,
  oldTest: number,
  newTest: number,
  repaired: ReadonlySet<string>,
): Promise<Closeness[]> {
  const columns = compared.filter(({ column }) => !repaired.has(column));
  const rows = await select<Record<string, number | null>>(
    connection,
    `SELECT test_id, ${columns
      .map(
        ({ column, bases }) =>
          `${stepSql(column, bases)} AS ${column}, max(abs(${column})) AS largest_${column}`,
      )
      .join(', ')}
     FROM measurements WHERE test_id IN (${oldTest}, ${newTest}) GROUP BY test_id`,
  );
  const directions = await select<{ n: number }>(
    connection,
    `SELECT count(DISTINCT current_direction) AS n FROM tests WHERE test_id IN (${oldTest}, ${newTest})`,
  );
  return columns.map(({ column, share, coarsest, isCut }) => {
    const largest = Math.max(...rows.map((row) => row[`largest_${column}`] ?? 0));
    const [a, b] = rows.map((row) => row[column] ?? 0);
    const step = Math.min(Math.max(a ?? 0, b ?? 0), Math.max(share * largest, coarsest));
    // Times are truncated to a step as often as they are rounded.
    const rounding = a === b ? 0 : step * (isCut ? 1 : 0.5) * 1.001;
    return {
      column,
      allowed: Math.max(relative * largest, rounding),
      isUndirected: column === 'current_ampere' && Number(directions[0]?.n ?? 1) > 1,
    };
  });
}

/** SQL for whether two values are close enough; a value that only one of them has does not count. */
export function isAlikeSql({ allowed, isUndirected }: Closeness, old: string, fresh: string): string {
  const sized = (value: string) => (isUndirected ? `abs(${value})` : value);
  return `(${old} IS NULL OR ${fresh} IS NULL OR abs(${sized(old)} - ${sized(fresh)}) <= ${allowed}::DOUBLE)`;
}

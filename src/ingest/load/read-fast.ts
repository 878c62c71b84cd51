import { insertRows, literal, nextId, pathLiteral, run, select } from '../../store/connection.js';
import type { Format } from '../formats/definition.js';
import type { TablePlan } from '../sniff/plan.js';
import type { LoadContext, LoadedTable, ReadyFile, Reject } from './loaded.js';
import { insertMeasurements } from './loaded.js';
import {
  type FieldSource,
  isMessageSql,
  isStaleSql,
  isTextRole,
  mayHoldImpedance,
  measurementSelect,
  noValue,
  requirements,
  rowColumns,
  rowExpressions,
  withRunningCharge,
  wordSql,
} from './select.js';

/** Whether the bytes of a file allow DuckDB's typed reading to be trusted line by line. */
export function isEligible(ready: ReadyFile, plan: TablePlan): boolean {
  const { scan, text, format } = ready;
  return (
    plan.rows === undefined &&
    plan.lastLine === undefined &&
    plan.dialect.delimiter !== 'whitespace' &&
    !format.layered &&
    format.comments === undefined &&
    plan.kind !== 'summary' &&
    [...plan.mapping.values()].every(({ field }) => field.index < plan.fieldCount) &&
    !mayHoldImpedance(plan) &&
    scan.isTerminated &&
    (scan.lineEnd === 'lf' || scan.lineEnd === 'crlf') &&
    !scan.hasNul &&
    !scan.hasSeparatorBytes &&
    !scan.hasQuote &&
    !scan.hasOddNumberCharacters &&
    text.encoding === 'utf-8' &&
    scan.isUtf8
  );
}

/** Column declarations of the reading: numbers are typed, everything else stays text and is not looked at. */
function readColumns(plan: TablePlan): string {
  const numbers = new Set<number>();
  for (const [role, { field }] of plan.mapping) if (!isTextRole(plan, role)) numbers.add(field.index);
  return Array.from(
    { length: plan.fieldCount },
    (_, index) => `'c${index}': '${numbers.has(index) ? 'DOUBLE' : 'VARCHAR'}'`,
  ).join(', ');
}

/** SQL that reads a table of a file, or of several that are read alike, with typed columns. */
export function readSql(ready: ReadyFile, plan: TablePlan, paths?: readonly string[]): string {
  const options = [
    'auto_detect=false',
    'header=false',
    `skip=${plan.firstLine - 1}`,
    `delim=${literal(plan.dialect.delimiter)}`,
    `decimal_separator=${literal(plan.dialect.decimal)}`,
    `quote=''`,
    `escape=''`,
    `new_line=${ready.scan.lineEnd === 'crlf' ? `'\\r\\n'` : `'\\n'`}`,
    `nullstr=[${noValue.map(literal).join(', ')}]`,
    `columns={${readColumns(plan)}}`,
    // A line that does not fit must not raise an error, which would end the transaction; the count tells.
    'store_rejects=true',
    'rejects_limit=100',
    ...(ready.scan.isGzip ? [`compression='gzip'`] : []),
  ];
  const from =
    paths === undefined ? pathLiteral(ready.path) : `[${paths.map(pathLiteral).join(', ')}], filename=true`;
  return `read_csv(${from}, ${options.join(', ')})`;
}

const source: FieldSource = {
  text: (index) => wordSql(`trim(c${index}, ' \t')`),
  number: (index) => `c${index}`,
};

/** The row columns of a table read with typed columns. */
export function rowsFrom(plan: TablePlan): string {
  const expressions = rowExpressions(plan, source);
  return rowColumns.map((name) => `${expressions[name]} AS ${name}`).join(', ');
}

/** Those rows of a typed reading that have all a record needs. */
export function checkedRows(format: Format, plan: TablePlan, read: string): string {
  const isThere = requirements(plan).measurement.map(({ column }) => `isfinite(${column})`);
  const checked = format.rejectsStaleRecords
    ? `SELECT *, ${isStaleSql('true')} AS is_stale FROM (${read})`
    : `SELECT *, false AS is_stale FROM (${read})`;
  return `SELECT * FROM (${checked}) WHERE ${isThere.join(' AND ')} AND NOT is_stale AND NOT ${isMessageSql(format, plan)}`;
}

/**
 * Reads a table with typed columns straight into `measurements`. Undefined where a line does not fit: then nothing
 * was stored and the careful reading says what is wrong with it.
 */
export async function readFast(
  ready: ReadyFile,
  plan: TablePlan,
  context: LoadContext,
): Promise<{ table: LoadedTable; rejects: Reject[] } | undefined> {
  if (!isEligible(ready, plan)) return undefined;
  const { connection } = context;
  const read = `SELECT ${plan.firstLine - 1} + row_number() OVER () AS line_number, ${rowsFrom(plan)} FROM ${readSql(ready, plan)}`;
  const rows = checkedRows(ready.format, plan, read);
  const testId = await nextId(connection, 'tests', 'test_id');
  const expected = ready.scan.lineCount - plan.firstLine + 1;
  // No line below the header: no test to begin.
  if (expected <= 0) return undefined;
  await run(
    connection,
    insertMeasurements(
      measurementSelect(
        ready.format,
        plan,
        withRunningCharge(plan, rows),
        testId,
        context.timeZone,
        context.from,
      ),
    ),
  );
  const [counted] = await select<{ stored: number }>(
    connection,
    `SELECT count(*) AS stored FROM measurements WHERE test_id = ${testId}`,
  );
  const stored = counted?.stored ?? 0;
  if (stored !== expected) {
    await run(connection, `DELETE FROM measurements WHERE test_id = ${testId}`);
    return undefined;
  }
  await insertRows(connection, 'tests', [{ test_id: testId }]);
  return {
    table: { plan, testId, recordCount: stored, firstLine: plan.firstLine, spectra: [], cycleRows: 0 },
    rejects: [],
  };
}

import { insertRows, literal, nextId, run, select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import type { TablePlan } from '../sniff/plan.js';
import { insertMeasurements, type LoadContext, type LoadedTable, type ReadyFile } from './loaded.js';
import { checkedRows, isEligible, readSql, rowsFrom } from './read-fast.js';
import { measurementSelect, withRunningCharge } from './select.js';

/**
 * Many small files that are read alike go through one scan: opening one costs more than reading a few hundred rows
 * (measured: 2,500 files/s in one scan, 290 one by one).
 */

/** A file of one plain table, ready to be read together with others. */
export interface GroupMember {
  ready: ReadyFile;
  plan: TablePlan;
}

/** Files with the same key are read by the same SQL. Undefined: it must be read by itself. */
export function groupKey({ ready, plan }: GroupMember, timeZone: string | undefined): string | undefined {
  if (ready.tables.length !== 1 || !isEligible(ready, plan)) return undefined;
  const { format, scan } = ready;
  const { dialect, firstLine, fieldCount, kind, testTime, stepTime, clock, dateOrder } = plan;
  const columns = [...plan.mapping].map(([role, { field, conversion, negate }]) => [
    role,
    field.index,
    conversion,
    negate,
  ]);
  const parts = [format.id, scan.lineEnd, scan.isGzip, timeZone, dialect, firstLine, fieldCount, kind];
  return JSON.stringify([...parts, testTime, stepTime, clock, dateOrder, columns]);
}

/** Makes each window of SQL for one file that of its own file among several; both forms they come in run in file order. */
const perFile = (sql: string): string =>
  sql
    .replaceAll('OVER ()', 'OVER (PARTITION BY file_test_id ORDER BY line_number)')
    .replaceAll(
      'OVER (ROWS UNBOUNDED PRECEDING)',
      'OVER (PARTITION BY file_test_id ORDER BY line_number ROWS UNBOUNDED PRECEDING)',
    );

/** The rows of all files as they come, with the test each belongs to and its line. */
const stagedSql = (members: readonly GroupMember[], firstTest: number): string => {
  const [{ ready, plan }] = members as [GroupMember];
  const paths = members.map((member) => member.ready.path);
  const tests = paths.map((path, index) => `(${literal(path)}, ${firstTest + index})`);
  return `
    SELECT * EXCLUDE (global_row, filename),
      ${plan.firstLine - 1} + row_number() OVER (PARTITION BY file_test_id ORDER BY global_row) AS line_number
    FROM (SELECT row_number() OVER () AS global_row, filename, ${rowsFrom(plan)} FROM ${readSql(ready, plan, paths)})
    JOIN (VALUES ${tests.join(', ')}) AS t(filename, file_test_id) USING (filename)`;
};

/**
 * Reads tables of several files straight into `measurements`, in file order; test numbers follow that order. A file with
 * a line that does not fit has no table: nothing of it is stored, and it is to be read by itself.
 */
export async function readGroup(
  members: readonly GroupMember[],
  { connection, timeZone }: Pick<LoadContext, 'connection' | 'timeZone'>,
): Promise<(LoadedTable | undefined)[]> {
  const [{ ready, plan }] = members as [GroupMember];
  const firstTest = await nextId(connection, 'tests', 'test_id');
  await run(connection, `CREATE OR REPLACE TEMP TABLE group_rows AS ${stagedSql(members, firstTest)}`);
  const rows = withRunningCharge(plan, checkedRows(ready.format, plan, 'SELECT * FROM group_rows'));
  const compiled = perFile(measurementSelect(ready.format, plan, rows, 'file_test_id', timeZone));
  await run(connection, `${insertMeasurements(compiled)} ORDER BY test_id, record_index`);
  await run(connection, 'DROP TABLE group_rows');
  const counted = await select<{ test_id: number; stored: number }>(
    connection,
    `SELECT test_id, count(*) AS stored FROM measurements WHERE test_id >= ${firstTest} GROUP BY test_id`,
  );
  const stored = new Map(counted.map((row) => [row.test_id, row.stored]));
  const tables = members.map((member, index): LoadedTable | undefined => {
    const testId = firstTest + index;
    const { firstLine } = member.plan;
    const recordCount = member.ready.scan.lineCount - firstLine + 1;
    if (stored.get(testId) !== recordCount) return undefined;
    return { plan: member.plan, testId, recordCount, firstLine, spectra: [], cycleRows: 0 };
  });
  const whole = tables.flatMap((table) => table?.testId ?? []);
  const partly = [...stored.keys()].filter((testId) => !whole.includes(testId));
  if (partly.length > 0) {
    await run(connection, `DELETE FROM measurements WHERE ${idCondition('test_id', partly)}`);
  }
  await insertRows(
    connection,
    'tests',
    whole.map((test_id) => ({ test_id })),
  );
  return tables;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  LinesNotReconciled,
  type LoadContext,
  type LoadedTable,
  type ReadyFile,
  type TableReading,
} from '../../src/ingest/load/loaded.js';
import type { Reject } from '../../src/ingest/load/records.js';
import { type ImpedancePoint, splitSweeps } from '../../src/ingest/load/sweeps.js';
import type { TablePlan } from '../../src/ingest/sniff/plan.js';
import { identifier, insertRows, nextId, run, select } from '../../src/store/connection.js';
import { measurements } from '../../src/store/tables/index.js';
import { type LineFile, lookAt, normaliseFile, unquotedDelimiter } from './normalise.js';
import { measurementSelect, withRunningCharge } from './select.js';
import { stageTable } from './stage.js';

/**
 * The slow reading that the reading of ingest is held to: every physical line is one row, cut and judged by DuckDB's
 * SQL, records and steps told by window functions. It shares the plan of a table with ingest, and nothing behind it.
 */

const measurementColumns = measurements.columns.map(({ name }) => name).join(', ');

const insertMeasurements = (rows: string) =>
  `INSERT INTO measurements (${measurementColumns}) SELECT ${measurementColumns} FROM (${rows})`;

/** A file DuckDB can read line by line: the file itself where its bytes allow, else a rewritten copy. */
async function lineFile(
  ready: ReadyFile,
  plan: TablePlan,
  context: LoadContext,
  index: number,
): Promise<LineFile> {
  const { delimiter } = plan.dialect;
  if (plan.rows !== undefined) return writeRows(plan.rows, join(context.scratch, `rows-${index}.txt`));
  const target = join(context.scratch, `lines-${index}.txt`);
  return normaliseFile(ready.path, await lookAt(ready), ready.text, delimiter, target);
}

/** Rows that a hook gathered from several lines each, as a file of lines. */
async function writeRows(rows: NonNullable<TablePlan['rows']>, path: string): Promise<LineFile> {
  await writeFile(path, rows.map(({ fields }) => `${fields.join(unquotedDelimiter)}\n`).join(''));
  return { path, isGzip: false, delimiter: unquotedDelimiter, lineCount: rows.length };
}

interface StagedCounts {
  lines: number;
  records: number;
  points: number;
  rejects: number;
  first_line: number | null;
}

async function stagedCounts(connection: DuckDBConnection, table: string): Promise<StagedCounts> {
  const [counts] = await select<StagedCounts>(
    connection,
    `SELECT count(*) AS lines,
       count(*) FILTER (WHERE kind = 'row' AND NOT is_point) AS records,
       count(*) FILTER (WHERE kind = 'row' AND is_point) AS points,
       count(*) FILTER (WHERE kind = 'reject') AS rejects,
       min(line_number) FILTER (WHERE kind = 'row' AND NOT is_point) AS first_line
     FROM ${identifier(table)}`,
  );
  return counts!;
}

/** Reads a table line by line. */
export const readTableByLines: TableReading = async (ready, plan, context, index) => {
  const { connection } = context;
  const file = await lineFile(ready, plan, context, index);
  const staged = `staged_${index}`;
  const lastLine = { number: ready.scan.lineCount, isTerminated: ready.scan.isTerminated };
  const located =
    plan.rows === undefined
      ? plan
      : { ...plan, firstLine: 1, lastLine: plan.rows.length, headerText: undefined };
  await stageTable(connection, file, ready.format, located, { table: staged, lastLine, layers: plan.layers });
  const counts = await stagedCounts(connection, staged);
  const expected =
    Math.min(located.lastLine ?? ready.scan.lineCount, ready.scan.lineCount) - located.firstLine + 1;
  if (plan.rows === undefined && counts.lines !== Math.max(0, expected)) {
    throw new LinesNotReconciled(`${counts.lines} lines were read where ${expected} are in the file`);
  }
  if (plan.rows !== undefined) await creditLines(connection, staged, plan.rows);
  const rejects = await select<Reject>(
    connection,
    `SELECT line_number, column_name, left(raw_value, 1000) AS raw_value, left(raw_line, 10000) AS raw_line, reason
     FROM ${identifier(staged)} WHERE kind = 'reject' ORDER BY line_number`,
  );
  const table: LoadedTable = {
    plan,
    testId: undefined,
    recordCount: counts.records,
    firstLine: counts.first_line ?? plan.firstLine,
    spectra: [],
    cycleRows: 0,
  };
  if (plan.kind === 'summary') table.cycleRows = await loadVendorCycles(context, staged);
  else if (counts.records > 0) {
    table.testId = await nextId(connection, 'tests', 'test_id');
    await reserveTest(connection, table.testId);
    const all = withRunningCharge(plan, `SELECT * FROM ${identifier(staged)} WHERE kind = 'row'`);
    const rows = `SELECT * FROM (${all}) WHERE NOT is_point`;
    await run(
      connection,
      insertMeasurements(
        measurementSelect(ready.format, plan, rows, table.testId, context.timeZone, context.from),
      ),
    );
  }
  if (table.testId !== undefined && counts.points > 0 && plan.mapping.has('charge_increment_ah')) {
    await countTrailingCharge(connection, staged, table.testId);
  }
  if (counts.points > 0) table.spectra = await loadPoints(connection, staged);
  await run(connection, `DROP TABLE ${identifier(staged)}`);
  return { table, rejects };
};

/** The charge that passed during sweeps behind the last record belongs to that record: no other is left to hold it. */
async function countTrailingCharge(
  connection: DuckDBConnection,
  staged: string,
  testId: number,
): Promise<void> {
  const sum = (signed: string) =>
    `(SELECT sum(greatest(coalesce(${signed}, 0), 0)) FROM ${identifier(staged)} WHERE kind = 'row')`;
  await run(
    connection,
    `UPDATE measurements SET charging_capacity_ah = ${sum('charge_increment_ah')}, discharging_capacity_ah = ${sum('-charge_increment_ah')}
     WHERE test_id = ${testId} AND record_index = (SELECT max(record_index) FROM measurements WHERE test_id = ${testId})`,
  );
}

const cycleColumns = [
  'vendor_cycle_count',
  'vendor_label',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'minimum_voltage_volt',
  'maximum_voltage_volt',
  'minimum_current_ampere',
  'maximum_current_ampere',
].join(', ');

/** A vendor's own summary: one row per cycle. */
async function loadVendorCycles({ connection, fileId }: LoadContext, staged: string): Promise<number> {
  await run(
    connection,
    `INSERT INTO vendor_cycles (file_id, row_index, ${cycleColumns}, test_time_second)
     SELECT ${fileId}, row_number() OVER (ORDER BY line_number), ${cycleColumns}, time_value
     FROM ${identifier(staged)} WHERE kind = 'row'`,
  );
  const [counted] = await select<{ n: number }>(
    connection,
    `SELECT count(*) AS n FROM vendor_cycles WHERE file_id = ${fileId}`,
  );
  return counted?.n ?? 0;
}

/** Takes a test number; its facts are filled in once the file is known to be in. */
async function reserveTest(connection: DuckDBConnection, testId: number): Promise<void> {
  await insertRows(connection, 'tests', [{ test_id: testId }]);
}

/** Gives rows that a hook gathered the line each is credited to. */
async function creditLines(
  connection: DuckDBConnection,
  staged: string,
  rows: NonNullable<TablePlan['rows']>,
): Promise<void> {
  const values = rows.map(({ line }, index) => `(${index + 1}, ${line})`).join(', ');
  if (values === '') return;
  await run(
    connection,
    `UPDATE ${identifier(staged)} SET line_number = credited.line FROM (VALUES ${values}) AS credited(row_number, line) WHERE line_number = credited.row_number`,
  );
}

async function loadPoints(connection: DuckDBConnection, staged: string): Promise<LoadedTable['spectra']> {
  const points = await select<ImpedancePoint>(
    connection,
    `SELECT line_number, frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm, time_value AS test_time_second, vendor_cycle_count
     FROM ${identifier(staged)} WHERE kind = 'row' AND is_point ORDER BY line_number`,
  );
  const rowsBetween = await select<{ line_number: number }>(
    connection,
    `SELECT line_number FROM ${identifier(staged)} WHERE kind = 'row' AND NOT is_point ORDER BY line_number`,
  );
  const firstId = await nextId(connection, 'spectra', 'spectrum_id');
  const sweeps = splitSweeps(
    points,
    rowsBetween.map(({ line_number }) => line_number),
  );
  const spectra = sweeps.map((sweep, index) => ({
    spectrumId: firstId + index,
    sweepIndex: index + 1,
    points: sweep,
  }));
  await insertRows(
    connection,
    'impedance',
    spectra.flatMap(({ spectrumId, points: sweep }) =>
      sweep.map((point, index) => ({
        spectrum_id: spectrumId,
        point_index: index + 1,
        line_number: point.line_number,
        frequency_hertz: point.frequency_hertz,
        real_impedance_ohm: point.real_impedance_ohm,
        imaginary_impedance_ohm: point.imaginary_impedance_ohm,
        test_time_second: point.test_time_second,
      })),
    ),
  );
  await insertRows(
    connection,
    'spectra',
    spectra.map(({ spectrumId, sweepIndex, points: sweep }) => ({
      spectrum_id: spectrumId,
      sweep_index: sweepIndex,
      point_count: sweep.length,
    })),
  );
  return spectra;
}

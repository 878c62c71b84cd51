import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, nextId, run } from '../../store/connection.js';
import type { TablePlan } from '../sniff/plan.js';
import { storeChannels } from './auxiliary-channels.js';
import { mayHoldImpedance } from './convert.js';
import type { TableFinisher } from './finish.js';
import { keptLine } from './judge.js';
import {
  LinesNotReconciled,
  type LoadContext,
  type LoadedFile,
  type LoadedTable,
  type ReadyFile,
  rejectCount,
  type TableReading,
} from './loaded.js';
import { MeasurementSink } from './measurement-sink.js';
import { readTable } from './read-table.js';
import type { Reject } from './records.js';
import type { RejectSpool } from './reject-spool.js';
import { splitSweeps } from './sweeps.js';

/** Loads one table of a file. */
const loadTable: TableReading = async (ready, plan, context) => {
  const { connection, scratch } = context;
  const testId = await nextId(connection, 'tests', 'test_id');
  const sink = new MeasurementSink(connection, scratch);
  const finisher = await readTable(ready, plan, context, sink, testId);
  await sink.flush();
  const firstPlace = ready.columns === undefined ? plan.firstLine : 1;
  const firstLine = finisher.firstLine ?? firstPlace;
  const read = { firstLine, gathered: sink.factsOf(testId) };
  return { table: await storeTable(plan, context, finisher, testId, read), rejects: finisher.rejects };
};

/**
 * Stores the parts of a table that are not measurements, and reserves its test; the facts of the test are filled in
 * once the file is certain to be stored.
 */
async function storeTable(
  plan: TablePlan,
  { connection, fileId }: LoadContext,
  finisher: TableFinisher,
  testId: number,
  read: Pick<LoadedTable, 'firstLine' | 'gathered'>,
): Promise<LoadedTable> {
  const { recordCount, points, otherLines, cycles } = finisher;
  const table: LoadedTable = {
    plan,
    testId: recordCount > 0 ? testId : undefined,
    recordCount: recordCount + cycles.length,
    ...read,
    spectra: [],
    cycleRows: cycles.length,
  };
  if (table.testId !== undefined) await insertRows(connection, 'tests', [{ test_id: testId }]);
  await storeChannels(connection, [table]);
  if (table.testId !== undefined && points.length > 0 && plan.mapping.has('charge_increment_ah')) {
    await countTrailingCharge(connection, testId, finisher);
    table.gathered = undefined;
  }
  if (points.length > 0) table.spectra = await storePoints(connection, points, otherLines);
  await insertRows(
    connection,
    'vendor_cycles',
    cycles.map((cycle, index) => ({ file_id: fileId, row_index: index + 1, ...cycle })),
  );
  return table;
}

/**
 * The charge that passed during sweeps after the last record belongs to that record, since no later record can hold
 * it.
 */
async function countTrailingCharge(
  connection: DuckDBConnection,
  testId: number,
  { charge, discharge, recordCount }: TableFinisher,
): Promise<void> {
  await run(
    connection,
    `UPDATE measurements SET charging_capacity_ah = $1, discharging_capacity_ah = $2
     WHERE test_id = ${testId} AND record_index = ${recordCount}`,
    [charge, discharge],
  );
}

async function storePoints(
  connection: DuckDBConnection,
  points: TableFinisher['points'],
  otherLines: readonly number[],
): Promise<LoadedTable['spectra']> {
  const firstId = await nextId(connection, 'spectra', 'spectrum_id');
  const spectra = splitSweeps(points, otherLines).map((sweep, index) => ({
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

/** How the lines of a file add up. */
export function accountFor(
  { scan, tables: plans }: ReadyFile,
  tables: LoadedTable[],
  readRejects: readonly Reject[],
  spool?: RejectSpool,
): LoadedFile {
  const above = plans.flatMap((plan) =>
    plan.above.map(
      ({ line, text }): Reject => ({
        line_number: line,
        column_name: null,
        raw_value: null,
        raw_line: text.slice(0, keptLine),
        reason: 'a line of data above the header, which does not say what it is',
      }),
    ),
  );
  const rejects = [...above, ...readRejects].sort((a, b) => a.line_number - b.line_number);
  const linesHead = Math.min(scan.lineCount, Math.max(0, plans[0]?.headLines ?? 0));
  const rowsLoaded = tables.reduce(
    (sum, { recordCount, spectra }) =>
      sum + recordCount + spectra.reduce((count, { points }) => count + points.length, 0),
    0,
  );
  const rejected = rejectCount({ rejects, spool });
  const linesStructural = scan.lineCount - linesHead - rowsLoaded - rejected;
  if (linesStructural < 0) {
    throw new LinesNotReconciled(
      `${scan.lineCount} lines in the file, but ${linesHead} head, ${rowsLoaded} loaded and ${rejected} rejected`,
    );
  }
  return { linesHead, linesStructural, rowsLoaded, rejects, spool, tables };
}

/**
 * Loads a file's tables.
 *
 * @throws LinesNotReconciled where the lines do not add up
 */
export async function loadFile(ready: ReadyFile, context: LoadContext): Promise<LoadedFile> {
  const tables: LoadedTable[] = [];
  const rejects: Reject[] = [];
  let spectrumCount = 0;
  for (const [index, plan] of ready.tables.entries()) {
    const read = await (context.readTable ?? loadTable)(ready, plan, context, index);
    for (const spectrum of read.table.spectra) spectrum.sweepIndex = ++spectrumCount;
    tables.push(read.table);
    rejects.push(...read.rejects);
  }
  return accountFor(ready, tables, rejects, context.spool);
}

/** Whether a file of one table of measurements may be loaded together with others. */
export function mayBeLoadedTogether({ tables }: Pick<ReadyFile, 'tables'>): boolean {
  const [plan] = tables;
  return tables.length === 1 && plan?.kind !== 'summary' && plan !== undefined && !mayHoldImpedance(plan);
}

/**
 * Loads files with one table of measurements each, and stores their records together, because a statement costs more
 * than the records of a small file. A file without a record has no result; it has to be loaded alone.
 */
export async function loadTogether(
  files: readonly { ready: ReadyFile; timeZone: string | undefined }[],
  { connection, scratch }: Pick<LoadContext, 'connection' | 'scratch'>,
): Promise<(LoadedFile | undefined)[]> {
  const firstTest = await nextId(connection, 'tests', 'test_id');
  const sink = new MeasurementSink(connection, scratch);
  const loaded: (LoadedFile | undefined)[] = [];
  for (const [index, { ready, timeZone }] of files.entries()) {
    const plan = ready.tables[0]!;
    const testId = firstTest + index;
    const finisher = await readTable(ready, plan, { timeZone }, sink, testId);
    const { recordCount, firstLine = plan.firstLine, rejects } = finisher;
    const gathered = sink.factsOf(testId);
    const table: LoadedTable = { plan, testId, recordCount, firstLine, gathered, spectra: [], cycleRows: 0 };
    loaded.push(recordCount === 0 ? undefined : accountFor(ready, [table], rejects));
  }
  await sink.flush();
  const tests = loaded.flatMap((file) => file?.tables ?? []);
  await insertRows(
    connection,
    'tests',
    tests.map(({ testId }) => ({ test_id: testId! })),
  );
  await storeChannels(connection, tests);
  return loaded;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, run, type SqlRow } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import type { ExaminedTest } from '../audit/examine.js';
import type { LoadedTable } from '../load/loaded.js';
import { temperatureOf } from '../load/sweeps.js';
import { writtenOffset } from '../sniff/clock.js';
import type { TablePlan } from '../sniff/plan.js';
import { preambleMatch } from '../sniff/preamble.js';
import type { SniffedFile } from '../sniff/sniff.js';
import type { Identity } from './identity.js';
import type { LedgerRow } from './ledger.js';
import { utcOf } from './utc.js';

/** Rows of `tests` and `spectra` for the content of a file. */

/** First match of the preamble's patterns for a fact. */
export function preambleFact(sniffed: SniffedFile, key: 'channel' | 'cell' | 'source'): string | null {
  const { preamble } = sniffed.recognition.format;
  const head = sniffed.head.lines.slice(0, Math.max(0, (sniffed.tables[0]?.firstLine ?? 1) - 1));
  return preambleMatch(preamble[key], head) ?? null;
}

/** The channel of a table: from its head, or that of the file, else from a column. */
export function channelOf(sniffed: SniffedFile, plan: TablePlan | undefined): string | null {
  return plan?.ownChannel ?? preambleFact(sniffed, 'channel') ?? plan?.channel ?? null;
}

/** What a file says about the origin of its data. */
export function identityOf(
  { path, root }: Pick<LedgerRow, 'path' | 'root'>,
  sniffed: SniffedFile,
  starts: Identity['starts'],
  tables: readonly TablePlan[],
): Identity {
  const hints = [preambleFact(sniffed, 'cell'), ...tables.map(({ cell }) => cell ?? null)];
  return {
    vendor: sniffed.recognition.format.vendor,
    channel: channelOf(sniffed, tables[0]) ?? undefined,
    source: preambleFact(sniffed, 'source') ?? undefined,
    starts,
    path,
    root,
    hints: hints.filter((hint) => hint !== null),
  };
}

/** What a file says about one of its tests. */
export interface TestDescription {
  table: LoadedTable;
  fileId: number;
  /** Position among the tests of the file, from 1. */
  partIndex: number;
  sniffed: SniffedFile;
  examined: Pick<ExaminedTest, 'currentDirection' | 'counterScope'>;
  started: Date | undefined;
  /** Time zone of its clock, where known. */
  timeZone: string | undefined;
}

/** Time zone of `started_at`; the file itself takes precedence over what the laboratory declares. */
function zoneOf({ plan }: LoadedTable, declared: string | undefined): string | null {
  if (plan.mapping.has('unix_time_second') || plan.clock?.kind === 'unix') return 'UTC';
  const written = plan.firstClock === undefined ? undefined : writtenOffset(plan.firstClock);
  return (written === 'Z' ? 'UTC' : written) ?? declared ?? null;
}

/** A clock in UTC, where its zone is known. */
const inUtc = (wall: Date | undefined, zone: string | null) =>
  wall === undefined || zone === null ? null : utcOf(wall, zone);

function testRow({
  table,
  fileId,
  partIndex,
  sniffed,
  examined,
  started,
  timeZone,
}: TestDescription): SqlRow {
  const zone = started === undefined ? null : zoneOf(table, timeZone);
  return {
    test_id: table.testId!,
    file_id: fileId,
    part_index: partIndex,
    cell_hint: table.plan.cell ?? null,
    vendor: sniffed.recognition.format.vendor,
    channel: channelOf(sniffed, table.plan),
    source_name: preambleFact(sniffed, 'source'),
    started_at: started ?? null,
    time_zone: zone,
    started_at_utc: inUtc(started, zone),
    current_direction: examined.currentDirection,
    counter_scope: examined.counterScope,
    record_count: table.recordCount,
  };
}

/** Writes the rows of `tests` and `test_files` of loaded tests. */
export async function describeTests(
  connection: DuckDBConnection,
  facts: readonly TestDescription[],
): Promise<void> {
  if (facts.length === 0) return;
  const ids = facts.map(({ table }) => table.testId!);
  await run(connection, `DELETE FROM tests WHERE ${idCondition('test_id', ids)}`);
  await insertRows(connection, 'tests', facts.map(testRow));
  await insertRows(
    connection,
    'test_files',
    facts.map(({ table, fileId }) => ({
      test_id: table.testId!,
      file_id: fileId,
      first_record_index: 1,
      first_line: table.firstLine,
    })),
  );
}

export async function describeSpectra(
  connection: DuckDBConnection,
  table: LoadedTable,
  {
    fileId,
    started,
    sniffed,
    timeZone,
  }: Pick<TestDescription, 'fileId' | 'started' | 'sniffed' | 'timeZone'>,
): Promise<void> {
  const zone = started === undefined ? null : zoneOf(table, timeZone);
  const ids = table.spectra.map(({ spectrumId }) => spectrumId);
  await run(connection, `DELETE FROM spectra WHERE spectrum_id IN (${ids.join(', ')})`);
  const hint = table.plan.cell ?? preambleFact(sniffed, 'cell');
  await insertRows(
    connection,
    'spectra',
    table.spectra.map(({ spectrumId, sweepIndex, points }) => {
      const offset = points[0]?.test_time_second ?? 0;
      const celsius = temperatureOf(points) ?? table.plan.temperature ?? null;
      const sweepStarted = started === undefined ? undefined : new Date(started.getTime() + offset * 1000);
      return {
        spectrum_id: spectrumId,
        file_id: fileId,
        sweep_index: sweepIndex,
        cell_hint: hint,
        temperature_celsius: celsius,
        temperature_source: celsius === null ? null : 'file',
        measured_at: started ?? null,
        sweep_started_at: sweepStarted ?? null,
        time_zone: zone,
        sweep_started_at_utc: inUtc(sweepStarted, zone),
        point_count: points.length,
      };
    }),
  );
}

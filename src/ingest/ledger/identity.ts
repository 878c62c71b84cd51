import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../../store/connection.js';
import type { CellFinder } from '../lab/assign.js';
import type { StoredFile } from './ledger.js';

/** What a file says about the origin of its data. */
export interface Identity {
  vendor: string;
  /** Channel as written. */
  channel: string | undefined;
  /** Name of the instrument's own file, as its export states it. */
  source: string | undefined;
  /** Wall clock at the start of each table. */
  starts: readonly (Date | undefined)[];
  path: string;
  root: string;
  /** What the file says about its cell. */
  hints: readonly string[];
}

/** Number of rows that two files must have in common to be taken for one test, where nothing else shows it. */
export const fewestCommonRows = 20;

/** Evidence for and against two files holding the same test. */
export interface Evidence {
  /** What differs, in words. */
  against: string | undefined;
  /** Whether something agrees. */
  agrees: boolean;
  /** Number of rows of the older file. */
  rows: number;
  /** Seconds by which the start is later, where nothing else differs. */
  startLater: number | undefined;
}

interface StoredFacts {
  channel: string | null;
  source: string | null;
  started_at: Date | null;
  hint: string | null;
}

async function storedFacts(connection: DuckDBConnection, fileId: number): Promise<StoredFacts[]> {
  return select<StoredFacts>(
    connection,
    `SELECT channel, source_name AS source, started_at, cell_hint AS hint FROM tests
     WHERE test_id IN (SELECT test_id FROM test_files WHERE file_id = ${fileId})
     UNION ALL SELECT NULL, NULL, measured_at, cell_hint FROM spectra WHERE file_id = ${fileId}`,
  );
}

/** The name of a file without the folder where its instrument kept it. */
const baseName = (name: string) => name.trim().split(/[\\/]/).at(-1)!.toLowerCase();

/** How a channel is written, without its numbers. */
const notation = (channel: string | undefined) => channel?.replace(/\d+/g, '0');

const iso = (time: Date) => time.toISOString().slice(0, 19).replace('T', ' ');

/**
 * Compares what a file and a stored one state: start, channel, source file and cell, each equal or different. A fact
 * that only one of them states does not count.
 *
 * @param isOtherKind the files are of different kinds, such as an instrument's own file and an export of it: their
 *   clocks may be in different zones, and a different spelling of channel or source does not count
 */
export async function evidenceFor(
  connection: DuckDBConnection,
  fresh: Identity,
  old: StoredFile,
  cellOf: CellFinder,
  isOtherKind = false,
): Promise<Evidence> {
  const stored = await storedFacts(connection, old.file_id);
  const first = stored[0];
  const start = fresh.starts.find((time) => time !== undefined);
  const oldStart = stored.find(({ started_at }) => started_at !== null)?.started_at ?? undefined;
  const hints = stored.flatMap(({ hint }) => hint ?? []);
  const channel = first?.channel ?? undefined;
  const isNotedAlike = !isOtherKind || notation(fresh.channel) === notation(channel);
  const pairs: [string, string | undefined, string | undefined][] = [
    ['start', isOtherKind ? undefined : start && iso(start), oldStart && iso(oldStart)],
    ['channel', isNotedAlike ? fresh.channel : undefined, channel],
    [
      'source file',
      isOtherKind ? undefined : fresh.source && baseName(fresh.source),
      first?.source ? baseName(first.source) : undefined,
    ],
    [
      'cell',
      cellOf(fresh.path, fresh.root, fresh.hints) ?? undefined,
      cellOf(old.path, old.root, hints) ?? undefined,
    ],
  ];
  const known = pairs.filter(([, mine, theirs]) => mine !== undefined && theirs !== undefined);
  const differing = known.filter(([, mine, theirs]) => mine !== theirs);
  const [[what, mine, theirs] = []] = differing;
  return {
    against: what && `its ${what} is ${mine}, not ${theirs}`,
    agrees: known.length > 0 && differing.length === 0,
    rows: old.rows_loaded,
    startLater:
      what === 'start' && differing.length === 1
        ? (start!.getTime() - oldStart!.getTime()) / 1000
        : undefined,
  };
}

/** Whether the common rows are enough to take two files for one test. */
export function isSameTest({ against, agrees, rows }: Evidence, samePath: boolean): boolean {
  return against === undefined && (agrees || samePath || rows >= fewestCommonRows);
}

import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileScan } from '../bytes/scan.js';
import type { DetectedText } from '../bytes/text.js';
import type { ViewColumns } from '../containers/columns.js';
import type { Format } from '../formats/definition.js';
import type { TablePlan } from '../sniff/plan.js';
import type { RecordFacts } from './record-facts.js';
import type { Reject } from './records.js';
import type { RejectSpool } from './reject-spool.js';
import type { ImpedancePoint } from './sweeps.js';

/** A file ready to be loaded: what it is, how it is read, what one pass over its bytes told. */
export interface ReadyFile {
  path: string;
  format: Format;
  text: DetectedText;
  scan: FileScan;
  tables: TablePlan[];
  /** Byte of the content at which reading begins; absent: at its beginning. */
  start?: number | undefined;
  /**
   * Where its records are columns and read as such: their places are numbers in their test, and `path` holds but the
   * first of them as text.
   */
  columns?: ViewColumns | undefined;
}

/** What loading one table of a file gave. */
export interface LoadedTable {
  plan: TablePlan;
  testId: number | undefined;
  recordCount: number;
  firstLine: number;
  /** Facts of its records as they are stored; undefined: not gathered. */
  gathered?: RecordFacts | undefined;
  spectra: { spectrumId: number; sweepIndex: number; points: ImpedancePoint[] }[];
  cycleRows: number;
}

/** What loading a file gave; the transaction is the caller's. */
export interface LoadedFile {
  linesHead: number;
  linesStructural: number;
  rowsLoaded: number;
  /** The first of the bad rows, in the order of their lines. */
  rejects: Reject[];
  /** The others, where they are many. */
  spool?: RejectSpool | undefined;
  tables: LoadedTable[];
}

/**
 * Where the rows go on with a test that is stored already. The first row is its last stored record once more, so that
 * what lies between two records (a step that opens, a step time that starts again) is seen as in one reading.
 */
export interface Continuation {
  /** Records before the first row. */
  recordIndex: number;
  /** Steps before that of the first row. */
  stepCount: number;
  /** Physical lines before the first row's. */
  lineNumber: number;
  /** Test time of the first row. */
  testTime: number;
  largestCurrent: number;
  /** Sums of the charge increments before the first row, by direction. */
  chargeRunning: number;
  dischargeRunning: number;
}

/** Where a test that is read from its beginning starts. */
export const fromTheStart: Continuation = {
  recordIndex: 0,
  stepCount: 0,
  lineNumber: 0,
  testTime: Number.NaN,
  largestCurrent: 0,
  chargeRunning: 0,
  dischargeRunning: 0,
};

export interface LoadContext {
  connection: DuckDBConnection;
  /** Folder for files that have to be rewritten. */
  scratch: string;
  timeZone: string | undefined;
  /** The file's number in the ledger. */
  fileId: number;
  /** Where the file is only the end of one whose beginning is stored. */
  from?: Continuation;
  /** Where bad rows go that are too many. */
  spool?: RejectSpool | undefined;
  /** Reads a table in another way: what tests hold the reading to. */
  readTable?: TableReading | undefined;
}

/** Reads one table of a file into the database. `index`: its position in the file. */
export type TableReading = (
  ready: ReadyFile,
  plan: TablePlan,
  context: LoadContext,
  index: number,
) => Promise<{ table: LoadedTable; rejects: Reject[] }>;

/** How many rows of a file are bad. */
export const rejectCount = ({ rejects, spool }: Pick<LoadedFile, 'rejects' | 'spool'>): number =>
  rejects.length + (spool?.count ?? 0);

/** Thrown where the lines of a file do not add up: nothing of it may be stored. */
export class LinesNotReconciled extends Error {}

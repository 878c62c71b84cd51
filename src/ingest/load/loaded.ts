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

/** A file ready to be loaded: what it is, how it is read, and the result of one pass over its bytes. */
export interface ReadyFile {
  path: string;
  format: Format;
  text: DetectedText;
  scan: FileScan;
  tables: TablePlan[];
  /** Byte of the content at which reading begins; absent: at its beginning. */
  start?: number | undefined;
  /**
   * Set where its records are read as columns: their places are numbers in their test, and `path` holds only the first
   * of them as text.
   */
  columns?: ViewColumns | undefined;
}

/** The result of loading one table of a file. */
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

/** The result of loading a file; the transaction is that of the caller. */
export interface LoadedFile {
  linesHead: number;
  linesStructural: number;
  rowsLoaded: number;
  /** The first of the bad rows, in the order of their lines. */
  rejects: Reject[];
  /** The other bad rows, where there are many. */
  spool?: RejectSpool | undefined;
  tables: LoadedTable[];
}

/**
 * The state where rows continue a stored test. The first row repeats the last stored record, so that what happens
 * between two records (a step that begins, a step time that restarts) is seen as when reading at once.
 */
export interface Continuation {
  /** Records before the first row. */
  recordIndex: number;
  /** Number of steps before that of the first row. */
  stepCount: number;
  /** Physical lines before that of the first row. */
  lineNumber: number;
  /** Test time of the first row. */
  testTime: number;
  largestCurrent: number;
  /** Sums of the charge increments before the first row, by direction. */
  chargeRunning: number;
  dischargeRunning: number;
}

/** The state at the beginning of a test. */
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
  /** Set where the file is only the end of one whose beginning is stored. */
  from?: Continuation;
  /** Takes bad rows where there are too many. */
  spool?: RejectSpool | undefined;
  /** Another way to read a table, with which tests compare the reading. */
  readTable?: TableReading | undefined;
}

/** Reads one table of a file into the database. `index`: its position in the file. */
export type TableReading = (
  ready: ReadyFile,
  plan: TablePlan,
  context: LoadContext,
  index: number,
) => Promise<{ table: LoadedTable; rejects: Reject[] }>;

/** Number of bad rows of a file. */
export const rejectCount = ({ rejects, spool }: Pick<LoadedFile, 'rejects' | 'spool'>): number =>
  rejects.length + (spool?.count ?? 0);

/** Thrown where the lines of a file do not add up, so that nothing of it may be stored. */
export class LinesNotReconciled extends Error {}

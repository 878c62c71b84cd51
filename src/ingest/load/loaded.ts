import type { DuckDBConnection } from '@duckdb/node-api';
import { measurements } from '../../store/tables/index.js';
import type { FileScan } from '../bytes/scan.js';
import type { DetectedText } from '../bytes/text.js';
import type { Format } from '../formats/definition.js';
import type { TablePlan } from '../sniff/plan.js';
import type { Continuation } from './select.js';
import type { ImpedancePoint } from './sweeps.js';

/** A file ready to be loaded: what it is, how it is read, what one pass over its bytes told. */
export interface ReadyFile {
  path: string;
  format: Format;
  text: DetectedText;
  scan: FileScan;
  tables: TablePlan[];
}

/** A line that was not loaded. */
export interface Reject {
  line_number: number;
  column_name: string | null;
  raw_value: string | null;
  raw_line: string | null;
  reason: string;
}

/** What loading one table of a file gave. */
export interface LoadedTable {
  plan: TablePlan;
  testId: number | undefined;
  recordCount: number;
  firstLine: number;
  spectra: { spectrumId: number; sweepIndex: number; points: ImpedancePoint[] }[];
  cycleRows: number;
}

/** What loading a file gave; the transaction is the caller's. */
export interface LoadedFile {
  linesHead: number;
  linesStructural: number;
  rowsLoaded: number;
  rejects: Reject[];
  tables: LoadedTable[];
}

export interface LoadContext {
  connection: DuckDBConnection;
  /** Folder for files that have to be rewritten. */
  scratch: string;
  timeZone: string | undefined;
  /** The file's number in the ledger. */
  fileId: number;
  /** Where the file is only the end of one whose beginning is stored. */
  from?: Continuation;
  /** Never take the fast reading: what it gives is held against this one in tests. */
  isCareful?: boolean | undefined;
}

/** Thrown where the lines of a file do not add up: nothing of it may be stored. */
export class LinesNotReconciled extends Error {}

const measurementColumns = measurements.columns.map(({ name }) => name).join(', ');

/** The column list and SELECT that put rows into `measurements`. */
export function insertMeasurements(rows: string): string {
  return `INSERT INTO measurements (${measurementColumns}) SELECT ${measurementColumns} FROM (${rows})`;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import type { Finding } from './findings.js';
import type { CellFinder } from './lab/assign.js';
import type { LedgerRow } from './ledger/ledger.js';
import type { TableReading } from './load/loaded.js';
import type { Reject } from './load/records.js';
import type { PrepareContext } from './prepare.js';

/** What ingesting one file did. */
export interface FileOutcome {
  row: LedgerRow;
  /** Bad rows; only the first ones where there are very many. */
  rejects: Reject[];
  /** How many more there are. */
  spooledRejects?: number;
  findings: Finding[];
  /** Tests whose steps and cycles have to be derived again. */
  testIds: number[];
  /** For continued tests: the first of their steps that changed. */
  openSteps?: Map<number, number>;
}

/** Makes sure that a file that was named gave data. @throws CellarError (usage) that says why it did not */
export function requireRead({ row: { path, status, message } }: FileOutcome): void {
  if (status !== 'rejected' && status !== 'ignored') return;
  throw usageError(`${path}: ${message}`, '`cellar sniff FILE` says how a file would be read');
}

export interface FileContext extends PrepareContext {
  connection: DuckDBConnection;
  scratch: string;
  /** The cell that the metadata give to a path. */
  cellOf: CellFinder;
  /** `--supersede`: a file that contradicts a stored test replaces it. */
  supersede: boolean;
  /** Another way to read tables, with which tests compare the reading. */
  readTable?: TableReading;
}

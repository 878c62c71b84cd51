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
  /** Bad rows, the first of them where they are very many. */
  rejects: Reject[];
  /** How many more there are. */
  spooledRejects?: number;
  findings: Finding[];
  /** Tests whose steps and cycles have to be derived again. */
  testIds: number[];
  /** For tests that went on: the first of their steps that changed. */
  openSteps?: Map<number, number>;
}

/** Makes sure that a file which somebody named gave data. @throws CellarError (usage) that says why it did not */
export function requireRead({ row: { path, status, message } }: FileOutcome): void {
  if (status !== 'rejected' && status !== 'ignored') return;
  throw usageError(`${path}: ${message}`, '`cellar sniff FILE` says how a file would be read');
}

export interface FileContext extends PrepareContext {
  connection: DuckDBConnection;
  scratch: string;
  /** The cell that the metadata give to a path. */
  cellOf: CellFinder;
  /** `--supersede`: what contradicts a stored test takes its place. */
  supersede: boolean;
  /** Reads tables in another way: what tests hold the reading to. */
  readTable?: TableReading;
}

import type { LakeFolders } from './folders.js';
import type { Lake } from './lake.js';
import type { DerivationPlan } from './plan.js';

/** What an engine is given: a lake, what to do, and where to put it. */
export interface Job {
  lake: Lake;
  folders: LakeFolders;
  plan: DerivationPlan;
  signal?: AbortSignal;
  /** `done` of `total` pieces of work are finished; `what` is the one that begins. */
  onProgress?: (done: number, total: number, what: string) => void;
}

/**
 * What runs the derivation. It leaves the step rows of each batch as Parquet under `batchFolder` of the work folder,
 * with an empty `_SUCCESS` beside them when they are whole, and `result/steps` and `result/cycles` for the tests that
 * are numbered. It writes nowhere else in the lake.
 */
export interface Engine {
  name: 'duckdb' | 'spark';
  derive(job: Job): Promise<void>;
}

/** The derivation was interrupted; what it has finished is kept for the next one. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted; the same command goes on from here');
  }
}

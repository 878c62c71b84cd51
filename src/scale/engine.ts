import type { Lake } from './lake.js';
import type { DerivationPlan } from './plan.js';

/** The job of an engine: a lake, what to do, and where to put the result. */
export interface Job {
  lake: Lake;
  plan: DerivationPlan;
  signal?: AbortSignal;
  /** `done` of `total` parts are finished; `what` is the one that begins. */
  onProgress?: (done: number, total: number, what: string) => void;
}

/**
 * What runs the derivation. It leaves in the lake the step rows of each batch as Parquet in its `batchFolder`, with an
 * empty `successMark` beside them when they are whole, and the `resultFolder` of `steps` and of `cycles` for the tests
 * that are numbered. It writes nowhere else but in the lake's work folder.
 */
export interface Engine {
  name: 'duckdb' | 'spark';
  derive(job: Job): Promise<void>;
}

/** The derivation was interrupted; what it has finished is kept for the next one. */
export class DerivationInterrupted extends Error {
  constructor() {
    super('interrupted; the same command goes on from here');
  }
}

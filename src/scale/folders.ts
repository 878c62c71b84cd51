import { join } from 'node:path';
import type { Place } from '../export/index.js';

/** What was derived: complete, replaced as a whole. */
export const derivedFolder = 'derived';

/** What a derivation has done so far; gone when it has succeeded. Names begin with a dot where engines are not to look. */
export const workFolder = '.derive';

/** Folder of a finished batch of records, and the note that says which tests it holds. */
export const batchFolder = (print: string) => `${workFolder}/step_rows/${print}`;
export const batchNotes = `${workFolder}/batches`;
export const batchNote = (print: string) => `${batchNotes}/${print}.json`;

/** What an engine leaves of a table for the tests that it has numbered. */
export const resultFolder = (table: string) => `${workFolder}/result/${table}`;

/** A file beside others by which an engine says that they are whole. */
export const successMark = '_SUCCESS';

/** Where a derivation keeps on this machine what the cluster need not see. */
export interface LocalFolders {
  lock: string;
  work: string;
  /** For DuckDB to spill into. */
  scratch: string;
  /** The script for Spark, and its log. */
  spark: string;
  /** The next derivation while it is put together. */
  next: string;
}

export function localFolders({ here }: Place): LocalFolders {
  const work = join(here, workFolder);
  return {
    lock: join(here, '.derive.lock'),
    work,
    scratch: join(work, 'scratch'),
    spark: join(work, 'spark'),
    next: join(work, 'next'),
  };
}

import { join } from 'node:path';
import type { Place } from '../export/index.js';

/** The complete derivation; it is replaced as a whole. */
export const derivedFolder = 'derived';

/** What a derivation has done so far; removed after success. Names begin with a dot where engines should not read. */
export const workFolder = '.derive';

/** Folder of a finished batch of records, and the note that says which tests it holds. */
export const batchFolder = (print: string) => `${workFolder}/step_rows/${print}`;
export const batchNotes = `${workFolder}/batches`;
export const batchNote = (print: string) => `${batchNotes}/${print}.json`;

/** Result of an engine for one table and the tests that it has numbered. */
export const resultFolder = (table: string) => `${workFolder}/result/${table}`;

/** A file by which an engine marks other files as complete. */
export const successMark = '_SUCCESS';

/** Local folder of a derivation for files that the cluster does not need. */
export interface LocalFolders {
  lock: string;
  work: string;
  /** For DuckDB to spill into. */
  scratch: string;
  /** The script for Spark, and its log. */
  spark: string;
  /** The next derivation while it is being assembled. */
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

import { join } from 'node:path';

/** Where a derivation keeps its things inside the lake. */
export interface LakeFolders {
  /** What was derived: complete, replaced as a whole. */
  derived: string;
  /** The one before, for as long as the exchange takes. */
  before: string;
  /** What a derivation has done so far; gone when it has succeeded. */
  work: string;
  lock: string;
}

/** Names begin with a dot where engines are not to look. */
export function lakeFolders(lake: string): LakeFolders {
  return {
    derived: join(lake, 'derived'),
    before: join(lake, '.derived-before'),
    work: join(lake, '.derive'),
    lock: join(lake, '.derive.lock'),
  };
}

/** Folder of a finished batch of records below the work folder, and the note that says which tests it holds. */
export const batchFolder = (print: string) => `step_rows/${print}`;
export const batchNote = (print: string) => `batches/${print}.json`;

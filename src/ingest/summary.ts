import type { MovedFile } from '../store/moved.js';
import type { DoneRepair } from './audit/make-repairs.js';
import type { UnreadablePath } from './bytes/discover.js';
import type { FileOutcome } from './file-context.js';
import type { EmptiedFolder } from './ledger/presence.js';

/** What a run of `ingest` did. */
export interface IngestSummary {
  outcomes: FileOutcome[];
  /** Files whose bytes did not change since they were read. */
  unchanged: number;
  /** Files that are missing for the first time in this run; their data are kept. */
  vanished: string[];
  /** Files that have another path now. */
  moved: MovedFile[];
  /** Folders that had files and are empty now: most often a share that is not mounted. */
  emptied: EmptiedFolder[];
  /** What is not a regular file, and links to what was already read. */
  skipped: UnreadablePath[];
  /** Files that are back, unchanged, after they were missing. */
  returned: string[];
  /** Files left for the next run because they changed while they were read. */
  postponed: { path: string; message: string }[];
  unreadable: UnreadablePath[];
  /** Repairs that were requested with `--repair`. */
  repaired: DoneRepair[];
  /** What concerns the run as a whole, in words. */
  notices: string[];
  /** Whether readers see everything that is stored. */
  isPublished: boolean;
  hasTrouble: boolean;
}

import type { MovedFile } from '../store/moved.js';
import type { DoneRepair } from './audit/mend.js';
import type { UnreadablePath } from './bytes/discover.js';
import type { FileOutcome } from './file-context.js';
import type { EmptiedFolder } from './ledger/presence.js';

/** What a run of `ingest` did. */
export interface IngestSummary {
  outcomes: FileOutcome[];
  /** Files whose bytes did not change since they were read. */
  unchanged: number;
  /** Files that this run was the first to miss; their data are kept. */
  vanished: string[];
  /** Files that are under another path now. */
  moved: MovedFile[];
  /** Folders that had files and hold nothing now: most often a share that is not mounted. */
  emptied: EmptiedFolder[];
  /** What is no regular file, and links to what was read already. */
  skipped: UnreadablePath[];
  /** Files that are there again, unchanged, after they had been missed. */
  returned: string[];
  /** Files left for the next run because they changed while they were read. */
  postponed: { path: string; message: string }[];
  unreadable: UnreadablePath[];
  /** Repairs that `repair` asked for. */
  mended: DoneRepair[];
  /** What concerns the run as a whole, in words. */
  notices: string[];
  /** Whether readers see all that is stored. */
  isPublished: boolean;
  hasTrouble: boolean;
}

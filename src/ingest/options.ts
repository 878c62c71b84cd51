import type { FoundFile } from './bytes/discover.js';
import type { IngestEvent } from './events.js';
import type { FileOutcome } from './file-context.js';
import type { FindingCode } from './findings.js';
import type { Format } from './formats/index.js';
import type { DateOrder } from './sniff/clock.js';

/** Where and how a run of `ingest` stores what it reads. */
export interface IngestOptions {
  /** Path of the snapshot people open. */
  database: string;
  /** Folder of the lab's metadata; absent: beside the exports, else where it was last time. */
  lab?: string | undefined;
  format?: Format | undefined;
  dateOrder?: DateOrder | undefined;
  supersede?: boolean | undefined;
  /** Read files again that are stored, with the settings as they are now. */
  reread?: boolean | undefined;
  /** Codes of findings whose proposed repair is requested, also in files that were read before. */
  repair?: readonly FindingCode[] | undefined;
  waitSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  /** The command line, for the lock and the record of the run. */
  command?: string | undefined;
  /** Whether a file may be read now; otherwise it is left for a later run. Absent: all may. */
  isReady?: ((file: FoundFile) => boolean) | undefined;
  /** Whether to publish the outcome at once. Absent: yes. */
  publish?: boolean | undefined;
  /** Called once, with how much there is to read. */
  onStart?(total: { files: number; bytes: number }): void;
  /** Called with the number of bytes read since the last call. */
  onBytes?(count: number): void;
  /** Called when a file was read; its outcome follows with its batch. */
  onStored?(path: string): void;
  /** Called with what became of each file, in order. */
  onFile?(outcome: FileOutcome): void;
  /** Called with every event that is also written to the log. */
  onEvent?(event: IngestEvent): void;
}

import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Where an export lies: a folder, or an address in an object store. Paths are below it, with forward slashes; `''` is
 * all of it. What cannot be read or written is a storage error that names the place.
 */
export interface Place {
  /** As messages name it: the folder's path, or the address. */
  readonly name: string;
  /** A folder of this machine for what belongs to the place but is nobody else's: locks, logs, files in the making. */
  readonly here: string;
  /** Whether single files can be removed. An object store is cleared folder by folder. */
  readonly removesFiles: boolean;
  /** What DuckDB calls a file or folder of it. */
  at(path: string): string;
  /** Makes a connection able to read and write there. */
  reach(connection: DuckDBConnection): Promise<void>;
  /** Whether nothing is there at all. */
  isEmpty(): Promise<boolean>;
  /** The files below a folder and their sizes in bytes; none where it is not there. */
  list(folder: string): Promise<Map<string, number>>;
  /** The text of a file; undefined where it is not there. */
  readText(path: string): Promise<string | undefined>;
  /** Writes a text; it appears complete or not at all. */
  writeText(path: string, text: string): Promise<void>;
  /** A file of this machine to write to before it is `put` at the path. */
  stage(path: string): Promise<string>;
  /** Moves a staged file to its path, where it appears complete or not at all. */
  put(staged: string, path: string): Promise<void>;
  /** A file of this machine with the content of a file there. */
  fetch(path: string): Promise<string>;
  /** Removes one file, and folders that it leaves empty. */
  removeFile(path: string): Promise<void>;
  /** Removes a folder and everything below it. */
  clear(folder: string): Promise<void>;
  /** Makes an empty folder that files can be written into. */
  renew(folder: string): Promise<void>;
  /** Puts a folder of this machine in the place of one there; `last` is the file by which it counts as complete. */
  exchange(local: string, folder: string, last: string): Promise<void>;
  /** Makes good an exchange of that folder that was cut short. */
  mend(folder: string): Promise<void>;
  /** An error of an engine that worked there, in words where it has none. */
  explain(error: unknown): unknown;
  close(): void;
}

import { writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * The place of an export: a folder, or an address in an object store. Paths are below it, with forward slashes; `''`
 * is all of it. An object store that cannot be read or written is a storage error that names it.
 */
export interface Place {
  /** Its name in messages: the path of the folder, or the address. */
  readonly name: string;
  /** Its address for an engine that would look for a plain path in its own file system. */
  readonly url: string;
  /** A local folder for what belongs to the place but is private: locks, logs, files that are being written. */
  readonly here: string;
  /** Whether a file can be removed from among others. An object store is cleared folder by folder. */
  readonly removesFiles: boolean;
  /** The name by which DuckDB opens a file or folder of it. */
  at(path: string): string;
  /** Makes a connection able to read and write there. */
  reach(connection: DuckDBConnection): Promise<void>;
  /** Whether it is empty or does not exist. */
  isEmpty(): Promise<boolean>;
  /** The files below a folder and their sizes in bytes; none where the folder does not exist. */
  list(folder: string): Promise<Map<string, number>>;
  /** The text of a file; undefined where it does not exist. */
  readText(path: string): Promise<string | undefined>;
  /** A local file to write to before it is `put` at the path. */
  stage(path: string): Promise<string>;
  /** Moves a staged file to its path, where it appears complete or not at all. */
  put(staged: string, path: string): Promise<void>;
  /** A local file with the content of a file there. */
  fetch(path: string): Promise<string>;
  /**
   * Clears the folder for a file that is to be alone in it, where the file it replaces cannot be removed afterwards.
   */
  makeRoom(path: string): Promise<void>;
  /** Removes files and folders that this leaves empty. An object store clears folders that hold none of the `kept` files. */
  remove(paths: readonly string[], kept: readonly string[]): Promise<void>;
  /** Removes a folder and everything below it. */
  clear(folder: string): Promise<void>;
  /** Makes an empty folder that files can be written into. */
  renew(folder: string): Promise<void>;
  /** Replaces a folder there by a local one; `last` is the file by which it counts as complete. */
  exchange(local: string, folder: string, last: string): Promise<void>;
  /** Finishes, or takes back, an interrupted replacement of that folder. */
  restore(folder: string): Promise<void>;
  /** An error of an engine that worked there, with words where it has none. */
  explain(error: unknown): unknown;
  close(): void;
}

/** Writes a text; it appears complete or not at all. */
export async function writeText(place: Place, path: string, text: string): Promise<void> {
  const staged = await place.stage(path);
  await writeFile(staged, text);
  await place.put(staged, path);
}

import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openWritable } from '../src/store/connection.js';
import { layEmpty } from '../src/store/empty.js';
import { databasePaths } from '../src/store/paths.js';
import { noteSeen } from '../src/store/seen.js';

let made: Promise<string> | undefined;

/** Path of a database with the schema and no rows, to be copied: making one takes longer than most tests. */
export function emptyDatabase(): Promise<string> {
  made ??= (async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'cellar-empty-')), 'empty.duckdb');
    await layEmpty(path);
    return path;
  })();
  return made;
}

/** Opens a database of the test's own with the schema and no rows; the folder of the run takes it along at the end. */
export async function openEmptyDatabase(): Promise<Database> {
  const path = join(mkdtempSync(join(tmpdir(), 'cellar-opened-')), 'empty.duckdb');
  copyFileSync(await emptyDatabase(), path);
  const database = await openWritable(path);
  // Nobody opens it again, and to bring its file up to date takes as long as to open it.
  await database.connection.run('PRAGMA disable_checkpoint_on_shutdown');
  return database;
}

/** Puts the writer of a database where the next run looks for it, as a run leaves it that stored nothing. */
export async function layEmptyWriter(database: string): Promise<void> {
  const paths = databasePaths(database);
  mkdirSync(paths.folder, { recursive: true });
  copyFileSync(await emptyDatabase(), paths.writer);
  await noteSeen(paths, false);
}

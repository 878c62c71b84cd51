import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { insertRows, openWritable, type SqlRow } from '../../src/store/connection.js';
import { createSchema } from '../../src/store/schema.js';
import { projectRoot } from '../shared-data.js';

const program = join(projectRoot, 'bin', 'cellar.js');
if (!existsSync(join(projectRoot, 'dist', 'cli', 'main.js'))) {
  throw new Error('these tests run the built program: npm run build');
}

export interface RunOptions {
  cwd?: string;
  input?: string;
  env?: Record<string, string>;
}

/** The environment of a user who has set nothing of Cellar's. */
function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { CELLAR_DB: _db, NO_COLOR: _color, ...inherited } = process.env;
  return { ...inherited, ...more };
}

/** Runs `cellar` as a user would. */
export function cellar(args: string[], { cwd, input, env }: RunOptions = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    input: input ?? '',
    env: environment(env),
    maxBuffer: 1 << 28,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** The same with binary output. */
export function cellarBytes(args: string[]): SpawnSyncReturns<Buffer> {
  return spawnSync(process.execPath, [program, ...args], { env: environment(), maxBuffer: 1 << 28 });
}

/** How to start `cellar` for tests that talk to the running process. */
export const command = { file: process.execPath, program, environment };

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a database with the schema, the given rows and what the statements add. */
export async function makeDatabase(
  path: string,
  rows: Record<string, SqlRow[]> = {},
  statements: string[] = [],
): Promise<string> {
  const database = await openWritable(path);
  try {
    await createSchema(database.connection);
    for (const [table, given] of Object.entries(rows)) await insertRows(database.connection, table, given);
    for (const statement of statements) await database.connection.run(statement);
    await database.connection.run('CHECKPOINT');
  } finally {
    database.close();
  }
  return path;
}

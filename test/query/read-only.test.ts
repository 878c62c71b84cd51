import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openForQueries } from '../../src/query/open.js';
import { runQuery } from '../../src/query/run.js';
import type { Database } from '../../src/store/connection.js';
import { cellar, makeDatabase, temporaryFolder } from '../cli/run.js';
import { attemptsIn } from './attempts.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');
const secret = join(folder, 'secret.csv').replaceAll('\\', '/');
const written = join(folder, 'written').replaceAll('\\', '/');

const attempts = attemptsIn({ folder: folder.replaceAll('\\', '/'), secret, written });

/** The same refusals hold where reading files is allowed, but for those that only read. */
const writingAttempts = attempts.filter(
  (sql) => !/^SELECT \* FROM ('|read_|sniff|parquet_metadata|glob)/.test(sql),
);

const hash = () => createHash('sha256').update(readFileSync(db)).digest('hex');

let before: string;
let database: Database;

beforeAll(async () => {
  await makeDatabase(db, { cells: [{ cell_id: 'A1' }, { cell_id: 'A2' }] });
  writeFileSync(secret, 'a,b\n1,2\n');
  before = hash();
  database = await openForQueries(db);
  return () => database.close();
});

async function outcome(on: Database, sql: string): Promise<unknown> {
  try {
    const result = await runQuery(on.connection, sql);
    for await (const chunk of result.chunks) void chunk;
    return 'was let through';
  } catch (error) {
    return error;
  }
}

describe('a query', () => {
  it.each(attempts)('is refused with one clear sentence: %s', async (sql) => {
    const refusal = (await outcome(database, sql)) as Error & { exitCode?: number };
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal.exitCode).toBe(2);
    expect(refusal.message.split('\n')[0]).toMatch(/^[^\n]{5,200}$/);
    expect(refusal.message).not.toMatch(/Permission Error|Invalid Input Error|configuration option/);
  });

  it.each([
    'SELECT * FROM cells',
    'FROM cells',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    '(SELECT 1) UNION ALL (SELECT 2)',
    'VALUES (1)',
    'TABLE cells',
    'DESCRIBE cells',
    'SUMMARIZE cells',
    'SHOW TABLES',
    "PRAGMA table_info('cells')",
    'EXPLAIN SELECT * FROM cells',
    'EXPLAIN ANALYZE SELECT * FROM cells',
    'PIVOT cells ON cell_id USING count(*)',
    'CREATE TEMP TABLE mine AS SELECT 1 AS a; SELECT a FROM mine',
    '-- first\nCREATE TEMP TABLE mine3 AS SELECT 1 AS a; /* then */ SELECT a FROM mine3',
    'CREATE OR REPLACE TEMP VIEW mine2 AS SELECT 1 AS a; SELECT a FROM mine2',
    'CREATE TEMP MACRO twice(x) AS 2 * x; SELECT twice(21)',
    "SELECT 'COPY cells TO ''x'''",
    'SELECT 1 AS query',
    'SELECT 1; -- and no more;',
  ])('may be: %s', async (sql) => expect(await outcome(database, sql)).toBe('was let through'));

  it('leaves the database as it was, byte for byte, and writes no file', () => {
    expect(hash()).toBe(before);
    expect(existsSync(written)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['lab.duckdb', 'secret.csv']);
  });
});

describe('with --allow-files', () => {
  it('reads files', () => {
    const { status, stdout } = cellar([
      'query',
      `SELECT b FROM read_csv('${secret}')`,
      '--db',
      db,
      '--allow-files',
    ]);
    expect([status, stdout]).toEqual([0, 'b\n2\n']);
  });

  it('reads files named relative to the working folder', () => {
    const { stdout } = cellar(['query', "SELECT b FROM 'secret.csv'", '--db', db, '--allow-files'], {
      cwd: folder,
    });
    expect(stdout).toBe('b\n2\n');
  });

  it('still writes nothing', async () => {
    const open = await openForQueries(db, { allowFiles: true });
    try {
      for (const sql of writingAttempts)
        expect([sql, await outcome(open, sql)]).not.toContain('was let through');
    } finally {
      open.close();
    }
    expect(existsSync(written)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['lab.duckdb', 'secret.csv']);
  });
});

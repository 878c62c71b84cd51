import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openForQueries } from '../../src/query/open.js';
import { runQuery } from '../../src/query/run.js';
import type { Database } from '../../src/store/connection.js';
import { cellar, makeDatabase, temporaryFolder } from '../cli/run.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');
const secret = join(folder, 'secret.csv').replaceAll('\\', '/');
const written = join(folder, 'written').replaceAll('\\', '/');

/** Everything that writes, reads other files, reaches the network, or changes how the database runs. */
const attempts = [
  "INSERT INTO cells (cell_id) VALUES ('x')",
  "UPDATE cells SET material_id = 'x'",
  'DELETE FROM cells',
  'TRUNCATE cells',
  'DROP TABLE cells',
  'ALTER TABLE cells ADD COLUMN x INTEGER',
  'CREATE TABLE x (a INTEGER)',
  'CREATE OR REPLACE TABLE cells (a INTEGER)',
  'CREATE VIEW x AS SELECT 1',
  'CREATE SCHEMA x',
  'CREATE SEQUENCE x',
  'CREATE INDEX x ON cells (cell_id)',
  'CREATE TEMP SECRET x (TYPE s3)',
  'CREATE PERSISTENT SECRET x (TYPE s3)',
  "COMMENT ON TABLE cells IS 'x'",
  'MERGE INTO cells USING cells AS other ON true WHEN MATCHED THEN DELETE',
  "WITH x AS (SELECT 'x' AS id) INSERT INTO cells (cell_id) SELECT id FROM x",
  `COPY cells TO '${written}'`,
  `COPY (SELECT 1) TO '${written}'`,
  `COPY cells FROM '${secret}'`,
  `EXPLAIN ANALYZE COPY (SELECT 1) TO '${written}'`,
  `EXPLAIN (ANALYZE) COPY (SELECT 1) TO '${written}'`,
  `/* c */ EXPLAIN /* c */ ANALYZE -- c\n COPY (SELECT 1) TO '${written}'`,
  `EXPORT DATABASE '${written}'`,
  `IMPORT DATABASE '${folder.replaceAll('\\', '/')}'`,
  `ATTACH '${written}' AS x`,
  "ATTACH ':memory:' AS x",
  'DETACH lab',
  'USE lab',
  'INSTALL httpfs',
  'LOAD httpfs',
  'UPDATE EXTENSIONS',
  "SET memory_limit = '1GB'",
  'SET lock_configuration = false',
  'SET enable_external_access = true',
  'SET VARIABLE x = 1',
  'RESET memory_limit',
  "PRAGMA memory_limit = '1GB'",
  'PRAGMA enable_profiling',
  'PRAGMA enable_progress_bar',
  "PRAGMA add_parquet_key('key', '1234567890123456')",
  `PRAGMA import_database('${folder.replaceAll('\\', '/')}')`,
  'CALL enable_logging()',
  `CALL enable_logging(storage = 'file', storage_config = {'path': '${written}'})`,
  'SELECT * FROM enable_logging()',
  'SELECT * FROM "enable_logging"()',
  'SELECT * FROM main.Enable_Logging /* c */ ()',
  'SELECT * FROM enable_profiling()',
  'SELECT * FROM force_checkpoint()',
  'SELECT * FROM truncate_duckdb_logs()',
  "SELECT write_log('x')",
  "SELECT * FROM query('SELECT * FROM enable_logging()')",
  "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM enable_logging()'))",
  'CREATE TEMP MACRO m() AS TABLE SELECT * FROM enable_logging(); SELECT * FROM m()',
  'CHECKPOINT',
  'FORCE CHECKPOINT',
  'VACUUM',
  'ANALYZE',
  'BEGIN',
  'COMMIT',
  'PREPARE p AS SELECT 1',
  'EXECUTE p',
  `SELECT * FROM '${secret}'`,
  `SELECT * FROM read_csv('${secret}')`,
  `SELECT * FROM read_text('${secret}')`,
  `SELECT * FROM read_blob('${secret}')`,
  `SELECT * FROM read_json('${secret}')`,
  `SELECT * FROM read_parquet('${secret}')`,
  `SELECT * FROM sniff_csv('${secret}')`,
  `SELECT * FROM parquet_metadata('${secret}')`,
  `SELECT * FROM glob('${folder.replaceAll('\\', '/')}/*')`,
  "SELECT * FROM 'https://example.org/x.parquet'",
  "SELECT * FROM read_csv('https://example.org/x.csv')",
  'SELECT 1; SELECT 2',
];

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

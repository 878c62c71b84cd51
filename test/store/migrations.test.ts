import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReadOnly, openWritable, select } from '../../src/store/connection.js';
import { databasePaths } from '../../src/store/paths.js';
import { schemaVersion } from '../../src/store/schema.js';
import { tables } from '../../src/store/tables/index.js';
import { cellar } from '../cli/run.js';
import { layEmptyWriter } from '../empty-database.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory } from '../ingest/laboratory.js';
import { projectRoot } from '../shared-data.js';

/** What a laboratory stored with an older Cellar stays, as it was, under the newer one. */

const schemas = join(projectRoot, 'test', 'store', 'schemas');
const versions = readdirSync(schemas).map((name) => Number(/^version-(\d+)\.sql$/.exec(name)?.[1]));

const older = versions.filter((version) => version < schemaVersion);

/** A database of today with something in most tables. */
let today: Laboratory;
beforeAll(async () => {
  today = new Laboratory();
  today.write('cells.csv', 'cell_id,cell_type\nA-01,full\n');
  today.write('A-01.csv', arbinCsv(cyclingRecords()));
  today.write('pellet.z', readFileSync(join(projectRoot, 'sample-data', 'lab', 'zplot', 'LPSC-04_25degC.z')));
  today.write('empty.csv', '');
  await today.ingest();
});
afterAll(() => today.remove());

/** The writer of a laboratory as the Cellar of that version would have left it, with today's rows. */
async function makeOld(version: number, sql: string, database: string): Promise<void> {
  const { writer } = databasePaths(database);
  mkdirSync(dirname(writer), { recursive: true });
  const old = await openWritable(writer);
  try {
    await old.connection.run(sql);
    await old.connection.run(`ATTACH '${today.database}' AS today (READ_ONLY)`);
    const present = await select<{ name: string; columns: string }>(
      old.connection,
      `SELECT table_name AS name, string_agg('"' || column_name || '"', ', ' ORDER BY column_index) AS columns
       FROM duckdb_columns() WHERE NOT internal AND database_name <> 'today' AND table_name <> 'meta' GROUP BY ALL`,
    );
    for (const { name, columns } of present) {
      await old.connection.run(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM today.${name}`);
    }
    await old.connection.run(`INSERT INTO meta VALUES ('schema_version', '${version}')`);
  } finally {
    old.close();
  }
}

/** What an older Cellar did not note, and nothing stored tells: what a file was read with, the values of a finding. */
const unknownBefore3: Record<string, string> = { files: 'read_with', findings: 'message_values' };

async function expectMigrated(path: string, version: number): Promise<void> {
  const { connection, close } = await openReadOnly(path);
  await connection.run(`ATTACH '${today.database}' AS today (READ_ONLY)`);
  const columns = await select<{ table_name: string; names: string }>(
    connection,
    `SELECT table_name, string_agg(column_name, ' ' ORDER BY column_index) AS names FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal GROUP BY table_name`,
  );
  const found = new Map(columns.map(({ table_name, names }) => [table_name, names]));
  for (const table of tables) {
    expect(found.get(table.name), table.name).toBe(table.columns.map(({ name }) => name).join(' '));
  }
  expect(await select(connection, "SELECT value FROM meta WHERE key = 'schema_version'")).toEqual([
    { value: String(schemaVersion) },
  ]);
  for (const name of [
    'tests',
    'measurements',
    'steps',
    'cycles',
    'spectra',
    'impedance',
    'findings',
    'files',
  ]) {
    // Records are read in the order they are stored; of the other tables the order means nothing.
    const order = name === 'measurements' ? '' : 'ORDER BY ALL';
    const which = `WHERE ${name === 'files' ? 'file_id <= 3' : 'true'} ${order}`;
    const unknown = version < 3 ? unknownBefore3[name] : undefined;
    const expected = unknown === undefined ? '*' : `* REPLACE (NULL::JSON AS ${unknown})`;
    expect(await select(connection, `SELECT * FROM ${name} ${which}`), name).toEqual(
      await select(connection, `SELECT ${expected} FROM today.${name} ${which}`),
    );
  }
  close();
}

describe('a database of an older schema version', () => {
  it('is known for every version up to this one', () => {
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: schemaVersion }, (_, at) => at + 1));
  });

  it('is written down for this version as its tables are (`npm run generate`)', async () => {
    const { frozenSchema } = (await import(join(projectRoot, 'scripts', 'freeze-schema.js'))) as {
      frozenSchema(): string;
    };
    const written = readFileSync(join(schemas, `version-${schemaVersion}.sql`), 'utf8');
    expect(written.replaceAll('\r\n', '\n')).toBe(frozenSchema());
  });

  it.each(older)('version %i: everything stays, and what is new is taken', async (version) => {
    const lab = new Laboratory();
    try {
      await makeOld(version, readFileSync(join(schemas, `version-${version}.sql`), 'utf8'), lab.database);
      const summary = await lab.ingest(
        lab.write('B-02.csv', arbinCsv(cyclingRecords({ current: 1.2 })).replaceAll('2026', '2024')),
      );
      expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested']);
      expect((await lab.rows('SELECT test_id FROM tests')).length).toBe(2);
    } finally {
      lab.remove();
    }
  });

  it.each(older)('version %i: has the tables of today afterwards, with the same rows', async (version) => {
    const lab = new Laboratory();
    try {
      await makeOld(version, readFileSync(join(schemas, `version-${version}.sql`), 'utf8'), lab.database);
      await lab.ingest();
      await expectMigrated(lab.database, version);
    } finally {
      lab.remove();
    }
  });

  it.each([
    ['of the version before', schemaVersion - 1],
    // As one that was made while this version was not yet released.
    ['of this version, made of other tables', schemaVersion],
  ])(
    '%s: gets a column in the middle of a table, and keeps its rows in their order',
    async (_what, version) => {
      const lab = new Laboratory();
      try {
        const sql = readFileSync(join(schemas, `version-${schemaVersion}.sql`), 'utf8')
          .replace('  "sha256" VARCHAR,\n', '')
          .replace('  "channel" VARCHAR,\n', '');
        await makeOld(version, sql, lab.database);
        await lab.ingest();
        const paths = await lab.rows('SELECT file_id, path, sha256 FROM files WHERE file_id <= 3');
        expect(paths).toEqual(await today.rows('SELECT file_id, path, NULL::VARCHAR AS sha256 FROM files'));
      } finally {
        lab.remove();
      }
    },
  );
});

it('a database of a newer version is refused, and left as it is', async () => {
  const lab = new Laboratory();
  try {
    await layEmptyWriter(lab.database);
    const { writer } = databasePaths(lab.database);
    const newer = await openWritable(writer);
    await newer.connection.run("UPDATE meta SET value = '99' WHERE key = 'schema_version'");
    newer.close();
    const before = readFileSync(writer);
    const { status, stderr } = cellar(['ingest', lab.exports, '--db', lab.database]);
    expect(status).toBe(2);
    expect(stderr).toContain(`schema version 99, this Cellar knows up to ${schemaVersion}`);
    expect(stderr).toContain('install the newer Cellar');
    expect(readFileSync(writer).equals(before)).toBe(true);
  } finally {
    lab.remove();
  }
});

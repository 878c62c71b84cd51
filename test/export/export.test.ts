import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportManifest } from '../../src/export/index.js';
import { openInMemory, openWritable, type SqlRow, select } from '../../src/store/connection.js';
import { schemaVersion } from '../../src/store/schema.js';
import { cellar, command, makeDatabase, temporaryFolder } from '../cli/run.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');

const test = (test_id: number, more: SqlRow): SqlRow => ({
  test_id,
  file_id: test_id,
  current_direction: 'known',
  counter_scope: 'step',
  started_at: new Date(Date.UTC(2026, 0, 14, 16, 22, 8)),
  ...more,
});

/** Ten minutes of charge in two steps, one record a minute. */
function records(test_id: number, more: (index: number) => SqlRow = () => ({})): SqlRow[] {
  return Array.from({ length: 10 }, (_, index) => ({
    test_id,
    record_index: index + 1,
    test_time_second: index * 60,
    unix_time_second: 1_768_407_728 + index * 60,
    step_count: index < 5 ? 1 : 2,
    current_ampere: 0.001,
    voltage_volt: 3 + index / 100,
    charging_capacity_ah: ((index % 5) * 0.001) / 60,
    discharging_capacity_ah: 0,
    ...more(index),
  }));
}

beforeAll(async () => {
  await makeDatabase(db, {
    materials: [{ material_id: 'M1' }, { material_id: 'M2' }],
    cells: [
      { cell_id: 'A 1/x', material_id: 'M1' },
      { cell_id: 'B2', material_id: 'M2' },
    ],
    files: [1, 2, 3, 4].map((file_id) => ({ file_id, path: `f${file_id}.csv` })),
    test_files: [1, 2, 3, 4].map((id) => ({
      test_id: id,
      file_id: id,
      first_record_index: 1,
      first_line: 2,
    })),
    tests: [
      test(1, { cell_id: 'A 1/x' }),
      test(2, { cell_id: 'B2', counter_scope: 'test' }),
      test(3, { cell_id: null, current_direction: 'unknown' }),
      test(4, { cell_id: 'B2', started_at: null }),
    ],
    measurements: [
      ...records(1),
      ...records(2, () => ({ ambient_temperature_celsius: 25 })),
      ...records(3),
      ...records(4, () => ({ current_ampere: null })),
    ],
    steps: [1, 2, 3, 4].flatMap((test_id) => [
      { test_id, step_count: 1, cycle_count: 1, step_type: 'charge', first_record_index: 1 },
      { test_id, step_count: 2, cycle_count: 2, step_type: 'charge', first_record_index: 6 },
    ]),
    cycles: [1, 2, 3, 4].flatMap((test_id) =>
      [1, 2].map((count) => ({
        test_id,
        cycle_count: count,
        cell_cycle: test_id === 3 ? null : count + (test_id === 4 ? 2 : 0),
      })),
    ),
  });
});

const readManifest = (directory: string) =>
  JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as ExportManifest;
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const filesBelow = (directory: string) =>
  (readdirSync(directory, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function query<Row>(sql: string): Promise<Row[]> {
  const memory = await openInMemory();
  try {
    return await select<Row>(memory.connection, sql);
  } finally {
    memory.close();
  }
}

async function change(...statements: string[]): Promise<void> {
  const database = await openWritable(db);
  for (const statement of statements) await database.connection.run(statement);
  await database.connection.run('CHECKPOINT');
  database.close();
}

const run = (directory: string, ...args: string[]) => {
  const { status, stdout, stderr } = cellar(['export', directory, '--db', db, '--json', ...args]);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as {
    written: string[];
    unchanged: string[];
    removed: string[];
    skipped: object[];
  };
};

describe('export as Parquet', () => {
  const lake = join(folder, 'lake');

  it('gives every measurement back, with its cell and test from the folder', async () => {
    run(lake);
    const back = await query<{ cell_id: string | null; test_id: number; n: number; volts: number }>(
      `SELECT cell_id, test_id, count(*) AS n, sum(voltage_volt) AS volts
       FROM read_parquet('${lake}/measurements/**/*.parquet', hive_partitioning = true)
       GROUP BY ALL ORDER BY test_id`,
    );
    expect(back.map(({ cell_id, test_id, n }) => [cell_id, test_id, n])).toEqual([
      ['A 1/x', 1, 10],
      ['B2', 2, 10],
      // In `tests` its cell is null; a folder's name needs one that every tool reads as text.
      ['unassigned', 3, 10],
      ['B2', 4, 10],
    ]);
    expect(back[0]!.volts).toBeCloseTo(30.45, 12);
  });

  it('writes every other table, whose rows come back', async () => {
    expect(await query(`SELECT cell_id, material_id FROM '${lake}/cells.parquet' ORDER BY cell_id`)).toEqual([
      { cell_id: 'A 1/x', material_id: 'M1' },
      { cell_id: 'B2', material_id: 'M2' },
    ]);
    expect(await query(`SELECT count(*) AS n FROM '${lake}/steps.parquet'`)).toEqual([{ n: 8 }]);
  });

  it('has the views that people ask for as files, with keys, joins and units for tools', async () => {
    expect(await query(`SELECT DISTINCT cell_id FROM '${lake}/cell_cycles.parquet' ORDER BY ALL`)).toEqual([
      { cell_id: 'A 1/x' },
      { cell_id: 'B2' },
    ]);
    const curves = await query<{ test_id: number; n: number }>(
      `SELECT test_id, count(*) AS n FROM read_parquet('${lake}/voltage_curves/**/*.parquet', hive_partitioning = true)
       GROUP BY ALL ORDER BY ALL`,
    );
    expect(curves.map(({ test_id, n }) => [test_id, n]).slice(0, 2)).toEqual([
      [1, 10],
      [2, 10],
    ]);
    const { relations } = JSON.parse(readFileSync(join(lake, 'semantic.json'), 'utf8')) as {
      relations: {
        name: string;
        files: string[];
        primary_key: string[];
        joins: { to: string }[];
        columns: object[];
      }[];
    };
    const manifest = readManifest(lake);
    expect(new Set(relations.flatMap(({ files }) => files))).toEqual(
      new Set(manifest.files.map(({ path }) => path)),
    );
    const cycles = relations.find(({ name }) => name === 'cell_cycles')!;
    expect(cycles.primary_key).toEqual(['cell_id', 'cell_cycle']);
    expect(cycles.joins.map(({ to }) => to)).toEqual(['cells', 'materials', 'tests', 'cycles']);
    expect(cycles.columns).toContainEqual(expect.objectContaining({ name: 'cell_cycle', type: 'BIGINT' }));
    for (const { row_count, path } of manifest.files) {
      const [row] = await query<{ n: number }>(`SELECT count(*) AS n FROM '${lake}/${path}'`);
      expect([path, row!.n]).toEqual([path, row_count]);
    }
  });

  it('names the unit and meaning of each column in the file itself', async () => {
    const [file] = filesBelow(join(lake, 'measurements'));
    const rows = await query<{ key: string; value: string }>(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${file}')`,
    );
    const metadata = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
    expect(metadata['cellar.schema_version']).toBe(String(schemaVersion));
    expect(metadata['cellar.table']).toBe('measurements');
    expect(JSON.parse(metadata['cellar.columns']!).current_ampere.unit).toBe('A');
  });

  it('lists its files with their hashes', () => {
    const manifest = readManifest(lake);
    expect(manifest).toMatchObject({
      schema: 'cellar.export/1',
      format: 'parquet',
      cells: null,
      schema_version: schemaVersion,
    });
    const listed = manifest.files.map(({ path }) => join(lake, path)).sort();
    expect(listed).toEqual(
      filesBelow(lake)
        .filter((path) => !/(manifest|semantic)\.json$/.test(path))
        .sort(),
    );
    for (const { path, sha256: hash, size_bytes } of manifest.files) {
      expect(sha256(join(lake, path))).toBe(hash);
      expect(statSync(join(lake, path)).size).toBe(size_bytes);
    }
  });

  it('writes nothing when nothing has changed', () => {
    const before = filesBelow(lake)
      .map((file) => [file, statSync(file).mtimeMs])
      .filter(([file]) => !/(manifest|semantic)\.json$/.test(String(file)));
    const { written, removed, unchanged } = run(lake);
    expect([written, removed]).toEqual([[], []]);
    expect(unchanged).toHaveLength(before.length);
    for (const [file, time] of before) expect(statSync(String(file)).mtimeMs).toBe(time);
  });

  it('goes on after it was killed, and leaves nothing half-written', async () => {
    const lake = join(folder, 'killed');
    const { file, program, environment } = command;
    const child = spawn(file, [program, 'export', lake, '--db', db], { env: environment() });
    // Each file is told when it is there.
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(existsSync(join(lake, 'manifest.json'))).toBe(true);
    writeFileSync(join(lake, 'cells.parquet.4711.partial'), 'cut');
    run(lake);
    const fresh = join(folder, 'never killed');
    run(fresh);
    expect(readManifest(lake).files).toEqual(readManifest(fresh).files);
    const names = (directory: string) =>
      filesBelow(directory)
        .map((path) => path.slice(directory.length))
        .sort();
    expect(names(lake)).toEqual(names(fresh));
  });

  it('writes again what was lost or cut', () => {
    const [victim] = readManifest(lake).files;
    writeFileSync(join(lake, victim!.path), 'cut');
    expect(run(lake).written).toEqual([victim!.path]);
    expect(sha256(join(lake, victim!.path))).toBe(victim!.sha256);
  });

  it('writes only the test that changed, removes what that supersedes, and leaves other files alone', async () => {
    const foreign = join(lake, 'my notes.txt');
    writeFileSync(foreign, 'mine');
    await change('UPDATE measurements SET voltage_volt = 4 WHERE test_id = 2 AND record_index = 10');
    const { written, removed } = run(lake);
    const part = (of: string) =>
      expect.stringMatching(new RegExp(`^${of}/cell_id=B2/test_id=2/part-[0-9a-f]{16}\\.parquet$`));
    // Beside the records, what is made of them.
    expect(written).toEqual([
      part('measurements'),
      'dc_resistances.parquet',
      'pulses.parquet',
      part('voltage_curves'),
    ]);
    expect(removed).toEqual([part('measurements'), part('voltage_curves')]);
    expect(existsSync(join(lake, removed[0]!))).toBe(false);
    expect(await query(`SELECT max(voltage_volt) AS v FROM '${join(lake, written[0]!)}'`)).toEqual([
      { v: 4 },
    ]);
    expect(readFileSync(foreign, 'utf8')).toBe('mine');
  });

  it('moves a test whose cell became known, and removes the folder left empty', async () => {
    await change("UPDATE tests SET cell_id = 'B2' WHERE test_id = 3");
    const { written, removed } = run(lake);
    expect(written.find((path) => path.startsWith('measurements'))).toContain(
      'measurements/cell_id=B2/test_id=3/',
    );
    expect(removed.filter((path) => path.startsWith('measurements'))).toHaveLength(1);
    expect(existsSync(join(lake, 'measurements', 'cell_id=unassigned'))).toBe(false);
    await change('UPDATE tests SET cell_id = NULL WHERE test_id = 3');
  });

  it('keeps to the cells it is asked for, in every table', async () => {
    const one = join(folder, 'one-cell');
    run(one, '--cell', 'A 1/x');
    const count = async (path: string) =>
      (await query<{ n: number }>(`SELECT count(*) AS n FROM '${one}/${path}'`))[0]!.n;
    expect(await count('measurements/**/*.parquet')).toBe(10);
    for (const table of ['cells', 'tests', 'files', 'test_files', 'materials']) {
      expect([table, await count(`${table}.parquet`)]).toEqual([table, 1]);
    }
    expect(await count('steps.parquet')).toBe(2);
  });

  it.each([
    ['a folder with other files', () => [folder], /holds other files and no export/],
    [
      'another format',
      () => [lake, '--format', 'arrow'],
      /holds an export as parquet of all cells, not arrow/,
    ],
    ['other cells', () => [lake, '--cell', 'B2'], /of all cells, not parquet of B2/],
    [
      'a cell that is not there',
      () => [join(folder, 'new'), '--cell', 'B3'],
      /there is no cell B3\nDid you mean B2\?/,
    ],
  ])('refuses %s', (_, args, message) => {
    const { status, stderr } = cellar(['export', ...args(), '--db', db]);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('export as Arrow', () => {
  it('writes one file per test, with metadata', () => {
    const directory = join(folder, 'arrow');
    const { written } = run(directory, '--format', 'arrow');
    const path = written.find((name) => name.includes('test_id=1/'))!;
    const table = tableFromIPC(readFileSync(join(directory, path)));
    expect(table.numRows).toBe(10);
    expect([...table.getChild('record_index')!]).toEqual(
      Array.from({ length: 10 }, (_, index) => BigInt(index + 1)),
    );
    expect(table.getChild('ambient_temperature_celsius')!.nullCount).toBe(10);
    expect(table.schema.metadata.get('cellar.test_id')).toBe('1');
    expect(table.schema.metadata.get('cellar.cell_id')).toBe('A 1/x');
  });
});

describe('export as BDF', () => {
  const directory = join(folder, 'bdf');

  it('writes the required columns first, under the labels of the format', () => {
    const { written, skipped } = run(directory, '--format', 'bdf');
    expect(written).toEqual(['A-1-x__20260114_001.bdf.csv', 'B2__20260114_002.bdf.csv']);
    expect(skipped).toEqual([
      { test_id: 3, reason: 'nothing tells which way its current flows' },
      { test_id: 4, reason: 'some of its records have no current_ampere' },
    ]);
    const [head, first, ...rest] = readFileSync(join(directory, written[0]!), 'utf8').trimEnd().split('\n');
    expect(head).toBe(
      'Test Time / s,Voltage / V,Current / A,Unix Time / s,Cycle Count / 1,Step Count / 1,Record Index / 1,Step Charging Capacity / Ah,Step Discharging Capacity / Ah',
    );
    expect(first!.split(',').map(Number)).toEqual([0, 3, 0.001, 1_768_407_728, 1, 1, 1, 0, 0]);
    expect(rest).toHaveLength(9);
  });

  it('uses the plain capacity label only for counters that run over the whole test', () => {
    const head = readFileSync(join(directory, 'B2__20260114_002.bdf.csv'), 'utf8').split('\n')[0]!;
    expect(head).toContain(',Charging Capacity / Ah,');
    expect(head).toContain('Ambient Temperature / degC');
  });

  it('is written again when cycles are numbered anew, and only then', async () => {
    expect(run(directory, '--format', 'bdf').written).toEqual([]);
    await change('UPDATE steps SET cycle_count = 1 WHERE test_id = 1');
    expect(run(directory, '--format', 'bdf').written).toEqual(['A-1-x__20260114_001.bdf.csv']);
  });

  it('can be Parquet', async () => {
    const parquet = join(folder, 'bdf-parquet');
    run(parquet, '--format', 'bdf-parquet');
    expect(
      await query(
        `SELECT count(*) AS n, max("Test Time / s") AS t FROM '${parquet}/B2__20260114_002.bdf.parquet'`,
      ),
    ).toEqual([{ n: 10, t: 540 }]);
  });
});

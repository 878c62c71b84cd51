import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openReadOnly, openWritable, select } from '../../src/store/connection.js';
import { databasePaths } from '../../src/store/paths.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import {
  contents,
  copyDerived,
  copyLake,
  derive,
  deriveHere,
  differences,
  rows,
  run,
  sampleLab,
  storedEqually,
} from './laboratory.js';

/** Three cells of the sample laboratory: a test that goes on, a life over two tests, a short one; and a spectrum. */

const folder = temporaryFolder();
const lab = join(folder, 'lab');
const db = join(folder, 'lab.duckdb');
const lake = join(folder, 'lake');
/** A copy of the lake as it stays from the last of the changes on, derived anew and at once. */
const whole = join(folder, 'whole');

beforeAll(() => {
  for (const name of [
    'arbin/LRMO-02_Channel_4_Wb_1.CSV',
    'biologic/LRMO-03_cycling_01_GCPL_C02.mpt',
    'biologic/LRMO-03_cycling-resumed_01_GCPL_C02.mpt',
    'neware/LRMO-04_layer.csv',
    'zplot/LPSC-04_25degC.z',
    'cells.csv',
    'materials.csv',
    'conditions.csv',
    'cellar.toml',
  ])
    cpSync(join(sampleLab, name), join(lab, name), { recursive: true });
  run(['ingest', lab, '--db', db]);
  run(['export', lake, '--db', db]);
});

const derivedPart = (of: string) => contents(join(of, 'derived'));

/** Changes the database behind the snapshot, as an ingest would. */
async function change(...statements: string[]): Promise<void> {
  for (const path of [databasePaths(db).writer, db]) {
    const database = await openWritable(path);
    for (const statement of statements) await database.connection.run(statement);
    await database.connection.run('CHECKPOINT');
    database.close();
  }
}

describe('a lake derived by DuckDB', () => {
  it('has the steps and cycles that the ingest derived', async () => {
    const done = derive(lake, '--db', db);
    expect(done.read).toBeGreaterThan(3);
    expect(done).toMatchObject({ numbered: done.read, unchanged: 0, removed: 0, resumed: 0 });
    // The ingest derived a test that went on in two parts: sums may differ in their last digit, nothing else.
    const before = join(folder, 'before');
    mkdirSync(join(before, 'derived'), { recursive: true });
    for (const table of ['steps', 'cycles'] as const) {
      cpSync(join(lake, `${table}.parquet`), join(before, 'derived', `${table}.parquet`));
      expect(await differences(before, lake, table)).toEqual([]);
    }
  });

  it('knows a test that goes on: its last cycle is partial', async () => {
    const [last] = await rows(
      `SELECT c.label, c.is_complete FROM read_parquet('${lake}/derived/cycles.parquet') c
       JOIN read_parquet('${lake}/tests.parquet') t USING (test_id) WHERE cell_id = 'LRMO-02'
       ORDER BY cycle_count DESC LIMIT 1`,
    );
    expect(last).toEqual({ label: 'partial', is_complete: false });
  });

  it('brings them into the database, where it leaves what is the same already', async () => {
    const database = await openReadOnly(db);
    for (const table of ['steps', 'cycles'] as const)
      expect(await storedEqually(database.connection, lake, table)).toEqual([]);
    database.close();
    expect(derive(lake, '--db', db)).toMatchObject({ read: 0, numbered: 0, stored: { replaced: 0 } });
  });

  it('puts right what the database has wrong, and notes the run', async () => {
    await change(
      'UPDATE steps SET capacity_ah = 99 WHERE test_id = 1',
      'DELETE FROM cycles WHERE test_id = 2',
    );
    expect(derive(lake, '--db', db).stored).toEqual({ replaced: 2, isPublished: true });
    const database = await openReadOnly(db);
    expect(await select(database.connection, 'SELECT 1 FROM steps WHERE capacity_ah = 99')).toEqual([]);
    const runs = await select(database.connection, `SELECT parameters FROM runs WHERE command = 'derive'`);
    expect(runs.at(-1)).toEqual({ parameters: '{"engine":"duckdb","tests":2}' });
    database.close();
  });

  it('reads the records of a changed test only, and numbers the cell it belongs to', async () => {
    const before = await rows<{ test_id: number }>(
      `SELECT test_id FROM read_parquet('${lake}/tests.parquet') WHERE cell_id IS NOT NULL LIMIT 1`,
    );
    const test = before[0]!.test_id;
    await change(`UPDATE measurements SET voltage_volt = voltage_volt + 0.001 WHERE test_id = ${test}`);
    run(['export', lake, '--db', db]);
    const done = derive(lake, '--db', db);
    expect(done.read).toBe(1);
    expect(done.unchanged).toBeGreaterThan(0);
    expect(done.stored?.replaced).toBeGreaterThanOrEqual(1);
    const anew = copyLake(lake, join(folder, 'changed'));
    await deriveHere(anew);
    for (const table of ['steps', 'cycles'] as const)
      expect(await differences(anew, lake, table)).toEqual([]);
  });

  it('reads no record where only what is known of a cell changed', async () => {
    await change(`UPDATE cells SET nominal_capacity_mah = 1.01 * nominal_capacity_mah`);
    run(['export', lake, '--db', db]);
    const done = derive(lake, '--db', db);
    expect(done.read).toBe(0);
    expect(done.numbered).toBeGreaterThan(0);
    const anew = copyLake(lake, whole);
    await deriveHere(anew);
    for (const table of ['steps', 'cycles'] as const)
      expect(await differences(anew, lake, table)).toEqual([]);
  });

  it('refuses a lake that the database has left behind, and says which test', async () => {
    const stale = copyLake(lake, join(folder, 'stale'));
    await change('UPDATE measurements SET voltage_volt = voltage_volt + 0.001 WHERE test_id = 1');
    const { status, stderr } = cellar(['derive', '--lake', stale, '--db', db]);
    expect(status).toBe(2);
    expect(stderr).toContain('differs from what the database holds now: test 1');
    expect(stderr).toContain('cellar export');
    expect(existsSync(join(stale, 'derived'))).toBe(false);
    await change('UPDATE measurements SET voltage_volt = voltage_volt - 0.001 WHERE test_id = 1');
  });

  it('drops a test that the lake has no more, and leaves the others as they are', async () => {
    const smaller = copyDerived(whole, join(folder, 'smaller'));
    const before = await rows(`SELECT step_count FROM read_parquet('${smaller}/derived/steps.parquet')`);
    const manifest = JSON.parse(readFileSync(join(smaller, 'manifest.json'), 'utf8')) as {
      files: { table: string; test_id: number; path: string }[];
    };
    const gone = manifest.files.find(({ table }) => table === 'measurements')!;
    rmSync(join(smaller, gone.path));
    manifest.files = manifest.files.filter((file) => file !== gone);
    writeFileSync(join(smaller, 'manifest.json'), JSON.stringify(manifest));
    const done = await deriveHere(smaller);
    expect(done).toMatchObject({ read: 0, removed: 1 });
    expect(done.steps).toBeLessThan(before.length);
  });

  it('makes batches that are read one after the other and give the same', async () => {
    const batched = copyLake(lake, join(folder, 'batched'));
    await deriveHere(batched, 1000);
    expect(await differences(whole, batched, 'steps')).toEqual([]);
    expect(await differences(whole, batched, 'cycles')).toEqual([]);
  });
});

describe('a derivation that fails', () => {
  it('leaves the last one as it was, and goes on from what it had finished', async () => {
    const broken = copyDerived(whole, join(folder, 'broken'));
    const before = derivedPart(broken);
    // As after another version of the derivation: everything is to be done, but one partition cannot be read.
    const path = join(broken, 'derived', 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { tests: { records: string }[] };
    for (const test of manifest.tests) test.records = 'made otherwise';
    writeFileSync(path, JSON.stringify(manifest));
    before['manifest.json'] = readFileSync(path).toString('base64');
    const files = (
      JSON.parse(readFileSync(join(broken, 'manifest.json'), 'utf8')) as {
        files: { table: string; path: string; size_bytes: number }[];
      }
    ).files.filter(({ table }) => table === 'measurements');
    const victim = join(broken, files.at(-1)!.path);
    const good = readFileSync(victim);
    // Its metadata at the end are whole, its records are not.
    writeFileSync(victim, Buffer.concat([Buffer.alloc(good.length >> 1), good.subarray(good.length >> 1)]));
    const { status, stderr } = cellar(['derive', '--lake', broken, '--no-store', '--batch-rows', '1000']);
    expect(status).toBe(74);
    expect(stderr).toContain(files.at(-1)!.path);
    expect(derivedPart(broken)).toEqual(before);

    writeFileSync(victim, good);
    const done = await deriveHere(broken, 1000);
    expect(done.resumed).toBeGreaterThan(0);
    expect(done.resumed + done.read).toBe(files.length);
    for (const table of ['steps', 'cycles'] as const)
      expect(await differences(whole, broken, table)).toEqual([]);
    expect(existsSync(join(broken, '.derive'))).toBe(false);
  });

  it('makes good an exchange that was cut between its two renames', async () => {
    const cut = copyDerived(whole, join(folder, 'cut'));
    renameSync(join(cut, 'derived'), join(cut, '.derived-before'));
    expect(await deriveHere(cut)).toMatchObject({ read: 0, numbered: 0 });
    expect(existsSync(join(cut, '.derived-before'))).toBe(false);
  });
});

describe('what is no lake', () => {
  const refused = (path: string, ...args: string[]) => {
    const { status, stderr } = cellar(['derive', '--lake', path, '--no-store', ...args]);
    expect(status).toBe(2);
    return stderr;
  };

  it('is refused by name', () => {
    expect(refused(join(folder, 'nowhere'))).toContain('holds no lake');
    expect(refused(lab)).toContain('holds other files and no export');
    const bdf = join(folder, 'bdf');
    run(['export', bdf, '--format', 'bdf', '--db', db]);
    expect(refused(bdf)).toContain('holds an export as bdf');
  });

  it('is refused where a file is missing, cut, or not in the manifest', () => {
    const torn = copyLake(lake, join(folder, 'torn'));
    const [file] = (
      JSON.parse(readFileSync(join(torn, 'manifest.json'), 'utf8')) as {
        files: { table: string; path: string }[];
      }
    ).files.filter(({ table }) => table === 'measurements');
    const path = join(torn, file!.path);
    cpSync(path, `${path}.copy.parquet`);
    expect(refused(torn)).toContain('is not in the manifest');
    rmSync(`${path}.copy.parquet`);
    appendFileSync(path, 'x');
    expect(refused(torn)).toMatch(/has \d+ bytes instead of \d+/);
    rmSync(path);
    expect(refused(torn)).toContain('is missing');
  });

  it('does not take a setting of Spark for DuckDB', () => {
    expect(refused(lake, '--master', 'spark://head:7077')).toContain('--master is for Spark');
  });

  it('says what Spark needs where there is none', () => {
    const { status, stderr } = cellar(['derive', '--lake', lake, '--no-store', '--engine', 'spark'], {
      env: { SPARK_HOME: join(folder, 'no-spark') },
    });
    // Nothing is left to derive in this lake, so a fresh one is asked.
    const fresh = copyLake(lake, join(folder, 'fresh'));
    const asked = cellar(['derive', '--lake', fresh, '--no-store', '--engine', 'spark'], {
      env: { SPARK_HOME: join(folder, 'no-spark') },
    });
    expect([status, asked.status]).toEqual([0, 2]);
    expect(stderr).toContain('nothing to derive');
    expect(asked.stderr).toContain('has no bin/spark-sql');
    expect(asked.stderr).toContain('SPARK_HOME');
  });
});

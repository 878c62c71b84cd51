import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasSpark, sparkHome } from '../../scripts/spark-cluster.js';
import type { ExportManifest } from '../../src/export/index.js';
import { openWritable } from '../../src/store/connection.js';
import { databasePaths } from '../../src/store/paths.js';
import { cellar, makeDatabase, temporaryFolder } from '../cli/run.js';
import { type Derived, derive, differences, run, sampleLab } from './laboratory.js';
import { hasObjectStore, type ObjectStore, startObjectStore } from './s3-server.js';
import { quickSettings } from './spark-settings.js';

/** A lake at an address is held to the same lake in a folder: its files, its derivation, and what is left after a failure. */

if (!hasObjectStore)
  console.warn(
    'skipped: no object store here (install the Python package moto, and put httpfs.duckdb_extension into CELLAR_EXTENSIONS)',
  );

/** Spark's jars for S3, by a folder of them: hadoop-aws and what it needs. */
const jars = process.env.CELLAR_TEST_S3_JARS;

describe.skipIf(!hasObjectStore)('a lake in an object store', () => {
  const folder = temporaryFolder();
  const lab = join(folder, 'lab');
  const db = join(folder, 'lab.duckdb');
  const lake = join(folder, 'lake');
  const address = 's3://archive/lakes/one';
  let store: ObjectStore;
  let env: Record<string, string>;

  beforeAll(async () => {
    store = await startObjectStore('archive');
    env = store.environment;
    for (const name of ['arbin', 'cells.csv', 'materials.csv', 'conditions.csv', 'cellar.toml'])
      cpSync(join(sampleLab, name), join(lab, name), { recursive: true });
    run(['ingest', lab, '--db', db]);
    run(['export', lake, '--db', db]);
    run(['export', address, '--db', db], env);
  }, 60_000);
  afterAll(() => store?.stop());

  const at = (path: string) => `archive/lakes/${path}`;
  const get = (path: string) => store.request(at(path));
  const manifestOf = async (name: string) =>
    (await (await get(`${name}/manifest.json`)).json()) as ExportManifest;
  const localManifest = () => JSON.parse(readFileSync(join(lake, 'manifest.json'), 'utf8')) as ExportManifest;
  const exported = (...args: string[]) =>
    JSON.parse(run(['export', address, '--db', db, '--json', ...args], env).stdout) as Record<
      'written' | 'unchanged' | 'removed',
      string[]
    >;
  const objects = async (name: string) => {
    const listing = await (await store.request(`archive?list-type=2&prefix=lakes/${name}/`)).text();
    return [...listing.matchAll(/<Key>lakes\/[^/]+\/([^<]*)<\/Key>/g)].map(([, key]) => key!).sort();
  };
  const deriveAt = (at: string, ...args: string[]) =>
    JSON.parse(
      run(['derive', '--lake', at, '--db', db, '--json', '--quiet', ...args], env).stdout,
    ) as Derived;

  /** What was derived there, as a lake in a folder has it. */
  async function fetchDerived(name: string): Promise<string> {
    const copy = join(folder, `copy of ${name}`);
    mkdirSync(join(copy, 'derived'), { recursive: true });
    for (const file of ['steps.parquet', 'cycles.parquet'])
      writeFileSync(
        join(copy, 'derived', file),
        Buffer.from(await (await get(`${name}/derived/${file}`)).arrayBuffer()),
      );
    return copy;
  }

  async function expectDerivedLikeTheFolder(name: string): Promise<void> {
    const copy = await fetchDerived(name);
    for (const table of ['steps', 'cycles'] as const)
      expect(await differences(lake, copy, table)).toEqual([]);
  }

  it('has the files that a folder has, and gets only what changed', async () => {
    expect((await manifestOf('one')).files).toEqual(localManifest().files);
    expect(await objects('one')).toEqual(
      [...localManifest().files.map(({ path }) => path), 'manifest.json', 'semantic.json'].sort(),
    );
    expect(exported().written).toEqual([]);
  });

  it('is derived by DuckDB to the same steps and cycles, once', async () => {
    derive(lake, '--no-store');
    const done = deriveAt(address);
    expect(done).toMatchObject({ unchanged: 0, removed: 0, stored: { replaced: 0 } });
    expect(done.steps).toBeGreaterThan(1000);
    await expectDerivedLikeTheFolder('one');
    expect((await objects('one')).filter((path) => path.startsWith('.'))).toEqual([]);
    expect(deriveAt(address)).toMatchObject({ read: 0, numbered: 0 });
  });

  it('names a partition that is gone; the next export puts it back', async () => {
    const { path } = localManifest().files.find(({ table }) => table === 'measurements')!;
    await store.request(at(`one/${path}`), 'DELETE');
    const { status, stderr } = cellar(['derive', '--lake', address, '--no-store'], { env });
    expect(status).toBe(2);
    expect(stderr).toContain(`${address}/${path} is missing`);
    expect(exported().written).toEqual([path]);
    expect(await objects('one')).toContain(path);
  });

  it('derives again what a cut publication has left without a manifest', async () => {
    await store.request(at('one/derived/manifest.json'), 'DELETE');
    expect(deriveAt(address).read).toBeGreaterThan(0);
    await expectDerivedLikeTheFolder('one');
  });

  it('has one file for a test that changed, and none for one that is gone', async () => {
    const [changed, gone] = localManifest().files.filter(({ table }) => table === 'measurements');
    for (const path of [databasePaths(db).writer, db]) {
      const database = await openWritable(path);
      await database.connection.run(
        `DELETE FROM measurements WHERE test_id = ${changed?.test_id} AND record_index = 1;
         DELETE FROM measurements WHERE test_id = ${gone?.test_id}; CHECKPOINT`,
      );
      database.close();
    }
    const ofBoth = localManifest()
      .files.filter(({ test_id }) => test_id === changed?.test_id || test_id === gone?.test_id)
      .map(({ path }) => path);
    expect(ofBoth.length).toBeGreaterThan(2);
    const summary = exported();
    expect([...summary.removed].sort()).toEqual(ofBoth.sort());
    const left = (await objects('one')).filter((path) => path.startsWith('measurements/'));
    expect(left.filter((path) => path.includes(`test_id=${changed?.test_id}/`))).toEqual(
      summary.written.filter((path) => path.startsWith('measurements/')),
    );
    expect(left.filter((path) => path.includes(`test_id=${gone?.test_id}/`))).toEqual([]);
  });

  it.skipIf(!hasSpark || jars === undefined || process.env.CELLAR_SPARK !== 'full')(
    'is derived by Spark to the same steps and cycles',
    { timeout: 240_000 },
    async () => {
      run(['export', 's3://archive/lakes/two', '--db', db], env);
      run(['export', lake, '--db', db]);
      derive(lake, '--no-store');
      const settings = [
        `spark.driver.extraClassPath=${join(jars!, '*')}`,
        `spark.hadoop.fs.s3a.endpoint=${env.AWS_ENDPOINT_URL}`,
        'spark.hadoop.fs.s3a.path.style.access=true',
        'spark.hadoop.fs.s3a.endpoint.region=us-east-1',
      ].flatMap((setting) => ['--conf', setting]);
      run(
        [
          ...['derive', '--lake', 's3://archive/lakes/two', '--no-store', '--engine', 'spark'],
          ...['--master', 'local[1]', ...quickSettings, ...settings],
        ],
        { ...env, SPARK_HOME: sparkHome!, SPARK_LOCAL_IP: '127.0.0.1' },
      );
      await expectDerivedLikeTheFolder('two');
    },
  );

  it('says in one sentence what an unreachable store or bucket means', () => {
    const attempt = (at: string, more: Record<string, string> = {}) =>
      cellar(['export', at, '--db', db], { env: { ...env, ...more } });
    const noBucket = attempt('s3://nowhere/lake');
    expect(noBucket.status).toBe(74);
    expect(noBucket.stderr).toMatch(/^cellar: s3:\/\/nowhere\/lake: .*404/);
    const noServer = attempt(address, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(noServer.status).toBe(74);
    expect(noServer.stderr).toContain(`cellar: ${address}: `);
  });
});

describe('an address that cannot be used', () => {
  const folder = temporaryFolder();
  const db = join(folder, 'lab.duckdb');
  beforeAll(() => makeDatabase(db));
  const attempt = (at: string, env: Record<string, string> = {}) =>
    cellar(['export', at, '--db', db], { env });

  it.each(['hdfs://head:9000/lake', 'https://store/lake', 's3:///lake'])('%s is refused', (at) => {
    const { status, stderr } = attempt(at);
    expect(status).toBe(2);
    expect(stderr).toContain(`${at} is not an address that DuckDB can write to\nName s3://BUCKET/PATH`);
  });

  it('says what to do where the extension is not to be had', () => {
    const { status, stderr } = attempt('s3://archive/lake', { CELLAR_EXTENSIONS: folder });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /extension httpfs cannot be loaded.*\n.*put httpfs\.duckdb_extension of DuckDB v\d/,
    );
  });
});

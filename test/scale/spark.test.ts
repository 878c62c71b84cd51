import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, hasSpark, sparkHome, startCluster } from '../../scripts/spark-cluster.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import { hasRealData, realData, sayIfAbsent } from '../shared-data.js';
import { contents, copyLake, type Derived, derive, differences, run, sampleLab } from './laboratory.js';
import { quickJava, quickSettings, sayIfNoSpark } from './spark-settings.js';

/** The derivation on a standalone cluster of two workers is held to DuckDB's, on the sample laboratory and recorded files. */

sayIfNoSpark();
sayIfAbsent(hasRealData, 'recorded exports');

/** Some vendors' recorded exports, all of them with `npm run test:spark`. */
const vendors = process.env.CELLAR_SPARK === 'full' ? [''] : ['maccor', 'neware', 'novonix'];
const recorded = hasRealData ? vendors.map((vendor) => join(realData, vendor)) : [];

describe.skipIf(!hasSpark)('a lake derived on a Spark cluster', () => {
  const folder = temporaryFolder();
  const db = join(folder, 'lab.duckdb');
  const sparkDb = join(folder, 'spark.duckdb');
  const lake = join(folder, 'lake');
  const sparkLake = join(folder, 'spark lake');
  let cluster: Cluster;
  let done: Derived;

  const onSpark = (...args: string[]) =>
    cellar(
      [
        ...['derive', '--lake', sparkLake, '--db', sparkDb, '--json', '--no-progress', '--engine', 'spark'],
        ...['--master', cluster.master, ...quickSettings, ...args],
      ],
      { env: { SPARK_HOME: sparkHome!, SPARK_LOCAL_IP: '127.0.0.1' } },
    );

  beforeAll(async () => {
    run(['ingest', sampleLab, ...recorded, '--lab', sampleLab, '--db', db]);
    run(['export', lake, '--db', db]);
    copyLake(lake, sparkLake);
    cpSync(db, sparkDb);
    derive(lake, '--db', db);
    cluster = await startCluster(2, folder, { javaOptions: quickJava });
    const { status, stdout, stderr } = onSpark();
    if (status !== 0) throw new Error(stderr);
    done = JSON.parse(stdout) as Derived;
  }, 240_000);
  afterAll(() => cluster?.stop());

  it('has the steps and cycles that DuckDB derives', async () => {
    expect(done.steps).toBeGreaterThan(hasRealData ? 7000 : 6500);
    expect(await differences(lake, sparkLake, 'steps')).toEqual([]);
    expect(await differences(lake, sparkLake, 'cycles')).toEqual([]);
  });

  it('leads to the same verdict table, word for word', { timeout: 120_000 }, () => {
    const table = (database: string) => {
      const { status, stdout } = cellar(['check', '--db', database, '--quiet']);
      return { status, stdout };
    };
    const expected = table(db);
    expect(expected.stdout).toContain('PASS');
    expect(table(sparkDb)).toEqual(expected);
  });

  it('asks the cluster for nothing when nothing changed', () => {
    const before = contents(join(sparkLake, 'derived'));
    const { status, stderr } = onSpark('--master', 'spark://127.0.0.1:1');
    expect(status).toBe(0);
    expect(stderr).toContain('nothing to derive');
    expect(contents(join(sparkLake, 'derived'))).toEqual(before);
  });
});

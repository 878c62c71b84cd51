import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, hasSpark, sparkHome, startCluster } from '../../scripts/spark-cluster.js';
import { command, temporaryFolder } from '../cli/run.js';
import { contents, copyLake, type Derived, deriveHere, differences, run, sampleLab } from './laboratory.js';
import { quickJava, quickSettings, sayIfNoSpark } from './spark-settings.js';

/** What goes wrong on a cluster leaves the lake whole. Takes minutes: `npm run test:spark`. */

const isAsked = process.env.CELLAR_SPARK === 'full';
sayIfNoSpark();
if (hasSpark && !isAsked) console.warn('skipped: failures of a cluster take minutes (npm run test:spark)');

describe.skipIf(!hasSpark || !isAsked)('when a cluster fails', { timeout: 600_000 }, () => {
  const folder = temporaryFolder();
  const db = join(folder, 'lab.duckdb');
  const lake = join(folder, 'lake');
  let cluster: Cluster | undefined;

  beforeAll(async () => {
    run(['ingest', sampleLab, '--db', db]);
    run(['export', lake, '--db', db]);
    copyLake(lake, join(folder, 'expected'));
    await deriveHere(join(folder, 'expected'));
  });
  afterEach(async () => {
    await cluster?.stop();
    cluster = undefined;
  });

  const sparkArguments = (of: string, master: string) => [
    ...['derive', '--lake', of, '--no-store', '--json', '--engine', 'spark', '--master', master],
    ...['--batch-rows', '12000', '--worker-wait', '10', ...quickSettings],
  ];

  /** Runs the derivation; `onLine` sees each line of its progress. */
  function onSpark(of: string, master: string, onLine: (line: string) => void = () => undefined) {
    return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = spawn(command.file, [command.program, ...sparkArguments(of, master)], {
        env: command.environment({ SPARK_HOME: sparkHome!, SPARK_LOCAL_IP: '127.0.0.1' }),
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (piece: Buffer) => {
        stdout += piece.toString();
      });
      child.stderr.on('data', (piece: Buffer) => {
        stderr += piece.toString();
        for (const line of piece.toString().split('\n')) onLine(line);
      });
      child.on('close', (status) => resolve({ status, stdout, stderr }));
    });
  }

  const isRight = async (of: string) => {
    for (const table of ['steps', 'cycles'] as const)
      expect(await differences(join(folder, 'expected'), of, table)).toEqual([]);
  };

  it('goes on without a worker that is killed in the middle, and is right', async () => {
    const one = copyLake(lake, join(folder, 'one-killed'));
    cluster = await startCluster(2, folder, { javaOptions: quickJava });
    const [victim] = cluster.workers;
    const { status, stderr } = await onSpark(one, cluster.master, (line) => {
      if (line.includes('records 2 of')) victim?.kill('SIGKILL');
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(victim?.signalCode).toBe('SIGKILL');
    await isRight(one);
  });

  it('fails in one sentence when no worker is left, keeps the lake, and goes on from there', async () => {
    const all = copyLake(lake, join(folder, 'all-killed'));
    const measurements = contents(join(all, 'measurements'));
    cluster = await startCluster(1, folder, { javaOptions: quickJava });
    const [only] = cluster.workers;
    const failed = await onSpark(all, cluster.master, (line) => {
      if (line.includes('records 2 of')) only?.kill('SIGKILL');
    });
    expect(failed.status).toBe(75);
    expect(failed.stderr).toMatch(/has had no worker for 10 s|stopped the application|gave up the job/);
    expect(failed.stderr).toContain('spark.log');
    expect(existsSync(join(all, 'derived'))).toBe(false);
    expect(contents(join(all, 'measurements'))).toEqual(measurements);

    await cluster.stop();
    cluster = await startCluster(1, folder, { javaOptions: quickJava });
    const again = await onSpark(all, cluster.master);
    expect(again.status).toBe(0);
    expect((JSON.parse(again.stdout) as Derived).resumed).toBeGreaterThan(0);
    await isRight(all);
  });

  it('says that no master answers', async () => {
    const none = copyLake(lake, join(folder, 'no-master'));
    const { status, stderr } = await onSpark(none, 'spark://127.0.0.1:1');
    expect(status).toBe(75);
    expect(stderr).toContain('no Spark master answers at spark://127.0.0.1:1');
    expect(existsSync(join(none, 'derived'))).toBe(false);
  });
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/spark-cluster.js';

/** What the tests need besides Cellar; nothing is installed here. */
const folder = process.env.CELLAR_EXTENSIONS;
const python = process.env.CELLAR_TEST_PYTHON ?? 'python3';

const hasExtension = folder !== undefined && existsSync(join(folder, 'httpfs.duckdb_extension'));
const hasServer = spawnSync(python, ['-c', 'import moto.server']).status === 0;

/** Whether an object store can be had for tests: the Python package `moto`, and DuckDB's httpfs in CELLAR_EXTENSIONS. */
export const hasObjectStore = hasExtension && hasServer;

export interface ObjectStore {
  /** A request to the store beside Cellar; the path begins with the bucket. */
  request(path: string, method?: string): Promise<Response>;
  /** What a user would have set. */
  environment: Record<string, string>;
  stop(): void;
}

/** Starts an object store on the loopback interface, with one bucket in it. */
export async function startObjectStore(bucket: string): Promise<ObjectStore> {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const server: ChildProcess = spawn(
    python,
    ['-m', 'moto.server', '-H', '127.0.0.1', '-p', new URL(endpoint).port],
    { stdio: 'ignore' },
  );
  process.once('exit', () => server.kill('SIGKILL'));
  // The server wants a signature and does not check it.
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=tester/20260101/us-east-1/s3/aws4_request' };
  const request = (path: string, method = 'GET') => fetch(`${endpoint}/${path}`, { method, headers });
  for (let tries = 0; tries < 300; tries++) {
    const made = await request(bucket, 'PUT').catch(() => undefined);
    if (made?.ok === true) {
      return {
        request,
        environment: {
          AWS_ACCESS_KEY_ID: 'tester',
          AWS_SECRET_ACCESS_KEY: 'secret',
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: endpoint,
        },
        stop: () => server.kill('SIGKILL'),
      };
    }
    await sleep(100);
  }
  server.kill('SIGKILL');
  throw new Error('the object store did not start');
}

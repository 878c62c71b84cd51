import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Spark where it is: `SPARK_HOME`, else the folder of the PySpark that Python finds. Nothing is installed. */
function findSpark(): string | undefined {
  if (process.env.SPARK_HOME !== undefined) return process.env.SPARK_HOME;
  const code = 'import os, pyspark; print(os.path.dirname(pyspark.__file__))';
  for (const python of ['python3', 'python']) {
    const found = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  return undefined;
}

const hasJava = () => spawnSync('java', ['-version']).status === 0 || process.env.JAVA_HOME !== undefined;

export const sparkHome = findSpark();
export const hasSpark =
  sparkHome !== undefined && existsSync(join(sparkHome, 'bin', 'spark-class')) && hasJava();

/** Says, once per test file, why its tests are skipped. */
export function sayIfNoSpark(): void {
  if (!hasSpark)
    console.warn('skipped: there is no Spark with a Java runtime here (set SPARK_HOME, or install pyspark)');
}

/** Small processes that start fast; the numbers do not depend on it. */
const quickJava = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';
export const quickSettings = [
  'spark.driver.memory=1g',
  'spark.executor.memory=1g',
  'spark.driver.host=127.0.0.1',
  'spark.driver.bindAddress=127.0.0.1',
  'spark.sql.shuffle.partitions=4',
  `spark.driver.extraJavaOptions=${quickJava}`,
  `spark.executor.extraJavaOptions=${quickJava}`,
].flatMap((setting) => ['--conf', setting]);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** A standalone cluster on the loopback interface. */
export interface Cluster {
  master: string;
  workers: ChildProcess[];
  /** Ends what is left of it. */
  stop(): Promise<void>;
}

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Starts a master and as many workers, each with one core. */
export async function startCluster(workerCount: number, folder: string): Promise<Cluster> {
  const environment = {
    ...process.env,
    SPARK_HOME: sparkHome,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_DAEMON_MEMORY: '256m',
    SPARK_DAEMON_JAVA_OPTS: quickJava,
  };
  const children: ChildProcess[] = [];
  const start = (...args: string[]) => {
    const child = spawn(join(sparkHome!, 'bin', 'spark-class'), args, {
      env: environment,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    return child;
  };
  const said = (child: ChildProcess, text: string) =>
    new Promise<void>((resolve, reject) => {
      let log = '';
      child.stderr?.on('data', (piece: Buffer) => {
        log += piece.toString('utf8');
        if (log.includes(text)) resolve();
      });
      child.on('exit', () => reject(new Error(`Spark did not start:\n${log}`)));
    });
  const port = await freePort();
  const master = `spark://127.0.0.1:${port}`;
  const own = ['--host', '127.0.0.1', '--webui-port', '0'];
  const first = start('org.apache.spark.deploy.master.Master', ...own, '--port', String(port));
  await said(first, 'I have been elected leader');
  const workers = Array.from({ length: workerCount }, (_, index) => {
    const work = join(folder, `worker-${index}`);
    mkdirSync(work, { recursive: true });
    return start(
      'org.apache.spark.deploy.worker.Worker',
      ...[...own, '--cores', '1', '--memory', '1g', '--work-dir', work],
      master,
    );
  });
  await Promise.all(workers.map((worker) => said(worker, 'Successfully registered with master')));
  return {
    master,
    workers,
    async stop() {
      for (const child of children.toReversed()) if (!ended(child)) child.kill('SIGKILL');
      while (!children.every(ended)) await sleep(50);
    },
  };
}

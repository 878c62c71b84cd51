// A standalone Spark cluster on the loopback interface, for tests and measurements. Installs nothing.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Spark where it is: `SPARK_HOME`, else the folder of the PySpark that Python finds. */
function findSpark() {
  if (process.env.SPARK_HOME !== undefined) return process.env.SPARK_HOME;
  const code = 'import os, pyspark; print(os.path.dirname(pyspark.__file__))';
  for (const python of ['python3', 'python']) {
    const found = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  return undefined;
}

const hasJava = () => process.env.JAVA_HOME !== undefined || spawnSync('java', ['-version']).status === 0;

export const sparkHome = findSpark();
export const hasSpark =
  sparkHome !== undefined && existsSync(join(sparkHome, 'bin', 'spark-class')) && hasJava();

/** A port of the loopback interface that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

/** Waits until a process has written `text`; fails with what it wrote instead. */
function hasSaid(child, text) {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (piece) => {
      log += piece;
      if (log.includes(text)) resolve();
    });
    child.on('exit', () => reject(new Error(`Spark did not start:\n${log}`)));
  });
}

/** Starts a master and as many workers, each with one core; their files go into `folder`. */
export async function startCluster(workerCount, folder, { memory = '1g', javaOptions = '' } = {}) {
  const environment = {
    ...process.env,
    SPARK_HOME: sparkHome,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_DAEMON_MEMORY: '256m',
    SPARK_DAEMON_JAVA_OPTS: javaOptions,
  };
  const children = [];
  const start = (name, ...args) => {
    const given = [`org.apache.spark.deploy.${name}`, '--host', '127.0.0.1', '--webui-port', '0', ...args];
    const child = spawn(join(sparkHome, 'bin', 'spark-class'), given, {
      env: environment,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    return child;
  };
  const stop = async () => {
    for (const child of children.toReversed()) if (!hasEnded(child)) child.kill('SIGKILL');
    while (!children.every(hasEnded)) await sleep(50);
  };
  // Whatever ends this process, no cluster is left behind.
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
  try {
    const port = await freePort();
    const master = `spark://127.0.0.1:${port}`;
    await hasSaid(start('master.Master', '--port', String(port)), 'I have been elected leader');
    const workers = Array.from({ length: workerCount }, (_, index) => {
      const work = join(folder, `worker-${index}`);
      mkdirSync(work, { recursive: true });
      return start('worker.Worker', '--cores', '1', '--memory', memory, '--work-dir', work, master);
    });
    await Promise.all(workers.map((worker) => hasSaid(worker, 'Successfully registered with master')));
    return { master, workers, processIds: children.map(({ pid }) => pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

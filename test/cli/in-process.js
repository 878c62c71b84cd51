// Runs the built program, command by command, in a thread of the tests' own process: what it needs is loaded once and not
// for each command. `run.ts` starts the thread, hands it commands and waits for what each of them wrote.
import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';

/** What was written to a stream of the process since it was last asked for. */
function collected(stream) {
  const chunks = [];
  stream.write = (chunk, encoding, done) => {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    const then = typeof encoding === 'function' ? encoding : done;
    if (then !== undefined) process.nextTick(then);
    return true;
  };
  return () => Buffer.concat(chunks.splice(0));
}

const takeOutput = collected(process.stdout);
const takeErrors = collected(process.stderr);

const load = (path) => import(new URL(path, workerData.dist).href);
const { buildProgram } = await load('cli/program.js');
const { reportFailure } = await load('cli/support/failure.js');

/** What `cli/main.js` does, without the signals and the end of a process. */
async function exitCode(args) {
  process.exitCode = undefined;
  try {
    await buildProgram().parseAsync(['node', 'cellar', ...args]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportFailure(error, args.includes('--debug'));
  } finally {
    process.exitCode = undefined;
  }
}

parentPort.on('message', async ({ args, env, input, signal, reply }) => {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  Object.defineProperty(process, 'stdin', {
    value: Readable.from(input === '' ? [] : [input]),
    configurable: true,
  });
  const status = await exitCode(args);
  reply.postMessage({ status, stdout: takeOutput(), stderr: takeErrors() });
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});

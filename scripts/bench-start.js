#!/usr/bin/env node
/**
 * Start-up times of `cellar`: each command run several times as a process of its own, the median and the fastest
 * printed beside a bare `node`. Needs `npm run build`.
 *
 *   node scripts/bench-start.js [--runs N]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'bin', 'cellar.js');
const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' } } });

function run(args) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} left with ${status}: ${stderr}`);
  return performance.now() - started;
}

const folder = mkdtempSync(join(tmpdir(), 'cellar-bench-'));
const database = join(folder, 'cellar.duckdb');
run([program, 'ingest', join(root, 'sample-data', 'lab', 'tables'), '--quiet', '--db', database]);
const measured = {
  'node, nothing': ['--eval', '0'],
  'cellar --version': [program, '--version'],
  'cellar --help': [program, '--help'],
  'cellar query --help': [program, 'query', '--help'],
  'cellar query "select 1"': [program, 'query', 'select 1', '--db', database],
  'cellar status': [program, 'status', '--db', database],
};

process.stdout.write(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}\n`);
for (const [name, args] of Object.entries(measured)) {
  run(args);
  const times = Array.from({ length: Number(values.runs) }, () => run(args)).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  process.stdout.write(
    `${name.padEnd(26)} median ${median.toFixed(0).padStart(5)} ms, fastest ${times[0].toFixed(0).padStart(5)} ms\n`,
  );
}
rmSync(folder, { recursive: true, force: true });

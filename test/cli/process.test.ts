import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { command, makeDatabase, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');

beforeAll(async () => {
  await makeDatabase(db, { cells: [{ cell_id: 'OLD' }] });
});

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = spawn(command.file, [command.program, ...args], { env: command.environment() });
  started.push(child);
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('exit', (code) => resolve({ code, stderr })),
  );
  /** Resolves once the query has begun, as `--verbose` tells. */
  const begun = new Promise<void>((resolve) =>
    child.stderr.on('data', () => {
      if (stderr.includes('reading ')) setTimeout(resolve, 200);
    }),
  );
  return { child, ended, begun };
}

/** Takes more than a lifetime. */
const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range + b.range) = 1';

describe('a query of 100 million rows', () => {
  it('begins at once, fills no memory, and ends quietly with its reader', async () => {
    const { child, ended } = start(
      'query',
      '--db',
      db,
      '--format',
      'csv',
      'SELECT range AS a, range * 2 AS b FROM range(100000000)',
    );
    let received = 0;
    let peak = 0;
    const startedAt = Date.now();
    let firstAfter = 0;
    for await (const piece of child.stdout) {
      firstAfter ||= Date.now() - startedAt;
      received += (piece as Buffer).length;
      if (received > 30_000_000) {
        peak = residentBytes(child.pid!);
        break;
      }
    }
    expect(await ended).toEqual({ code: 0, stderr: '' });
    expect(firstAfter).toBeLessThan(5_000);
    // Measured at about 150 MB; the whole result would be over 1.7 GB.
    if (peak > 0) expect(peak).toBeLessThan(500_000_000);
  });
});

/** Resident memory of a process, where /proc tells; else 0. */
function residentBytes(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) * 1024;
}

describe.skipIf(process.platform === 'win32')('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a query with %i', async (signal, code) => {
    const { child, ended, begun } = start('query', '--verbose', '--db', db, endless);
    await begun;
    child.kill(signal);
    expect(await ended).toEqual({ code, stderr: `reading ${db}\n` });
  });

  it('leaves no partial file of -o behind', async () => {
    const { child, ended, begun } = start(
      'query',
      '--verbose',
      '--db',
      db,
      '-o',
      join(folder, 'never.parquet'),
      endless,
    );
    await begun;
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});

describe('a snapshot that is replaced while a query is open', () => {
  it('is read to its end as it was; the next query reads the new one', async () => {
    const path = await makeDatabase(join(folder, 'replaced.duckdb'), {}, [
      "INSERT INTO cells (cell_id) SELECT 'OLD' FROM range(300000)",
    ]);
    const { child, ended } = start('query', '--db', path, '--format', 'csv', 'SELECT cell_id FROM cells');
    let lines = 0;
    let old = 0;
    for await (const piece of child.stdout) {
      if (lines === 0)
        renameSync(await makeDatabase(join(folder, 'new.duckdb'), { cells: [{ cell_id: 'NEW' }] }), path);
      const text = (piece as Buffer).toString();
      lines += text.split('\n').length - 1;
      old += text.split('O').length - 1;
    }
    expect((await ended).code).toBe(0);
    expect(lines).toBe(300_001);
    expect(old).toBe(300_000);
    const next = start('query', '--db', path, '--format', 'csv', 'SELECT cell_id FROM cells');
    let text = '';
    for await (const piece of next.child.stdout) text += (piece as Buffer).toString();
    expect(text).toBe('cell_id\nNEW\n');
  });
});

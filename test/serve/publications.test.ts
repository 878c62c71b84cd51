import { chmodSync, copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertRows, openWritable } from '../../src/store/connection.js';
import { makeDatabase, temporaryFolder } from '../cli/run.js';
import { metric, processorSeconds, type ServingProcess, serveProcess, until } from './laboratory.js';

/** Publications while people read: nothing fails, nothing is mixed, nothing is kept open or in memory. */

/** 200 by `npm run test:publications`; then memory has to stay, too. */
const publications = Number(process.env.CELLAR_SERVE_PUBLICATIONS ?? 5);
const isLong = publications >= 100;

const folder = temporaryFolder();
const database = join(folder, 'cellar.duckdb');
let serving: ServingProcess;
const at = (path: string) => new URL(path, serving.address);

beforeAll(async () => {
  await makeDatabase(database, { cells: [{ cell_id: 'A' }, { cell_id: 'B' }] });
  chmodSync(database, 0o644);
  serving = await serveProcess(database);
});
afterAll(() => serving.child.kill());

it.skipIf(process.platform !== 'linux')('a server listens after little work', () => {
  // Measured without load: half a second of the processor; one that others want, too, counts up to three times as much.
  expect(processorSeconds(serving.child.pid!)).toBeLessThan(2);
});

/** Puts a copy of the snapshot with one more cell in its place. */
async function publish(cell_id: string): Promise<void> {
  const next = join(folder, 'next.duckdb');
  copyFileSync(database, next);
  const opened = await openWritable(next);
  await insertRows(opened.connection, 'cells', [{ cell_id }]);
  await opened.connection.run('CHECKPOINT');
  opened.close();
  renameSync(next, database);
}

/** Listens to what the server tells; the snapshots it has told of. */
function listen(signal: AbortSignal): string[] {
  const told: string[] = [];
  void fetch(at('/api/events'), { signal })
    .then(async ({ body }) => {
      for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
        for (const [, id] of piece.matchAll(/"snapshot":"(\w+)"/g)) told.push(id!);
      }
    })
    .catch(() => undefined);
  return told;
}

const ROWS = 2_000_000;

/** Reads a large answer in small sips until `isOver`, then the rest; its rows, and the numbers of cells it saw. */
async function download(
  begin: () => void,
  isOver: () => boolean,
): Promise<{ rows: number; cells: Set<string> }> {
  const sql = `SELECT range, (SELECT count(*) FROM cells) AS n FROM range(${ROWS})`;
  const { body } = await fetch(at(`/api/query?format=csv&sql=${encodeURIComponent(sql)}`));
  begin();
  let rows = -1;
  let rest = '';
  const cells = new Set<string>();
  for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (rows++ >= 0) cells.add(line.split(',')[1]!);
    if (!isOver()) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { rows, cells };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

it(`${publications} publications are followed while two ask without pause and one downloads slowly`, {
  // As long per publication as the usual run may take.
  timeout: 90_000 * Math.max(1, publications / 20),
}, async () => {
  let isOver = false;
  const seen = new Set<string | null>();
  const wrong: unknown[] = [];
  const leaving = new AbortController();
  const told = listen(leaving.signal);
  let slow: ReturnType<typeof download> | undefined;
  await new Promise<void>((resolve) => {
    slow = download(resolve, () => isOver);
  });
  let asked = 0;
  const clients = Array.from({ length: 2 }, async () => {
    while (!isOver) {
      const answer = await fetch(at('/api/cells'));
      const { cells, total } = (await answer.json()) as { cells: object[]; total: { n: number } };
      asked++;
      // A count and its list are of one snapshot.
      if (answer.status !== 200 || cells.length !== total.n) wrong.push({ status: answer.status, total });
      seen.add(answer.headers.get('cellar-snapshot'));
    }
  });
  const resident: number[] = [];
  const delays: number[] = [];
  await until(async () => told.length > 0);
  for (let turn = 0; turn < publications; turn++) {
    const before = told.length;
    await publish(`N${turn}`);
    delays.push(await until(async () => told.length > before));
    resident.push(await metric(serving.address, 'resident_bytes'));
  }
  isOver = true;
  await Promise.all(clients);
  expect(wrong).toEqual([]);
  // The first answers are of the first snapshot.
  expect(seen.size).toBeGreaterThan(Math.min(publications, 3));
  expect(new Set(told).size).toBe(publications + 1);
  // One look a second; the median, since a busy machine may be late once.
  expect(median(delays)).toBeLessThan(2_000);
  const { rows, cells } = (await slow)!;
  expect([rows, [...cells]]).toEqual([ROWS, ['2']]);
  const { total } = (await (await fetch(at('/api/cells'))).json()) as { total: { n: number } };
  expect(total.n).toBe(2 + publications);
  await until(async () => (await metric(serving.address, 'generations')) === 1);
  leaving.abort();
  if (!isLong) return;
  // The first tenth fills what is kept anyway.
  const settled = resident[publications / 10]!;
  const megabytes = [settled, resident.at(-1)!, Math.max(...resident)].map((n) => Math.round(n / 2 ** 20));
  console.log(
    `${asked} answers, told after ${median(delays).toFixed(0)} ms (most ${Math.max(...delays).toFixed(0)}), ` +
      `resident ${megabytes[0]} MB after a tenth, ${megabytes[1]} at the end, ${megabytes[2]} at most`,
  );
  expect(resident.at(-1)).toBeLessThan(1.2 * settled);
});

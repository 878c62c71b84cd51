import { chmodSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultPosition } from '../../src/query/sql-errors.js';
import { AnswerCache } from '../../src/serve/answers.js';
import { Busy, Gate } from '../../src/serve/gate.js';
import type { RunningServer } from '../../src/serve/server.js';
import { openWritable } from '../../src/store/connection.js';
import { views } from '../../src/store/views.js';
import { makeDatabase, temporaryFolder } from '../cli/run.js';
import { serve, until } from './laboratory.js';

/** The limits of the page, each as docs/serve.md states it: what happens at it, and that nothing else does. */

const folder = temporaryFolder();
const database = join(folder, 'cellar.duckdb');
/** Short of time, so that its limits are met soon: to the first row, and in all. */
let hurried: RunningServer;
let brief: RunningServer;
let patient: RunningServer;

beforeAll(async () => {
  await makeDatabase(database, { cells: [{ cell_id: 'A' }] });
  chmodSync(database, 0o644);
  hurried = await serve(database, { querySeconds: 1 });
  brief = await serve(database, { downloadSeconds: 1 });
  patient = await serve(database, { querySeconds: 60 });
});
afterAll(() => Promise.all([hurried, brief, patient].map((server) => server.close())));

const endless = 'SELECT count(*) FROM range(1000000000000)';
const ask = ({ address }: RunningServer, sql: string, more: RequestInit = {}, format = 'page') =>
  fetch(new URL(`/api/query?format=${format}&sql=${encodeURIComponent(sql)}`, address), more);

describe('the time of a screen', () => {
  it('ends with an answer that says so, and the next screen is served', async () => {
    const slow = join(folder, 'slow.duckdb');
    await makeDatabase(slow, { cells: [{ cell_id: 'A' }] });
    const { sql } = views.find(({ name }) => name === 'channel_status')!;
    chmodSync(slow, 0o644);
    const opened = await openWritable(slow);
    await opened.connection.run(
      `CREATE OR REPLACE VIEW channel_status AS
       SELECT s.* FROM (${sql}) s RIGHT JOIN range(1000000000000) r ON s.test_id = r.range`,
    );
    opened.close();
    const server = await serve(slow, { screenSeconds: 1 });
    try {
      const answer = await fetch(new URL('/api/channels', server.address));
      expect(answer.status).toBe(408);
      const { detail } = (await answer.json()) as { detail: string };
      expect(detail).toBe('this took too long and was stopped');
      expect((await fetch(new URL('/api/files', server.address))).status).toBe(200);
    } finally {
      await server.close();
    }
  });
});

describe('the time of a query', () => {
  it('ends before its first row; one that has begun may be read slowly, until its own end', async () => {
    const started = performance.now();
    // Without a first row: stopped, and said so.
    const stopped = ask(hurried, endless).then(async (answer) => {
      expect(answer.status).toBe(408);
      const { detail, hint } = (await answer.json()) as { detail: string; hint: string };
      expect(detail).toBe('the query was stopped after 1 s');
      expect(hint).toContain('cellar query');
    });
    // Longer than the first row may take, and whole.
    const slow = ask(hurried, 'SELECT range FROM range(400000)', {}, 'csv').then(async (answer) => {
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect((await answer.text()).split('\n')).toHaveLength(400_002);
      expect(performance.now() - started).toBeGreaterThan(1_300);
    });
    // Longer than a download may take: cut off, so that nobody takes it for whole.
    const cut = ask(brief, 'SELECT range FROM range(100000000000)', {}, 'csv').then(
      async ({ status, body }) => {
        expect(status).toBe(200);
        const all = (async () => {
          for await (const _ of body!);
        })();
        await expect(all).rejects.toThrow();
      },
    );
    await Promise.all([stopped, slow, cut]);
  });
});

describe('how much at once', () => {
  it('two queries run, eight wait, and more are told to come back', async () => {
    const leaving = new AbortController();
    const asked = Array.from({ length: 10 }, () =>
      ask(patient, endless, { signal: leaving.signal }).catch(() => undefined),
    );
    const metrics = async () => (await fetch(new URL('/metrics', patient.address))).text();
    await until(async () =>
      /cellar_queries_running 2\n[\s\S]*cellar_queries_waiting 8\n/.test(await metrics()),
    );
    const refused = await ask(patient, 'SELECT 1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    leaving.abort();
    await Promise.all(asked);
    await until(async () =>
      /cellar_queries_running 0\n[\s\S]*cellar_queries_waiting 0\n/.test(await metrics()),
    );
    expect((await ask(patient, 'SELECT 1')).status).toBe(200);
  });

  it('a query may take half a gigabyte, and its greed is said', async () => {
    const answer = await ask(patient, 'SELECT list(range) FROM range(400000000)');
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toMatch(
      /^the query needs more memory than it may use \(4\d\d/,
    );
    expect((await ask(patient, 'SELECT 1')).status).toBe(200);
  });

  it('a hundred connections; the next is closed unheard, and there is room again when one leaves', async () => {
    const open = () =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect(patient.port, '127.0.0.1', () => resolve(socket));
        socket.on('error', reject);
      });
    const held: Socket[] = [];
    const ended = async (socket: Socket) =>
      new Promise<boolean>((resolve) => {
        socket.once('close', () => resolve(true));
        setTimeout(() => resolve(false), 200);
      });
    try {
      for (let i = 0; i < 100; i++) held.push(await open());
      const next = await open();
      next.on('error', () => undefined);
      expect(await ended(next)).toBe(true);
    } finally {
      for (const socket of held) socket.destroy();
    }
    await until(async () =>
      fetch(new URL('/health', patient.address)).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  });

  it('a gate lets in as many as it says, the next in their order, and nobody beyond its line or patience', async () => {
    const gate = new Gate(2, 3, 60);
    const [first, second] = [await gate.enter(), await gate.enter()];
    const order: number[] = [];
    const third = gate.enter().then((leave) => {
      order.push(3);
      return leave;
    });
    const fourth = gate.enter().then((leave) => {
      order.push(4);
      return leave;
    });
    const gone = new AbortController();
    const leaver = gate.enter(gone.signal);
    expect([gate.running, gate.waiting]).toEqual([2, 3]);
    await expect(gate.enter()).rejects.toBeInstanceOf(Busy);
    gone.abort();
    await expect(leaver).rejects.toBeInstanceOf(Busy);
    first();
    first();
    second();
    const leaves = [await third, await fourth];
    expect([order, gate.running, gate.waiting]).toEqual([[3, 4], 2, 0]);
    await expect(gate.enter()).rejects.toBeInstanceOf(Busy);
    for (const leave of leaves) leave();
    expect(gate.running).toBe(0);
  });
});

describe('answers that are kept', () => {
  it('give way by age of use when there is no more room, and are counted once', () => {
    const cache = new AnswerCache(400);
    const answer = (size: number) => ({ type: 'text/plain', body: 'x'.repeat(size) });
    for (const key of ['a', 'a', 'a', 'b', 'c', 'd']) cache.put(key, answer(100));
    cache.put('too large', answer(101));
    expect(cache.get('too large')).toBeUndefined();
    expect(cache.get('a')).toBeDefined();
    cache.put('e', answer(100));
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== undefined)).toEqual([
      'a',
      'c',
      'd',
      'e',
    ]);
  });
});

describe('the place of a fault', () => {
  it('is told where the engine points, in the line that is meant', async () => {
    const place = async (sql: string) => {
      const answer = await ask(patient, sql);
      return ((await answer.json()) as { position?: number }).position;
    };
    expect(await place('SELECT cell FROM cells')).toBe(7);
    expect(await place('SELECT cell_id\nFROM cells\nWHERE nothing = 1')).toBe(32);
    const long = `SELECT ${Array.from({ length: 60 }, (_, i) => `cell_id AS c${i}`).join(', ')}, nothing FROM cells`;
    expect(await place(long)).toBe(long.indexOf('nothing'));
    expect(faultPosition('SELECT 1', 'it points nowhere')).toBeUndefined();
  });
});

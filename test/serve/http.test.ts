import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/serve/server.js';
import { insertRows, openWritable } from '../../src/store/connection.js';
import { cellar, makeDatabase, temporaryFolder } from '../cli/run.js';
import { attemptsIn } from '../query/attempts.js';
import { serve } from './laboratory.js';

/** The server as a program meets it: what it refuses, what it keeps, and how it follows publications. */

const folder = temporaryFolder();
const database = join(folder, 'cellar.duckdb');
let server: RunningServer;
/** What the server said it did, and what it noted. */
const log: string[] = [];

const evil = '<img src=x onerror=alert(1)>';
const rows = {
  materials: [{ material_id: 'M', name: evil, category: 'cathode_li_rich' }],
  cells: [
    { cell_id: 'A', material_id: 'M', cell_type: 'full', batch: evil, active_mass_mg: 10 },
    { cell_id: evil, material_id: 'M', cell_type: 'full' },
  ],
};

beforeAll(async () => {
  await makeDatabase(database, rows);
  chmodSync(database, 0o644);
  const say = (line: string) => log.push(line);
  server = await serve(database, { headerSeconds: 1, onRequest: say, onNote: say });
});
afterAll(() => server.close());

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request as no browser lets it be made: any header, any host. */
function get(
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body = '', port = server.port } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(pieces).toString(),
        }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What a raw request is answered with: its first line. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.on('data', (piece) => {
      said += piece;
      socket.end();
    });
    socket.on('close', () => resolve(said.split('\r\n')[0] ?? ''));
    socket.on('error', () => resolve('closed'));
  });
}

const ask = (sql: string, more: object = {}) =>
  get(
    '/api/query',
    { 'Content-Type': 'application/json' },
    { method: 'POST', body: JSON.stringify({ sql, ...more }) },
  );

describe('who may ask', () => {
  it.each([
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil', 421],
    ['localhost:1', 421],
    ['LOCALHOST', 421],
  ])('a host called %s is refused', async (host, status) => {
    expect((await get('/api/status', { Host: host })).status).toBe(status);
  });

  it('takes its own names, in any case, and no request without a name or with two', async () => {
    for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) {
      expect((await get('/api/status', { Host: `${name}:${server.port}` })).status).toBe(200);
    }
    expect(await raw('GET /api/status HTTP/1.1\r\n\r\n')).toMatch(/ 4\d\d /);
    expect(
      await raw(`GET /api/status HTTP/1.1\r\nHost: localhost:${server.port}\r\nHost: evil\r\n\r\n`),
    ).toMatch(/ 4\d\d /);
  });

  it.each([
    [{ Origin: 'http://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
  ])('a request with %j gets %i', async (headers, status) => {
    const answer = await get('/api/status', headers as unknown as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('lets a link of another site open a screen, but give no data', async () => {
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect((await get('/cells/A', link)).status).toBe(200);
    expect((await get('/api/cells', link)).status).toBe(403);
  });

  it('takes no form, no other method, no long body, no long address', async () => {
    const post = (type: string) =>
      get('/api/query', { 'Content-Type': type }, { method: 'POST', body: '{"sql":"SELECT 1"}' });
    expect((await post('text/plain')).status).toBe(415);
    expect((await post('application/x-www-form-urlencoded')).status).toBe(415);
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await get('/api/status', {}, { method })).status).toBe(405);
    }
    expect((await get('/api/status', {}, { method: 'POST' })).status).toBe(405);
    expect((await ask(`SELECT '${'x'.repeat(120_000)}'`)).status).toBe(413);
    expect((await get(`/api/query?sql=${'x'.repeat(9_000)}`)).status).toBe(414);
  });

  it.each([
    '/assets/../package.json',
    '/assets/%2e%2e/package.json',
    '//etc/passwd',
    '/api/%00',
    '/.env',
    '/assets/x',
  ])('has nothing at %s', async (path) => {
    expect([400, 404]).toContain((await get(path)).status);
  });

  it.each([
    '/api/figures/capacity?cells=A&cells=B',
    '/api/figures/curves?cells=A&cycles=1-100000',
    '/api/figures/trace?test=1e9',
    '/api/figures/trace?test=1&px=99999',
    '/api/figures/trace?test=1&from=NaN',
    `/api/figures/capacity?cells=${Array.from({ length: 13 }, (_, i) => `C${i}`).join(',')}`,
    `/api/figures/capacity?cells=${'x'.repeat(300)}`,
    '/api/files/99999999999999999999',
    '/api/tests/1/records/-1',
  ])('refuses %s with words', async (path) => {
    const { status, body, headers } = await get(path);
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(body).detail).not.toBe('');
  });

  it('knows no prototype', async () => {
    const { status } = await get('/api/cells?__proto__=1&constructor=2');
    expect(status).toBe(200);
    expect((await get('/api/cells/__proto__')).status).toBe(404);
  });
});

describe('what is noted', () => {
  it('is route, status and time, never what was asked', async () => {
    const secret = 'a-secret-that-nobody-noted';
    await ask(`SELECT '${secret}'`);
    await ask(`SELECT ${secret} FROM nowhere`);
    await get(`/api/cells?q=${secret}&token=${secret}`);
    await get(`/api/status`, { Authorization: `Bearer ${secret}`, Cookie: `x=${secret}` });
    expect(log.some((line) => /^\/api\/query 200 \d+ ms$/.test(line))).toBe(true);
    expect(log.join('\n')).not.toContain(secret);
  });

  it('a sender that never ends its headers is cut off', async () => {
    const started = performance.now();
    expect(await raw('GET /api/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')).toMatch(
      /^(HTTP\/1.1 408|closed|$)/,
    );
    expect(performance.now() - started).toBeLessThan(8_000);
    expect((await get('/api/status')).status).toBe(200);
  });
});

describe('answers', () => {
  it('have safe headers, and a policy that runs nothing foreign', async () => {
    const { headers } = await get('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const report = await get('/report');
    expect(report.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  });

  it('are kept by tag, and compressed where asked', async () => {
    const first = await get('/api/cells', { 'Accept-Encoding': 'gzip' });
    const again = await get('/api/cells', { 'If-None-Match': String(first.headers.etag) });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await get('/api/schema', { 'Accept-Encoding': 'gzip' })).headers['content-encoding']).toBe(
      'gzip',
    );
  });

  it('are never taken for a page, whatever data hold', async () => {
    const { headers } = await get(`/figures/capacity.svg?cells=${encodeURIComponent(evil)}`);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('describe themselves', async () => {
    const api = JSON.parse((await get('/api/openapi.json')).body);
    expect(Object.keys(api.paths)).toContain('/api/cells/{id}');
    expect(
      api.paths['/api/figures/curves'].get.parameters.map(({ name }: { name: string }) => name),
    ).toContain('cycles');
    expect((await get('/metrics')).body).toMatch(
      /cellar_requests_total\{route="\/api\/cells",status="200"\} \d/,
    );
    expect(JSON.parse((await get('/health')).body).status).toBe('ok');
  });

  it('say what there is not, with the nearest', async () => {
    const { status, body } = await get('/api/figures/capacity?cells=B');
    expect([status, JSON.parse(body).hint]).toEqual([400, 'Did you mean A?']);
    expect((await get('/api/nothing')).status).toBe(404);
  });
});

describe('SQL', () => {
  it('answers rows for the page, and all of them in every format', async () => {
    const { body, headers } = await ask('SELECT range AS n, 2^53 + range AS big FROM range(3)');
    expect(JSON.parse(body)).toMatchObject({
      truncated: false,
      rows: [
        [0, expect.anything()],
        [1, expect.anything()],
        [2, expect.anything()],
      ],
    });
    expect(headers['cellar-snapshot']).toBe(JSON.parse((await get('/health')).body).snapshot);
    const csv = await get(`/api/query?format=csv&sql=${encodeURIComponent('SELECT * FROM range(20000)')}`);
    expect(csv.body.split('\n')).toHaveLength(20_002);
    expect(csv.headers['content-disposition']).toMatch(/attachment.*\.csv/);
    expect(JSON.parse((await ask('SELECT * FROM range(20000)')).body)).toMatchObject({ truncated: true });
    const arrow = await ask('SELECT 1 AS a', { format: 'arrow' });
    expect(arrow.body).toContain('a');
  });

  it('tells a fault of the SQL, with what was probably meant', async () => {
    const { status, body } = await ask('SELECT cell FROM cells');
    expect(status).toBe(400);
    expect(JSON.parse(body).detail).toContain('cell');
    expect((await ask('SELECT cell_id FROM cells')).status).toBe(200);
  });

  it('refuses everything that writes, reads other files, or changes how the database runs', async () => {
    const secret = join(folder, 'secret.csv').replaceAll('\\', '/');
    const written = join(folder, 'written').replaceAll('\\', '/');
    writeFileSync(secret, 'a,b\n1,2\n');
    const attempts = attemptsIn({ folder: folder.replaceAll('\\', '/'), secret, written });
    const through: string[] = [];
    for (const sql of attempts) {
      const { status, body } = await ask(sql);
      if (status !== 400 || !(JSON.parse(body).detail.length > 4)) through.push(`${status} ${sql}`);
    }
    expect(through).toEqual([]);
    expect(existsSync(written)).toBe(false);
  });

  it('shows nothing of whoever runs the server in the settings', async () => {
    const { body } = await ask("SELECT value FROM duckdb_settings() WHERE name LIKE '%directory%'");
    expect(body).not.toContain(process.env.HOME ?? '/root/');
  });

  it('ends what takes too long or is not wanted any more, and goes on', async () => {
    const endless = 'SELECT len(list_sort(list_transform(range(40000000), x -> hash(x))))';
    const started = Date.now();
    const asked = request({
      port: server.port,
      host: '127.0.0.1',
      path: `/api/query?sql=${encodeURIComponent(endless)}`,
    });
    asked.on('error', () => undefined);
    asked.end();
    await new Promise((resolve) => setTimeout(resolve, 500));
    asked.destroy();
    expect((await ask('SELECT 1 AS one')).status).toBe(200);
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(await (await get('/metrics')).body).toMatch(/cellar_queries_cancelled [1-9]/);
  });
});

/** Puts a copy of the snapshot with one more cell in its place, or beside it. */
async function publish(cell_id: string, target = database): Promise<void> {
  const next = join(folder, 'next.duckdb');
  copyFileSync(database, next);
  const opened = await openWritable(next);
  await insertRows(opened.connection, 'cells', [{ cell_id, material_id: 'M' }]);
  await opened.connection.run('CHECKPOINT');
  opened.close();
  renameSync(next, target);
}

/** Waits until something holds; what was last seen, where it never does. */
async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  let seen = await look();
  for (const end = Date.now() + 12_000; !isRight(seen) && Date.now() < end; seen = await look()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return seen;
}

const health = async () =>
  JSON.parse((await get('/health')).body) as { snapshot: string; reason: string | null };

describe('publications', () => {
  it('are not shown where another program has written into them', async () => {
    writeFileSync(`${database}.wal`, 'x');
    expect((await until(health, ({ reason }) => reason !== null)).reason).toContain('.wal');
    expect((await get('/health')).status).toBe(503);
    expect((await get('/api/cells')).status).toBe(200);
    rmSync(`${database}.wal`);
    expect((await until(health, ({ reason }) => reason === null)).reason).toBeNull();
  });

  it('that wait beside a file that cannot be replaced are put in place', async () => {
    await publish('LATE', `${database}.next`);
    const late = await until(
      async () => (await get('/api/cells?q=LATE')).body,
      (body) => body.includes('LATE'),
    );
    expect(JSON.parse(late).cells).toHaveLength(1);
    expect((await ask('SELECT cell_id FROM cells')).body).toContain('LATE');
  });
});

describe('a token', () => {
  it('is asked for where the file is private, taken from the link into a cookie, and guessed ten times only', async () => {
    const own = join(folder, 'private.duckdb');
    await makeDatabase(own, {});
    chmodSync(own, 0o600);
    const guarded = await serve(own);
    try {
      const { port, address } = guarded;
      const token = new URL(address).searchParams.get('token') ?? '';
      expect(token.length).toBeGreaterThan(40);
      expect((await get('/api/status', {}, { port })).status).toBe(401);
      const taken = await get(`/cells?q=x&token=${token}`, {}, { port });
      expect([taken.status, taken.headers.location]).toEqual([303, '/cells?q=x']);
      const cookie = String(taken.headers['set-cookie']);
      expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
      expect((await get('/api/status', { Cookie: cookie.split(';')[0]! }, { port })).status).toBe(200);
      expect((await get('/api/status', { Authorization: `Bearer ${token}` }, { port })).status).toBe(200);
      const tries = [];
      for (let i = 0; i < 12; i++)
        tries.push((await get('/api/status', { Authorization: `Bearer no${i}` }, { port })).status);
      expect(tries.filter((status) => status === 401)).toHaveLength(10);
      expect(tries.at(-1)).toBe(429);
    } finally {
      await guarded.close();
    }
  });
});

describe('the command', () => {
  it('says what is wrong: no database, a taken port', async () => {
    const none = cellar(['serve', '--db', join(folder, 'none.duckdb')]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('cellar ingest')]);
    const taken = cellar(['serve', '--db', database, '--port', String(server.port)]);
    expect([taken.status, taken.stderr]).toEqual([2, expect.stringContaining('is taken')]);
  });
});

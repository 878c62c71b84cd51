import { chmodSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/errors.js';
import { notify } from '../../src/notify/notify.js';
import { readTold } from '../../src/notify/record.js';
import { webhookRequest } from '../../src/notify/ways.js';
import { appendLog } from '../../src/store/log.js';
import { databasePaths } from '../../src/store/paths.js';
import { Laboratory } from '../ingest/laboratory.js';

/** People are told, by real servers on this machine, what is worth telling: each thing once, and nothing is lost. */

let lab: Laboratory;
const servers: Server[] = [];
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(async () => {
  lab.remove();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const hour = 3_600_000;
/** A spectrum, from which nothing is to be derived, with a bad line. */
const table = "Frequency (Hz),Z' (ohm),Z'' (ohm)\n1000,10,-1\n100,11,-2\n10,x,-3\n";
const settings = (text: string) => writeFileSync(join(lab.folder, 'cellar.toml'), text);
const tell = (more: object = {}) => notify({ database: lab.database, lab: lab.folder, ...more });

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An SMTP server that takes every mail and asks for a password. */
async function smtpServer(mails: string[], logins: string[] = []): Promise<number> {
  return listening(
    createServer((socket) => {
      let isData = false;
      let mail = '';
      socket.write('220 test ESMTP\r\n');
      socket.on('data', (chunk) => {
        if (isData) {
          mail += chunk.toString();
          if (!mail.endsWith('\r\n.\r\n')) return;
          mails.push(mail);
          [isData, mail] = [false, ''];
          socket.write('250 taken\r\n');
          return;
        }
        for (const line of chunk
          .toString()
          .split('\r\n')
          .filter((text) => text !== '')) {
          if (/^EHLO/i.test(line)) socket.write('250-test\r\n250 AUTH PLAIN\r\n');
          else if (/^AUTH PLAIN/i.test(line)) {
            logins.push(Buffer.from(line.slice(11), 'base64').toString());
            socket.write('235 welcome\r\n');
          } else if (/^DATA/i.test(line)) {
            isData = true;
            socket.write('354 go on\r\n');
          } else socket.write(/^QUIT/i.test(line) ? '221 bye\r\n' : '250 ok\r\n');
        }
      });
      socket.on('error', () => undefined);
    }),
  );
}

interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

async function webServer(calls: Call[], status: () => number = () => 200): Promise<number> {
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      response.writeHead(status()).end();
      request.socket.destroySoon();
    });
  });
  return listening(server);
}

it('a mail tells of a refused line once, with a password from a file that only its owner reads', async () => {
  const mails: string[] = [];
  const logins: string[] = [];
  const port = await smtpServer(mails, logins);
  writeFileSync(join(lab.folder, 'password'), 'geheim\n', { mode: 0o600 });
  settings(
    `[notify.mail]\nhost = "127.0.0.1"\nport = ${port}\nfrom = "cellar@lab.example"\nto = ["a@lab.example", "b@lab.example"]\nuser = "cellar"\npassword_file = "password"\n`,
  );
  lab.write('K-1.csv', table);
  await lab.ingest();
  expect((await tell())?.told).toEqual([{ by: 'mail to a@lab.example, b@lab.example', items: 1 }]);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain('K-1.csv');
  expect(mails[0]).toMatch(/To: a@lab\.example, b@lab\.example/);
  expect(logins[0]).toBe('\u0000cellar\u0000geheim');
  expect((await tell())?.told).toEqual([]);
  expect(mails).toHaveLength(1);
  expect(readTold(databasePaths(lab.database))).toMatchObject([{ key: 'rows/1' }]);
});

describe('secrets', () => {
  it.skipIf(process.platform === 'win32')('in a file that others can read are refused', async () => {
    const port = await smtpServer([]);
    const path = join(lab.folder, 'password');
    writeFileSync(path, 'geheim');
    chmodSync(path, 0o644);
    settings(
      `[notify.mail]\nhost = "127.0.0.1"\nport = ${port}\nfrom = "c@l.example"\nto = ["a@l.example"]\nuser = "c"\npassword_file = "password"\n`,
    );
    await expect(tell({ isTest: true })).rejects.toThrow('can be read by others');
  });

  it('have no place in cellar.toml', async () => {
    settings(`[notify.mail]\nhost = "h"\nfrom = "c@l.example"\nto = ["a@l.example"]\npassword = "geheim"\n`);
    await expect(tell({ isTest: true })).rejects.toMatchObject({ exitCode: exitCodes.usage });
  });

  it('in the environment are taken from there', async () => {
    const calls: Call[] = [];
    const port = await webServer(calls);
    process.env.CELLAR_TEST_HOOK = `http://127.0.0.1:${port}/secret`;
    settings('[[notify.webhook]]\nshape = "slack"\nurl_env = "CELLAR_TEST_HOOK"\n');
    expect((await tell({ isTest: true }))?.told[0]?.by).not.toContain('secret');
    expect(calls).toHaveLength(1);
    delete process.env.CELLAR_TEST_HOOK;
    await expect(tell({ isTest: true })).rejects.toThrow('CELLAR_TEST_HOOK');
  });
});

describe('webhooks', () => {
  const message = {
    title: 'Cellar: <b> & *x*',
    items: [{ key: 'k', text: 'a\u001b[2K\nb <script> [x](y)' }],
  };

  it('have the shapes that Slack, Teams and ntfy take', () => {
    expect(JSON.parse(webhookRequest('slack', message).body)).toEqual({
      text: '*Cellar: &lt;b&gt; &amp; *x**\n- a [2K b &lt;script&gt; [x](y)',
    });
    const { attachments } = JSON.parse(webhookRequest('teams', message).body);
    expect(attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        body: [{ type: 'TextBlock' }, { text: '- a \\[2K b <script> \\[x\\](y)' }],
      },
    });
    const ntfy = webhookRequest('ntfy', { ...message, title: 'Cellar: 25 °C' });
    expect(ntfy.headers.title).toMatch(/^=\?UTF-8\?B\?/);
    expect(ntfy.body).toBe('- a [2K b <script> [x](y)');
  });

  it('that fail are tried again by the next run; the others are told once', async () => {
    const good: Call[] = [];
    const bad: Call[] = [];
    let status = 500;
    const ports = [await webServer(good), await webServer(bad, () => status)];
    settings(
      ports.map((port) => `[[notify.webhook]]\nshape = "json"\nurl = "http://127.0.0.1:${port}/"\n`).join(''),
    );
    lab.write('K-1.csv', table);
    await lab.ingest();
    await expect(tell()).rejects.toThrow('500');
    status = 200;
    await tell();
    expect(good).toHaveLength(1);
    expect(bad).toHaveLength(2);
    expect(JSON.parse(bad[1]!.body).items).toMatchObject([{ key: 'rows/1' }]);
  });
});

describe('what is told', () => {
  const keys = async (now?: Date) =>
    (await tell({ isDryRun: true, ...(now === undefined ? {} : { now }) }))!.items.map(
      ({ key }) => key.split('/')[0],
    );
  beforeEach(() => settings('[notify]\ncommand = ["true"]\n'));

  it('a night that is missing; not one that found nothing new', async () => {
    lab.write('K-1.csv', table.replace('x', '3.2'));
    await lab.ingest();
    expect(await keys()).toEqual([]);
    expect(await keys(new Date(Date.now() + 27 * hour))).toEqual(['missing']);
    await lab.ingest();
    expect(await keys()).toEqual([]);
  });

  it('a night that failed, and a database that cannot be opened', async () => {
    appendLog(databasePaths(lab.database).log, {
      at: new Date().toISOString(),
      event: 'failed',
      message: 'the disk is full',
    });
    expect(await keys()).toEqual(['database', 'failed']);
  });

  it('a channel that fell silent, a verdict that changed', async () => {
    lab.write('K-1.csv', 'Test Time / s,Voltage / V,Current / A\n0,3,0.1\n10,3.1,0.1\n20,3.2,0.1\n');
    await lab.ingest();
    const { openWriter } = await import('../../src/store/writer.js');
    const writer = await openWriter(lab.database, { command: 'test' });
    await writer.connection.run(`
      UPDATE tests SET channel = '7';
      INSERT INTO files BY NAME SELECT 100 + d AS file_id, 'n' || d AS path, '/' AS root, 'appended' AS status,
        now()::TIMESTAMP - to_days(d::INTEGER) AS ingested_at FROM range(3, 7) r(d);
      INSERT INTO test_files BY NAME SELECT 1 AS test_id, 100 + d AS file_id, 1 AS first_record_index FROM range(3, 7) r(d);
      UPDATE files SET ingested_at = now()::TIMESTAMP - INTERVAL 8 DAY WHERE file_id = 1;
      INSERT INTO runs BY NAME SELECT 50 + i AS run_id, 'check' AS command, now()::TIMESTAMP - to_hours((4 - i)::INTEGER) AS started_at
        FROM range(2) r(i);
      INSERT INTO verdict_history BY NAME SELECT 50 + i AS run_id, 'T' AS target_id, 'rd-fund' AS target_table, 'M' AS material_id,
        CASE i WHEN 0 THEN 'PASS' ELSE 'FAIL' END AS verdict, 'why' AS reason FROM range(2) r(i)`);
    await writer.publish();
    await writer.end();
    expect(await keys()).toEqual(['channel', 'verdict']);
  });

  it('nobody where no cellar.toml says so, and that is no failure', async () => {
    settings('date_order = "dmy"\n');
    expect(await tell()).toBeUndefined();
    await expect(tell({ isTest: true })).rejects.toMatchObject({ exitCode: exitCodes.usage });
  });

  it('by a command, on its standard input', async () => {
    const path = join(lab.folder, 'told.txt');
    const script = 'process.stdin.pipe(require("node:fs").createWriteStream(process.argv[1]))';
    settings(`[notify]\ncommand = ${JSON.stringify([process.execPath, '-e', script, path])}\n`);
    await tell({ isTest: true });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(path, 'utf8')).toContain('a test by `cellar notify --test`');
  });
});

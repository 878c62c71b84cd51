/** The process that answers questions: started by `queries.ts`, controlled by messages, answering on stdout. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { CellarError } from '../errors.js';
import { openForQueries } from '../query/open.js';
import type { QueryParameters } from '../query/parameters.js';
import { type QueryResult, runQuery } from '../query/run.js';
import { encode } from '../query/save.js';
import { jsonFormatter } from '../query/values.js';
import { formatColumn } from '../query/vector.js';
import type { Database } from '../store/connection.js';
import { identify } from './snapshots.js';

export type ToQueryProcess =
  | { kind: 'open'; path: string }
  | {
      kind: 'run' | 'report';
      sql: string;
      parameters: QueryParameters;
      format: 'page' | 'csv' | 'json' | 'ndjson' | 'arrow';
      limit: number;
    };

export type FromQueryProcess =
  | { kind: 'ready'; snapshot: string }
  | { kind: 'end'; bytes: number; rows: number; truncated: boolean }
  | { kind: 'failed'; message: string; hint: string | undefined };

let database: Database | undefined;
let path = '';

/** Ends at once, whatever the engine is doing; a normal exit would wait for it. */
function leave(): void {
  try {
    rmSync(tmpdir(), { recursive: true, force: true });
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}
process.on('disconnect', leave);

function tell(message: FromQueryProcess): void {
  if (process.connected) process.send?.(message, () => undefined);
}

async function open(file: string): Promise<void> {
  path = file;
  for (let tries = 0; tries < 3; tries++) {
    const before = identify(file);
    const opened = await openForQueries(file, {
      settings: [`threads = ${process.env.CELLAR_QUERY_THREADS ?? '1'}`, "max_temp_directory_size = '4GB'"],
    });
    const after = identify(file);
    if (before !== null && before.id === after?.id) {
      database = opened;
      return tell({ kind: 'ready', snapshot: before.id });
    }
    opened.close();
  }
  throw new Error('the snapshot changes faster than it can be opened');
}

let written = 0;

function write(piece: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(piece as string);
  written += bytes.length;
  return new Promise((resolve) => {
    if (process.stdout.write(bytes)) resolve();
    else process.stdout.once('drain', () => resolve());
  });
}

/** The first rows as JSON by rows, with the names and types of the columns. */
async function writePage(result: QueryResult, limit: number): Promise<{ rows: number; truncated: boolean }> {
  const columns = result.columns.map(({ name, type }) => ({ name, type: String(type) }));
  const formats = result.columns.map(({ type }) => jsonFormatter(type));
  let rows = 0;
  let truncated = false;
  const pieces: string[] = [];
  for await (const chunk of result.chunks) {
    const fields = formats.map((format, index) => formatColumn(chunk, index, format, 'null'));
    for (let row = 0; row < chunk.rowCount; row++) {
      if (rows === limit) {
        truncated = true;
        break;
      }
      pieces.push(`[${fields.map((field) => field[row]).join(',')}]`);
      rows++;
    }
    if (truncated) break;
  }
  const head = JSON.stringify({ schema: 'cellar.serve.query/1', columns, truncated });
  await write(`${head.slice(0, -1)},"rows":[${pieces.join(',')}]}`);
  return { rows, truncated };
}

async function answer(question: Exclude<ToQueryProcess, { kind: 'open' }>): Promise<void> {
  written = 0;
  if (question.kind === 'report') {
    await write(await reportPage());
    return tell({ kind: 'end', bytes: written, rows: 0, truncated: false });
  }
  // A fresh connection: temporary tables of the question before are gone.
  const connection = await (database as Database).instance.connect();
  try {
    const result = await runQuery(connection, question.sql, question.parameters);
    if (question.format === 'page') {
      const { rows, truncated } = await writePage(result, question.limit);
      return tell({ kind: 'end', bytes: written, rows, truncated });
    }
    for await (const piece of encode(result, question.format)) await write(piece);
    tell({ kind: 'end', bytes: written, rows: 0, truncated: false });
  } finally {
    connection.closeSync();
  }
}

/** The report, nothing stored. */
async function reportPage(): Promise<string> {
  const { makeReport, renderPage } = await import('../report/index.js');
  const { model } = await makeReport({
    database: path,
    command: 'cellar serve',
    targets: 'rd-fund',
    material: null,
    since: undefined,
    write: false,
  });
  return renderPage(model);
}

process.on('message', (message: ToQueryProcess) => {
  const work = message.kind === 'open' ? open(message.path) : answer(message);
  work.catch((error: Error) => {
    const hint = error instanceof CellarError ? error.hint : undefined;
    tell({ kind: 'failed', message: error.message, hint });
  });
});

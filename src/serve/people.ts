import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type AnswerCache, Problem, reportPolicy, send } from './answers.js';
import type { Queries, Question } from './queries.js';
import type { Snapshots } from './snapshots.js';

/** Requests that query processes answer: SQL of users, and the report. */

/** The parts of the server that are needed for it. */
interface QueryServices {
  queries: Queries;
  snapshots: Snapshots;
  cache: AnswerCache;
}

interface HttpExchange {
  server: QueryServices;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

const LONGEST_BODY = 100_000;
const PAGE_ROWS = 10_000;

const types = {
  page: 'application/json',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  arrow: 'application/vnd.apache.arrow.stream',
} as const;
const endings = { page: 'json', json: 'json', ndjson: 'ndjson', csv: 'csv', arrow: 'arrows' } as const;

const parameterValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const question = z.object({
  sql: z.string().min(1, 'is empty').max(LONGEST_BODY),
  parameters: z.record(z.string(), parameterValue).default({}),
  format: z.enum(['page', 'csv', 'json', 'ndjson', 'arrow']).default('page'),
});

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += (piece as Buffer).length;
    if (size > LONGEST_BODY)
      throw new Problem(413, 'the query is longer than 100 kB', 'Use `cellar query --file FILE`.');
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function questionOf({ request, url }: HttpExchange): Promise<z.infer<typeof question>> {
  let given: unknown;
  if (request.method === 'POST') {
    try {
      given = JSON.parse(await readBody(request));
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem(400, 'the body is not JSON', '{"sql": "SELECT …", "format": "csv"}');
    }
  } else {
    const format = url.searchParams.get('format');
    given = { sql: url.searchParams.get('sql') ?? '', ...(format === null ? {} : { format }) };
  }
  const checked = question.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new Problem(400, `${issue?.path.join('.') || 'the query'}: ${issue?.message}`);
}

/** Streams an answer of a query process to the client; the process is ended when the client disconnects. */
async function stream(
  { server, response }: HttpExchange,
  asked: Question,
  begin: (snapshot: string) => void,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  await server.queries.ask(
    asked,
    {
      onBegin: begin,
      onBytes: (piece) =>
        new Promise((resolve, reject) => {
          if (response.destroyed) reject(new Error('gone'));
          else if (response.write(piece)) resolve();
          else {
            const drained = () => {
              response.off('close', left);
              resolve();
            };
            const left = () => reject(new Error('gone'));
            response.once('drain', drained);
            response.once('close', left);
          }
        }),
    },
    gone.signal,
  );
  response.end();
}

export async function answerQuery(asked: HttpExchange): Promise<void> {
  const { sql, parameters, format } = await questionOf(asked);
  const { response, request } = asked;
  if (request.method === 'HEAD') return send(request, response, { type: types[format], body: '' });
  const whole: Question = { kind: 'run', sql, parameters, format, limit: PAGE_ROWS };
  await stream(asked, whole, (snapshot) => {
    response.setHeader('Content-Type', types[format]);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Cellar-Snapshot', snapshot);
    if (format !== 'page') {
      response.setHeader('Content-Disposition', `attachment; filename="query.${endings[format]}"`);
    }
  });
}

/** The report's page, as `cellar report --no-write` makes it; cached while the snapshot is current. */
export async function answerReport(asked: HttpExchange): Promise<void> {
  const { server, request, response } = asked;
  const key = `${server.snapshots.generation.id} /report`;
  const kept = server.cache.get(key);
  const headers = { 'Content-Security-Policy': reportPolicy };
  if (kept !== undefined) return send(request, response, { ...kept, headers });
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const pieces: Buffer[] = [];
  let snapshot = '';
  const reader = {
    onBegin: (id: string) => {
      snapshot = id;
    },
    onBytes: async (piece: Buffer) => {
      pieces.push(Buffer.from(piece));
    },
  };
  const whole: Question = { kind: 'report', sql: '', parameters: {}, format: 'page', limit: 0 };
  await server.queries.ask(whole, reader, gone.signal);
  const answer = { type: 'text/html; charset=utf-8', body: Buffer.concat(pieces), snapshot };
  server.cache.put(`${snapshot} /report`, answer);
  send(request, response, { ...answer, headers });
}

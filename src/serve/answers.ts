import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { CellarError } from '../errors.js';
import { toolVersion } from '../version.js';
import { Busy } from './gate.js';

/** A request that cannot be answered, in the form of RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  readonly hint: string | undefined;
  /** Position of the error in a query, from 0. */
  readonly position: number | undefined;

  constructor(status: number, detail: string, hint?: string, position?: number) {
    super(detail);
    this.status = status;
    this.hint = hint;
    this.position = position;
  }
}

/** What stopped an answer, for the client. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Busy) return new Problem(503, 'the server is busy', 'Try again in a moment.');
  if (error instanceof CellarError) return new Problem(400, error.message, error.hint);
  const { message } = error as Error;
  if (/interrupted/i.test(message))
    return new Problem(408, 'this took too long and was stopped', 'Ask for less.');
  return new Problem(500, message, 'This is a fault of Cellar: see what `cellar serve --verbose` prints.');
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The report contains its styles and runs no script. */
export const reportPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Headers that every answer has. */
export function setSafetyHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

export interface Answer {
  status?: number;
  type: string;
  body: string | Buffer;
  /** The snapshot it was made from; absent: it does not depend on one. */
  snapshot?: string;
  /** How long it may be cached: `never`, checked again each time, or for ever. */
  keep?: 'never' | 'revalidate' | 'forever';
  headers?: Record<string, string>;
}

const COMPRESS_FROM = 1_024;
const compressible = /^(text|application\/(json|problem|javascript)|image\/svg)/;

/** The tag of what was made from a snapshot: the same version, snapshot and format give the same bytes. */
export const tagOf = (snapshot: string, format: string): string => `"${toolVersion}-${snapshot}-${format}"`;

/** Whether the client already has this. */
export const isKnown = (request: IncomingMessage, tag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some((one) => one.trim() === tag);

export function sendUnchanged(response: ServerResponse, tag: string, snapshot: string): void {
  response.statusCode = 304;
  response.setHeader('ETag', tag);
  response.setHeader('Cellar-Snapshot', snapshot);
  response.setHeader('Cache-Control', 'private, no-cache');
  response.end();
}

export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, tag?: string): void {
  if (response.headersSent || response.destroyed) return;
  const { status = 200, type, keep = 'revalidate', headers = {} } = answer;
  let body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body);
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Vary', 'Accept, Accept-Encoding');
  response.setHeader(
    'Cache-Control',
    { never: 'no-store', revalidate: 'private, no-cache', forever: 'public, max-age=31536000, immutable' }[
      keep
    ],
  );
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (answer.snapshot !== undefined) response.setHeader('Cellar-Snapshot', answer.snapshot);
  if (tag !== undefined) response.setHeader('ETag', tag);
  const wantsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (wantsGzip && body.length > COMPRESS_FROM && compressible.test(type)) {
    body = gzipSync(body, { level: 5 });
    response.setHeader('Content-Encoding', 'gzip');
  }
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    // Part of an answer must not look complete.
    response.destroy();
    return;
  }
  const { status, message: detail, hint, position } = problem;
  send(request, response, {
    status,
    type: 'application/problem+json',
    keep: 'never',
    headers: status === 503 ? { 'Retry-After': '2' } : {},
    body: JSON.stringify({ status, detail, hint, position }),
  });
}

/** Values for JSON: a number that is not finite is null, an integer beyond 2^53 a text, a time ISO 8601. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
}

/** Answers of the present snapshot, the least recently used dropped first. */
export class AnswerCache {
  private readonly most: number;
  private readonly kept = new Map<string, Answer>();
  private bytes = 0;

  constructor(most = 64 * 2 ** 20) {
    this.most = most;
  }

  get(key: string): Answer | undefined {
    const found = this.kept.get(key);
    if (found !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, found);
    }
    return found;
  }

  put(key: string, answer: Answer): void {
    const size = answer.body.length;
    if (size > this.most / 4) return;
    // Two requests at the same time give the same answer.
    this.bytes -= this.kept.get(key)?.body.length ?? 0;
    this.kept.delete(key);
    this.kept.set(key, answer);
    this.bytes += size;
    for (const [oldest, { body }] of this.kept) {
      if (this.bytes <= this.most) break;
      this.kept.delete(oldest);
      this.bytes -= body.length;
    }
  }

  clear(): void {
    this.kept.clear();
    this.bytes = 0;
  }
}

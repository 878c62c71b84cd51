import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The checks of a request before it reaches data. */
export interface Access {
  port: number;
  /** Names under which this server may be addressed, with or without port. */
  hosts: readonly string[];
  /** The required secret; null: none. */
  token: string | null;
}

/** Why a request is refused. */
export interface Refusal {
  status: 400 | 401 | 403 | 405 | 415 | 421 | 429;
  detail: string;
  hint?: string;
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** Hosts as a browser may name them, in lower case, with port. */
export function knownHosts({ port, hosts }: Pick<Access, 'port' | 'hosts'>): Set<string> {
  const withPort = loopback.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  const given = hosts.map((name) => name.toLowerCase()).flatMap((name) => [name, `${name}:${port}`]);
  return new Set([...withPort, ...given]);
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares two secrets in constant time. */
const isSame = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));

export const cookieName = (port: number): string => `cellar-${port}`;

/** The secret of a request, from its cookie or its header. */
function tokenOf(request: IncomingMessage, port: number): string | undefined {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === cookieName(port)) return value;
  }
  return undefined;
}

const MINUTE = 60_000;
const MOST_WRONG = 10;

/** Checks secrets, and refuses further attempts after too many wrong ones. */
export class TokenCheck {
  private readonly access: Access;
  private wrong: number[] = [];

  constructor(access: Access) {
    this.access = access;
  }

  /** Whether a secret is the right one; wrong ones are counted. */
  isRight(given: string): boolean {
    const right = this.access.token !== null && isSame(given, this.access.token);
    if (!right) this.wrong.push(Date.now());
    return right;
  }

  get isClosed(): boolean {
    this.wrong = this.wrong.filter((at) => at > Date.now() - MINUTE);
    return this.wrong.length >= MOST_WRONG;
  }

  check(request: IncomingMessage): Refusal | null {
    if (this.access.token === null) return null;
    const given = tokenOf(request, this.access.port);
    if (this.isClosed) return { status: 429, detail: 'too many wrong tokens; try again in a minute' };
    if (given !== undefined && this.isRight(given)) return null;
    return {
      status: 401,
      detail: 'this page needs its token',
      hint: 'Open it by the link that `cellar serve` printed, or send `Authorization: Bearer TOKEN`.',
    };
  }
}

/**
 * Whether the origin of a request is acceptable: not a page of another site, and not a foreign name that points at
 * this machine. `isShell`: the requested page holds no data, so that a link in a message may lead to it.
 */
export function checkOrigin(request: IncomingMessage, hosts: Set<string>, isShell: boolean): Refusal | null {
  const given = request.rawHeaders.filter(
    (_, i) => i % 2 === 0 && request.rawHeaders[i]?.toLowerCase() === 'host',
  );
  const host = request.headers.host?.toLowerCase();
  if (given.length !== 1 || host === undefined || !hosts.has(host)) {
    return {
      status: 421,
      detail: `this server is not ${request.headers.host ?? 'named'}`,
      hint: 'Name it with `cellar serve --allow-host NAME`.',
    };
  }
  const { origin } = request.headers;
  const ours = origin === `http://${host}` || origin === `https://${host}`;
  if (origin !== undefined && !ours)
    return { status: 403, detail: 'pages of other sites may not send requests' };
  const site = request.headers['sec-fetch-site'];
  const isLink = isShell && request.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isLink) {
    return { status: 403, detail: 'pages of other sites may not send requests' };
  }
  return null;
}

/** Whether the method and the content type are among those allowed. */
export function checkMethod({ method, headers }: IncomingMessage, isPosted: boolean): Refusal | null {
  if (method === 'POST' && isPosted) {
    const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    return type === 'application/json'
      ? null
      : { status: 415, detail: 'the body has to be application/json' };
  }
  return method === 'GET' || method === 'HEAD'
    ? null
    : { status: 405, detail: `${method} is not allowed: this page only reads` };
}

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { storageError, usageError } from '../errors.js';
import { databasePaths } from '../store/paths.js';
import { schemaVersion } from '../store/schema.js';
import { toolVersion } from '../version.js';
import { addressOf, checkedParameters, patternOf } from './addresses.js';
import {
  type Answer,
  AnswerCache,
  isKnown,
  Problem,
  problemOf,
  send,
  sendProblem,
  sendUnchanged,
  setSafetyHeaders,
  tagOf,
  toJsonText,
} from './answers.js';
import { type Asset, readAssets, shellPage } from './assets.js';
import { type Access, checkMethod, checkOrigin, cookieName, knownHosts, TokenCheck } from './checks.js';
import { EventStreams } from './events.js';
import { Gate } from './gate.js';
import { Metrics } from './metrics.js';
import { openApi } from './openapi.js';
import { answerQuery, answerReport } from './people.js';
import { Queries } from './queries.js';
import { routes } from './routes/index.js';
import { type Route, Text } from './routes/route.js';
import { type Generation, identify, Snapshots } from './snapshots.js';

export interface ServeOptions {
  database: string;
  host: string;
  /** Undefined: the next free one of `usualPorts`. */
  port: number | undefined;
  allowHosts: readonly string[];
  /** Whether to require a token even where it is not necessary. */
  token: boolean;
  querySeconds: number;
  sql: boolean;
  /** How long a client may take for its headers. Default 10. */
  headerSeconds?: number;
  /** How long the answer of a query may take in total. Default 600. */
  downloadSeconds?: number;
  /** How long a screen's own query may take. Default 20. */
  screenSeconds?: number;
  /** Called for each request with route, status and milliseconds; never with its content. */
  onRequest?: (line: string) => void;
  onNote?: (note: string) => void;
}

export interface RunningServer {
  /** The address to open, with the token where one is needed. */
  address: string;
  port: number;
  snapshots: Snapshots;
  close(): Promise<void>;
}

const usualPorts = Array.from({ length: 10 }, (_, i) => 4280 + i);
const SCREENS_AT_ONCE = 2;
const SCREENS_WAITING = 20;
const SCREEN_PATIENCE = 5_000;
const SCREEN_SECONDS = 20;
const LONGEST_ADDRESS = 8_192;
const screens = /^\/(channels|cells(\/[^/]+)?|compare|files(\/\d+)?|query)?$/;

const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host);

/** One server over one database. */
class CellarServer {
  readonly snapshots: Snapshots;
  readonly queries: Queries;
  readonly events = new EventStreams();
  readonly cache = new AnswerCache();
  readonly metrics = new Metrics();
  readonly options: ServeOptions;
  private readonly screens = new Gate(SCREENS_AT_ONCE, SCREENS_WAITING, SCREEN_PATIENCE);
  private readonly assets: Map<string, Asset> = readAssets();
  private readonly shell = shellPage(this.assets);
  private readonly matchers = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  private access: Access = { port: 0, hosts: [], token: null };
  private hosts = new Set<string>();
  private tokens = new TokenCheck(this.access);
  private readonly server: Server;

  constructor(options: ServeOptions) {
    this.options = options;
    const paths = databasePaths(options.database);
    this.queries = new Queries(paths.snapshot, {
      firstRowSeconds: options.querySeconds,
      wholeSeconds: options.downloadSeconds ?? 600,
      atOnce: 2,
      waiting: 8,
    });
    this.snapshots = new Snapshots(paths, {
      onSnapshot: (generation) => this.publish(generation),
      onTrouble: (reason) => this.events.tell('trouble', { reason }),
      letGo: () => this.queries.letGo(),
    });
    const headersTimeout = 1000 * (options.headerSeconds ?? 10);
    // By default Node checks only every half minute, and closes nothing before that.
    const limits = {
      requestTimeout: 30_000,
      headersTimeout,
      connectionsCheckingInterval: headersTimeout / 4,
    };
    this.server = createServer(limits, (request, response) => {
      void this.handle(request, response);
    });
    this.server.maxConnections = 100;
  }

  async start(): Promise<RunningServer> {
    await this.snapshots.start();
    const port = await this.listen();
    const { host, allowHosts, token } = this.options;
    const isOpen = isLoopback(host) && this.snapshots.generation.isPublic && !token;
    const secret = isOpen ? null : (process.env.CELLAR_SERVE_TOKEN ?? randomBytes(32).toString('base64url'));
    const own = isLoopback(host) || host === '0.0.0.0' || host === '::' ? [] : [host];
    this.access = { port, hosts: [...own, ...allowHosts], token: secret };
    this.hosts = knownHosts(this.access);
    this.tokens = new TokenCheck(this.access);
    this.queries.prepare();
    const name = own[0] ?? '127.0.0.1';
    return {
      address: `http://${name}:${port}/${secret === null ? '' : `?token=${secret}`}`,
      port,
      snapshots: this.snapshots,
      close: () => this.close(),
    };
  }

  private async close(): Promise<void> {
    this.events.close();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await this.queries.close();
    setTimeout(() => this.server.closeAllConnections(), 500).unref();
    await closed;
    await this.snapshots.close();
  }

  private async listen(): Promise<number> {
    const { port, host } = this.options;
    const tried = port === undefined ? usualPorts : [port];
    for (const one of tried) {
      const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
        this.server.once('error', resolve);
        this.server.listen(one, host.replace(/^\[|\]$/g, ''), () => {
          this.server.off('error', resolve);
          resolve(null);
        });
      });
      if (error === null) return (this.server.address() as { port: number }).port;
      if (error.code !== 'EADDRINUSE')
        throw storageError(`cannot listen on ${host}:${one}: ${error.message}`);
    }
    throw usageError(
      port === undefined ? 'the ports 4280 to 4289 are all taken' : `port ${port} is taken`,
      'Name a free one with --port N.',
    );
  }

  private publish({ id, publishedAt }: Generation): void {
    this.cache.clear();
    this.metrics.count('publications');
    this.queries.renew();
    this.events.tell('snapshot', { snapshot: id, published_at: publishedAt.toISOString() });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    let name = 'other';
    response.on('close', () => {
      const seconds = (performance.now() - started) / 1000;
      this.metrics.answered(name, response.statusCode, seconds);
      this.options.onRequest?.(`${name} ${response.statusCode} ${Math.round(1000 * seconds)} ms`);
    });
    response.on('error', () => undefined);
    setSafetyHeaders(response);
    try {
      if ((request.url ?? '').length > LONGEST_ADDRESS) throw new Problem(414, 'the address is too long');
      const url = addressOf(request.url ?? '/');
      const isShell = screens.test(url.pathname) || url.pathname.startsWith('/assets/');
      const refusal =
        checkOrigin(request, this.hosts, isShell) ?? checkMethod(request, url.pathname === '/api/query');
      if (refusal !== null) throw new Problem(refusal.status, refusal.detail, refusal.hint);
      if (this.takeToken(request, response, url)) return;
      if (isShell) {
        name = url.pathname.startsWith('/assets/') ? '/assets' : 'screen';
        return this.sendShell(request, response, url.pathname);
      }
      const unknown = this.tokens.check(request);
      if (unknown !== null) throw new Problem(unknown.status, unknown.detail, unknown.hint);
      name = await this.dispatch(request, response, url, (found) => {
        name = found;
      });
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status === 500) this.options.onNote?.(`${name}: ${(error as Error).stack}`);
      sendProblem(request, response, problem);
    }
  }

  /** Moves a token from the address into a cookie. */
  private takeToken(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const given = url.searchParams.get('token');
    if (given === null || this.access.token === null) return false;
    if (this.tokens.isClosed) throw new Problem(429, 'too many wrong tokens; try again in a minute');
    if (!this.tokens.isRight(given)) {
      throw new Problem(
        401,
        'the token in the address is wrong',
        'Copy the link that `cellar serve` printed.',
      );
    }
    url.searchParams.delete('token');
    send(request, response, {
      status: 303,
      type: 'text/plain',
      body: '',
      keep: 'never',
      headers: {
        Location: `${url.pathname}${url.search}`,
        'Set-Cookie': `${cookieName(this.access.port)}=${given}; HttpOnly; SameSite=Strict; Path=/`,
      },
    });
    return true;
  }

  private sendShell(request: IncomingMessage, response: ServerResponse, path: string): void {
    const page = { type: 'text/html; charset=utf-8', body: this.shell };
    const name = path.startsWith('/assets/') ? path.slice('/assets/'.length) : null;
    const asset = name === null ? page : this.assets.get(name);
    if (asset === undefined) throw new Problem(404, 'there is no such file');
    send(request, response, { ...asset, keep: name === null ? 'revalidate' : 'forever' });
  }

  private async dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    named: (name: string) => void,
  ): Promise<string> {
    const { pathname } = url;
    const people = { server: this, request, response, url };
    if (pathname === '/api/query') {
      named(pathname);
      if (!this.options.sql)
        throw new Problem(403, 'SQL is switched off here', '`cellar query` asks on the command line.');
      await answerQuery(people);
      return pathname;
    }
    if (pathname === '/report') {
      named(pathname);
      await answerReport(people);
      return pathname;
    }
    if (pathname === '/api/events') {
      const { id, publishedAt } = this.snapshots.generation;
      this.events.add(request, response, [
        ['snapshot', { snapshot: id, published_at: publishedAt.toISOString() }],
        ['trouble', { reason: this.snapshots.trouble }],
      ]);
      return pathname;
    }
    if (pathname === '/health' || pathname === '/metrics' || pathname === '/api/openapi.json') {
      this.sendOwn(request, response, pathname);
      return pathname;
    }
    for (const { route, pattern } of this.matchers) {
      const match = pattern.exec(pathname);
      if (match === null) continue;
      named(route.path);
      await this.answerRoute(route, match.groups ?? {}, url, request, response);
      return route.path;
    }
    throw new Problem(404, 'there is no such page', 'See the screens at the top of the page.');
  }

  private sendOwn(request: IncomingMessage, response: ServerResponse, pathname: string): void {
    const answers: Record<string, () => Answer> = {
      '/api/openapi.json': () => ({ type: 'application/json', body: JSON.stringify(openApi(routes)) }),
      '/metrics': () => ({ type: 'text/plain; version=0.0.4', body: this.metricsText() }),
      '/health': () => this.health(),
    };
    send(request, response, { ...(answers[pathname] as () => Answer)(), keep: 'never' });
  }

  private metricsText(): string {
    return this.metrics.text({
      screens_running: this.screens.running,
      screens_waiting: this.screens.waiting,
      queries_running: this.queries.gate.running,
      queries_waiting: this.queries.gate.waiting,
      queries_killed: this.queries.killed,
      queries_cancelled: this.queries.cancelled,
      generations: this.snapshots.openCount,
      event_streams: this.events.count,
      resident_bytes: process.memoryUsage.rss(),
    });
  }

  private health(): Answer {
    const { trouble, generation } = this.snapshots;
    const body = {
      status: trouble === null ? 'ok' : 'trouble',
      reason: trouble,
      version: toolVersion,
      snapshot: generation.id,
      published_at: generation.publishedAt,
    };
    return { status: trouble === null ? 200 : 503, type: 'application/json', body: JSON.stringify(body) };
  }

  private async answerRoute(
    route: Route,
    groups: Record<string, string>,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const parameters = checkedParameters(route, groups, url);
    const key = `${url.pathname}${url.search}`;
    const tag = (id: string) => tagOf(id, 'json');
    const { generation: now } = this.snapshots;
    if (isKnown(request, tag(now.id))) return sendUnchanged(response, tag(now.id), now.id);
    const kept = this.cache.get(`${now.id} ${key}`);
    if (kept !== undefined) return send(request, response, kept, tag(now.id));
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const leave = await this.screens.enter(gone.signal);
    try {
      await this.snapshots.use(async (generation) => {
        const old = generation.schema < schemaVersion;
        const connection = await generation.database.instance.connect();
        // The engine ignores an interruption between two statements, so it is interrupted again until it has ended.
        let again: NodeJS.Timeout | undefined;
        const interrupt = () => {
          if (again !== undefined) return;
          this.metrics.count('cancelled');
          again = setInterval(() => connection.interrupt(), 50);
        };
        const timer = setTimeout(interrupt, 1000 * (this.options.screenSeconds ?? SCREEN_SECONDS));
        gone.signal.addEventListener('abort', interrupt, { once: true });
        try {
          const made = await route.answer({
            connection,
            generation,
            parameters,
            database: this.options.database,
          });
          const head = { schema: `cellar.serve.${route.name}/1`, snapshot: generation.id };
          const answer =
            made instanceof Text
              ? { type: made.type, body: made.body, headers: made.headers, snapshot: generation.id }
              : {
                  type: 'application/json',
                  body: toJsonText({ ...head, ...made }),
                  snapshot: generation.id,
                };
          this.cache.put(`${generation.id} ${key}`, answer);
          send(request, response, answer, tag(generation.id));
        } catch (error) {
          if (!old || !/^(Binder|Catalog) Error/.test((error as Error).message)) throw error;
          throw new Problem(
            503,
            'the database is older than this Cellar, and this screen needs what it does not hold yet',
            'Run `cellar ingest` or `cellar check` once: it brings the database up to date.',
          );
        } finally {
          clearTimeout(timer);
          gone.signal.removeEventListener('abort', interrupt);
          clearInterval(again);
          connection.closeSync();
        }
      });
    } finally {
      leave();
    }
  }
}

/**
 * Serves the page over the snapshot of a database until it is closed.
 *
 * @throws CellarError (usage) where there is no database, or the port is taken
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  if (identify(databasePaths(options.database).snapshot) === null) {
    throw usageError(
      `there is no database at ${options.database}`,
      'Run `cellar ingest FOLDER` first, or name another with --db FILE.',
    );
  }
  return new CellarServer(options).start();
}

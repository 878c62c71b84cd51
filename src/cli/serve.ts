import type { Command } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { write } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

interface Options {
  port?: string;
  host: string;
  allowHost?: string[];
  token?: boolean;
  open?: boolean;
  querySeconds: string;
  sql: boolean;
}

const help = `
Examples:
  cellar serve                          the page over cellar.duckdb, at the address that is printed
  cellar serve --open                   and open it
  cellar serve --host 0.0.0.0 --port 80 --allow-host cellar.lab.example
                                        for the group, behind a reverse proxy (see docs/serve.md)

The page only reads. It follows each new snapshot that an ingest publishes. On this machine alone and over a database
that everybody on it may read it needs no token; else the printed address holds one (CELLAR_SERVE_TOKEN sets it).
SIGINT and SIGTERM end it.`;

/** Adds `cellar serve`. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('a page that is always there: cells, curves, channels, verdicts, SQL')
    .description(
      'serve a read-only page over the published snapshot: the state of every cell and channel, the curves behind it, and SQL',
    )
    .option('--port <n>', 'port to listen on (default: the next free of 4280 to 4289)')
    .option('--host <address>', 'address to listen on; other machines need a token', '127.0.0.1')
    .option('--allow-host <name...>', 'other names by which it may be reached, as host or host:port')
    .option('--token', 'ask for a token on this machine, too')
    .option('--open', 'open the page in the browser')
    .option('--query-seconds <n>', 'how long a query from the page may take to its first row', '30')
    .option('--no-sql', 'offer no SQL')
    .addHelpText('after', help)
    .action(action(runServe));
}

function wholeNumber(text: string, name: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw usageError(`${name} ${text} is not a whole number up to ${most}`);
}

async function runServe(session: Session, options: Options): Promise<ExitCode> {
  const port = options.port === undefined ? undefined : wholeNumber(options.port, '--port', 65_535);
  const querySeconds = wholeNumber(options.querySeconds, '--query-seconds', 86_400);
  if (querySeconds === 0) throw usageError('--query-seconds 0 leaves no time for any query');
  const stop = takeInterruption({ endsWell: true });
  const { startServer } = await import('../serve/server.js');
  const server = await startServer({
    database: session.db,
    host: options.host,
    port,
    allowHosts: options.allowHost ?? [],
    token: options.token === true,
    querySeconds,
    sql: options.sql,
    onNote: (note) => session.notes.note(note),
    ...(session.options.verbose === true ? { onRequest: (line: string) => session.notes.note(line) } : {}),
  });
  await write(`${server.address}\n`);
  if (!/^(localhost|127\.|::1|\[::1\])/.test(options.host)) {
    session.notes.note(
      'what is sent is not encrypted: use a tunnel or a reverse proxy outside of a trusted network',
    );
  }
  if (server.snapshots.trouble !== null) session.notes.note(server.snapshots.trouble);
  session.notes.note('Ctrl-C ends it');
  if (options.open === true) await openBrowser(server.address);
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve());
  });
  await server.close();
  return exitCodes.done;
}

/** Opens an address with the program of the system; where that fails, the address is still printed. */
async function openBrowser(address: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', address]
        : ['xdg-open', address];
  const child = spawn(program as string, words, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

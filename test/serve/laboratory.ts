import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServeOptions } from '../../src/serve/server.js';
import { projectRoot } from '../shared-data.js';

/** A server of the tests' own on any free port: the built one, since it starts processes and has the page beside it. */
export async function serve(database: string, more: Partial<ServeOptions> = {}) {
  const built = pathToFileURL(join(projectRoot, 'dist', 'serve', 'server.js')).href;
  const { startServer } = (await import(built)) as typeof import('../../src/serve/server.js');
  return startServer({
    database,
    host: '127.0.0.1',
    port: 0,
    allowHosts: [],
    token: false,
    querySeconds: 5,
    sql: true,
    ...more,
  });
}

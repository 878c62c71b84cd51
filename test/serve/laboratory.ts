import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ingest } from '../../src/ingest/ingest.js';
import type { ServeOptions } from '../../src/serve/server.js';
import { analyzeAndStore } from '../../src/targets/check.js';
import { loadTargets } from '../../src/targets/load.js';
import { projectRoot } from '../shared-data.js';

/** A few files of the sample laboratory: long lives, a file with a rejected line, a pellet at four temperatures. */
const kept =
  /(lab|neware|arbin|biologic|127\.0\.0\.1[^/]*\.csv|LRMO-02[^/]*|LPSC-01_(-10|10|40|70)degC[^/]*\.mpt|cells\.csv|materials\.csv|conditions\.csv|cellar\.toml)$/;

/** Copies a small laboratory into the folder, reads it and judges it; the path of its database. */
export async function makeLaboratory(folder: string): Promise<string> {
  const lab = join(folder, 'lab');
  cpSync(join(projectRoot, 'sample-data', 'lab'), lab, {
    recursive: true,
    filter: (path) => kept.test(path),
  });
  const database = join(folder, 'cellar.duckdb');
  await ingest([lab], { database });
  await analyzeAndStore(await loadTargets('rd-fund'), { database, command: 'cellar check' });
  return database;
}

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

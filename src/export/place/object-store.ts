import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, join, posix } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CellarError, storageError, usageError } from '../../errors.js';
import { literal, pathLiteral, select } from '../../store/connection.js';
import { DuckDBInstance } from '../../store/duckdb.js';
import { loadExtension } from './extension.js';
import { giveKeys } from './keys.js';
import type { Place } from './place.js';

const scheme = /^(s3|s3a|s3n):\/\/([^/]+)/;

/** Whether a text is an address rather than a path (a drive of Windows is one letter). */
export const isAddress = (given: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(given);

/** The local folder for the work of a user on an address. */
function ownFolder(root: string): string {
  const who = `${userInfo().username} ${root}`;
  return join(tmpdir(), `cellar-${createHash('sha256').update(who).digest('hex').slice(0, 16)}`);
}

/** A failure to reach the store, with what to check; any other error unchanged. */
function explained(root: string, error: unknown): unknown {
  if (
    error instanceof CellarError ||
    !/^(HTTP|IO) Error|Could not establish connection/.test(String((error as Error).message))
  )
    return error;
  const [what] = (error as Error).message.split('\n');
  return storageError(
    `${root}: ${what}`,
    'See that the bucket is there, that the keys may read, write, list and delete in it, and AWS_ENDPOINT_URL and AWS_REGION.',
  );
}

/** A connection of DuckDB that only sends and fetches files. */
async function connect(root: string) {
  // A file is in memory as a whole while it is sent, so the usual memory limit of a connection is too small.
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const ask = async (sql: string) => {
    try {
      return await select(connection, sql);
    } catch (error) {
      throw explained(root, error);
    }
  };
  const disconnect = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, ask, disconnect };
}

type Ask = Awaited<ReturnType<typeof connect>>['ask'];

/** Sends files to the store and fetches them, by way of a local folder. */
async function transfers(ask: Ask, at: (path: string) => string) {
  const staging = await mkdtemp(join(tmpdir(), 'cellar-staged-'));
  let count = 0;
  const stage = async (path: string) => join(staging, `${++count}-${basename(path)}`);
  const copy = (from: string, to: string) =>
    ask(`COPY (SELECT content FROM read_blob(${from})) TO ${to} (FORMAT blob)`);
  return {
    stage,
    async send(file: string, path: string) {
      await copy(pathLiteral(file), literal(at(path)));
    },
    async fetch(path: string) {
      const local = await stage(path);
      await copy(literal(at(path)), literal(local));
      return local;
    },
    dropStaged: () => rmSync(staging, { recursive: true, force: true }),
  };
}

/**
 * A place in an object store that speaks S3, reached through DuckDB's extension `httpfs`.
 *
 * @throws CellarError (usage) where the address is of another kind, the extension or the keys are not available
 */
export async function objectStorePlace(given: string): Promise<Place> {
  const found = scheme.exec(given);
  if (found === null) {
    throw usageError(
      `${given} is not an address that DuckDB can write to`,
      'Name s3://BUCKET/PATH, or a folder: other stores have to be mounted (docs/scale-out.md).',
    );
  }
  const bucket = found[0];
  const root = given.replace(/\/+$/, '');
  const here = ownFolder(root);
  const at = (path: string) => (path === '' ? root : `${root}/${path}`);
  const reach = async (other: DuckDBConnection) => {
    await loadExtension(other, 'httpfs');
    await giveKeys(other, bucket);
  };
  const { connection, ask, disconnect } = await connect(root);
  const { stage, send, fetch, dropStaged } = await transfers(ask, at);
  const close = () => {
    disconnect();
    dropStaged();
    // What a failed derivation left there stays, above all its log.
    if (existsSync(here) && readdirSync(here).length === 0) rmdirSync(here);
  };
  // Overwriting a partitioned folder with no rows is how DuckDB removes what is in it.
  const clear = async (folder: string) => {
    await ask(
      `COPY (SELECT 1 AS nothing, 1 AS part WHERE FALSE) TO ${literal(at(folder))}
       (FORMAT parquet, PARTITION_BY (part), OVERWRITE)`,
    );
  };
  try {
    await reach(connection);
  } catch (error) {
    close();
    throw error;
  }
  return {
    name: root,
    url: root,
    here,
    removesFiles: false,
    at,
    reach,
    isEmpty: async () => (await ask(`FROM glob(${literal(`${root}/**`)}) LIMIT 1`)).length === 0,
    async list(folder) {
      const files = await ask(`SELECT filename, size FROM read_blob(${literal(`${at(folder)}/**`)})`);
      const below = (filename: unknown) => String(filename).slice(root.length + 1);
      return new Map(files.map(({ filename, size }) => [below(filename), Number(size)]));
    },
    async readText(path) {
      if ((await ask(`FROM glob(${literal(`${at(path)}*`)})`)).every(({ file }) => file !== at(path)))
        return undefined;
      const [row] = await ask(`SELECT content FROM read_text(${literal(at(path))})`);
      return String(row?.content);
    },
    stage,
    async put(staged, path) {
      await send(staged, path);
      await rm(staged);
    },
    fetch,
    makeRoom: (path) => clear(posix.dirname(path)),
    async remove(paths, kept) {
      const used = new Set(['.', ...kept.map((path) => posix.dirname(path))]);
      const unused = new Set(paths.map((path) => posix.dirname(path)).filter((folder) => !used.has(folder)));
      for (const folder of unused) await clear(folder);
    },
    clear,
    renew: clear,
    async exchange(local, folder, last) {
      await clear(folder);
      const names = (await readdir(local)).sort((a, b) => Number(a === last) - Number(b === last));
      for (const name of names) await send(join(local, name), `${folder}/${name}`);
    },
    restore: async () => undefined,
    explain: (error) => explained(root, error),
    close,
  };
}

import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { folderPlace } from '../../src/export/index.js';
import { type DeriveLakeSummary, deriveLake, duckdbEngine } from '../../src/scale/index.js';
import { literal, openInMemory, select } from '../../src/store/connection.js';
import { tableDefinition } from '../../src/store/tables/index.js';
import { cellar } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

export const sampleLab = join(projectRoot, 'sample-data', 'lab');

/** Runs a command that has to succeed; 4 is what an ingest with a bad line leaves with. */
export function run(args: string[], env?: Record<string, string>): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = cellar([...args, '--no-progress'], env === undefined ? {} : { env });
  if (status !== 0 && !(status === 4 && args[0] === 'ingest'))
    throw new Error(`${args.join(' ')} left with ${status}\n${stderr}`);
  return { stdout, stderr };
}

/** What `cellar derive --json` says. */
export interface Derived {
  read: number;
  resumed: number;
  numbered: number;
  unchanged: number;
  removed: number;
  rows_read: number;
  steps: number;
  cycles: number;
  stored: { replaced: number } | null;
}

export function derive(lake: string, ...args: string[]): Derived {
  return JSON.parse(run(['derive', '--lake', lake, '--json', '--quiet', ...args]).stdout) as Derived;
}

/** The same by DuckDB in this process, left in the lake. */
export function deriveHere(lake: string, batchRows = 1e9): Promise<DeriveLakeSummary> {
  return deriveLake(folderPlace(lake), duckdbEngine, { batchRows });
}

/** A copy of a lake that has not been derived. */
export function copyLake(from: string, to: string): string {
  cpSync(from, to, { recursive: true, filter: (path) => !/[/\\](derived|\.derive)($|[/\\])/.test(path) });
  return to;
}

/** A copy of a lake with what was derived of it. */
export function copyDerived(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}

/** Every file below a folder with its content, to see that nothing has changed. */
export function contents(folder: string, prefix = ''): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      const name = `${prefix}${entry.name}`;
      return entry.isDirectory()
        ? Object.entries(contents(path, `${name}/`))
        : [[name, readFileSync(path).toString('base64')]];
    }),
  );
}

type Row = Record<string, unknown>;

/** Rows of a query on files, in memory. */
export async function rows<Found = Row>(sql: string): Promise<Found[]> {
  const memory = await openInMemory();
  try {
    return await select<Found>(memory.connection, sql);
  } finally {
    memory.close();
  }
}

/** Differences of numbers near 1 (V, a ratio): what is left of them is compared with what they were made of. */
const differencesOfOnes = new Set([
  'counter_deviation',
  'voltage_hysteresis_volt',
  'last_voltage_change_volt',
]);

function isNear(name: string, one: unknown, other: unknown): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other;
  const scale = differencesOfOnes.has(name) ? 1 : Math.max(Math.abs(one), Math.abs(other));
  return Math.abs(one - other) <= 1e-9 * scale;
}

/** What differs between two derivations by more than 1e-9 of a number; texts, flags and counts have to be equal. */
export async function differences(one: string, other: string, table: 'steps' | 'cycles'): Promise<string[]> {
  const key = table === 'steps' ? 'step_count' : 'cycle_count';
  const columns = tableDefinition(table).columns.map(({ name }) => name);
  const read = (folder: string) =>
    rows(
      `SELECT ${columns.join(', ')} FROM read_parquet(${literal(join(folder, 'derived', `${table}.parquet`))}) ORDER BY test_id, ${key}`,
    );
  const [expected, found] = [await read(one), await read(other)];
  if (expected.length !== found.length) return [`${found.length} rows instead of ${expected.length}`];
  return expected.flatMap((row, index) =>
    columns
      .filter((name) => !isNear(name, row[name], found[index]?.[name]))
      .map(
        (name) =>
          `test ${row.test_id}, ${key} ${row[key]}, ${name}: ${found[index]?.[name]} instead of ${row[name]}`,
      ),
  );
}

/** Whether a connection's table has what a lake's derivation has. */
export async function storedEqually(connection: DuckDBConnection, lake: string, table: 'steps' | 'cycles') {
  const columns = tableDefinition(table)
    .columns.map(({ name }) => name)
    .join(', ');
  const file = literal(join(lake, 'derived', `${table}.parquet`));
  return select(
    connection,
    `(SELECT ${columns} FROM ${table} EXCEPT ALL SELECT ${columns} FROM read_parquet(${file})) LIMIT 5`,
  );
}

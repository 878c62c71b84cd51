import type { DuckDBConnection } from '@duckdb/node-api';
import { CellarError, exitCodes, usageError } from '../errors.js';
import { select } from '../store/connection.js';
import { closest } from './suggest.js';

/** Kinds of DuckDB errors that are due to the query, not to Cellar or the machine. */
const queryFault =
  /^(?:Failed to extract statements: )?(Parser|Catalog|Binder|Conversion|Invalid Input|Out of Range|Permission|Not implemented|Mismatch Type|Invalid Type|Syntax|Parameter Not Allowed|Parameter Not Resolved|Dependency|Missing Extension|Sequence|Decimal|Constraint|Expression|Values List|Invalid|IO|Out of Memory) Error: /;

/** Errors of reading that are due to the machine, not to the query. */
const machineFault = /No space left on device|Input\/output error|Read-only file system/;

const fileRefusal = /file system operations are disabled|Loading external extensions is disabled/;
const configurationRefusal = /Cannot change configuration option/;
const readOnlyRefusal = /read-only mode|attached in read-only/i;

/** A refusal by the engine, in our words. */
function refusal(message: string): CellarError | undefined {
  if (fileRefusal.test(message)) {
    const file = /Cannot access (?:file|directory) "([^"]*)"/.exec(message)?.[1];
    return usageError(
      `a query has no access to files${file === undefined ? '' : `: ${file}`}`,
      'With --allow-files it may read them; -o FILE saves its result.',
    );
  }
  if (configurationRefusal.test(message)) return usageError('settings are fixed for queries');
  if (readOnlyRefusal.test(message)) return usageError('a query only reads');
  return undefined;
}

/** Message where the memory is not sufficient, with how much of it was used. */
function greed(message: string): string | undefined {
  if (!message.startsWith('Out of Memory')) return undefined;
  const used = /\(([^)]* used)\)/.exec(message)?.[1];
  return `the query needs more memory than it may use${used === undefined ? '' : ` (${used})`}`;
}

/** DuckDB's message without its kind and its suggestions of internal names; the line that points at the place stays. */
function clean(message: string): string {
  const [text = '', ...rest] = message.replace(queryFault, '').split('\n\n');
  const sentence = text
    .split('\n')
    .filter((line) => !/^Did you mean .*(pg_|duckdb_|information_schema)/.test(line))
    .join('\n')
    .replace(/^Candidate (?:bindings|tables): (.*)$/m, 'Did you mean $1?')
    .replace(/!(?=$|\n)/, '');
  const pointer = rest.find((part) => part.startsWith('LINE '));
  return pointer === undefined ? sentence : `${sentence}\n\n${pointer}`;
}

/**
 * Position of an error in a statement, from 0, by the line that the engine points at; undefined where it does not
 * point.
 */
export function faultPosition(sql: string, message: string): number | undefined {
  const [, line, shown = '', before = ''] = /^(LINE \d+: )(.*)\n( *)\^/m.exec(message) ?? [];
  if (line === undefined) return undefined;
  const number = Number(/\d+/.exec(line)?.[0]);
  const lines = sql.split('\n');
  // Only a part of a long line is shown.
  const cut = shown.startsWith('...') ? 3 : 0;
  const at = (lines[number - 1] ?? '').indexOf(shown.replace(/^\.\.\.|\.\.\.$/g, ''));
  if (at < 0) return undefined;
  const offset = lines.slice(0, number - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return offset + at + before.length - line.length - cut;
}

const missingTable = /Table with name (\S+) does not exist/;
const missingColumn = /Referenced column "([^"]+)" (?:was )?not found|does not have a column named "([^"]+)"/;

async function names(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const rows = await select<{ name: string }>(connection, sql).catch(() => []);
  return rows.map(({ name }) => name);
}

/** The views, then the tables, that have a column of this name. */
async function relationsWith(connection: DuckDBConnection, column: string): Promise<string[]> {
  const rows = await select<{ name: string }>(
    connection,
    `SELECT c.table_name AS name
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE lower(column_name) = lower($1) AND table_schema = 'main' ORDER BY t.table_type DESC, name`,
    [column],
  ).catch(() => []);
  return rows.map(({ name }) => name);
}

const listed = (all: readonly string[]) =>
  all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} and ${all.at(-1)!}`;

/** The next step: the name that was probably meant, or where names are listed. */
async function nextStep(connection: DuckDBConnection, message: string): Promise<string | undefined> {
  if (/^Out of Memory/.test(message))
    return 'LIMIT or a narrower SELECT needs less; CELLAR_MEMORY_LIMIT=4GB allows `cellar query` more.';
  const match = missingColumn.exec(message);
  const column = match?.[1] ?? match?.[2];
  const owners = column === undefined ? [] : await relationsWith(connection, column);
  if (owners.length > 0) {
    const named = owners.length > 6 ? [...owners.slice(0, 6), `${owners.length - 6} more`] : owners;
    return `${column} is a column of ${listed(named)}.`;
  }
  if (/Did you mean|Candidate/.test(clean(message))) return undefined;
  const table = missingTable.exec(message)?.[1];
  if (table !== undefined) {
    const known = await names(connection, 'SELECT table_name AS name FROM information_schema.tables');
    const near = closest(table, known);
    return near === undefined ? '`cellar schema` lists the tables.' : `Did you mean ${near}?`;
  }
  if (column !== undefined) {
    const known = await names(
      connection,
      'SELECT DISTINCT column_name AS name FROM information_schema.columns ORDER BY name',
    );
    const near = closest(column, known);
    return near === undefined
      ? '`cellar schema TABLE` lists the columns of a table.'
      : `Did you mean ${near}? \`cellar schema\` lists every column.`;
  }
  return undefined;
}

/** An error of DuckDB in words for the author of the query; any other error unchanged. */
export async function explainSqlError(connection: DuckDBConnection, error: unknown): Promise<unknown> {
  if (error instanceof CellarError || !(error instanceof Error)) return error;
  if (/^INTERRUPT Error/.test(error.message))
    return new CellarError(exitCodes.interrupted, 'the query was stopped');
  if (!queryFault.test(error.message) || machineFault.test(error.message)) return error;
  return (
    refusal(error.message) ??
    usageError(greed(error.message) ?? clean(error.message), await nextStep(connection, error.message))
  );
}

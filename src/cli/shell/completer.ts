import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../../store/connection.js';

/** Words that can be completed. */
export interface Vocabulary {
  keywords: string[];
  tables: string[];
  functions: string[];
  /** Columns by table, and of all tables under the empty name. */
  columns: Map<string, string[]>;
}

const distinct = (names: string[]) => [...new Set(names)].sort();

/** Reads the words from the open database, so that temporary tables are among them. */
export async function readVocabulary(connection: DuckDBConnection): Promise<Vocabulary> {
  const named = async (sql: string) =>
    (await select<{ name: string }>(connection, sql)).map(({ name }) => name);
  const pairs = await select<{ table_name: string; column_name: string }>(
    connection,
    'SELECT table_name, column_name FROM information_schema.columns ORDER BY table_name, ordinal_position',
  );
  const columns = new Map<string, string[]>([['', distinct(pairs.map(({ column_name }) => column_name))]]);
  for (const { table_name, column_name } of pairs) {
    columns.set(table_name, [...(columns.get(table_name) ?? []), column_name]);
  }
  return {
    keywords: await named(
      "SELECT upper(keyword_name) AS name FROM duckdb_keywords() WHERE keyword_category = 'reserved'",
    ),
    tables: distinct(pairs.map(({ table_name }) => table_name)),
    functions: await named(
      "SELECT DISTINCT function_name || '(' AS name FROM duckdb_functions() WHERE function_name ~ '^[a-z][a-z0-9_]*$'",
    ),
    columns,
  };
}

const everydayKeywords = [
  'BY',
  'COUNT',
  'DESCRIBE',
  'EXCLUDE',
  'OVER',
  'PARTITION',
  'PIVOT',
  'SUMMARIZE',
  'VALUES',
];

/** The table that `alias` stands for in the statement typed so far: `FROM cycles AS c`, `FROM cycles c`, `cycles`. */
function tableOf(alias: string, statement: string, { tables }: Vocabulary): string | undefined {
  const found = new RegExp(`(?:\\b(?:FROM|JOIN)\\s|,)\\s*"?(\\w+)"?\\s+(?:AS\\s+)?"?${alias}\\b`, 'i').exec(
    statement,
  )?.[1];
  const name = (found ?? alias).toLowerCase();
  return tables.includes(name) ? name : undefined;
}

/**
 * What the last word of `line` may become, and that word. `around` is the rest of the statement: earlier lines, and
 * the text after the cursor. Keywords follow the case of what is typed.
 */
export function complete(line: string, around: string, vocabulary: Vocabulary): [string[], string] {
  const word = /[\w.]*$/.exec(line)?.[0] ?? '';
  const dot = word.lastIndexOf('.');
  if (dot > 0) {
    const table = tableOf(word.slice(0, dot), `${around} ${line}`, vocabulary);
    const start = word.slice(0, dot + 1);
    const columns = table === undefined ? [] : (vocabulary.columns.get(table) ?? []);
    return [columns.map((name) => start + name).filter((name) => name.startsWith(word)), word];
  }
  if (word === '') return [[], word];
  const isLower = word === word.toLowerCase();
  const keywords = [...vocabulary.keywords, ...everydayKeywords].map((name) =>
    isLower ? name.toLowerCase() : name,
  );
  const names = [...vocabulary.tables, ...(vocabulary.columns.get('') ?? []), ...vocabulary.functions];
  const matches = names.filter((name) => name.startsWith(word.toLowerCase()));
  return [distinct([...keywords.filter((name) => name.startsWith(word)), ...matches]), word];
}

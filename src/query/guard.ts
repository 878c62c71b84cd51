import { type CellarError, usageError } from '../errors.js';
import { StatementType } from '../store/duckdb.js';
import { type Token, tokenize } from './sql-text.js';

/**
 * Which queries are allowed. The engine itself refuses to write: the snapshot is open read-only, without access to
 * other files and with its settings locked. The rules here explain that in one sentence, and forbid what it leaves
 * possible: functions that switch logging or profiling on, run SQL from a string, and `EXPLAIN ANALYZE` of a statement
 * that writes.
 */

/** First words of statements that read. */
const reading = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'VALUES',
  'TABLE',
  'PIVOT',
  'UNPIVOT',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'SHOW',
  '(',
]);

/** Pragmas that only describe. */
const describing = new Set(['table_info', 'show_tables', 'database_size']);

/** Statement types that may remain once DuckDB has parsed an accepted statement; PIVOT creates a temporary type. */
const acceptedTypes = new Set([StatementType.SELECT, StatementType.EXPLAIN, StatementType.CREATE]);

const forbiddenFunctions = new Map<string, string>([
  ...['query', 'json_execute_serialized_sql'].map((name) => [name, 'runs SQL from a string'] as const),
  ...['checkpoint', 'force_checkpoint'].map((name) => [name, 'writes to the database'] as const),
  ...[
    'enable_logging',
    'disable_logging',
    'truncate_duckdb_logs',
    'write_log',
    'enable_profiling',
    'enable_profile',
    'disable_profiling',
    'disable_profile',
  ].map((name) => [name, 'changes how the database runs'] as const),
]);

const writingHint =
  'Only Cellar writes to this database, e.g. `cellar ingest`; `-o FILE` saves the result of a query.';

const advice: Record<string, string> = {
  COPY: 'To save a result, use `-o FILE`; to read files, use `--allow-files` with read_csv or read_parquet.',
  EXPORT: 'Use `cellar export DIR`.',
  SET: 'Values go into a query with `--param name=value`.',
  RESET: 'Settings are fixed.',
  PRAGMA: 'DESCRIBE, SHOW TABLES and SUMMARIZE describe tables.',
  CALL: 'DESCRIBE, SHOW TABLES and SUMMARIZE describe tables.',
  ATTACH: 'To read another database, name it with `--db`.',
  INSTALL: 'Extensions are not used.',
  LOAD: 'Extensions are not used.',
  CREATE: 'CREATE TEMP TABLE, VIEW or MACRO works within a query.',
};

function refuse(what: string, keyword: string): CellarError {
  return usageError(`${what} is refused: a query only reads`, advice[keyword] ?? writingHint);
}

const upper = (token: Token | undefined) => token?.text.toUpperCase() ?? '';

function checkFunctions(tokens: readonly Token[]): void {
  tokens.forEach(({ kind, text }, index) => {
    if ((kind !== 'word' && kind !== 'identifier') || tokens[index + 1]?.text !== '(') return;
    const reason = forbiddenFunctions.get(text.toLowerCase());
    if (reason !== undefined) {
      throw usageError(`the function ${text.toLowerCase()} is refused: it ${reason}`, 'A query only reads.');
    }
  });
}

/** `CREATE [OR REPLACE] TEMP TABLE | VIEW | MACRO …`: lives in this query only. */
function isTemporary(tokens: readonly Token[]): boolean {
  const words = tokens.map(upper).filter((text) => text !== 'OR' && text !== 'REPLACE');
  return /^TEMP(ORARY)?$/.test(words[1] ?? '') && /^(TABLE|VIEW|MACRO|FUNCTION)$/.test(words[2] ?? '');
}

/** The tokens after `EXPLAIN [ANALYZE] [(options)]`. */
function explained(tokens: readonly Token[]): readonly Token[] {
  let at = 1;
  if (/^(ANALYZE|ANALYSE)$/.test(upper(tokens[at]))) at++;
  else if (tokens[at]?.text === '(' && !reading.has(upper(tokens[at + 1]))) {
    while (at < tokens.length && tokens[at]?.text !== ')') at++;
    at++;
  }
  return tokens.slice(at);
}

/** Refuses a statement that does more than read, with a usage error. */
export function checkStatement(sql: string): void {
  let tokens: readonly Token[] = tokenize(sql).filter(({ kind }) => kind !== 'comment');
  checkFunctions(tokens);
  if (upper(tokens[0]) === 'EXPLAIN') tokens = explained(tokens);
  const first = upper(tokens[0]);
  if (reading.has(first)) return;
  if (first === 'CREATE' && isTemporary(tokens)) return;
  if (first === 'PRAGMA' && describing.has(tokens[1]?.text.toLowerCase() ?? '')) return;
  // A word that is not SQL at all is left to DuckDB, which points at its place.
  if (/^[A-Z]+$/.test(first) && statementWords.has(first)) throw refuse(first, first);
}

/** First words of statements that do more than read. */
const statementWords = new Set(
  `ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT COPY CREATE DEALLOCATE DELETE DETACH DROP EXECUTE
  EXPORT FORCE IMPORT INSERT INSTALL LOAD MERGE PRAGMA PREPARE RESET ROLLBACK SET START TRUNCATE UNSET UPDATE
  USE VACUUM`.split(/\s+/),
);

/** The second barrier: the type of the statement by DuckDB, whatever its words look like. */
export function checkStatementType(type: StatementType): void {
  if (!acceptedTypes.has(type)) {
    const name = StatementType[type] ?? 'this statement';
    throw refuse(name, name);
  }
}

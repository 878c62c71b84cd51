import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBType,
} from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { checkStatement, checkStatementType } from './guard.js';
import { bindParameters, checkParameters, type QueryParameters } from './parameters.js';
import { explainSqlError } from './sql-errors.js';
import { firstWord, splitStatements } from './sql-text.js';

export interface ResultColumn {
  name: string;
  type: DuckDBType;
}

/** A result that is being read: columns are known, rows come chunk by chunk (2,048 rows), each fetched on request. */
export interface QueryResult {
  columns: ResultColumn[];
  /** Can be read once. */
  chunks: AsyncIterable<DuckDBDataChunk>;
}

/** Names that occur once: `a, a` becomes `a, a_1`, as DuckDB itself names them in a table. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 1; taken.has(distinct); count++) distinct = `${name}_${count}`;
    taken.add(distinct);
    return distinct;
  });
}

async function* fetchChunks(
  connection: DuckDBConnection,
  result: DuckDBResult,
): AsyncGenerator<DuckDBDataChunk> {
  try {
    for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
      if (chunk.rowCount === 0) return;
      yield chunk;
    }
  } catch (error) {
    throw await explainSqlError(connection, error);
  }
}

function queryResult(connection: DuckDBConnection, result: DuckDBResult): QueryResult {
  const types = result.columnTypes();
  const columns = distinctNames(result.columnNames()).map((name, index) => ({ name, type: types[index]! }));
  return { columns, chunks: fetchChunks(connection, result) };
}

/**
 * Prepares a statement. DuckDB may split it into several (PIVOT first creates a temporary type); all but the last are
 * run.
 */
async function prepareLast(
  connection: DuckDBConnection,
  sql: string,
  parameters: QueryParameters,
): Promise<DuckDBPreparedStatement> {
  const extracted = await connection.extractStatements(sql);
  for (let index = 0; ; index++) {
    const statement = await extracted.prepare(index);
    checkStatementType(statement.statementType);
    bindParameters(statement, parameters);
    if (index === extracted.count - 1) return statement;
    await statement.run();
  }
}

/** Checks a query's text and runs all of its statements but the last, which is returned. */
async function runLeading(
  connection: DuckDBConnection,
  sql: string,
  parameters: QueryParameters,
): Promise<string> {
  const leading = splitStatements(sql);
  const last = leading.pop();
  if (last === undefined) throw usageError('the query is empty', 'For example: SELECT * FROM cells');
  for (const statement of [...leading, last]) checkStatement(statement);
  if (!leading.every((statement) => firstWord(statement) === 'CREATE')) {
    throw usageError('only the last statement may return rows', 'Run the queries one by one.');
  }
  checkParameters(sql, parameters);
  for (const statement of leading) await (await prepareLast(connection, statement, parameters)).run();
  return last;
}

/** Streams a query of Cellar itself, without checks. */
export async function streamQuery(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  return queryResult(connection, await connection.stream(sql));
}

/**
 * Runs a query, or several statements of which only the last may return rows. Refuses a statement that does more than
 * read, with a usage error; an error in the SQL is a usage error too, with DuckDB's message.
 */
export async function runQuery(
  connection: DuckDBConnection,
  sql: string,
  parameters: QueryParameters = {},
): Promise<QueryResult> {
  try {
    const last = await runLeading(connection, sql, parameters);
    const statement = await prepareLast(connection, last, parameters);
    return queryResult(connection, await statement.stream());
  } catch (error) {
    throw await explainSqlError(connection, error);
  }
}

/**
 * Has DuckDB write a query's result itself. `copyStatement` makes the COPY from the query and its columns, or returns
 * undefined where it cannot; then nothing is written, and the result is false.
 */
export async function copyQuery(
  connection: DuckDBConnection,
  sql: string,
  parameters: QueryParameters,
  copyStatement: (query: string, columns: ResultColumn[]) => string | undefined,
): Promise<boolean> {
  try {
    const last = await runLeading(connection, sql, parameters);
    // A plan is text for people, not a query that COPY accepts.
    if (firstWord(last) === 'EXPLAIN') return false;
    const query = await prepareLast(connection, last, parameters);
    const names = Array.from({ length: query.columnCount }, (_, index) => query.columnName(index));
    const columns = distinctNames(names).map((name, index) => ({ name, type: query.columnType(index) }));
    const copy = copyStatement(last, columns);
    if (copy === undefined) return false;
    const extracted = await connection.extractStatements(copy);
    for (let index = 0; index < extracted.count; index++) {
      const statement = await extracted.prepare(index);
      bindParameters(statement, parameters);
      await statement.run();
    }
    return true;
  } catch (error) {
    throw await explainSqlError(connection, error);
  }
}

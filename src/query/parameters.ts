import type { DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { DuckDBTypeId, VARCHAR } from '../store/duckdb.js';
import { tokenize } from './sql-text.js';
import { closest } from './suggest.js';

/** Values for the `$name`s of a query. Text from the command line gets the type that the query needs. */
export type QueryParameters = Readonly<Record<string, ParameterValue>>;
/** The value of a `$name` in a query. */
export type ParameterValue = string | number | bigint | boolean | null;

/** `name=value` as given to `--param`. */
export function parseParameter(given: string): [name: string, value: string] {
  const match = /^\$?([A-Za-z_]\w*|\d+)=(.*)$/s.exec(given);
  if (match === null) {
    throw usageError(`--param ${given} is not of the form name=value`, 'For example: --param cell=A1');
  }
  return [match[1]!, match[2]!];
}

/** The most plausible value of a text; with leading zeros it is an identifier, not a number. */
function guess(text: string): DuckDBValue {
  if (/^-?(0|[1-9]\d{0,17})$/.test(text)) return BigInt(text);
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && !/^-?0\d/.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^null$/i.test(text)) return null;
  return text;
}

function bindable(value: ParameterValue, typeId: DuckDBTypeId): DuckDBValue {
  if (typeof value === 'string') return typeId === DuckDBTypeId.VARCHAR ? value : guess(value);
  // A whole JavaScript number is meant as an integer: DuckDB does not accept a DOUBLE for LIMIT or a list index.
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Names of the parameters that `sql` mentions: `$name`, `$1`, and `?` by position. */
function parameterNames(sql: string): Set<string> {
  const tokens = tokenize(sql);
  const names = new Set<string>();
  let position = 0;
  tokens.forEach(({ kind, text, end }, index) => {
    const next = tokens[index + 1];
    if (kind !== 'symbol') return;
    if (text === '?') names.add(String(++position));
    else if (text === '$' && next?.kind === 'word' && next.start === end) names.add(next.text);
  });
  return names;
}

/** Refuses a query whose parameters do not match the given values: most likely a spelling mistake. */
export function checkParameters(sql: string, values: QueryParameters): void {
  const used = parameterNames(sql);
  const missing = [...used].find((name) => values[name] === undefined);
  if (missing !== undefined) {
    throw usageError(
      `the query uses $${missing}, which has no value`,
      `Give it with --param ${missing}=VALUE.`,
    );
  }
  const stray = Object.keys(values).find((name) => !used.has(name));
  if (stray === undefined) return;
  const near = closest(stray, [...used]);
  throw usageError(
    `the query does not use $${stray}`,
    near === undefined ? 'Write $name where the value belongs.' : `Did you mean --param ${near}=…?`,
  );
}

/** Binds the parameters a statement has, each as the type the statement needs. */
export function bindParameters(statement: DuckDBPreparedStatement, values: QueryParameters): void {
  for (let index = 1; index <= statement.parameterCount; index++) {
    const bound = bindable(values[statement.parameterName(index)] ?? null, statement.parameterTypeId(index));
    if (bound === null) statement.bindNull(index);
    else if (typeof bound === 'string') statement.bindValue(index, bound, VARCHAR);
    else statement.bindValue(index, bound);
  }
}

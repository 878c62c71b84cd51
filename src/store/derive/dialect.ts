/**
 * Differences between the engines that run the derivation. Everything else in this folder is SQL that DuckDB and Spark
 * 4 read in the same way: window functions, CASE, FILTER on plain aggregates, min_by/max_by, explicit NULLS LAST.
 */
export interface SqlDialect {
  name: 'duckdb' | 'spark';
  /** Last value of `column` that is not null, over a window in parentheses. */
  lastNonNull(column: string, window: string): string;
  /** Whether `text` matches the regular expression `pattern` (no quotes or backslashes in it). */
  matches(text: string, pattern: string): string;
  /** A wall clock as seconds, for differences. */
  seconds(clock: string): string;
}

export const duckdb: SqlDialect = {
  name: 'duckdb',
  lastNonNull: (column, window) => `last_value(${column} IGNORE NULLS) OVER (${window})`,
  matches: (text, pattern) => `regexp_matches(${text}, '${pattern}')`,
  seconds: (clock) => `epoch(${clock})`,
};

export const spark: SqlDialect = {
  name: 'spark',
  lastNonNull: (column, window) => `last_value(${column}) IGNORE NULLS OVER (${window})`,
  matches: (text, pattern) => `(${text} RLIKE '${pattern}')`,
  seconds: (clock) => `(unix_micros(CAST(${clock} AS TIMESTAMP)) / 1e6)`,
};

/** One SELECT of the derivation; later ones read it by its name. */
export interface Stage {
  name: string;
  sql: string;
}

import { describe, expect, it } from 'vitest';
import { duckdb, type SqlDialect, spark } from '../../src/store/derive/dialect.js';
import { cyclesQuery, derivationStages, stepsQuery } from '../../src/store/derive/queries.js';
import { carriedCounters, sortedRecords } from '../../src/store/derive/records.js';

/** The derivation is one text for two engines: what only one of them knows must not slip into it. Needs no Spark. */

const statements = (dialect: SqlDialect): { name: string; sql: string }[] => [
  ...derivationStages(dialect),
  ...derivationStages(dialect, sortedRecords(carriedCounters(dialect, 'measurements')), {
    where: 't.test_id BETWEEN 1 AND 3',
    running: [1, 2],
  }).map(({ name, sql }) => ({ name: `${name} with counters carried`, sql })),
  { name: 'steps', sql: stepsQuery },
  { name: 'cycles', sql: cyclesQuery },
];

/** Without what stands in quotes and in comments. */
const bare = (sql: string) => sql.replaceAll(/'[^']*'/g, "''").replaceAll(/--.*$/gm, '');

/** Functions that mean the same in both engines, null and not a number included, and words that stand before parentheses. */
const functions =
  'abs avg cast coalesce concat concat_ws count first_value greatest lag last_value lead least ln lower max max_by median min min_by nullif power row_number sqrt sum'.split(
    ' ',
  );
const words = 'and as case else filter from in join not or over then when where'.split(' ');
const only: Record<SqlDialect['name'], string[]> = {
  duckdb: ['regexp_matches', 'epoch'],
  spark: ['unix_micros'],
};

/** Syntax of one of the engines, and what to write instead. */
const refused: [RegExp, string][] = [
  [/::/, 'CAST(… AS …)'],
  [/\/\//, 'a division of doubles'],
  [/\bQUALIFY\b/i, 'a subquery'],
  [/\bGROUP BY ALL\b|\bORDER BY ALL\b/i, 'the columns by name'],
  [/\bEXCLUDE\b|\bREPLACE\s*\(|\bCOLUMNS\s*\(/i, 'the columns by name'],
  [/\bUSING\s*\(/i, 'ON'],
  [/\bASOF\b|\bPOSITIONAL\b|\bPIVOT\b|\bUNNEST\b|\bEXPLODE\b|\bLATERAL\b/i, 'a window function'],
  [/\bFROM\s+\(?\s*FROM\b|^\s*FROM\b/i, 'SELECT … FROM'],
  [/["`]/, 'plain names'],
  [/\b(VARCHAR|STRING|HUGEINT|UBIGINT|INTERVAL|STRUCT|MAP|LIST)\b/i, 'BIGINT and DOUBLE'],
  [/\bDIV\b|\bRLIKE\b(?! ')/i, 'the dialect'],
];

describe.each([duckdb, spark])('the statements for $name', (dialect) => {
  it.each(statements(dialect).map(({ name, sql }) => [name, sql] as const))('%s', (_name, sql) => {
    const text = bare(sql);
    const called = [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map(([, name]) => name!.toLowerCase());
    const known = new Set([...functions, ...words, ...only[dialect.name]]);
    expect(called.filter((name) => !known.has(name))).toEqual([]);
    for (const [pattern, instead] of refused)
      expect(text, `only one engine reads this; write ${instead}`).not.toMatch(pattern);
  });
});

it('differs between the engines only where the table of differences says so', () => {
  const named: SqlDialect = {
    name: 'duckdb',
    lastNonNull: (column, window) => `{lastNonNull|${column}|${window}}`,
    matches: (text, pattern) => `{matches|${text}|${pattern}}`,
    seconds: (clock) => `{seconds|${clock}}`,
  };
  const filled = ({ lastNonNull, matches, seconds }: SqlDialect, sql: string) =>
    sql
      .replaceAll(/\{lastNonNull\|([^|]*)\|([^}]*)\}/g, (_all, column, window) => lastNonNull(column, window))
      .replaceAll(/\{matches\|([^|]*)\|([^}]*)\}/g, (_all, text, pattern) => matches(text, pattern))
      .replaceAll(/\{seconds\|([^|}]*)\}/g, (_all, clock) => seconds(clock));
  for (const dialect of [duckdb, spark]) {
    const expected = statements(named).map(({ sql }) => filled(dialect, sql));
    expect(statements(dialect).map(({ sql }) => sql)).toEqual(expected);
  }
});

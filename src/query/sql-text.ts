/**
 * SQL as text: just enough of DuckDB's lexer to find the ends of statements, and the words outside of strings and
 * comments. What a statement may do is decided by the engine's own locks and by `guard.ts`, not here.
 */

export interface Token {
  kind: 'word' | 'identifier' | 'string' | 'comment' | 'symbol';
  /** Text as written; for a quoted identifier, the name inside. */
  text: string;
  start: number;
  end: number;
  /** False where the text ends inside the token, which is an open string, identifier or comment. */
  closed: boolean;
}

/** Finds the end of a quoted token whose closing quote is doubled when it is meant literally. */
function quotedEnd(sql: string, start: number, quote: string, backslashes: boolean): number {
  for (let at = start; at < sql.length; at++) {
    if (backslashes && sql[at] === '\\') at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return -1;
}

/** Block comments nest, as in PostgreSQL. */
function commentEnd(sql: string, start: number): number {
  let depth = 1;
  for (let at = start; at < sql.length - 1; at++) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth++;
    else if (pair === '*/') depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return -1;
}

const dollarQuote = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const number = /\d[\w.]*/y;

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

function tokenAt(sql: string, start: number): Token {
  const token = (kind: Token['kind'], end: number, text?: string): Token => {
    const stop = end === -1 ? sql.length : end;
    return { kind, text: text ?? sql.slice(start, stop), start, end: stop, closed: end !== -1 };
  };
  const first = sql[start]!;
  const second = sql[start + 1];
  if (first === '-' && second === '-') {
    const newline = sql.indexOf('\n', start);
    return token('comment', newline === -1 ? sql.length : newline + 1);
  }
  if (first === '/' && second === '*') return token('comment', commentEnd(sql, start + 2));
  if (first === "'") return token('string', quotedEnd(sql, start + 1, "'", false));
  if ((first === 'e' || first === 'E') && second === "'") {
    return token('string', quotedEnd(sql, start + 2, "'", true));
  }
  if (first === '"') {
    const end = quotedEnd(sql, start + 1, '"', false);
    const inside = sql.slice(start + 1, end === -1 ? sql.length : end - 1).replaceAll('""', '"');
    return token('identifier', end, inside);
  }
  const dollar = match(dollarQuote, sql, start);
  if (dollar !== undefined) {
    const close = sql.indexOf(dollar, start + dollar.length);
    return token('string', close === -1 ? -1 : close + dollar.length);
  }
  const name = match(word, sql, start) ?? match(number, sql, start);
  if (name !== undefined) return token('word', start + name.length);
  return token('symbol', start + 1);
}

/** The tokens of `sql`, white space left out. */
export function tokenize(sql: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    if (/\s/.test(sql[at]!)) at++;
    else {
      const next = tokenAt(sql, at);
      found.push(next);
      at = next.end;
    }
  }
  return found;
}

/** The statements of `sql`, without their semicolons; a comment alone is not a statement. */
export function splitStatements(sql: string): string[] {
  const { complete, rest } = takeStatements(sql);
  return rest.trim() === '' || isOnlyComments(rest) ? complete : [...complete, rest.trim()];
}

const isOnlyComments = (sql: string) => tokenize(sql).every(({ kind }) => kind === 'comment');

/** The statements that a semicolon ends, and what follows the last one. */
export function takeStatements(sql: string): { complete: string[]; rest: string } {
  const complete: string[] = [];
  let start = 0;
  for (const { kind, text, end } of tokenize(sql)) {
    if (kind !== 'symbol' || text !== ';') continue;
    const statement = sql.slice(start, end - 1).trim();
    if (statement !== '' && !isOnlyComments(statement)) complete.push(statement);
    start = end;
  }
  return { complete, rest: sql.slice(start) };
}

/** The first word of a statement in capitals, comments left out. */
export function firstWord(sql: string): string {
  return (
    tokenize(sql)
      .find(({ kind }) => kind !== 'comment')
      ?.text.toUpperCase() ?? ''
  );
}

import { describe, expect, it } from 'vitest';
import { splitStatements, takeStatements, tokenize } from '../../src/query/sql-text.js';

describe('splitStatements', () => {
  it.each([
    ['SELECT 1', ['SELECT 1']],
    ['SELECT 1;', ['SELECT 1']],
    ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ["SELECT ';'; SELECT 2", ["SELECT ';'", 'SELECT 2']],
    ["SELECT 'it''s; fine'", ["SELECT 'it''s; fine'"]],
    ["SELECT E'\\'; x'", ["SELECT E'\\'; x'"]],
    ['SELECT ";" FROM t; SELECT 2', ['SELECT ";" FROM t', 'SELECT 2']],
    ['SELECT $$ a;b $$; SELECT 2', ['SELECT $$ a;b $$', 'SELECT 2']],
    ['SELECT $tag$ a;$$;b $tag$', ['SELECT $tag$ a;$$;b $tag$']],
    ['-- a; comment\nSELECT 1', ['-- a; comment\nSELECT 1']],
    ['SELECT /* ; /* nested; */ ; */ 1; SELECT 2', ['SELECT /* ; /* nested; */ ; */ 1', 'SELECT 2']],
    [' ; ; -- nothing', []],
    ['', []],
  ])('%s', (sql, statements) => expect(splitStatements(sql)).toEqual(statements));
});

describe('takeStatements', () => {
  it('keeps what no semicolon has ended yet', () => {
    expect(takeStatements('SELECT 1; SELECT\n2')).toEqual({ complete: ['SELECT 1'], rest: ' SELECT\n2' });
  });

  it('sees no end inside an open string', () => {
    expect(takeStatements("SELECT 'a;\nb")).toEqual({ complete: [], rest: "SELECT 'a;\nb" });
  });
});

describe('tokenize', () => {
  it('gives the name inside a quoted identifier', () => {
    expect(tokenize('"a ""b"""')).toMatchObject([{ kind: 'identifier', text: 'a "b"', closed: true }]);
  });

  it('marks what is left open', () => {
    expect(tokenize('/* open').map(({ closed }) => closed)).toEqual([false]);
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { csv } from '../../src/query/formats/csv.js';
import { xlsx } from '../../src/query/formats/xlsx.js';
import { runQuery } from '../../src/query/run.js';
import { type Database, openInMemory } from '../../src/store/connection.js';
import { readSheets } from './sheets.js';

/** A result as a workbook holds each value as a spreadsheet can: exactly, or as text. */

let database: Database;
beforeAll(async () => {
  database = await openInMemory();
});
afterAll(() => database.close());

async function sheetsOf(sql: string, rowsOfSheet?: number) {
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsx(await runQuery(database.connection, sql, {}), rowsOfSheet))
    pieces.push(piece);
  return readSheets(Buffer.concat(pieces));
}

it('writes numbers as numbers, dates as day numbers, and as text what a cell would round', async () => {
  const [[name, rows] = ['', []]] = await sheetsOf(`
    SELECT 1 AS id, 123456789012345::BIGINT AS exact, 9007199254740993::BIGINT AS big, 0.1::FLOAT AS single, 1e-7 AS small,
      'nan'::DOUBLE AS nan, true AS flag, 'a<b>&"c" ' || chr(10) || 'ü_x0041_' || chr(1) AS words, NULL AS nothing,
      TIMESTAMP '2026-03-29 02:30:00.125' AS clock, DATE '2026-02-28' AS day, DATE '1900-01-01' AS early,
      TIMESTAMPTZ '2026-03-29 02:30:00+02' AS zoned, '=1+1' AS formula`);
  expect(name).toBe('result');
  const [header, values] = rows;
  const cells = Object.fromEntries(
    header!.map((cell, index) => [
      cell!.text,
      values![index] && [values![index]!.kind, values![index]!.text],
    ]),
  );
  expect(cells).toEqual({
    id: ['number', '1'],
    exact: ['number', '123456789012345'],
    big: ['text', '9007199254740993'],
    single: ['number', '0.1'],
    small: ['number', '1e-7'],
    nan: ['text', 'NaN'],
    flag: ['text', '1'],
    words: ['text', 'a<b>&"c" \nü_x0041_\u0001'],
    nothing: undefined,
    // 46110 days after 1899-12-30, and two and a half hours.
    clock: ['number', String(46110 + 9000.125 / 86400)],
    day: ['number', '46081'],
    early: ['text', '1900-01-01'],
    zoned: ['text', '2026-03-29T00:30:00Z'],
    formula: ['text', '=1+1'],
  });
  expect(values![header!.findIndex((cell) => cell!.text === 'clock')]!.isDate).toBe(true);
});

it('goes on in further sheets with the header on each, and is there without a row', async () => {
  const sheets = await sheetsOf('SELECT i FROM range(7) t(i)', 4);
  expect(sheets.map(([name, rows]) => [name, ...rows.map(([cell]) => cell!.text)])).toEqual([
    ['result', 'i', '0', '1', '2'],
    ['result2', 'i', '3', '4', '5'],
    ['result3', 'i', '6'],
  ]);
  expect(await sheetsOf('SELECT 1 AS x WHERE false')).toMatchObject([['result', [[{ text: 'x' }]]]]);
});

it('refuses a text that no cell holds, rather than cut it', async () => {
  await expect(sheetsOf("SELECT repeat('x', 40000) AS long")).rejects.toThrow(/does not fit into a cell/);
});

it('CSV for Excel begins with the mark of UTF-8', async () => {
  let text = '';
  for await (const piece of csv(await runQuery(database.connection, "SELECT 'ü' AS a", {}), { mark: true }))
    text += piece;
  expect(text).toBe('\uFEFFa\nü\n');
});

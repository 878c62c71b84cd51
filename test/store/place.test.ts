import { describe, expect, it } from 'vitest';
import { openInMemory, run, select } from '../../src/store/connection.js';
import { fileLines, placeIn, placeSql, placesIn } from '../../src/store/place.js';

/** A record of an instrument's own file is named by its number, one of a workbook by sheet and row; words and SQL agree. */

const sheets = [
  { name: 'Data', firstRow: 1 },
  { name: 'Data 2', firstRow: 101 },
];
const files = [
  { unit_of_lines: null, sheets: null },
  { unit_of_lines: 'line', sheets: null },
  { unit_of_lines: 'record', sheets: null },
  { unit_of_lines: 'row', sheets: JSON.stringify(sheets) },
];

describe('the place of a record', () => {
  it('is a line, a record or a row of a sheet', () => {
    expect(files.map((file) => placeIn(fileLines(file), 102))).toEqual([
      'line 102',
      'line 102',
      'record 102',
      'sheet Data 2, row 2',
    ]);
    expect(files.map((file) => placesIn(fileLines(file), 2, 90)).slice(1)).toEqual([
      'lines 2 to 90',
      'records 2 to 90',
      'sheet Data, rows 2 to 90',
    ]);
    const workbook = fileLines(files[3]!);
    expect(placesIn(workbook, 2, 103)).toBe('sheet Data, row 2 to sheet Data 2, row 3');
    expect(placesIn(workbook, 2, null)).toBe('from sheet Data, row 2');
    expect(placesIn(workbook, null, null)).toBe('');
  });

  it('is the same in SQL', async () => {
    const { connection, close } = await openInMemory();
    await run(connection, 'CREATE TABLE files (id INTEGER, unit_of_lines VARCHAR, sheets JSON)');
    for (const [id, file] of files.entries())
      await run(connection, 'INSERT INTO files VALUES ($1, $2, $3)', [id, file.unit_of_lines, file.sheets]);
    const found = await select<{ place: string }>(
      connection,
      `SELECT ${placeSql('f', 'line')} AS place FROM files f, (VALUES (7), (101)) t(line) ORDER BY id, line`,
    );
    close();
    expect(found.map(({ place }) => place)).toEqual(
      files.flatMap((file) => [7, 101].map((line) => placeIn(fileLines(file), line))),
    );
  });
});

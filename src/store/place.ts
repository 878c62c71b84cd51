import type { Message } from '../messages/message.js';
import { placeMessages as say } from '../messages/places.js';
/** Where a record stands in its file, in words: a line of a text, a record of an instrument's own file, a row of a sheet. */

/** The unit of the lines of a file; absent for a text. */
export interface FileLines {
  unit_of_lines?: 'line' | 'row' | 'record' | undefined;
  /** Sheets of a workbook, each with the number of its first row among all rows. */
  sheets?: { name: string; firstRow: number }[] | null | undefined;
}

/** The unit of the lines of a stored file, from the table `files`; empty for a text. */
export function fileLines(file: { unit_of_lines: string | null; sheets: string | null }): FileLines {
  const unit = file.unit_of_lines as FileLines['unit_of_lines'] | null;
  if (unit === null || unit === undefined || unit === 'line') return {};
  return { unit_of_lines: unit, ...(file.sheets === null ? {} : { sheets: JSON.parse(file.sheets) }) };
}

const sheetOf = ({ sheets }: FileLines, line: number) => sheets?.findLast(({ firstRow }) => firstRow <= line);

/** A place in words: `line 12`, `record 12`, `sheet Data, row 12`. */
export const placeIn = (file: FileLines, line: number): string => placeMessage(file, line).message;

/** The same as a message. */
export function placeMessage(file: FileLines, n: number): Message {
  const sheet = sheetOf(file, n);
  return sheet === undefined
    ? say(`PLACE/${unitOf(file)}`, { n })
    : say('PLACE/sheet', { sheet: sheet.name, n: n - sheet.firstRow + 1 });
}

/** The unit of the lines of a file. */
const unitOf = ({ unit_of_lines }: FileLines): 'line' | 'row' | 'record' =>
  unit_of_lines === 'row' || unit_of_lines === 'record' ? unit_of_lines : 'line';

/**
 * Places: `lines 2 to 90`, `records 1 to 90`, `sheet Data, rows 2 to 90`; with `last` null `from line 2`, with `first` null
 * nothing.
 */
export function placesMessage(file: FileLines, first: number | null, last: number | null): Message {
  if (first === null) return say('NOWHERE');
  if (last === null) return say('PLACES/from', { place: placeMessage(file, first) });
  const [sheet, end] = [sheetOf(file, first), sheetOf(file, last)];
  if (sheet === undefined) return say(`PLACES/${unitOf(file)}`, { first, last });
  if (sheet !== end) {
    return say('PLACES/between', { first: placeMessage(file, first), last: placeMessage(file, last) });
  }
  const rows = { first: first - sheet.firstRow + 1, last: last - sheet.firstRow + 1 };
  return say('PLACES/sheet', { sheet: sheet.name, ...rows });
}

/** The same in words. */
export const placesIn = (file: FileLines, first: number | null, last: number | null): string =>
  placesMessage(file, first, last).message;

/** Number of places by their unit. */
export interface PlaceCount {
  unit: 'line' | 'row' | 'record';
  n: number;
}

/** SQL of the rejects of files as `PlaceCount`s. `where`: on `rejects r JOIN files f`. */
export const rejectCountsSql = (where = 'true'): string => `
  SELECT coalesce(f.unit_of_lines, 'line') AS unit, count(*) AS n
  FROM rejects r JOIN files f USING (file_id) WHERE ${where} GROUP BY ALL ORDER BY unit`;

/** Rejects in words: `0 rejected lines`, `1 rejected line and 3 rejected records`. */
export function rejectsInWords(counts: readonly PlaceCount[]): string {
  const there = counts.length === 0 ? [{ unit: 'line', n: 0 }] : counts;
  return there.map(({ unit, n }) => `${n} rejected ${unit}${n === 1 ? '' : 's'}`).join(' and ');
}

/** SQL of the same place. `file`: alias of `files`; `line`: expression of the line's number. */
export const placeSql = (file: string, line: string): string => `
      CASE ${file}.unit_of_lines
        WHEN 'record' THEN concat('record ', ${line})
        WHEN 'row' THEN coalesce(
          list_transform(
            list_filter(
              from_json(${file}.sheets, '[{"name":"VARCHAR","firstRow":"BIGINT"}]'),
              lambda s: s.firstRow <= ${line}
            ),
            lambda s: concat('sheet ', s.name, ', row ', ${line} - s.firstRow + 1)
          )[-1],
          concat('row ', ${line})
        )
        ELSE concat('line ', ${line})
      END`;

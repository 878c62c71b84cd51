/** Where a record stands in its file, in words: a line of a text, a record of an instrument's own file, a row of a sheet. */

/** What the lines of a file are; of a text nothing has to be said. */
export interface FileLines {
  unit_of_lines?: 'line' | 'row' | 'record' | undefined;
  /** Sheets of a workbook, and the number of each one's first row among the rows of all. */
  sheets?: { name: string; firstRow: number }[] | null | undefined;
}

/** What the lines of a stored file are, as the table `files` has it; nothing for a text. */
export function fileLines(file: { unit_of_lines: string | null; sheets: string | null }): FileLines {
  const unit = file.unit_of_lines as FileLines['unit_of_lines'] | null;
  if (unit === null || unit === undefined || unit === 'line') return {};
  return { unit_of_lines: unit, ...(file.sheets === null ? {} : { sheets: JSON.parse(file.sheets) }) };
}

const sheetOf = ({ sheets }: FileLines, line: number) => sheets?.findLast(({ firstRow }) => firstRow <= line);

/** A place in words: `line 12`, `record 12`, `sheet Data, row 12`. */
export function placeIn(file: FileLines, line: number): string {
  const sheet = sheetOf(file, line);
  return sheet === undefined
    ? `${file.unit_of_lines ?? 'line'} ${line}`
    : `sheet ${sheet.name}, row ${line - sheet.firstRow + 1}`;
}

/**
 * Places in words: `lines 2 to 90`, `records 1 to 90`, `sheet Data, rows 2 to 90`; with `last` null `from line 2`, with
 * `first` null nothing.
 */
export function placesIn(file: FileLines, first: number | null, last: number | null): string {
  if (first === null) return '';
  if (last === null) return `from ${placeIn(file, first)}`;
  const [sheet, end] = [sheetOf(file, first), sheetOf(file, last)];
  if (sheet === undefined) return `${file.unit_of_lines ?? 'line'}s ${first} to ${last}`;
  if (sheet !== end) return `${placeIn(file, first)} to ${placeIn(file, last)}`;
  return `sheet ${sheet.name}, rows ${first - sheet.firstRow + 1} to ${last - sheet.firstRow + 1}`;
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

/**
 * What every reader hands over: records as columns, by the position of the fields in the header, with the place of
 * each record. Text exports give blocks of lines (`cut.ts`); a reader of a container gives blocks of its own. Units,
 * signs and required values are settled after this (`convert.ts`), steps and counters after that.
 */

/** Records handed over at once by a reader of columns. */
export const blockRecords = 122_880;

/** Places of consecutive records, from the first on. @param places where they go */
export function firstPlaces(count: number, places: Uint32Array = new Uint32Array(count)): Uint32Array {
  for (let at = 0; at < count; at++) places[at] = at;
  return places;
}

/** How a field becomes values: a number as written, a word, or seconds of an elapsed time or a wall clock. */
export type FieldReading = 'number' | 'text' | 'duration' | 'clock';

/** Words by code; −1: no value. */
export interface TextColumn {
  codes: Int32Array;
  words: string[];
}

/** Records in their order. Arrays may be longer than `count`. */
export interface RecordBlock {
  count: number;
  /** Place of each record, counted from the first of the block: its line, row or record (`SourceUnit`). */
  places: Uint32Array;
  /** Number of places in the block: its records, and what is not a record between and after them. */
  placeCount: number;
  /** Values as written, without converting units, by position among the fields of the header; NaN: no value. */
  numbers: ReadonlyMap<number, Float64Array>;
  texts: ReadonlyMap<number, TextColumn>;
}

/** The unit of a place: lines of a text, rows of a sheet, records of a binary file. */
export type SourceUnit = 'line' | 'row' | 'record';

/** A place that is not empty but from which no record was taken, and why. */
export interface Reject {
  line_number: number;
  column_name: string | null;
  raw_value: string | null;
  raw_line: string | null;
  reason: string;
}

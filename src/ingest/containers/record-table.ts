import type { Message } from '../../messages/message.js';

/**
 * The content of an instrument's own file, whatever its container: tables of named columns. From here on the file is
 * read like text: the declaration of the vendor maps the columns.
 */

/** A column of numbers; a number that is not finite is a missing value. */
export interface RecordColumn {
  /** Name as in an export of the vendor's program, with its unit. */
  name: string;
  values: Float64Array;
  /** What the numbers stand for: codes of words, or instants of a wall clock (ms since 1970 as if it were UTC). */
  stands?: { for: 'word' | 'clock'; text: (value: number) => string };
}

/** The records of one test. */
export interface RecordTable {
  columns: RecordColumn[];
  count: number;
  facts: TestHead;
}

/** What a file says about a test, apart from its records. */
export interface TestHead {
  /** Wall clock at the start, `YYYY-MM-DD HH:MM:SS.fff`; with `+00:00` where the file gives Unix time. */
  startedAt?: string | undefined;
  channel?: string | undefined;
  /** Technique, versions and anything else that explains the reading, for people. */
  about: string[];
}

/** What is doubtful about a reading; `code` is that of a finding. */
export interface RecordNote extends Message {
  code: 'CURRENT_FROM_CHARGE' | 'START_UNKNOWN' | 'INCOMPLETE_FILE' | 'UNKNOWN_COLUMN' | 'CONTAINER_NOTE';
}

export interface RecordFile {
  tables: RecordTable[];
  notes: RecordNote[];
}

/** Thrown where a file cannot be read: the message says why and what to do instead. */
export class ContainerRefusal extends Error {}

const epoch = Date.UTC(1899, 11, 30);

/**
 * Wall clock of a day number.
 *
 * @param day days since 1899-12-30, as spreadsheets, EC-Lab and Access count
 * @returns `YYYY-MM-DD HH:MM:SS.fff`, or undefined where it cannot be the date of an experiment
 */
export function dayNumberText(day: number): string | undefined {
  const time = dayNumberTime(day);
  return Number.isNaN(time) ? undefined : instantText(time);
}

/** A day number as `dayNumberText` takes it, in ms since 1970; NaN where it cannot be the date of an experiment. */
export const dayNumberTime = (day: number): number =>
  day > 10_000 && day < 100_000 ? epoch + Math.round(day * 86_400_000) : Number.NaN;

/** An instant as wall clock: `YYYY-MM-DD HH:MM:SS.fff`, of milliseconds since 1970. */
export function instantText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('T', ' ').replace('Z', '');
}

/** A column of numbers, all missing until they are set. */
export function emptyColumn(name: string, count: number): { name: string; values: Float64Array } {
  return { name, values: new Float64Array(count).fill(Number.NaN) };
}

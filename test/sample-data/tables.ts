import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../shared-data.js';

/** A reader of its own, so that the samples are not judged by the code they are meant to test. */

export const sampleData = join(projectRoot, 'sample-data');

export type Encoding = 'utf-8' | 'utf-16le' | 'latin1' | 'gbk';

export function readText(path: string, encoding: Encoding = 'utf-8'): string {
  return new TextDecoder(encoding).decode(readFileSync(join(sampleData, ...path.split('/'))));
}

export function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T;
}

export interface Series {
  /** second, ampere (positive charges) and the step each record belongs to */
  time: number[];
  current: number[];
  step: string[];
  rows: Record<string, string>[];
}

export interface Dialect {
  delimiter: string;
  /** The first line that starts so is the header. */
  header: string;
  encoding?: Encoding;
  decimalComma?: boolean;
  /** Name and the seconds of its unit; or a function of the row. */
  time: readonly [column: string, second: number] | ((row: Record<string, string>) => number);
  current: readonly [column: string, ampere: number];
  /** Columns that together change whenever a step begins. */
  step: readonly string[];
  /** Column whose value D turns an unsigned current round. */
  state?: string;
  /** Rows that count; all others are units rows, layers and trailers. */
  isRecord?: (row: Record<string, string>) => boolean;
}

/** Reads a table of a dialect; a column's name is its place in the header, so doubled names keep the first. */
export function readSeries(text: string, dialect: Dialect): Series {
  const rows = tableRows(text, dialect).filter(dialect.isRecord ?? (() => true));
  const value = (row: Record<string, string>, column: string) => toNumber(row[column], dialect.decimalComma);
  const { time, current, state } = dialect;
  return {
    time: rows.map((row) => (typeof time === 'function' ? time(row) : value(row, time[0]) * time[1])),
    current: rows.map((row) => value(row, current[0]) * current[1] * (state && row[state] === 'D' ? -1 : 1)),
    step: rows.map((row) => dialect.step.map((column) => row[column]).join('/')),
    rows,
  };
}

function tableRows(text: string, dialect: Dialect): Record<string, string>[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r*\n/);
  const headerLine = lines.findIndex((line) => unquoted(line).startsWith(dialect.header));
  if (headerLine < 0) throw new Error(`no line starts with ${dialect.header}`);
  const names = unquoted(lines[headerLine] ?? '').split(dialect.delimiter);
  return lines
    .slice(headerLine + 1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const fields = unquoted(line).split(dialect.delimiter);
      return Object.fromEntries(names.map((name, k) => [name, fields[k] ?? '']).reverse());
    });
}

const unquoted = (line: string) => (/^".*"$/.test(line) ? line.slice(1, -1) : line);

export function toNumber(text: string | undefined, decimalComma = false): number {
  const plain = decimalComma ? (text ?? '').replace(',', '.') : (text ?? '');
  return plain.trim() === '' ? Number.NaN : Number(plain);
}

/** `26:03:04.5` or `1d 02:03:04.5` in seconds. */
export function clockSeconds(text: string | undefined): number {
  const match = /^\s*(?:(\d+)d\s+)?(\d+):(\d+):([\d.]+)$/.exec(text ?? '');
  if (!match) return Number.NaN;
  const [, day = '0', hour, minute, second] = match;
  return Number(day) * 86400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
}

/** Trapezoid inside steps, charge and discharge apart, ampere-hour. */
export function integrate({ time, current, step }: Series): { charge_ah: number; discharge_ah: number } {
  let charge = 0;
  let discharge = 0;
  for (let k = 1; k < time.length; k++) {
    if (step[k] !== step[k - 1]) continue;
    const hours = (time[k]! - time[k - 1]!) / 3600;
    charge += ((Math.max(current[k]!, 0) + Math.max(current[k - 1]!, 0)) / 2) * hours;
    discharge += ((Math.max(-current[k]!, 0) + Math.max(-current[k - 1]!, 0)) / 2) * hours;
  }
  return { charge_ah: charge, discharge_ah: discharge };
}

/** Total of a counter that restarts: its rises, plus the new value after each fall. */
export function totalOfRestarting(values: number[]): number {
  return values.reduce((sum, value, k) => {
    const previous = values[k - 1] ?? 0;
    return sum + (value >= previous ? value - previous : value);
  }, 0);
}

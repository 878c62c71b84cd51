import type { Cell, SheetRow } from './cells.js';
import { dayNumberText } from './record-table.js';
import { fieldText } from './view.js';
import { days1904 } from './workbook.js';

/** Cells as text, with day numbers and day fractions written as dates and times. */

/** Day numbers from here on (1927) are dates; smaller ones are durations. */
const firstDate = 10_000;

/** A duration of days as hours, minutes and seconds, to the microsecond. */
function durationText(days: number): string {
  const microseconds = Math.round(Math.abs(days) * 86_400e6);
  const seconds = Math.floor(microseconds / 1e6);
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const second = (seconds % 60) + (microseconds % 1e6) / 1e6;
  const two = (value: number) => String(value).padStart(2, '0');
  const written = second.toFixed(6).replace(/\.?0+$/, '');
  return `${days < 0 ? '-' : ''}${hour}:${two(minute)}:${second < 10 ? '0' : ''}${written}`;
}

const daysAndTime = /^(\d+)-(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/;

/** Columns of durations and of dates, from 0. */
export interface TimeColumns {
  times: number[];
  dates: number[];
}

/** Texts of the cells of a sheet. */
export class CellWriter {
  private readonly from1904: boolean;
  private readonly times: ReadonlySet<number>;
  private readonly dates: ReadonlySet<number>;

  constructor(from1904: boolean, columns?: TimeColumns) {
    this.from1904 = from1904;
    this.times = new Set(columns?.times);
    this.dates = new Set(columns?.dates);
  }

  /** Whether the numbers of a column are dates, whatever their format. */
  isDate(column: number): boolean {
    return this.dates.has(column);
  }

  /** Whether texts of a column are durations. */
  isTime(column: number): boolean {
    return this.times.has(column);
  }

  cell(cell: Cell | undefined, column: number): string {
    if (cell === undefined) return '';
    if (cell.kind === 'number' && (cell.isDate || this.dates.has(column))) {
      const value = Number(cell.text);
      const isDate = value >= firstDate && value < 100_000;
      if (isDate) return dayNumberText(value + (this.from1904 ? days1904 : 0)) ?? cell.text;
      if (cell.isDate && Math.abs(value) < firstDate) return durationText(value);
      return cell.text;
    }
    if (cell.kind === 'number') return cell.text;
    const long = this.times.has(column) ? daysAndTime.exec(cell.text.trim()) : null;
    if (long !== null) return `${Number(long[1]) * 24 + Number(long[2])}:${long[3]}:${long[4]}`;
    return fieldText(cell.text);
  }

  row({ cells }: SheetRow, width: number): string {
    let line = '';
    // A cell far beyond the table makes its row too long; the empty cells between need not be written.
    const count = cells.length > width + 64 ? width + 1 : Math.max(cells.length, width);
    for (let column = 0; column < count; column++) {
      if (column > 0) line += '\t';
      line += this.cell(cells[column], column);
    }
    return line;
  }
}

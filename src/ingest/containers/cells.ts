import { ContainerRefusal } from './record-table.js';
import { runsOf, type SharedStrings } from './shared-strings.js';
import { attributeOf, xmlText } from './xml.js';

/** The cells of a sheet's rows. */

/** A cell as stored: the raw number or text, and its meaning by the number format. */
export interface Cell {
  text: string;
  kind: 'number' | 'text' | 'error';
  /** Whether a number is shown as a date or a time. */
  isDate: boolean;
}

export interface SheetRow {
  /** From 1. */
  number: number;
  /** By column from 0; absent cells are undefined. */
  cells: (Cell | undefined)[];
}

/** What cells are read with. */
export interface CellContext {
  strings: SharedStrings;
  isDateStyle: readonly boolean[];
}

export const mostColumns = 16_384;
export const mostRows = 1_048_576;

const slash = 47;

/** Column of a reference such as `AB12`, from 0; −1 where it is not a reference. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const code = reference.charCodeAt(at) & 0xdf;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

/** A cell from the text of its tag and its content; undefined where it has no value. */
export function cellOf(tag: string, inner: string, context: CellContext): Cell | undefined {
  const type = attributeOf(tag, 't') ?? 'n';
  if (type === 'inlineStr') return { text: runsOf(inner), kind: 'text', isDate: false };
  const value = cachedValue(inner);
  if (value !== undefined) return cellWith(type, Number(attributeOf(tag, 's') ?? 0), value, context);
  // A formula that was never calculated has no value.
  return inner.includes('<f') ? { text: '#NOT CALCULATED', kind: 'error', isDate: false } : undefined;
}

function cellWith(type: string, style: number, value: string, { strings, isDateStyle }: CellContext): Cell {
  if (type === 's') return { text: strings.at(Number(value)), kind: 'text', isDate: false };
  if (type === 'n') return { text: value, kind: 'number', isDate: isDateStyle[style] === true };
  if (type === 'e') return { text: xmlText(value), kind: 'error', isDate: false };
  return { text: xmlText(value), kind: 'text', isDate: false };
}

function cachedValue(inner: string): string | undefined {
  const match = /<(?:[\w.-]+:)?v(?:\s[^>]*)?>/.exec(inner);
  if (match === null || match[0].endsWith('/>')) return undefined;
  const from = match.index + match[0].length;
  const end = inner.indexOf('</', from);
  return end === -1 ? undefined : inner.slice(from, end);
}

/**
 * A row from the text of its element.
 *
 * @param before number of the row above
 * @throws ContainerRefusal where rows or columns are numbered as in no sheet
 */
export function rowOf(element: string, before: number, context: CellContext): SheetRow {
  const tagEnd = element.indexOf('>');
  const written = attributeOf(element.slice(0, tagEnd), 'r');
  const number = written === undefined ? before + 1 : Number(written);
  if (!(number > before && number <= mostRows)) {
    throw new ContainerRefusal(`damaged: row ${written ?? ''} follows row ${before} of a sheet`);
  }
  const cells: SheetRow['cells'] = [];
  const prefix = element.startsWith('<row') ? '' : (/^<([\w.-]+:)?/.exec(element)?.[1] ?? '');
  const open = `<${prefix}c`;
  const close = `</${prefix}c>`;
  let column = -1;
  for (let at = element.indexOf(open, tagEnd); at !== -1; ) {
    const end = element.indexOf('>', at);
    const isEmpty = element.charCodeAt(end - 1) === slash;
    const tag = element.slice(at + open.length, end);
    const reference = attributeOf(tag, 'r');
    column = reference === undefined ? column + 1 : columnOf(reference);
    if (column < 0 || column >= mostColumns) {
      throw new ContainerRefusal(`damaged: a cell named ${reference}`);
    }
    let next = end + 1;
    if (!isEmpty) {
      const closed = element.indexOf(close, end);
      if (closed === -1) break;
      cells[column] = cellOf(tag, element.slice(end + 1, closed), context);
      next = closed + close.length;
    }
    at = element.indexOf(open, next);
  }
  return { number, cells };
}

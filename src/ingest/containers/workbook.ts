import { posix } from 'node:path';
import type { Entry } from 'yauzl';
import { ContainerRefusal } from './record-table.js';
import { attributeOf, elements, xmlText } from './xml.js';
import type { Archive } from './zip.js';

/** Excel workbooks: the rows of a sheet, cell by cell, streamed. */

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

export interface Sheet {
  name: string;
  isHidden: boolean;
  entry: Entry;
}

export interface Workbook {
  sheets: Sheet[];
  /** Whether day numbers count from 1904-01-01. */
  from1904: boolean;
  /** Rows of a sheet in blocks, as they are read. */
  rows(sheet: Sheet): AsyncGenerator<SheetRow[]>;
}

/** Days between 1899-12-30 and 1904-01-01. */
export const days1904 = 1462;
const mostColumns = 16_384;
const mostRows = 1_048_576;
/** Characters of all shared strings together. */
const mostText = 1 << 28;

const builtInDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);
const isBuiltInDate = (id: number) =>
  builtInDates.has(id) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

/** Whether a number format shows a date or a time: it has letters of a date outside quotes, brackets and escapes. */
function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare);
}

async function all(archive: Archive, entry: Entry | undefined, name: string): Promise<string[]> {
  const found: string[] = [];
  if (entry !== undefined) {
    for await (const block of elements(archive.stream(entry), name)) found.push(...block);
  }
  return found;
}

/** For each style of a cell, whether it shows a date. */
async function dateStyles(archive: Archive, entry: Entry | undefined): Promise<boolean[]> {
  const own = new Map(
    (await all(archive, entry, 'numFmt')).map((tag) => [
      Number(attributeOf(tag, 'numFmtId')),
      isDateFormat(attributeOf(tag, 'formatCode') ?? ''),
    ]),
  );
  const [formats] = await all(archive, entry, 'cellXfs');
  return [...(formats ?? '').matchAll(/<(?:[\w.-]+:)?xf[\s/>][^>]*>?/g)].map(([tag]) => {
    const id = Number(attributeOf(tag, 'numFmtId') ?? 0);
    return own.get(id) ?? isBuiltInDate(id);
  });
}

/** Text of the runs of an element: `<t>` of each, phonetic hints left out. */
function runsOf(element: string): string {
  // Nearly all have one run and nothing else.
  if (element.startsWith('<si><t>')) {
    const end = element.indexOf('<', 7);
    if (element.startsWith('</t></si>', end)) return xmlText(element.slice(7, end));
  }
  const spoken = element.includes('rPh')
    ? element.replace(/<(\w+:)?rPh[\s>].*?<\/(\w+:)?rPh>/gs, '')
    : element;
  let text = '';
  let at = 0;
  for (;;) {
    const match = openText.exec(spoken.slice(at));
    if (match === null) return text;
    const from = at + match.index + match[0].length;
    if (match[0].endsWith('/>')) {
      at = from;
      continue;
    }
    const end = spoken.indexOf('</', from);
    if (end === -1) return text;
    text += xmlText(spoken.slice(from, end));
    at = end;
  }
}
const openText = /<(?:[\w.-]+:)?t(?:\s[^>]*)?>/;

/** Texts by their number, stored one after another: a separate object for each would take several times the memory. */
class SharedStrings {
  private readonly blocks: string[] = [];
  private open: string[] = [];
  private ends = new Uint32Array(4096);
  private count = 0;
  private size = 0;

  /** @throws ContainerRefusal where there are more texts than a workbook can have */
  add(text: string): void {
    if (this.count === this.ends.length) {
      const ends = new Uint32Array(2 * this.count);
      ends.set(this.ends);
      this.ends = ends;
    }
    this.size += text.length;
    if (this.size > mostText)
      throw new ContainerRefusal('the texts of the workbook are too large for the memory');
    const before = this.count % blockStrings === 0 ? 0 : this.ends[this.count - 1]!;
    this.ends[this.count++] = before + text.length;
    this.open.push(text);
    if (this.open.length === blockStrings) this.close();
  }

  /** Joins the texts of a block, so that none of them keeps the text alive that it was cut from. */
  close(): void {
    this.blocks.push(this.open.join(''));
    this.open = [];
  }

  at(index: number): string {
    if (!(index >= 0 && index < this.count)) return '';
    const from = index % blockStrings === 0 ? 0 : this.ends[index - 1]!;
    return this.blocks[Math.floor(index / blockStrings)]!.slice(from, this.ends[index]);
  }
}
const blockStrings = 1024;

async function sharedStrings(archive: Archive, entry: Entry | undefined): Promise<SharedStrings> {
  const strings = new SharedStrings();
  if (entry === undefined) return strings;
  for await (const block of elements(archive.stream(entry), 'si')) {
    for (const element of block) strings.add(runsOf(element));
  }
  strings.close();
  return strings;
}

/** What cells are read with. */
interface CellContext {
  strings: SharedStrings;
  isDateStyle: readonly boolean[];
}

/** The attributes in the tag of a cell. */
interface CellTag {
  /** From 0; undefined where it is not named. */
  column: number | undefined;
  type: string;
  style: number;
}

const [quote, slash, equals, lowerR, lowerS, lowerT] = [34, 47, 61, 114, 115, 116];

/** Column of a reference such as `AB12` between two positions of a text; −1 where it is not a reference. */
function columnAt(text: string, from: number, to: number): number {
  let column = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at) & 0xdf;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

/**
 * Reads the tag of a cell between two positions of a text, without making a string for each attribute: ` r="A1" s="2"
 * t="s"`, as all programs write it. Other forms are looked up by name.
 */
function readTag(text: string, from: number, to: number, tag: CellTag): void {
  tag.column = undefined;
  tag.type = 'n';
  tag.style = 0;
  for (let at = from; at < to; at++) {
    const name = text.charCodeAt(at);
    if (name <= 32) continue;
    const isPlain = text.charCodeAt(at + 1) === equals && text.charCodeAt(at + 2) === quote;
    const end = isPlain ? text.indexOf('"', at + 3) : -1;
    if (end === -1 || end >= to) {
      if (name === slash && at === to - 1) return;
      namedTag(text.slice(from, to), tag);
      return;
    }
    if (name === lowerR) tag.column = columnAt(text, at + 3, end);
    else if (name === lowerT)
      tag.type = end === at + 4 && text[at + 3] === 's' ? 's' : text.slice(at + 3, end);
    else if (name === lowerS) tag.style = Number(text.slice(at + 3, end));
    at = end;
  }
}

function namedTag(text: string, tag: CellTag): void {
  const reference = attributeOf(text, 'r');
  tag.column = reference === undefined ? undefined : columnAt(reference, 0, reference.length);
  tag.type = attributeOf(text, 't') ?? 'n';
  tag.style = Number(attributeOf(text, 's') ?? 0);
}

/** A cell from its tag and its content. */
function cellOf({ type, style }: CellTag, inner: string, context: CellContext): Cell | undefined {
  if (type === 'inlineStr') return { text: runsOf(inner), kind: 'text', isDate: false };
  const value = cachedValue(inner);
  if (value !== undefined) return cellWith(type, style, value, context);
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
  let from = inner.indexOf('<v>');
  if (from !== -1) from += 3;
  else {
    const match = /<(?:[\w.-]+:)?v(?:\s[^>]*)?>/.exec(inner);
    if (match === null || match[0].endsWith('/>')) return undefined;
    from = match.index + match[0].length;
  }
  const end = inner.indexOf('</', from);
  return end === -1 ? undefined : inner.slice(from, end);
}

function rowOf(element: string, before: number, context: CellContext): SheetRow {
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
  const plain = `</v>${close}`;
  const cell: CellTag = { column: undefined, type: 'n', style: 0 };
  let column = -1;
  let at = element.indexOf(open, tagEnd);
  while (at !== -1) {
    const end = element.indexOf('>', at);
    const isEmpty = element.charCodeAt(end - 1) === slash;
    readTag(element, at + open.length, end, cell);
    column = cell.column ?? column + 1;
    if (column < 0 || column >= mostColumns) {
      throw new ContainerRefusal(`damaged: a cell named ${attributeOf(element.slice(at, end), 'r')}`);
    }
    let next = end + 1;
    if (!isEmpty) {
      // Most cells hold `<v>1</v></c>`.
      const stop = element.startsWith('<v>', next) ? element.indexOf('<', next + 3) : -1;
      if (stop !== -1 && cell.type !== 'inlineStr' && element.startsWith(plain, stop)) {
        cells[column] = cellWith(cell.type, cell.style, element.slice(next + 3, stop), context);
        next = stop + plain.length;
      } else {
        const closed = element.indexOf(close, end);
        if (closed === -1) break;
        cells[column] = cellOf(cell, element.slice(end + 1, closed), context);
        next = closed + close.length;
      }
    }
    at = element.indexOf(open, next);
  }
  return { number, cells };
}

/** A part of the package that another names: its id there, the last word of its type, and its member. */
interface Part {
  id: string;
  type: string;
  path: string;
  entry: Entry | undefined;
}

/** A member by its path; some programs write its letters otherwise than the name that leads to it. */
function partAt({ members }: Archive, path: string): Entry | undefined {
  const exact = members.get(path);
  if (exact !== undefined) return exact;
  const lower = path.toLowerCase();
  for (const [name, entry] of members) if (name.toLowerCase() === lower) return entry;
  return undefined;
}

/** What a part refers to; with '' what the package does. */
async function partsOf(archive: Archive, of: string): Promise<Part[]> {
  const folder = posix.dirname(of);
  const list = posix.join(folder, '_rels', `${posix.basename(of)}.rels`);
  return (await all(archive, partAt(archive, list), 'Relationship')).map((tag) => {
    const target = attributeOf(tag, 'Target') ?? '';
    const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
    return {
      id: attributeOf(tag, 'Id') ?? '',
      type: /[^/]*$/.exec(attributeOf(tag, 'Type') ?? '')![0],
      path,
      entry: partAt(archive, path),
    };
  });
}

const usualPath = 'xl/workbook.xml';

/** Where the workbook of a package is; undefined where it has none. */
export async function workbookPath(archive: Archive): Promise<string | undefined> {
  if (partAt(archive, usualPath) !== undefined) return usualPath;
  const main = (await partsOf(archive, '')).find(({ type }) => type === 'officeDocument');
  return main !== undefined && /^xl\/.*\.xml$/i.test(main.path) ? main.path : undefined;
}

/** The worksheets of a workbook in their order, without sheets of charts and of macros. */
async function worksheets(archive: Archive, book: Entry, parts: readonly Part[]): Promise<Sheet[]> {
  const sheets: Sheet[] = [];
  for (const tag of await all(archive, book, 'sheet')) {
    const id = /\s[\w.-]+:id\s*=\s*["']([^"']*)/.exec(tag)?.[1];
    const part = parts.find((each) => each.id === id);
    if (part?.entry === undefined || (part.type !== 'worksheet' && part.type !== '')) continue;
    const state = attributeOf(tag, 'state');
    sheets.push({
      name: attributeOf(tag, 'name') ?? part.path,
      isHidden: state !== undefined && state !== 'visible',
      entry: part.entry,
    });
  }
  return sheets;
}

/**
 * Opens a workbook.
 *
 * @throws ContainerRefusal where it is not a workbook, or declares what no workbook can have
 */
export async function openWorkbook(archive: Archive): Promise<Workbook> {
  const path = await workbookPath(archive);
  const book = path === undefined ? undefined : partAt(archive, path);
  if (path === undefined || book === undefined) {
    throw new ContainerRefusal(`not a workbook: ${usualPath} is missing`);
  }
  const parts = await partsOf(archive, path);
  const [settings] = await all(archive, book, 'workbookPr');
  const sheets = await worksheets(archive, book, parts);
  const only = (type: string) =>
    parts.find((part) => part.type === type)?.entry ??
    partAt(archive, posix.join(posix.dirname(path), `${type}.xml`));
  const context = {
    strings: await sharedStrings(archive, only('sharedStrings')),
    isDateStyle: await dateStyles(archive, only('styles')),
  };
  const from1904 = /^(1|true)$/.test(settings === undefined ? '' : (attributeOf(settings, 'date1904') ?? ''));
  return {
    sheets,
    from1904,
    async *rows(sheet) {
      let before = 0;
      for await (const block of elements(archive.stream(sheet.entry), 'row')) {
        yield block.map((element) => {
          const row = rowOf(element, before, context);
          before = row.number;
          return row;
        });
      }
    },
  };
}

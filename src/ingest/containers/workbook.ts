import { posix } from 'node:path';
import type { Entry } from 'yauzl';
import { type CellContext, rowOf, type SheetRow } from './cells.js';
import { ContainerRefusal } from './record-table.js';
import { sharedStrings } from './shared-strings.js';
import { attributeOf, elements } from './xml.js';
import type { Archive } from './zip.js';

/** Excel workbooks: their sheets, and the rows of a sheet, streamed. */

export interface Sheet {
  name: string;
  isHidden: boolean;
  entry: Entry;
}

export interface Workbook {
  sheets: Sheet[];
  /** Whether day numbers count from 1904-01-01. */
  from1904: boolean;
  context: CellContext;
  /** The document of a sheet. */
  stream(sheet: Sheet): AsyncIterable<Buffer>;
  /** Rows of a sheet in blocks, as they are read. */
  rows(sheet: Sheet): AsyncGenerator<SheetRow[]>;
}

/** Days between 1899-12-30 and 1904-01-01. */
export const days1904 = 1462;

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
    context,
    stream: ({ entry }) => archive.stream(entry),
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

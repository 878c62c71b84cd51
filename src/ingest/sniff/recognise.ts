import type { Format } from '../formats/definition.js';
import { type HeaderField, nameKey, readHeader } from '../formats/header.js';
import { type Dialect, splitFields, unwrapLine } from './dialect.js';
import { mapColumns } from './map-columns.js';

/** The head of a file, cut into lines, with the fields of each line by every delimiter; computed once. */
export interface Head {
  lines: readonly string[];
  /** Whether `lines` is the whole file. */
  isWhole: boolean;
}

/** Header row of a table: which line, how it is cut, its fields. */
export interface FoundHeader {
  /** Physical line, from 1. */
  line: number;
  /** Its last physical line; a name in quotes may contain line breaks. */
  lastLine: number;
  delimiter: Dialect['delimiter'];
  fields: string[];
}

export interface Recognition {
  format: Format;
  header: FoundHeader | undefined;
  /** What identified the format in the file, for people. */
  reasons: string[];
}

/** Lines searched for a header row; long protocols can push it down. */
const searchedLines = 800;

type Pattern = string | RegExp;

interface LineKeys {
  delimiter: Dialect['delimiter'];
  /** Index of the physical line it ends on. */
  lastIndex: number;
  fields: string[];
  header: HeaderField[];
  texts: string[];
  keys: Set<string>;
}

interface FoundCut extends LineKeys {
  /** Index of the line it begins on. */
  index: number;
}

/** Sorts out rows of numbers without the tables of Unicode. */
const mayHaveLetter = /[A-Za-z\u0080-\uffff]/;

/** All formats examine the same head, so what they need of a line is computed once. */
class HeadReader {
  readonly head: Head;
  private found: FoundCut[] | undefined;

  constructor(head: Head) {
    this.head = head;
  }

  /** Every line that may be a header, by each way to cut it, from the top. */
  get cuts(): readonly FoundCut[] {
    this.found ??= this.head.lines
      .slice(0, searchedLines)
      .flatMap((_, index) => this.cutsOf(index).map((cut) => ({ ...cut, index })));
    return this.found;
  }

  /** A line cut by each delimiter that gives at least two fields, with the names its fields may be read as. */
  private cutsOf(index: number): LineKeys[] {
    const { text: line, lastIndex } = this.logicalLine(index);
    const cuts: LineKeys[] = [];
    if (mayHaveLetter.test(line) && /\p{L}/u.test(line)) {
      for (const delimiter of ['\t', ',', ';', 'whitespace'] as const) {
        const fields = splitFields(unwrapLine(line, delimiter), delimiter);
        if (fields.length < 2 || isData(fields)) continue;
        const header = readHeader(fields);
        cuts.push({
          delimiter,
          lastIndex,
          fields,
          header,
          texts: header.map(({ readings }) => readings[0]!.name),
          keys: new Set(header.flatMap(({ readings }) => readings.map(({ name }) => nameKey(name)))),
        });
      }
    }
    return cuts;
  }

  /** A line, with the following ones up to the closing quote where it leaves one open. */
  private logicalLine(index: number): { text: string; lastIndex: number } {
    const lines = this.head.lines;
    let text = lines[index] ?? '';
    let lastIndex = index;
    while (isOpenQuote(text) && lastIndex < index + longestHeader && lastIndex + 1 < lines.length) {
      lastIndex++;
      text += `\n${lines[lastIndex]}`;
    }
    return isOpenQuote(text) ? { text: lines[index] ?? '', lastIndex: index } : { text, lastIndex };
  }
}

/** Number of physical lines that a header with line breaks in its names may span. */
const longestHeader = 200;

/** Whether a field's opening quote is not closed. */
function isOpenQuote(text: string): boolean {
  return text.includes('"') && /(^|[\t,;])"/.test(text) && text.split('"').length % 2 === 0;
}

/** Whether most fields of a row begin like numbers: it is not a header, and need not be split. */
function isData(fields: readonly string[]): boolean {
  let filled = 0;
  let numeric = 0;
  for (const field of fields) {
    const text = field.trimStart();
    if (text === '') continue;
    filled++;
    if (/^["']?[-+]?[.,]?\d/.test(text)) numeric++;
  }
  return numeric > filled / 2;
}

function hasCell(cut: LineKeys, pattern: Pattern): boolean {
  return pattern instanceof RegExp
    ? cut.texts.some((text) => pattern.test(text))
    : cut.keys.has(nameKey(pattern));
}

/** Whether a row names one column of each group. A row with numbers among its cells is not a header. */
function hasRoles(cut: LineKeys, format: Format): boolean {
  const { roles } = format.recognise;
  if (roles.length === 0) return true;
  if (cut.texts.some((text) => /^[+-]?[\d.,]+([eE][+-]?\d+)?$/.test(text))) return false;
  const mapping = mapColumns(format, cut.header);
  return roles.every((group) => group.some((role) => mapping.has(role)));
}

function findHeader(reader: HeadReader, format: Format): FoundHeader | undefined {
  const { header: groups, without } = format.recognise;
  for (const cut of reader.cuts) {
    if (format.delimiter !== undefined && cut.delimiter !== format.delimiter) continue;
    // Blanks also occur in tab- and comma-separated lines; they are delimiters only where a format says so.
    if (cut.delimiter === 'whitespace' && format.delimiter !== 'whitespace') continue;
    const fits = groups.every((group) => group.some((pattern) => hasCell(cut, pattern)));
    if (fits && !without.some((pattern) => hasCell(cut, pattern)) && hasRoles(cut, format)) {
      const { index, lastIndex, delimiter, fields } = cut;
      return { line: index + 1, lastLine: lastIndex + 1, delimiter, fields };
    }
  }
  return undefined;
}

function declaredHeader(
  head: Head,
  pattern: RegExp,
  delimiter: Dialect['delimiter'],
): FoundHeader | undefined {
  for (const line of head.lines.slice(0, 50)) {
    const count = Number(pattern.exec(line)?.[1]);
    if (!Number.isInteger(count) || count < 1) continue;
    const header = head.lines[count - 1];
    if (header === undefined) return undefined;
    return { line: count, lastLine: count, delimiter, fields: splitFields(header, delimiter) };
  }
  return undefined;
}

function tryFormat(reader: HeadReader, format: Format): Recognition | undefined {
  const reasons: string[] = [];
  for (const { pattern, within } of format.recognise.lines) {
    const at = reader.head.lines.slice(0, within).findIndex((line) => pattern.test(line));
    if (at === -1) return undefined;
    reasons.push(`line ${at + 1}: ${reader.head.lines[at]!.trim().slice(0, 60)}`);
  }
  for (const { pattern, within } of format.recognise.block) {
    const match = pattern.exec(reader.head.lines.slice(0, within).join('\n'));
    if (match === null) return undefined;
    reasons.push(`first lines: ${match[0].trim().split('\n').slice(-2).join(' | ').slice(0, 60)}`);
  }
  if (format.hook !== undefined) return { format, header: undefined, reasons };
  switch (format.header.kind) {
    case 'none':
      return { format, header: undefined, reasons };
    case 'declared': {
      const header = declaredHeader(reader.head, format.header.pattern, format.delimiter ?? '\t');
      if (header === undefined) return undefined;
      return {
        format,
        header,
        reasons: [...reasons, `header in line ${header.line}, as the preamble declares`],
      };
    }
    case 'row': {
      const header = findHeader(reader, format);
      if (header === undefined) return undefined;
      const names = header.fields.map((field) => field.trim()).filter((field) => field !== '');
      return {
        format,
        header,
        reasons: [...reasons, `header in line ${header.line}: ${names.slice(0, 6).join(', ')}, …`],
      };
    }
  }
}

/**
 * The format of the preamble of a file that has no header of a table, or undefined. Used where no format is recognised
 * and nothing in the file looks like a table.
 */
export function endsInPreamble({ lines, isWhole }: Head, formats: readonly Format[]): Format | undefined {
  if (!isWhole) return undefined;
  const has = ({ pattern, within }: { pattern: RegExp; within: number }) =>
    lines.slice(0, within).some((line) => pattern.test(line));
  return formats.find(({ header, recognise: { lines: own, block, opens } }) => {
    if (header.kind === 'none') return false;
    if (opens.some((pattern) => has({ pattern, within: preambleLines }))) return true;
    const text = (within: number) => lines.slice(0, within).join('\n');
    const isSigned = own.length + block.length > 0;
    return isSigned && own.every(has) && block.every(({ pattern, within }) => pattern.test(text(within)));
  });
}

/** Number of lines within which the preamble of a vendor can be recognised. */
const preambleLines = 20;

/**
 * The first format, in the given order, whose signature matches the head; undefined where none does. Only the content
 * decides; names and extensions are not used.
 */
export function recognise(head: Head, formats: readonly Format[]): Recognition | undefined {
  const reader = new HeadReader(head);
  for (const format of formats) {
    const found = tryFormat(reader, format);
    if (found !== undefined) return found;
  }
  return undefined;
}

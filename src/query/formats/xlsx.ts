import type {
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampValue,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api';
import { Zip, ZipDeflate } from 'fflate';
import { usageError } from '../../errors.js';
import { DuckDBTypeId as Id } from '../../store/duckdb.js';
import type { QueryResult } from '../run.js';
import { isNumeric, textFormatter } from '../values.js';
import { formatColumn } from '../vector.js';

/**
 * Excel workbooks: a sheet with a header that stays in sight, row by row, so that memory does not grow with the result.
 * Numbers are numbers, dates are dates; what a cell cannot hold exactly (NaN, numbers of more than 15 digits, times with a
 * zone) is text. Rows beyond what a sheet holds go on in the next one.
 */

/** Rows of a sheet, columns, and characters of a cell, as Excel limits them. */
const limits = { rows: 1_048_576, columns: 16_384, text: 32_767 };
const dayMilliseconds = 86_400_000;
/** Day 61 is 1900-03-01: the days before it are counted otherwise by spreadsheets. */
const [firstDay, lastDay] = [61, 2_958_465];
const dayZero = Date.UTC(1899, 11, 30);

const styles = { plain: 0, date: 1, time: 2, head: 3 };

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML holds it; characters that XML has not are written as Excel writes them: `_x0001_`. */
function xmlText(text: string): string {
  return (
    text
      .replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
      .replace(/[&<>"]/g, (character) => escapes[character]!)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, (character) => {
        return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
      })
  );
}

function textCell(text: string, style = styles.plain): string {
  if (text.length > limits.text) {
    throw usageError(
      `a text of ${text.length} characters does not fit into a cell of a workbook (${limits.text})`,
      'Save the result as CSV, JSON or Parquet.',
    );
  }
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  const styled = style === styles.plain ? '' : ` s="${style}"`;
  return `<c t="inlineStr"${styled}><is><t${space}>${xmlText(text)}</t></is></c>`;
}

/** A number with at most 15 digits, which is what a spreadsheet keeps; others as text. */
function numberCell(text: string): string {
  if (!/^-?[\d.]+(e[+-]?\d+)?$/i.test(text)) return textCell(text);
  const isInteger = /^-?\d+$/.test(text);
  return isInteger && text.replace('-', '').length > 15 ? textCell(text) : `<c><v>${text}</v></c>`;
}

/** Milliseconds since 1970 of a value of a date or time without zone. */
const instants: Partial<Record<Id, (value: DuckDBValue) => number>> = {
  [Id.DATE]: (value) => (value as DuckDBDateValue).days * dayMilliseconds,
  [Id.TIMESTAMP_S]: (value) => Number((value as DuckDBTimestampSecondsValue).seconds) * 1000,
  [Id.TIMESTAMP_MS]: (value) => Number((value as DuckDBTimestampMillisecondsValue).millis),
  [Id.TIMESTAMP]: (value) => Number((value as DuckDBTimestampValue).micros) / 1000,
  [Id.TIMESTAMP_NS]: (value) => Number((value as DuckDBTimestampNanosecondsValue).nanos) / 1e6,
};

function cellWriter(type: DuckDBType): (value: DuckDBValue) => string {
  const format = textFormatter(type);
  if (isNumeric(type)) return (value) => numberCell(format(value));
  if (type.typeId === Id.BOOLEAN) return (value) => `<c t="b"><v>${value === true ? 1 : 0}</v></c>`;
  const instant = instants[type.typeId as Id];
  if (instant === undefined) return (value) => textCell(format(value));
  const style = type.typeId === Id.DATE ? styles.date : styles.time;
  return (value) => {
    const day = (instant(value) - dayZero) / dayMilliseconds;
    const isShown = day >= firstDay && day < lastDay;
    return isShown ? `<c s="${style}"><v>${day}</v></c>` : textCell(format(value));
  };
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const stylesXml = `${xml}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" xfId="0" applyNumberFormat="1"/><xf fontId="1" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

const sheetName = (sheet: number) => (sheet === 1 ? 'result' : `result${sheet}`);

/** The parts that name the sheets; they come last, when it is known how many there are. */
function frameParts(sheets: number): [string, string][] {
  const all = Array.from({ length: sheets }, (_, index) => index + 1);
  const override = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${contentType}.${kind}+xml"/>`;
  return [
    ['xl/styles.xml', stylesXml],
    [
      'xl/workbook.xml',
      `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${all.map((sheet) => `<sheet name="${sheetName(sheet)}" sheetId="${sheet}" r:id="rId${sheet}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${xml}<Relationships xmlns="${relations}">${all.map((sheet) => `<Relationship Id="rId${sheet}" Type="${office}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`).join('')}<Relationship Id="rId${sheets + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '_rels/.rels',
      `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('workbook', 'sheet.main')}${override('styles', 'styles')}${all.map((sheet) => override(`worksheets/sheet${sheet}`, 'worksheet')).join('')}</Types>`,
    ],
  ];
}

/** The same workbook for the same result, whenever it is written. */
const partTime = () => new Date(1980, 0, 1, 12);

/** A zip archive whose parts are written one after the other; `take` gives what is packed so far. */
class Parts {
  private readonly packed: Uint8Array[] = [];
  private readonly zip = new Zip((error, bytes) => {
    if (error) throw error;
    this.packed.push(bytes);
  });
  private open: ZipDeflate | undefined;

  begin(path: string): void {
    this.open = new ZipDeflate(path, { level: 3 });
    this.open.mtime = partTime();
    this.zip.add(this.open);
  }

  write(text: string, isLast = false): void {
    this.open?.push(Buffer.from(text), isLast);
  }

  end(): void {
    this.zip.end();
  }

  take(): Uint8Array[] {
    return this.packed.splice(0);
  }
}

function sheetHead({ columns }: QueryResult): string {
  const widths = columns.map(({ name }, index) => {
    const width = Math.min(Math.max(name.length + 2, 11), 40);
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  });
  return `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${widths.length === 0 ? '' : `<cols>${widths.join('')}</cols>`}<sheetData><row>${columns.map(({ name }) => textCell(name, styles.head)).join('')}</row>`;
}

const sheetEnd = '</sheetData></worksheet>';

/** Rows of a chunk; an empty cell holds the place of NULL, since cells are counted. */
function chunkRows(chunk: DuckDBDataChunk, writers: readonly ((value: DuckDBValue) => string)[]): string[] {
  const columns = writers.map((write, index) => formatColumn(chunk, index, write, '<c/>'));
  return Array.from({ length: chunk.rowCount }, (_, row) => {
    let text = '<row>';
    for (const column of columns) text += column[row];
    return `${text}</row>`;
  });
}

/**
 * A result as an Excel workbook, in pieces.
 *
 * @param rowsOfSheet rows of a sheet with its header, for tests
 * @throws CellarError (usage) where it has more columns or longer texts than a workbook takes
 */
export async function* xlsx(result: QueryResult, rowsOfSheet = limits.rows): AsyncGenerator<Uint8Array> {
  if (result.columns.length > limits.columns) {
    throw usageError(`a sheet has at most ${limits.columns} columns`, 'Save the result as CSV or Parquet.');
  }
  const parts = new Parts();
  const writers = result.columns.map(({ type }) => cellWriter(type));
  let sheets = 0;
  let rows = 0;
  const nextSheet = () => {
    if (sheets > 0) parts.write(sheetEnd, true);
    parts.begin(`xl/worksheets/sheet${++sheets}.xml`);
    parts.write(sheetHead(result));
    rows = 1;
  };
  nextSheet();
  for await (const chunk of result.chunks) {
    const written = chunkRows(chunk, writers);
    for (let at = 0; at < written.length; ) {
      if (rows >= rowsOfSheet) nextSheet();
      const fits = written.slice(at, at + rowsOfSheet - rows);
      parts.write(fits.join(''));
      at += fits.length;
      rows += fits.length;
    }
    yield* parts.take();
  }
  parts.write(sheetEnd, true);
  for (const [path, text] of frameParts(sheets)) {
    parts.begin(path);
    parts.write(text, true);
  }
  parts.end();
  yield* parts.take();
}

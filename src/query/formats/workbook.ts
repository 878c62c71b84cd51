import { Zip, ZipDeflate } from 'fflate';
import { usageError } from '../../errors.js';

/**
 * Excel workbooks, written part by part: sheets with a header that stays in sight. Numbers are numbers, dates are
 * dates; a value that a cell cannot hold exactly (NaN, numbers of more than 15 digits) is text.
 */

/** Rows of a sheet, columns, and characters of a cell, as Excel limits them. */
export const limits = { rows: 1_048_576, columns: 16_384, text: 32_767 };
const dayMilliseconds = 86_400_000;
/** Day 61 is 1900-03-01: spreadsheets count the days before it differently. */
const [firstDay, lastDay] = [61, 2_958_465];
const dayZero = Date.UTC(1899, 11, 30);

/** Numbers of the formats in `stylesXml`. */
const styles = { plain: 0, date: 1, time: 2, head: 3, wrapped: 4 };

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML; characters that XML does not allow are written in the form of Excel: `_x0001_`. */
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

/**
 * A cell with text.
 *
 * @throws CellarError (usage) where the text is longer than a cell takes
 */
export function textCell(text: string, style = styles.plain): string {
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

/** Text of several lines, at the top of its cell. */
export const wrappedCell = (text: string): string => textCell(text, styles.wrapped);

/** A cell without a value; it is needed because cells are identified by their position. */
export const emptyCell = '<c/>';

/** A number with at most 15 digits, which is what a spreadsheet keeps; other numbers as text. */
export function numberCell(text: string): string {
  if (!/^-?[\d.]+(e[+-]?\d+)?$/i.test(text)) return textCell(text);
  const isInteger = /^-?\d+$/.test(text);
  return isInteger && text.replace('-', '').length > 15 ? textCell(text) : `<c><v>${text}</v></c>`;
}

/**
 * A date or a time of day; null where spreadsheets count days differently.
 *
 * @param instant milliseconds since 1970
 */
export function momentCell(instant: number, kind: 'date' | 'time'): string | null {
  const day = (instant - dayZero) / dayMilliseconds;
  return day >= firstDay && day < lastDay ? `<c s="${styles[kind]}"><v>${day}</v></c>` : null;
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const stylesXml = `${xml}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" xfId="0" applyNumberFormat="1"/><xf fontId="1" xfId="0" applyFont="1"/><xf xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/** The parts that name the sheets; they come last, when the number of sheets is known. */
function frameParts(names: readonly string[]): [string, string][] {
  const all = names.map((_, index) => index + 1);
  const override = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${contentType}.${kind}+xml"/>`;
  return [
    ['xl/styles.xml', stylesXml],
    [
      'xl/workbook.xml',
      `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${xml}<Relationships xmlns="${relations}">${all.map((sheet) => `<Relationship Id="rId${sheet}" Type="${office}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`).join('')}<Relationship Id="rId${names.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
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

/** A fixed time, so that the same result gives the same workbook. */
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

/** A column of a sheet: its header, and its width in characters where the header does not tell. */
export interface SheetColumn {
  name: string;
  width?: number;
}

function sheetHead(columns: readonly SheetColumn[]): string {
  const widths = columns.map(({ name, width = Math.min(Math.max(name.length + 2, 11), 40) }, index) => {
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  });
  return `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${widths.length === 0 ? '' : `<cols>${widths.join('')}</cols>`}<sheetData><row>${columns.map(({ name }) => textCell(name, styles.head)).join('')}</row>`;
}

const sheetEnd = '</sheetData></worksheet>';

/** A workbook in pieces: sheets one after the other, rows of cells in each; `take` gives what is packed so far. */
export class WorkbookWriter {
  private readonly parts = new Parts();
  private readonly names: string[] = [];

  /** Ends the sheet before, if any. */
  beginSheet(name: string, columns: readonly SheetColumn[]): void {
    this.endSheet();
    this.names.push(name);
    this.parts.begin(`xl/worksheets/sheet${this.names.length}.xml`);
    this.parts.write(sheetHead(columns));
  }

  /** Rows, each all cells of its columns. */
  rows(rows: readonly string[]): void {
    this.parts.write(rows.map((cells) => `<row>${cells}</row>`).join(''));
  }

  /** Ends the workbook. */
  end(): void {
    this.endSheet();
    for (const [path, text] of frameParts(this.names)) {
      this.parts.begin(path);
      this.parts.write(text, true);
    }
    this.parts.end();
  }

  take(): Uint8Array[] {
    return this.parts.take();
  }

  private endSheet(): void {
    if (this.names.length > 0) this.parts.write(sheetEnd, true);
  }
}

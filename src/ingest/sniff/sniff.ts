import { contentStream, readHead } from '../bytes/scan.js';
import { type DetectedText, decodeText, detectEncoding, splitLines } from '../bytes/text.js';
import { completeText, isHeld } from '../containers/columns.js';
import { containerKind, openContainer } from '../containers/open.js';
import { placeOf } from '../containers/place-of.js';
import { ContainerRefusal } from '../containers/record-table.js';
import { dropView, type TextView } from '../containers/view.js';
import { formats as allFormats, type Format } from '../formats/index.js';
import { judgeSheets } from './judge-sheet.js';
import { LeftAsideError, MissingColumnError, OtherFormatError } from './map-columns.js';
import { planTables, type TablePlan } from './plan.js';
import { preambleMatch } from './preamble.js';
import { endsInPreamble, type Head, type Recognition, recognise } from './recognise.js';
import { looksBinary, type Refusal, refusalOf, unclaimedText } from './refusal.js';
import { findSections } from './sections.js';

/** What the head of a file shows: how it is read, or why it is not. */
export type SniffResult =
  | {
      kind: 'readable';
      isGzip: boolean;
      text: DetectedText;
      recognition: Recognition;
      head: Head;
      tables: TablePlan[];
      /** The content as text, where the file is an instrument's own; line numbers then refer to this text. */
      view?: TextView;
    }
  | {
      kind: 'refused';
      isGzip: boolean;
      refusal: Refusal;
      text: DetectedText | undefined;
      recognition: Recognition | undefined;
    };

export interface SniffOptions {
  /** Read the file as this format, whatever it looks like. */
  format?: Format | undefined;
  formats?: readonly Format[] | undefined;
  /** Whether the file holds only the beginning of the content. */
  isBeginning?: boolean | undefined;
}

/** Number of bytes that are examined; a protocol before the data can be long. */
const headBytes = 256 * 1024;
/** Exports whose tables have to be searched for are read whole, up to this size. */
const wholeBytes = 256 * 1024 * 1024;

async function wholeContent(path: string, isGzip: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of contentStream(path, isGzip)) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > wholeBytes)
      throw new MissingColumnError(
        `larger than ${wholeBytes / 2 ** 20} MiB, too large for an export of this kind`,
      );
  }
  return Buffer.concat(chunks);
}

function textLines(bytes: Buffer, text: DetectedText, isWhole: boolean): string[] {
  const lines = splitLines(decodeText(bytes, text), text);
  // A head that is cut in the middle of a line ends with a piece of it.
  if (!isWhole && lines.length > 1) lines.pop();
  return lines;
}

/**
 * Finds from the content of a file its format, and how each of its tables is read. Nothing is stored.
 *
 * @throws the error of the file system where the file cannot be read
 */
export async function sniffFile(path: string, options: SniffOptions = {}): Promise<SniffResult> {
  const { head: bytes, isGzip } = await readHead(path, headBytes);
  const refused = (refusal: Refusal, text?: DetectedText, recognition?: Recognition): SniffResult => ({
    kind: 'refused',
    isGzip,
    refusal,
    text,
    recognition,
  });
  const container = containerKind(bytes);
  if (container !== undefined) {
    const judge = judgeSheets(options.formats ?? allFormats);
    const view = await viewOf(() => openContainer(path, container, isGzip, judge));
    return sniffView(view, isGzip, options);
  }
  const refusal = refusalOf(bytes);
  if (refusal !== undefined) return refused(refusal);
  const text = detectEncoding(bytes);
  const isWhole = bytes.length < headBytes && options.isBeginning !== true;
  const lines = textLines(bytes, text, bytes.length < headBytes);
  let head: Head = { lines, isWhole };
  const candidates = options.format === undefined ? (options.formats ?? allFormats) : [options.format];
  const recognition = recognise(head, candidates) ?? forced(options.format);
  if (recognition === undefined) {
    if (looksBinary(lines.join('\n'))) {
      return refused(
        { status: 'rejected', message: 'binary data in no known format, not text; export it as CSV or text' },
        text,
      );
    }
    return refused(unclaimed(head, candidates), text);
  }
  try {
    if (recognition.format.hook !== undefined && !isWhole) {
      head = { lines: textLines(await wholeContent(path, isGzip), text, true), isWhole: true };
    }
    const tables = await planSections(path, isGzip, text, recognition, head);
    if (tables.length === 0) {
      return refused(
        { status: 'rejected', message: `${recognition.format.title}: no table of data found in it` },
        text,
        recognition,
      );
    }
    return {
      kind: 'readable',
      isGzip,
      text,
      recognition,
      head,
      tables,
    };
  } catch (error) {
    if (error instanceof OtherFormatError) {
      const others = candidates.filter(({ id }) => id !== recognition.format.id);
      return sniffFile(path, { formats: others, isBeginning: options.isBeginning });
    }
    const isLeftAside = error instanceof LeftAsideError;
    if (!isLeftAside && !(error instanceof MissingColumnError)) throw error;
    const message = `${recognition.format.title}: ${(error as Error).message}`;
    return refused({ status: isLeftAside ? 'ignored' : 'rejected', message }, text, recognition);
  }
}

/** Why a text of no recognised format is not read. */
function unclaimed(head: Head, formats: readonly Format[]): Refusal {
  // A damaged block without line ends hides what lies behind it.
  if (!head.isWhole && head.lines.length < 2) {
    return {
      status: 'rejected',
      message: 'its first line is too long to be one: damaged, or not a text; copy it again',
    };
  }
  const refusal = unclaimedText(head.lines);
  const format = refusal.status === 'ignored' ? endsInPreamble(head, formats) : undefined;
  if (format === undefined) return refusal;
  const header = format.header.kind === 'declared' ? 'the declared header line' : 'the header of its table';
  return {
    status: 'rejected',
    message: `${format.title}: ends before ${header}: it was cut; copy or export it again`,
  };
}

/** The content of a container as text, or why there is none. */
async function viewOf(open: () => Promise<TextView>): Promise<TextView | Refusal> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof ContainerRefusal)) throw error;
    return { status: 'rejected', message: error.message };
  }
}

async function sniffView(
  view: TextView | Refusal,
  isGzip: boolean,
  options: SniffOptions,
): Promise<SniffResult> {
  if ('status' in view) {
    return { kind: 'refused', isGzip, refusal: view, text: undefined, recognition: undefined };
  }
  const sniffed = await sniffFile(view.path, { ...options, isBeginning: view.columns !== undefined });
  const format = sniffed.recognition?.format;
  const { columns } = view;
  // Its tables have to be searched for in the whole text; where columns are held, the text has the beginning of each
  // table.
  const isSearched =
    format?.hook !== undefined || (format?.restartsAt !== undefined && !(columns && isHeld(columns)));
  if (columns !== undefined && isSearched) {
    await completeText(view);
    return sniffView(view, isGzip, options);
  }
  if (sniffed.kind === 'readable') {
    const reasons = sniffed.recognition.reasons.map((reason) => reasonInView(view, reason));
    return { ...sniffed, recognition: { ...sniffed.recognition, reasons }, isGzip, view };
  }
  dropView(view);
  return { ...sniffed, isGzip };
}

/** Why a file is what it is, in words about the file itself where the text of its content was examined. */
function reasonInView(view: TextView, reason: string): string {
  const title = /^line \d+: Records of (.*)$/.exec(reason)?.[1];
  if (title !== undefined) return `it is ${title}`;
  const [, line, header] = /^header in line (\d+): (.*)$/.exec(reason) ?? [];
  if (line === undefined) return reason;
  const place = view.unit === 'record' ? 'columns' : `header in row ${placeOf(view, Number(line))}`;
  return `${place}: ${header}`;
}

/**
 * The tables of every export in a file. Most files hold one export, which the head shows. A section without a header,
 * such as a run that never began, has no table.
 */
async function planSections(
  path: string,
  isGzip: boolean,
  text: DetectedText,
  recognition: Recognition,
  head: Head,
): Promise<TablePlan[]> {
  const { format } = recognition;
  if (format.restartsAt === undefined) return planTables(recognition, head);
  const sections = await findSections(path, isGzip, format.restartsAt, text.encoding, headBytes);
  if (sections.length < 2) return planTables(recognition, head);
  return sections.flatMap(({ line, head: bytes }, index) => {
    const next = sections[index + 1]?.line;
    const lines = textLines(bytes, { ...text, bomBytes: 0 }, bytes.length < headBytes);
    const own: Head = { lines, isWhole: bytes.length < headBytes };
    const found = recognise(own, [format]);
    if (found === undefined) return [];
    return planTables(found, own).map((table) => ({
      ...shiftTable(table, line - 1, next),
      ownChannel: preambleMatch(format.preamble.channel, lines.slice(0, table.firstLine - 1)),
    }));
  });
}

/** A plan made from the lines of a section, converted to lines of the file. */
function shiftTable(table: TablePlan, by: number, nextSection: number | undefined): TablePlan {
  return {
    ...table,
    headerLine: table.headerLine === undefined ? undefined : table.headerLine + by,
    headLines: table.headLines + by,
    above: table.above.map(({ line, text }) => ({ line: line + by, text })),
    firstLine: table.firstLine + by,
    lastLine: nextSection === undefined ? undefined : nextSection - 1,
  };
}

/** With `--format` the format is used although its signature does not match, if it needs no header. */
function forced(format: Format | undefined): Recognition | undefined {
  if (format === undefined || (format.hook === undefined && format.header.kind !== 'none')) return undefined;
  return { format, header: undefined, reasons: ['asked for by --format'] };
}

/** A file that can be read, and how. */
export type SniffedFile = Extract<SniffResult, { kind: 'readable' }>;

/** Where the text of a file lies. */
export const textPath = (path: string, sniffed: SniffedFile): string => sniffed.view?.path ?? path;

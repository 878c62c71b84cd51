import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { contentStream } from '../../src/ingest/bytes/scan.js';
import { type DetectedText, decodeText, splitLines, streamDecoder } from '../../src/ingest/bytes/text.js';
import type { ReadyFile } from '../../src/ingest/load/loaded.js';
import { type Dialect, splitQuoted, unwrapLine } from '../../src/ingest/sniff/dialect.js';

/** Field separator of normalised lines whose quotes were taken away; no export has it. */
export const unquotedDelimiter = '\u001f';
/** Stands for a NUL byte, so that the line it damaged can be told. */
export const nulMark = '\u2400';
/** Begins a line whose quotes do not close. */
export const openQuoteMark = '\u241b';

/** A text file that DuckDB can read line by line: UTF-8, LF, no NUL, no quotes. */
export interface LineFile {
  path: string;
  isGzip: boolean;
  /** What separates fields now: the dialect's delimiter, or `unquotedDelimiter`. */
  delimiter: Dialect['delimiter'] | typeof unquotedDelimiter;
  /** Lines written, where the file had to be rewritten. */
  lineCount: number | undefined;
}

/** What of a file's bytes decides how it is rewritten. */
export interface LineLook {
  isGzip: boolean;
  lineEnd: 'lf' | 'cr';
  hasQuote: boolean;
  isUtf8: boolean;
}

/** Looks at a whole file. */
export async function lookAt({ path, scan, text, tables }: ReadyFile): Promise<LineLook> {
  const chunks: Buffer[] = [];
  for await (const chunk of contentStream(path, scan.isGzip)) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  const lines = splitLines(decodeText(content, text), text);
  const body = lines.slice(Math.min(...tables.map(({ firstLine }) => firstLine)) - 1);
  return {
    isGzip: scan.isGzip,
    lineEnd: text.hasReturns ? 'cr' : 'lf',
    hasQuote: body.some((line) => line.includes('"')),
    isUtf8: isUtf8(content),
  };
}

/** A line without its line end and without characters that would change how it is cut; NUL bytes are marked. */
export function cleanLine(line: string): string {
  let cleaned = line.replace(/\r+$/, '');
  if (cleaned.includes('\r')) cleaned = cleaned.replaceAll('\r', ' ');
  if (cleaned.includes('\0')) cleaned = cleaned.replaceAll('\0', nulMark);
  if (cleaned.includes('\u0001')) cleaned = cleaned.replaceAll('\u0001', ' ');
  return cleaned.includes(unquotedDelimiter) ? cleaned.replaceAll(unquotedDelimiter, ' ') : cleaned;
}

/**
 * Rewrites a file line by line, as a stream: decoded, with LF, without byte order mark; NUL bytes marked; quoted fields
 * unquoted and separated by `unquotedDelimiter`. Line n stays line n.
 */
export async function normaliseFile(
  path: string,
  scan: LineLook,
  text: DetectedText,
  delimiter: Dialect['delimiter'],
  target: string,
  keepQuotes = false,
): Promise<LineFile> {
  const unquote = scan.hasQuote && !keepQuotes && delimiter !== 'whitespace';
  // Bytes that are no UTF-8 in a file said to be: read as Latin text rather than lost.
  const encoding = text.encoding === 'utf-8' && !scan.isUtf8 ? 'windows-1252' : text.encoding;
  const decoder = streamDecoder(encoding);
  const lineEnd = scan.lineEnd === 'cr' ? /\r\n|\r|\n/ : '\n';
  const out = createWriteStream(target, { encoding: 'utf8', highWaterMark: 1 << 20 });
  let carry = '';
  let lineCount = 0;
  let isFirst = true;
  const clean = (line: string): string => {
    const cleaned = cleanLine(line);
    if (!unquote) return cleaned;
    if (!cleaned.includes('"')) return cleaned.replaceAll(delimiter, unquotedDelimiter);
    const unwrapped = unwrapLine(cleaned, delimiter);
    const fields = splitQuoted(unwrapped, delimiter);
    return fields === undefined ? openQuoteMark + cleaned : fields.join(unquotedDelimiter);
  };
  const write = async (decoded: string, isLast: boolean): Promise<void> => {
    let piece = carry + decoded;
    if (isFirst && piece !== '') {
      piece = piece.replace(/^\uFEFF/, '');
      isFirst = false;
    }
    const lines = piece.split(lineEnd);
    carry = lines.pop() ?? '';
    if (isLast && carry !== '') {
      lines.push(carry);
      carry = '';
    }
    if (lines.length === 0) return;
    lineCount += lines.length;
    if (!out.write(`${lines.map(clean).join('\n')}\n`)) await once(out, 'drain');
  };
  for await (const chunk of contentStream(path, scan.isGzip))
    await write(decoder.write(chunk as Buffer), false);
  await write(decoder.end() ?? '', true);
  out.end();
  await once(out, 'finish');
  return { path: target, isGzip: false, delimiter: unquote ? unquotedDelimiter : delimiter, lineCount };
}

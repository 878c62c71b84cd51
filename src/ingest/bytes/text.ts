import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Encodings Cellar reads. `utf-8` covers ASCII. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'windows-1252';

export interface DetectedText {
  encoding: Encoding;
  /** Bytes of the byte order mark. */
  bomBytes: number;
  /** Whether CR alone ends its lines. Otherwise only LF does, and a CR before it is part of the line end. */
  hasReturns: boolean;
}

const carriageReturn = 13;
const cjk = /[\u4e00-\u9fff]/;

function startsWith(head: Buffer, bytes: number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** UTF-16 without a mark has a NUL in every second byte of Latin text. */
function utf16WithoutMark(head: Buffer): Encoding | undefined {
  const length = Math.min(head.length - (head.length % 2), 2000);
  if (length < 8) return undefined;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < length; index += 2) {
    if (head[index] === 0) even++;
    if (head[index + 1] === 0) odd++;
  }
  const half = length / 2;
  if (odd > 0.8 * half && even < 0.05 * half) return 'utf-16le';
  if (even > 0.8 * half && odd < 0.05 * half) return 'utf-16be';
  return undefined;
}

/**
 * The encoding of a text from its first bytes: byte order mark, UTF-16 pattern, strict UTF-8, GB18030 where that gives
 * Chinese column names, else Windows-1252 (which reads Latin-1 text correctly).
 */
export function detectEncoding(head: Buffer): DetectedText {
  const detected = encodingOf(head);
  return {
    ...detected,
    hasReturns: head.includes(carriageReturn) && endsWithReturns(decodeText(head, detected)),
  };
}

/** CR ends lines if more of them stand alone than there are LF; a single LF at the very end does not matter. */
function endsWithReturns(text: string): boolean {
  let returns = 0;
  let newlines = 0;
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
    const next = text[at + 1];
    if (next !== '\n' && next !== '\r') returns++;
  }
  if (returns === 0) return false;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) newlines++;
  return returns > newlines;
}

function encodingOf(head: Buffer): Pick<DetectedText, 'encoding' | 'bomBytes'> {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { encoding: 'utf-8', bomBytes: 3 };
  if (startsWith(head, [0xff, 0xfe])) return { encoding: 'utf-16le', bomBytes: 2 };
  if (startsWith(head, [0xfe, 0xff])) return { encoding: 'utf-16be', bomBytes: 2 };
  const wide = utf16WithoutMark(head);
  if (wide !== undefined) return { encoding: wide, bomBytes: 0 };
  if (isUtf8(wholeLines(head))) return { encoding: 'utf-8', bomBytes: 0 };
  const chinese = iconv.decode(head, 'gb18030');
  if (cjk.test(chinese) && looksChinese(chinese)) return { encoding: 'gb18030', bomBytes: 0 };
  return { encoding: 'windows-1252', bomBytes: 0 };
}

/**
 * Words at the beginning of Chinese exports of battery testers; they are needed because two Latin-1 letters in a row
 * also decode to some CJK character.
 */
function looksChinese(text: string): boolean {
  return /循环|工步|电压|电流|容量|时间|序号|能量|通道|测试/.test(text);
}

/** The head without its last, perhaps cut, line. */
function wholeLines(head: Buffer): Buffer {
  const end = head.lastIndexOf(10);
  return end > 0 ? head.subarray(0, end + 1) : head;
}

/** Decodes bytes without their byte order mark. */
export function decodeText(bytes: Buffer, text: Pick<DetectedText, 'encoding' | 'bomBytes'>): string {
  return iconv.decode(bytes.subarray(text.bomBytes), text.encoding, { stripBOM: false });
}

/** A stateful decoder for a stream. */
export function streamDecoder(encoding: Encoding): {
  write(chunk: Buffer): string;
  end(): string | undefined;
} {
  return iconv.getDecoder(encoding, { stripBOM: false });
}

/** Physical lines of a text: LF, CRLF, CR CR LF; CR alone too where it ends the lines. */
export function splitLines(text: string, { hasReturns }: Pick<DetectedText, 'hasReturns'>): string[] {
  const lines = hasReturns ? text.split(/\r\n|\r|\n/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.replace(/\r+$/, '') : line));
}

import type { Entry } from 'yauzl';
import { ContainerRefusal } from './record-table.js';
import { ElementCutter, xmlText } from './xml.js';
import type { Archive } from './zip.js';

/** Bytes of all shared strings together. */
const mostText = 1 << 28;

const openText = /<(?:[\w.-]+:)?t(?:\s[^>]*)?>/;

/** Text of the runs of an element: `<t>` of each, phonetic hints left out. */
export function runsOf(element: string): string {
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

const [ampersand, less, underscore, lowerX] = [38, 60, 95, 120];
const [plainOpen, plainClose] = [Buffer.from('<si><t>'), Buffer.from('</t></si>')];

function isAt(bytes: Buffer, at: number, mark: Buffer): boolean {
  for (let index = 0; index < mark.length; index++) if (bytes[at + index] !== mark[index]) return false;
  return true;
}

/**
 * Texts by their number, as UTF-8 one after another: a separate object for each would take several times the memory.
 */
export class SharedStrings {
  bytes: Buffer;
  private size = 0;
  private ends = new Uint32Array(4096);
  private count = 0;

  /** @param expected bytes that the texts will hardly exceed; memory that is not written to costs nothing */
  constructor(expected: number) {
    this.bytes = Buffer.allocUnsafeSlow(Math.min(mostText, Math.max(64, expected)));
  }

  /** Where a text begins in `bytes`; it ends where the next one begins. One that is not there is empty. */
  startOf(index: number): number {
    return index > 0 && index <= this.count ? this.ends[index - 1]! : 0;
  }

  endOf(index: number): number {
    return index >= 0 && index < this.count ? this.ends[index]! : this.startOf(index);
  }

  at(index: number): string {
    if (!Number.isInteger(index)) return '';
    return this.bytes.toString('utf8', this.startOf(index), this.endOf(index));
  }

  /** @throws ContainerRefusal where there are more texts than a workbook can have */
  add(text: string): void {
    const bytes = Buffer.from(text);
    this.reserve(bytes.length);
    bytes.copy(this.bytes, this.size);
    this.end(this.size + bytes.length);
  }

  /** Takes an element with one text of ASCII without entities, as nearly all are; −1 for any other. */
  readonly addPlain = (from: Buffer, begin: number): number => {
    if (!isAt(from, begin, plainOpen)) return -1;
    const first = begin + plainOpen.length;
    let at = first;
    for (let byte = from[at]!; byte !== less; byte = from[++at]!) {
      const isOther = byte === 0 || byte >= 128 || byte === ampersand;
      if (isOther || (byte === underscore && from[at + 1] === lowerX)) return -1;
    }
    if (!isAt(from, at, plainClose)) return -1;
    this.reserve(at - first);
    const { bytes } = this;
    let into = this.size;
    for (let each = first; each < at; each++) bytes[into++] = from[each]!;
    this.end(into);
    return at + plainClose.length;
  };

  private reserve(length: number): void {
    const needed = this.size + length;
    if (needed <= this.bytes.length) return;
    if (needed > mostText)
      throw new ContainerRefusal('the texts of the workbook are too large for the memory');
    const grown = Buffer.allocUnsafeSlow(Math.min(mostText, 2 * needed));
    this.bytes.copy(grown, 0, 0, this.size);
    this.bytes = grown;
  }

  private end(at: number): void {
    if (this.count === this.ends.length) {
      const ends = new Uint32Array(2 * this.count);
      ends.set(this.ends);
      this.ends = ends;
    }
    this.size = at;
    this.ends[this.count++] = at;
  }
}

export async function sharedStrings(archive: Archive, entry: Entry | undefined): Promise<SharedStrings> {
  const strings = new SharedStrings(entry?.uncompressedSize ?? 0);
  if (entry === undefined) return strings;
  const cutter = new ElementCutter('si', (element) => strings.add(runsOf(element)), strings.addPlain);
  for await (const piece of archive.stream(entry)) cutter.add(piece);
  return strings;
}

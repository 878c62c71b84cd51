import { ContainerRefusal } from './record-table.js';

/**
 * As much XML as workbooks need: elements of one name, one after the other, from a stream. Only the five entities and
 * numbered characters are expanded; a document that declares entities is refused.
 */

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with its entities and the workbook's own escapes (`_x000D_`) resolved. */
export function xmlText(text: string): string {
  const plain = text.includes('&')
    ? text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => {
        if (name[0] !== '#') return named[name] ?? whole;
        const code =
          name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;
  return plain.includes('_x')
    ? plain.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : plain;
}

/** The value of an attribute in the text of a tag. */
export function attributeOf(tag: string, name: string): string | undefined {
  let at = tag.indexOf(`${name}="`);
  while (at > 0 && tag.charCodeAt(at - 1) > 32) at = tag.indexOf(`${name}="`, at + 1);
  if (at === -1) {
    const single = new RegExp(`\\s${name}\\s*=\\s*'([^']*)'`).exec(tag);
    return single === null ? undefined : xmlText(single[1]!);
  }
  const from = at + name.length + 2;
  return xmlText(tag.slice(from, tag.indexOf('"', from)));
}

const endless = () => new ContainerRefusal('damaged: an element of the workbook has no end');

/** Longest element that is held in memory. */
const largestElement = 16 << 20;
const firstCapacity = 1 << 19;

const [greater, slash] = [62, 47];

/** The bytes of an element's beginning, `<name`, and of its end, `</name>`. */
interface Marks {
  open: Buffer;
  close: Buffer;
}

/**
 * Reads the element that begins at an offset without making a text of it. Returns the offset behind it, or −1, with
 * nothing taken, where it is not one of the usual form. A byte 0 follows the last byte that is there.
 */
export type PlainElement = (bytes: Buffer, from: number) => number;

/**
 * Cuts the complete elements of a name from a document that comes in pieces, in their order. An element must not contain
 * another one of the same name.
 */
export class ElementCutter {
  private readonly name: string;
  private readonly take: (element: string) => void;
  private readonly plain: PlainElement | undefined;
  private bytes = Buffer.allocUnsafeSlow(firstCapacity);
  private start = 0;
  private end = 0;
  private marks: Marks | undefined;
  /** Where the end of the element at `start` is searched for further; undefined: not yet. */
  private searched: number | undefined;

  /**
   * @param take is given the text from `<name` to the end of each element that `plain` does not read
   * @param plain is tried first, where names have no prefix
   */
  constructor(name: string, take: (element: string) => void, plain?: PlainElement) {
    this.name = name;
    this.take = take;
    this.plain = plain;
  }

  /**
   * Takes the next bytes of the document.
   *
   * @throws ContainerRefusal where an element has no end or the document declares entities
   */
  add(piece: Buffer): void {
    this.append(piece);
    this.marks ??= this.begin();
    if (this.marks !== undefined) this.cut(this.marks);
    if (this.end - this.start <= largestElement) return;
    if (this.marks !== undefined) throw endless();
    throw new ContainerRefusal('damaged: no XML where a sheet should be');
  }

  private append(piece: Buffer): void {
    const rest = this.end - this.start;
    if (this.end + piece.length >= this.bytes.length) {
      const needed = rest + piece.length + 1;
      const into =
        needed <= this.bytes.length
          ? this.bytes
          : Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
      this.bytes.copy(into, 0, this.start, this.end);
      this.bytes = into;
      if (this.searched !== undefined) this.searched -= this.start;
      this.start = 0;
      this.end = rest;
    }
    piece.copy(this.bytes, this.end);
    this.end += piece.length;
    this.bytes[this.end] = 0;
  }

  /** The marks, by the prefix of the names; undefined where the first element has not begun. */
  private begin(): Marks | undefined {
    const text = this.bytes.toString('latin1', this.start, this.end);
    if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
      throw new ContainerRefusal(
        'the workbook declares its own entities, which is refused: save it again as .xlsx',
      );
    }
    const root = /<(?![?!])(?:([\w.-]+):)?[\w.-]+[\s>/]/.exec(text);
    if (root === null) return undefined;
    const full = `${root[1] === undefined ? '' : `${root[1]}:`}${this.name}`;
    return { open: Buffer.from(`<${full}`), close: Buffer.from(`</${full}>`) };
  }

  /** Takes the complete elements; `start` is then where the rest begins. */
  private cut({ open, close }: Marks): void {
    const { bytes, end } = this;
    const there = bytes.subarray(0, end);
    const plain = open.length === this.name.length + 1 ? this.plain : undefined;
    for (;;) {
      const from = this.nextOpen(there, open);
      if (from === undefined) return;
      this.start = from;
      const behind = this.searched === undefined ? (plain?.(bytes, from) ?? -1) : -1;
      if (behind !== -1) {
        this.start = behind;
        continue;
      }
      const tagEnd = there.indexOf(greater, from);
      if (tagEnd === -1) return;
      let stop = tagEnd + 1;
      if (bytes[tagEnd - 1] !== slash) {
        const closed = there.indexOf(close, this.searched ?? tagEnd);
        if (closed === -1) {
          this.searched = Math.max(tagEnd, end - close.length);
          return;
        }
        stop = closed + close.length;
      }
      // What was not there as a whole when it was tried may be of the usual form all the same.
      const late = this.searched === undefined ? -1 : (plain?.(bytes, from) ?? -1);
      this.searched = undefined;
      if (late === -1) this.take(bytes.toString('utf8', from, stop));
      this.start = late === -1 ? stop : late;
    }
  }

  /** Where the next element begins; undefined, with `start` at what may be its beginning, where none does. */
  private nextOpen(there: Buffer, open: Buffer): number | undefined {
    let from = this.start;
    for (;;) {
      if (!isAt(there, from, open)) from = there.indexOf(open, from);
      if (from === -1) {
        this.start = Math.max(this.start, this.end - open.length);
        return undefined;
      }
      if (from + open.length >= this.end) {
        this.start = from;
        return undefined;
      }
      // `<row` is also the beginning of `<rowBreaks`.
      if (!isNameLetter(there[from + open.length]!)) return from;
      from++;
    }
  }
}

function isAt(bytes: Buffer, at: number, mark: Buffer): boolean {
  if (at + mark.length > bytes.length) return false;
  for (let index = 0; index < mark.length; index++) if (bytes[at + index] !== mark[index]) return false;
  return true;
}

/**
 * The complete elements of a name, in the order of the document: the text from `<name` to the end of the element. An
 * element must not contain another one of the same name.
 *
 * @throws ContainerRefusal where an element has no end or the document declares entities
 */
export async function* elements(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<string[]> {
  let found: string[] = [];
  const cutter = new ElementCutter(name, (element) => found.push(element));
  for await (const piece of stream) {
    cutter.add(piece);
    if (found.length === 0) continue;
    const block = found;
    found = [];
    yield block;
  }
}

const isNameLetter = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

import { wordOf } from './numbers.js';

/** The words of a field, with codes in the order in which they occur; −1 means no value. */
export class FieldWords {
  readonly words: string[] = [];
  private readonly codes = new Map<string, number>();
  private readonly decode: (bytes: Buffer) => string;
  /** Position of the last word, so that the same bytes need no second look-up. */
  private lastFrom = 0;
  private lastLength = -1;
  private lastCode = -1;

  constructor(decode: (bytes: Buffer) => string) {
    this.decode = decode;
  }

  /** The code of the trimmed word between two offsets of the same bytes as before. */
  codeAt(bytes: Buffer, from: number, end: number): number {
    const length = end - from;
    if (length === this.lastLength) {
      const { lastFrom } = this;
      let same = 0;
      while (same < length && bytes[from + same] === bytes[lastFrom + same]) same++;
      if (same === length) return this.lastCode;
    }
    this.lastFrom = from;
    this.lastLength = length;
    this.lastCode = this.codeOf(this.decode(bytes.subarray(from, end)));
    return this.lastCode;
  }

  /** The code of a trimmed word. */
  codeOf(text: string): number {
    const word = wordOf(text);
    if (word === undefined) return -1;
    const known = this.codes.get(word);
    if (known !== undefined) return known;
    this.codes.set(word, this.words.length);
    this.words.push(word);
    return this.words.length - 1;
  }
}

import type { TextColumn } from './records.js';

/** Words of a column over all portions of a table, so that codes can be compared. */
export class Dictionary {
  readonly words: string[] = [];
  private readonly codes = new Map<string, number>();

  code(word: string): number {
    const known = this.codes.get(word);
    if (known !== undefined) return known;
    this.codes.set(word, this.words.length);
    this.words.push(word);
    return this.words.length - 1;
  }

  /** The codes of a portion's column in this dictionary. */
  translate({ codes, words }: TextColumn, count: number): Int32Array {
    const own = Int32Array.from(words, (word) => this.code(word));
    const translated = new Int32Array(count);
    for (let at = 0; at < count; at++) translated[at] = codes[at]! < 0 ? -1 : own[codes[at]!]!;
    return translated;
  }
}

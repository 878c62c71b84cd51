import type { RecordColumn, RecordTable } from '../containers/record-table.js';
import { heldLines } from '../containers/record-text.js';
import { fieldText } from '../containers/view.js';
import { withinBounds } from '../sniff/clock-seconds.js';
import { wordOf } from './numbers.js';
import type { PortionRows } from './portion-rows.js';
import type { PortionReader } from './read-portion.js';
import { blockRecords, type FieldReading, firstPlaces, type TextColumn } from './records.js';

/** Reads records from the reader of an instrument's own file, as columns. */

/** Whether the values of a column can be used without examining its text. */
export function isReadable({ stands }: Pick<RecordColumn, 'stands'>, reading: FieldReading): boolean {
  if (reading === 'text') return true;
  return reading === 'number' ? stands === undefined : reading === 'clock' && stands?.for === 'clock';
}

/** Fills in numbers as their text would give them: not infinite, and no negative zero. */
function fillNumbers(numbers: Float64Array, { values }: RecordColumn, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    numbers[at - from] = Number.isFinite(value) ? value + 0 : Number.NaN;
  }
}

function fillSeconds(seconds: Float64Array, { values }: RecordColumn, from: number, to: number): void {
  for (let at = from; at < to; at++) seconds[at - from] = withinBounds(values[at]! / 1000);
}

/** Numbers the words of a column, with the same number for the same word in all blocks. */
class Words {
  private readonly words: string[] = [];
  private readonly byWord = new Map<string, number>();
  private readonly byValue = new Map<number, number>();
  private readonly column: RecordColumn;

  constructor(column: RecordColumn) {
    this.column = column;
  }

  block(from: number, to: number): TextColumn {
    const { values } = this.column;
    const codes = new Int32Array(to - from);
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      const same = at > from && value === values[at - 1];
      codes[at - from] = same ? codes[at - from - 1]! : (this.byValue.get(value) ?? this.code(value));
    }
    return { codes, words: this.words };
  }

  private code(value: number): number {
    const { stands } = this.column;
    const text = Number.isFinite(value) ? fieldText((stands?.text ?? String)(value)) : '';
    const word = wordOf(text.replace(/^[ \t]+|[ \t]+$/g, ''));
    const code = word === undefined ? -1 : (this.byWord.get(word) ?? this.words.push(word) - 1);
    if (word !== undefined) this.byWord.set(word, code);
    this.byValue.set(value, code);
    return code;
  }
}

/**
 * Reads the records of a test block by block.
 *
 * @param take is given each block's rows; the next block is read when it resolves
 */
export async function readHeld(
  test: RecordTable,
  readings: readonly (FieldReading | undefined)[],
  reader: PortionReader,
  take: (rows: PortionRows) => Promise<void>,
): Promise<void> {
  const words = test.columns.map((column) => new Words(column));
  // Used again for each block: fresh memory costs more than what is written into it.
  const memory = readings.map((reading) =>
    reading === undefined || reading === 'text'
      ? undefined
      : new Float64Array(Math.min(test.count, blockRecords)),
  );
  const places = new Uint32Array(Math.min(test.count, blockRecords));
  for (let from = 0; from < test.count; from += blockRecords) {
    const to = Math.min(test.count, from + blockRecords);
    const numbers = new Map<number, Float64Array>();
    const texts = new Map<number, TextColumn>();
    for (const [index, reading] of readings.entries()) {
      const column = test.columns[index]!;
      if (reading === 'text') texts.set(index, words[index]!.block(from, to));
      const own = memory[index];
      if (own === undefined) continue;
      if (reading === 'clock') fillSeconds(own, column, from, to);
      else fillNumbers(own, column, from, to);
      numbers.set(index, own);
    }
    const count = to - from;
    const block = { count, places: firstPlaces(count, places), placeCount: count, numbers, texts };
    const linesOf = async (records: number[]) =>
      heldLines(
        test,
        records.map((record) => from + record),
      );
    await take(await reader.block(block, linesOf));
  }
}

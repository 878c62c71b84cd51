import { ContainerRefusal, type RecordColumn, type RecordTable } from './record-table.js';

/**
 * Bytes of columns that are kept in memory until they are loaded; columns of further files are read again when they
 * are loaded.
 */
const mostHeld = 256 << 20;
let heldBytes = 0;
/** The columns that were read again last. */
let again: { of: HeldColumns; tests: RecordTable[] } | undefined;

const bytesOf = (tests: readonly RecordTable[]) =>
  tests.reduce((sum, { columns, count }) => sum + 8 * count * columns.length, 0);

/** What is known about a test without its values. */
export interface TestShape {
  count: number;
  columns: Pick<RecordColumn, 'name' | 'stands'>[];
}

/** Records of an instrument's own file as columns: in memory, or read again from the file when they are asked for. */
export class HeldColumns {
  /** What the file is. */
  readonly title: string;
  readonly shapes: readonly TestShape[];
  /** Line of the text at which the first record of each test stands. */
  readonly firstLines: readonly number[];
  private readonly read: () => Promise<RecordTable[]>;
  private readonly bytes: number;
  private held: RecordTable[] | undefined;

  /** @param read gives the tests of the file again */
  constructor(
    title: string,
    tests: RecordTable[],
    firstLines: readonly number[],
    read: () => Promise<RecordTable[]>,
  ) {
    this.title = title;
    this.shapes = tests.map(({ count, columns }) => ({
      count,
      columns: columns.map(({ name, stands }) => ({ name, ...(stands === undefined ? {} : { stands }) })),
    }));
    this.firstLines = firstLines;
    this.read = read;
    this.bytes = bytesOf(tests);
    if (heldBytes > 0 && heldBytes + this.bytes > mostHeld) return;
    this.held = tests;
    heldBytes += this.bytes;
  }

  /** Number of the test to which a line of the text belongs. */
  testAt(line: number): number {
    return this.firstLines.findLastIndex((first) => first <= line);
  }

  /** @throws ContainerRefusal where the file has changed since it was read */
  async tests(): Promise<RecordTable[]> {
    if (this.held !== undefined) return this.held;
    if (again?.of === this) return again.tests;
    const tests = await this.read();
    const isSame =
      tests.length === this.shapes.length &&
      tests.every(
        ({ count, columns }, at) =>
          count === this.shapes[at]!.count && columns.length === this.shapes[at]!.columns.length,
      );
    if (!isSame) throw new ContainerRefusal('it changed while it was read; the next run takes it');
    again = { of: this, tests };
    return tests;
  }

  /** Frees the columns. */
  drop(): void {
    if (again?.of === this) again = undefined;
    if (this.held === undefined) return;
    this.held = undefined;
    heldBytes -= this.bytes;
  }
}

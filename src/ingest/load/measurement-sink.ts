import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { pathLiteral, run } from '../../store/connection.js';
import { measurements } from '../../store/tables/index.js';
import { type ParquetColumn, parquetFile } from './parquet.js';
import { RecordFacts } from './record-facts.js';
import type { TextColumn } from './records.js';

const numberColumns = [
  'vendor_record_index',
  'test_time_second',
  'unix_time_second',
  'vendor_cycle_count',
  'current_ampere',
  'voltage_volt',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'net_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'net_energy_wh',
  'ambient_temperature_celsius',
] as const;
const wholeColumns = ['test_id', 'record_index', 'line_number', 'step_count'] as const;
type WholeColumn = (typeof wholeColumns)[number];
const textColumns = ['step_id', 'vendor_step_type'] as const;

/** The column of an auxiliary channel, and the column with their number in the test. */
const auxiliaryColumn = (index: number) => `auxiliary_${index}` as const;
const auxiliaryCount = 'auxiliary_count';

type SinkNumber = (typeof numberColumns)[number];
type WaitingNumber = SinkNumber | ReturnType<typeof auxiliaryColumn> | typeof auxiliaryCount;
export type SinkText = (typeof textColumns)[number];

/** Complete records of one test, in their order. */
export interface SinkRows {
  count: number;
  testId: number;
  /** Record number of the first. */
  firstRecord: number;
  /** Line number of place 0, and the place of each record. */
  firstLine: number;
  places: Uint32Array;
  steps: Int32Array;
  numbers: { [name in SinkNumber]?: Float64Array | undefined };
  words: { [name in SinkText]?: TextColumn | undefined };
  /** Values of each auxiliary channel. */
  auxiliary: readonly Float64Array[];
}

/** Number of rows handed over at once: two row groups, so that two threads have work. */
const mostRows = 2 * 122_880;

/** Words of the waiting rows, by their codes. */
interface WaitingWords {
  codes: Int32Array;
  words: string[];
  known: Map<string, number>;
}

/**
 * Columns of rows that wait to be handed over; a column that no row has is absent. Their memory is used again, since
 * freeing and allocating it a hundred times costs more than the records.
 */
class WaitingRows {
  count = 0;
  private capacity = 0;
  private readonly whole = new Map<WholeColumn, Int32Array>();
  private readonly numbers = new Map<WaitingNumber, Float64Array>();
  private readonly texts = new Map<SinkText, WaitingWords>();
  /** Columns that some row has. */
  private readonly present = new Set<WaitingNumber | SinkText>();

  get isFull(): boolean {
    return this.count >= mostRows;
  }

  add(rows: SinkRows, from: number, to: number): void {
    const begin = this.count;
    const end = begin + to - from;
    if (end > this.capacity) this.grow(end);
    this.whole.get('test_id')!.fill(rows.testId, begin, end);
    this.whole.get('step_count')!.set(rows.steps.subarray(from, to), begin);
    const [records, lines] = [this.whole.get('record_index')!, this.whole.get('line_number')!];
    const { firstRecord, firstLine, places } = rows;
    for (let at = from; at < to; at++) records[begin + at - from] = firstRecord + at;
    copyPlaces(lines, begin, places.subarray(from, to), firstLine);
    for (const name of numberColumns) this.addNumbers(name, rows.numbers[name]?.subarray(from, to), end);
    for (const name of textColumns) this.addText(name, rows.words[name], from, to);
    this.addAuxiliary(rows.auxiliary, from, to);
    this.count = end;
  }

  private addAuxiliary(channels: readonly Float64Array[], from: number, to: number): void {
    const end = this.count + to - from;
    const counts = channels.length === 0 ? undefined : new Float64Array(to - from).fill(channels.length);
    this.addNumbers(auxiliaryCount, counts, end);
    for (let index = 0; index < channels.length || this.present.has(auxiliaryColumn(index + 1)); index++)
      this.addNumbers(auxiliaryColumn(index + 1), channels[index]?.subarray(from, to), end);
  }

  /** Values of the rows up to `end`; undefined: they have none. */
  private addNumbers(name: WaitingNumber, values: Float64Array | undefined, end: number): void {
    if (values === undefined) {
      if (this.present.has(name)) this.numbers.get(name)!.fill(Number.NaN, this.count, end);
      return;
    }
    let column = this.numbers.get(name);
    if (column === undefined) {
      column = new Float64Array(this.capacity);
      this.numbers.set(name, column);
    }
    if (!this.present.has(name)) column.fill(Number.NaN, 0, this.count);
    this.present.add(name);
    column.set(values, this.count);
  }

  private addText(name: SinkText, column: TextColumn | undefined, from: number, to: number): void {
    const begin = this.count;
    const end = begin + to - from;
    if (column === undefined) {
      if (this.present.has(name)) this.texts.get(name)!.codes.fill(-1, begin, end);
      return;
    }
    let waiting = this.texts.get(name);
    if (waiting === undefined) {
      waiting = { codes: new Int32Array(this.capacity), words: [], known: new Map() };
      this.texts.set(name, waiting);
    }
    if (!this.present.has(name)) waiting.codes.fill(-1, 0, begin);
    this.present.add(name);
    copyCodes(waiting, begin, column.codes.subarray(from, to), column.words);
  }

  private grow(needed: number): void {
    // Memory that is not written to costs nothing, and what follows many rows is as many again.
    this.capacity = needed > mostRows / 4 ? mostRows : Math.max(needed, 4 * this.capacity, 1024);
    const { capacity } = this;
    for (const name of wholeColumns) this.whole.set(name, grown(Int32Array, this.whole.get(name), capacity));
    for (const [name, old] of this.numbers) this.numbers.set(name, grown(Float64Array, old, capacity));
    for (const waiting of this.texts.values()) waiting.codes = grown(Int32Array, waiting.codes, capacity);
  }

  columns(): ParquetColumn[] {
    const { count, present } = this;
    const numbers = [...this.numbers].filter(([name]) => present.has(name));
    const texts = [...this.texts].filter(([name]) => present.has(name));
    return [
      ...[...this.whole].map(([name, values]) => ({
        name,
        kind: 'int32' as const,
        values: values.subarray(0, count),
      })),
      ...numbers.map(([name, values]) => ({ name, kind: 'double' as const, values })),
      ...texts.map(([name, { codes, words }]) => ({ name, kind: 'text' as const, codes, words })),
    ];
  }

  clear(): void {
    this.count = 0;
    this.present.clear();
    for (const waiting of this.texts.values()) {
      waiting.words = [];
      waiting.known = new Map();
    }
  }
}

// Loops over all rows are functions of their own, which are compiled once, whatever surrounds them.

function copyPlaces(lines: Int32Array, begin: number, places: Uint32Array, firstLine: number): void {
  for (let at = 0; at < places.length; at++) lines[begin + at] = firstLine + places[at]!;
}

function copyCodes(waiting: WaitingWords, begin: number, codes: Int32Array, words: readonly string[]): void {
  const own = new Int32Array(words.length).fill(-1);
  const target = waiting.codes;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code >= 0 && own[code] === -1) own[code] = wordCode(waiting, words[code]!);
    target[begin + at] = code < 0 ? -1 : own[code]!;
  }
}

function wordCode(dictionary: { words: string[]; known: Map<string, number> }, word: string): number {
  const known = dictionary.known.get(word);
  if (known !== undefined) return known;
  dictionary.known.set(word, dictionary.words.length);
  dictionary.words.push(word);
  return dictionary.words.length - 1;
}

function grown<A extends Int32Array | Float64Array>(
  kind: new (length: number) => A,
  old: A | undefined,
  capacity: number,
): A {
  const fresh = new kind(capacity);
  if (old !== undefined) fresh.set(old);
  return fresh;
}

/**
 * Gathers records of any number of tests and stores them in their order, some hundred thousand at a time: what is
 * waiting goes through a Parquet file in the scratch folder, which DuckDB reads on all its threads while the next
 * records are gathered.
 */
export class MeasurementSink {
  private readonly connection: DuckDBConnection;
  private readonly scratch: string;
  private waiting = new WaitingRows();
  private spare = new WaitingRows();
  private storing: Promise<void> = Promise.resolve();
  private failure: unknown;
  private files = 0;
  private readonly facts = new Map<number, RecordFacts>();

  constructor(connection: DuckDBConnection, scratch: string) {
    this.connection = connection;
    this.scratch = scratch;
  }

  /** Facts of the records of a test that were added so far; undefined where there are none. */
  factsOf(testId: number): RecordFacts | undefined {
    return this.facts.get(testId);
  }

  /** Takes the next records of a test; their memory may be used again when this resolves. */
  async add(rows: SinkRows): Promise<void> {
    const facts = this.facts.get(rows.testId) ?? new RecordFacts();
    this.facts.set(rows.testId, facts);
    facts.take({ ...rows, states: rows.words.vendor_step_type });
    for (let from = 0; from < rows.count; ) {
      const to = Math.min(rows.count, from + mostRows - this.waiting.count);
      this.waiting.add(rows, from, to);
      from = to;
      if (this.waiting.isFull) await this.store();
    }
  }

  /** Stores the waiting rows; they are in the database when this resolves. */
  async flush(): Promise<void> {
    if (this.waiting.count > 0) await this.store();
    await this.storing;
    if (this.failure !== undefined) throw this.failure;
  }

  /** Begins to store the waiting rows, once the previous ones are stored. */
  private async store(): Promise<void> {
    await this.storing;
    if (this.failure !== undefined) throw this.failure;
    const full = this.waiting;
    this.waiting = this.spare;
    this.spare = full;
    this.storing = this.insert(full).catch((error) => {
      this.failure = error;
    });
  }

  private async insert(rows: WaitingRows): Promise<void> {
    const path = join(this.scratch, `records-${process.pid}-${this.files++}.parquet`);
    const columns = rows.columns();
    try {
      await writeFile(path, parquetFile(columns, rows.count));
      await run(this.connection, insertSql(path, new Set(columns.map(({ name }) => name))));
    } finally {
      await rm(path, { force: true });
    }
    rows.clear();
  }
}

/** A list with one value per channel of the test; null where it has none. */
function auxiliarySql(there: ReadonlySet<string>): string {
  const channels: string[] = [];
  while (there.has(auxiliaryColumn(channels.length + 1))) channels.push(auxiliaryColumn(channels.length + 1));
  return `CASE WHEN ${auxiliaryCount} IS NOT NULL THEN list_slice([${channels.join(', ')}], 1, ${auxiliaryCount}::BIGINT) END`;
}

/** The statement that stores the rows of a file with these columns. */
function insertSql(path: string, there: ReadonlySet<string>): string {
  const names = measurements.columns.map(({ name }) => name);
  const values = measurements.columns.map(({ name, type }) => {
    if (name === 'auxiliary' && there.has(auxiliaryCount)) return auxiliarySql(there);
    if (!there.has(name)) return `NULL::${type}`;
    // A vendor's record number that is not a whole number is taken as missing.
    if (name === 'vendor_record_index')
      return `CASE WHEN ${name} = floor(${name}) THEN TRY_CAST(${name} AS BIGINT) END`;
    return name;
  });
  return `INSERT INTO measurements (${names.join(', ')})
    SELECT ${values.join(', ')} FROM read_parquet(${pathLiteral(path)})`;
}

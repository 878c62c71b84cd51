import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { pathLiteral, run } from '../../store/connection.js';
import { measurements } from '../../store/tables/index.js';
import { type ParquetColumn, parquetFile } from './parquet.js';
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
const textColumns = ['step_id', 'vendor_step_type'] as const;

/** The column of an auxiliary channel, and that of how many the record's test has. */
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
  lineNumber(at: number): number;
  steps: Int32Array;
  numbers: { [name in SinkNumber]?: Float64Array | undefined };
  words: { [name in SinkText]?: TextColumn | undefined };
  /** Values of each auxiliary channel. */
  auxiliary: readonly Float64Array[];
}

/** Rows handed over at once: four row groups, so that several threads have work. */
const mostRows = 4 * 122_880;

/** Columns of rows that wait to be handed over; a column that no row has is not there. */
class Waiting {
  count = 0;
  private capacity = 0;
  private readonly whole = new Map<string, Int32Array>();
  private readonly numbers = new Map<WaitingNumber, Float64Array>();
  private readonly codes = new Map<SinkText, Int32Array>();
  private readonly words = new Map<SinkText, { words: string[]; known: Map<string, number> }>();

  get isFull(): boolean {
    return this.count >= mostRows;
  }

  add(rows: SinkRows, from: number, to: number): void {
    const begin = this.count;
    const end = begin + to - from;
    if (end > this.capacity) this.grow(end);
    const whole = (name: (typeof wholeColumns)[number]) => this.whole.get(name)!;
    whole('test_id').fill(rows.testId, begin, end);
    whole('step_count').set(rows.steps.subarray(from, to), begin);
    const [records, lines] = [whole('record_index'), whole('line_number')];
    for (let at = from; at < to; at++) {
      records[begin + at - from] = rows.firstRecord + at;
      lines[begin + at - from] = rows.lineNumber(at);
    }
    for (const name of numberColumns) {
      const values = rows.numbers[name];
      if (values !== undefined) this.numberColumn(name).set(values.subarray(from, to), begin);
      else this.numbers.get(name)?.fill(Number.NaN, begin, end);
    }
    for (const name of textColumns) this.addText(name, rows.words[name], from, to);
    this.addAuxiliary(rows.auxiliary, from, to);
    this.count = end;
  }

  private addAuxiliary(channels: readonly Float64Array[], from: number, to: number): void {
    const [begin, end] = [this.count, this.count + to - from];
    if (channels.length > 0) this.numberColumn(auxiliaryCount).fill(channels.length, begin, end);
    for (const [index, values] of channels.entries())
      this.numberColumn(auxiliaryColumn(index + 1)).set(values.subarray(from, to), begin);
  }

  private addText(name: SinkText, column: TextColumn | undefined, from: number, to: number): void {
    const begin = this.count;
    if (column === undefined) {
      this.codes.get(name)?.fill(-1, begin, begin + to - from);
      return;
    }
    const codes = this.codes.get(name) ?? new Int32Array(this.capacity).fill(-1);
    this.codes.set(name, codes);
    const dictionary = this.words.get(name) ?? { words: [], known: new Map<string, number>() };
    this.words.set(name, dictionary);
    const own = new Int32Array(column.words.length).fill(-1);
    for (let at = from; at < to; at++) {
      const code = column.codes[at]!;
      if (code >= 0 && own[code] === -1) own[code] = wordCode(dictionary, column.words[code]!);
      codes[begin + at - from] = code < 0 ? -1 : own[code]!;
    }
  }

  private numberColumn(name: WaitingNumber): Float64Array {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const fresh = new Float64Array(this.capacity).fill(Number.NaN);
    this.numbers.set(name, fresh);
    return fresh;
  }

  private grow(needed: number): void {
    this.capacity = Math.min(mostRows, Math.max(needed, 2 * this.capacity, 1024));
    for (const name of wholeColumns)
      this.whole.set(name, grown(Int32Array, this.whole.get(name), this.capacity));
    for (const [name, old] of this.numbers)
      this.numbers.set(name, grown(Float64Array, old, this.capacity).fill(Number.NaN, this.count));
    for (const [name, old] of this.codes)
      this.codes.set(name, grown(Int32Array, old, this.capacity).fill(-1, this.count));
  }

  columns(): ParquetColumn[] {
    const { count } = this;
    return [
      ...[...this.whole].map(([name, values]) => ({
        name,
        kind: 'int32' as const,
        values: values.subarray(0, count),
      })),
      ...[...this.numbers].map(([name, values]) => ({ name, kind: 'double' as const, values })),
      ...[...this.codes].map(([name, codes]) => ({
        name,
        kind: 'text' as const,
        codes,
        words: this.words.get(name)!.words,
      })),
    ];
  }

  clear(): void {
    this.count = 0;
    this.numbers.clear();
    this.codes.clear();
    this.words.clear();
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
  private waiting = new Waiting();
  private spare = new Waiting();
  private storing: Promise<void> = Promise.resolve();
  private failure: unknown;
  private files = 0;

  constructor(connection: DuckDBConnection, scratch: string) {
    this.connection = connection;
    this.scratch = scratch;
  }

  async add(rows: SinkRows): Promise<void> {
    for (let from = 0; from < rows.count; ) {
      const to = Math.min(rows.count, from + mostRows - this.waiting.count);
      this.waiting.add(rows, from, to);
      from = to;
      if (this.waiting.isFull) await this.store();
    }
  }

  /** Stores what is waiting; all of it is in the database when this resolves. */
  async flush(): Promise<void> {
    if (this.waiting.count > 0) await this.store();
    await this.storing;
    if (this.failure !== undefined) throw this.failure;
  }

  /** Begins to store what is waiting, once what was stored before is in. */
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

  private async insert(rows: Waiting): Promise<void> {
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

/** A list of as many values as a record's test has channels; null where it has none. */
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
    // A vendor's record number that is not whole is none.
    if (name === 'vendor_record_index')
      return `CASE WHEN ${name} = floor(${name}) THEN TRY_CAST(${name} AS BIGINT) END`;
    return name;
  });
  return `INSERT INTO measurements (${names.join(', ')})
    SELECT ${values.join(', ')} FROM read_parquet(${pathLiteral(path)})`;
}

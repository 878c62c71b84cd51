import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, run, select } from '../../store/connection.js';
import { plainItems } from '../../store/raw-vector.js';
import { clockSql, numberSql, onParquet, parquetLines, parquetSql, wordSql } from '../containers/parquet.js';
import type { StoredColumns } from '../containers/view.js';
import { withinBounds } from '../sniff/clock-seconds.js';
import { wordOf } from './numbers.js';
import type { PortionRows } from './portion-rows.js';
import type { PortionReader } from './read-portion.js';
import {
  blockRecords,
  type FieldReading,
  firstPlaces,
  type RecordBlock,
  type TextColumn,
} from './records.js';

/** Reads records of a Parquet file with the engine: numbers stay numbers, and no text is made of them. */

type StoredColumn = StoredColumns['columns'][number];

/** SQL of a column for its type; undefined where its text has to be examined. */
export function columnSql(column: StoredColumn | undefined, reading: FieldReading): string | undefined {
  if (column === undefined) return undefined;
  if (reading === 'text') return wordSql(column);
  if (reading === 'number') return numberSql(column);
  return reading === 'clock' ? clockSql(column) : undefined;
}

/** How the words of a column are found from its values. */
interface Words {
  words: string[];
  /** SQL for the key of a record's word: a number given by the engine, or the number in the column. */
  sql: string;
  /** The place of a word among all, by the number in the column. */
  places?: ReadonlyMap<number, number>;
}

/** Words of a column of numbers; undefined where two have the same double. */
async function wordsOfNumbers(
  connection: DuckDBConnection,
  path: string,
  column: StoredColumn,
): Promise<Words | undefined> {
  const number = numberSql(column);
  if (number === undefined) return undefined;
  const found = await select<{ word: string; number: number }>(
    connection,
    `SELECT ${wordSql(column)} AS word, ${number} AS number
     FROM (SELECT DISTINCT ${identifier(column.name)} FROM ${parquetSql(path)})
     WHERE ${identifier(column.name)} IS NOT NULL ORDER BY word`,
  );
  const places = new Map(found.map(({ number: of }, at) => [of, at]));
  if (places.size < found.length) return undefined;
  return { words: found.map(({ word }) => word), sql: `coalesce(${number}, 'nan'::DOUBLE)`, places };
}

/** Words of a column by numbers that the engine gives them. */
async function wordsOf(
  connection: DuckDBConnection,
  path: string,
  sql: string,
  name: string,
): Promise<Words> {
  await run(
    connection,
    `CREATE TEMP TABLE ${name} AS SELECT DISTINCT ${sql} AS word FROM ${parquetSql(path)}`,
  );
  const ordered = `SELECT word FROM ${name} WHERE word IS NOT NULL ORDER BY word`;
  const found = await select<{ word: string }>(connection, ordered);
  if (found.length === 0) return { words: [], sql: '-1' };
  await run(connection, `CREATE TYPE ${name}_code AS ENUM (${ordered})`);
  return {
    words: found.map(({ word }) => word),
    sql: `coalesce(CAST(enum_code(CAST(${sql} AS ${name}_code)) AS INTEGER), -1)`,
  };
}

/** A field that is read: its position in the header, its SQL, and its words. */
interface Field {
  index: number;
  reading: FieldReading;
  sql: string;
  words: string[];
  places?: Words['places'];
}

async function fieldsOf(
  connection: DuckDBConnection,
  { path, columns }: StoredColumns,
  readings: readonly (FieldReading | undefined)[],
): Promise<Field[]> {
  const fields: Field[] = [];
  for (const [index, reading] of readings.entries()) {
    if (reading === undefined) continue;
    const column = columns[index]!;
    const sql = columnSql(column, reading)!;
    if (reading !== 'text') {
      fields.push({ index, reading, sql: `coalesce(${sql}, 'nan'::DOUBLE)`, words: [] });
      continue;
    }
    const words =
      (await wordsOfNumbers(connection, path, column)) ??
      (await wordsOf(connection, path, sql, `words_${index}`));
    fields.push({ index, reading, ...words });
  }
  return fields;
}

/** Words as records have them, and the place of each word among them; −1: it means that there is none. */
function known(words: readonly string[]): { words: string[]; codes: Int32Array } {
  const kept: string[] = [];
  const codes = Int32Array.from(words, (word) => (wordOf(word) === undefined ? -1 : kept.push(word) - 1));
  return { words: kept, codes };
}

/** Copies clocks, placeholders as missing values. */
function takeClocks(target: Float64Array, from: number, seconds: ArrayLike<number>): void {
  for (let row = 0; row < seconds.length; row++) target[from + row] = withinBounds(seconds[row]!);
}

/** Copies the codes of words, which are found from the values; records of a step follow one another. */
function takeWords(
  target: Int32Array,
  from: number,
  values: ArrayLike<number>,
  codes: Int32Array,
  places: Words['places'],
): void {
  let [before, code] = [Number.NaN, -1];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value !== before) {
      const place = places === undefined ? value : (places.get(value) ?? -1);
      code = place < 0 ? -1 : codes[place]!;
      before = value;
    }
    target[from + row] = code;
  }
}

/** The columns of one block while they are filled; their memory is used again for the next. */
class Block {
  count = 0;
  private readonly places: Uint32Array;
  private readonly numbers = new Map<number, Float64Array>();
  private readonly texts = new Map<number, TextColumn>();
  private readonly codes: (Int32Array | undefined)[];

  constructor(fields: readonly Field[], size: number) {
    this.places = new Uint32Array(size);
    this.codes = fields.map(({ index, reading, words }) => {
      if (reading !== 'text') {
        this.numbers.set(index, new Float64Array(size));
        return undefined;
      }
      const column = known(words);
      this.texts.set(index, { codes: new Int32Array(size), words: column.words });
      return column.codes;
    });
  }

  take(columns: readonly ArrayLike<unknown>[], fields: readonly Field[]): void {
    for (const [at, { index, reading, places }] of fields.entries()) {
      const values = columns[at] as ArrayLike<number>;
      const codes = this.codes[at];
      if (reading === 'clock') takeClocks(this.numbers.get(index)!, this.count, values);
      else if (codes === undefined) this.numbers.get(index)!.set(values, this.count);
      else takeWords(this.texts.get(index)!.codes, this.count, values, codes, places);
    }
    this.count += columns[0]?.length ?? 0;
  }

  /** The records of the block; it is then empty. */
  end(): RecordBlock {
    const { count, numbers, texts } = this;
    this.count = 0;
    return { count, places: firstPlaces(count, this.places), placeCount: count, numbers, texts };
  }
}

/**
 * Reads the records of a Parquet file block by block.
 *
 * @param take is given each block's rows; the next block is read when it resolves
 * @throws ContainerRefusal where the file is damaged
 */
export async function readParquet(
  source: StoredColumns,
  readings: readonly (FieldReading | undefined)[],
  reader: PortionReader,
  take: (rows: PortionRows) => Promise<void>,
): Promise<void> {
  let failure: { error: unknown } | undefined;
  await onParquet(async (connection) => {
    const fields = await fieldsOf(connection, source, readings);
    const shown = fields.map(({ sql, index }) => `${sql} AS ${identifier(`f${index}`)}`);
    const result = await connection.stream(`SELECT ${shown.join(', ')} FROM ${parquetSql(source.path)}`);
    let first = 0;
    const block = new Block(fields, Math.min(blockRecords, source.recordCount));
    const handOver = async () => {
      const base = first;
      first += block.count;
      const rows = await reader.block(block.end(), (records) =>
        parquetLines(
          source,
          records.map((record) => base + record),
        ),
      );
      // A failure after reading is not due to the file.
      await take(rows).catch((error) => {
        failure = { error };
      });
    };
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      if (block.count + chunk.rowCount > blockRecords) {
        await handOver();
        if (failure !== undefined) return;
      }
      block.take(
        fields.map((_, at) => plainItems(chunk.getColumnVector(at)) ?? chunk.getColumnValues(at)),
        fields,
      );
    }
    if (block.count > 0) await handOver();
  });
  if (failure !== undefined) throw failure.error;
}

import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import { rawVector } from '../../store/raw-vector.js';
import { factColumns, RecordFacts } from '../load/record-facts.js';
import type { TextColumn } from '../load/records.js';

/** The values of a column of numbers; NaN where a value is missing. */
function numbersOf(vector: DuckDBVector): Float64Array {
  const raw = rawVector(vector);
  if (raw === undefined)
    return Float64Array.from({ length: vector.itemCount }, (_, at) =>
      Number(vector.getItem(at) ?? Number.NaN),
    );
  const { items, validity } = raw;
  const values =
    items instanceof Float64Array && validity === undefined
      ? items
      : Float64Array.from(items as ArrayLike<number | bigint>, Number);
  if (validity !== undefined)
    for (let at = 0; at < values.length; at++)
      if (((validity[at >> 3]! >> (at & 7)) & 1) === 0) values[at] = Number.NaN;
  return values;
}

function statesOf(words: readonly unknown[]): TextColumn {
  const known = new Map<unknown, number>();
  const codes = Int32Array.from(words, (word) => {
    if (word === null) return -1;
    if (!known.has(word)) known.set(word, known.size);
    return known.get(word)!;
  });
  return { codes, words: [...known.keys()].map(String) };
}

/**
 * Gathers the facts of a stored test from its records.
 *
 * @param withStates whether the words of the states of the records tell the signs of the current
 */
export async function storedFacts(
  connection: DuckDBConnection,
  testId: number,
  withStates = false,
): Promise<RecordFacts> {
  const columns = ['record_index', 'line_number', 'step_count', ...factColumns].map(
    (name) => `${name}::DOUBLE AS ${name}`,
  );
  const state = withStates ? ', vendor_step_type' : '';
  const facts = new RecordFacts();
  const result = await connection.stream(
    `SELECT ${columns.join(', ')}${state} FROM measurements WHERE test_id = ${testId} ORDER BY record_index`,
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return facts;
    const [records, lines, steps, ...numbers] = columns.map((_, at) => numbersOf(chunk.getColumnVector(at)));
    facts.take({
      count: chunk.rowCount,
      firstRecord: records![0]!,
      firstLine: 0,
      places: lines!,
      steps: steps!,
      numbers: Object.fromEntries(factColumns.map((name, at) => [name, numbers[at]])),
      states: withStates ? statesOf(chunk.getColumnValues(columns.length)) : undefined,
    });
  }
}

/** Facts of the records of a stored test, gathered while they were loaded or from what is stored now. */
export class TestRecords {
  readonly testId: number;
  private readonly connection: DuckDBConnection;
  private gathered: RecordFacts | undefined;
  private isChanged = false;

  constructor(connection: DuckDBConnection, testId: number, loaded?: RecordFacts) {
    this.connection = connection;
    this.testId = testId;
    this.gathered = loaded;
  }

  /** Facts of the values that are stored now. */
  async facts(): Promise<RecordFacts> {
    this.gathered ??= await storedFacts(this.connection, this.testId, !this.isChanged);
    return this.gathered;
  }

  /** To be called when stored values were changed. */
  noteChange(): void {
    this.gathered = undefined;
    this.isChanged = true;
  }
}

import { Bytes } from './bytes.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * Parquet with columns of doubles, plain and unpacked, in one group of rows. Its descriptions are structures of Thrift's
 * compact protocol (parquet.thrift of apache/parquet-format).
 */

const DOUBLE = 5;
const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];

/** @param {number} value */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

const zigzag = (/** @type {number} */ value) => varint(value < 0 ? -2 * value - 1 : 2 * value);
const text = (/** @type {string} */ value) => Buffer.concat([varint(value.length), Buffer.from(value)]);

/** A list of values of one type, fewer than 15 or not. @param {number} type @param {Buffer[]} values */
function list(type, values) {
  const head =
    values.length < 15
      ? [Buffer.from([(values.length << 4) | type])]
      : [Buffer.from([0xf0 | type]), varint(values.length)];
  return Buffer.concat([...head, ...values]);
}

/** A structure of fields in the order of their numbers. @param {[number, number, Buffer][]} fields */
function struct(fields) {
  let last = 0;
  const parts = fields.map(([number, type, value]) => {
    const head = Buffer.from([((number - last) << 4) | type]);
    last = number;
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([...parts, Buffer.from([0])]);
}

const i32 = (/** @type {number} */ number, /** @type {number} */ value) =>
  /** @type {[number, number, Buffer]} */ ([number, I32, zigzag(value)]);
const i64 = (/** @type {number} */ number, /** @type {number} */ value) =>
  /** @type {[number, number, Buffer]} */ ([number, I64, zigzag(value)]);

/** @param {[string, number[]][]} columns of one length */
export function parquet(columns) {
  const file = new Bytes().text('PAR1');
  const count = columns[0]?.[1].length ?? 0;
  const chunks = columns.map(([name, values]) => {
    const data = new Bytes();
    for (const value of values) data.f8(value);
    // Page of data: number of values, plain encoding; no levels, since no value may be missing.
    const pageHead = struct([
      i32(1, 0),
      i32(2, data.length),
      i32(3, data.length),
      [5, STRUCT, struct([i32(1, count), i32(2, 0), i32(3, 3), i32(4, 3)])],
    ]);
    const at = file.length;
    file.raw(pageHead).raw(data.toBuffer());
    const size = pageHead.length + data.length;
    const meta = struct([
      i32(1, DOUBLE),
      [2, LIST, list(I32, [zigzag(0)])],
      [3, LIST, list(BINARY, [text(name)])],
      i32(4, 0),
      i64(5, count),
      i64(6, size),
      i64(7, size),
      i64(9, at),
    ]);
    return { size, chunk: struct([i64(2, at), [3, STRUCT, meta]]) };
  });
  const root = struct([[4, BINARY, text('schema')], i32(5, columns.length)]);
  const leaves = columns.map(([name]) => struct([i32(1, DOUBLE), i32(3, 0), [4, BINARY, text(name)]]));
  const group = struct([
    [
      1,
      LIST,
      list(
        STRUCT,
        chunks.map(({ chunk }) => chunk),
      ),
    ],
    i64(
      2,
      chunks.reduce((sum, { size }) => sum + size, 0),
    ),
    i64(3, count),
  ]);
  const footer = struct([
    i32(1, 1),
    [2, LIST, list(STRUCT, [root, ...leaves])],
    i64(3, count),
    [4, LIST, list(STRUCT, [group])],
  ]);
  return file.raw(footer).u32(footer.length).text('PAR1').toBuffer();
}

/**
 * Battery Data Format with machine names as Parquet; counters over the whole test.
 * @param {CyclerRecord[]} records @param {{started_at: number}} run `started_at` is UTC here
 */
export function bdfParquet(records, { started_at }) {
  const column = (/** @type {(r: CyclerRecord) => number} */ of) => records.map(of);
  return parquet([
    ['test_time_second', column((r) => r.test_time_second)],
    ['voltage_volt', column((r) => r.voltage_volt)],
    ['current_ampere', column((r) => r.current_ampere)],
    ['unix_time_second', column((r) => started_at / 1000 + r.test_time_second)],
    ['cycle_count', column((r) => r.cycle)],
    ['step_count', column((r) => r.step_count)],
    ['charging_capacity_ah', column((r) => r.in_test.charge_ah)],
    ['discharging_capacity_ah', column((r) => r.in_test.discharge_ah)],
  ]);
}

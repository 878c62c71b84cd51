import type { Portion } from '../bytes/portions.js';
import type { Rows } from './convert.js';
import type { LayerRow } from './judge.js';
import type { Reject } from './records.js';

/** The content of a portion of a table. Places count from its first line, which is 0. */
export interface PortionRows extends Rows {
  /** Which rows are impedance points. */
  isPoint: Uint8Array | undefined;
  rejects: Reject[];
  /** Cycle and step rows of an interleaved export, each with the number of rows before it. */
  layers: { before: number; row: LayerRow }[];
  /** The text, since an earlier portion may still cause a record of this one to be rejected. */
  portion: Portion;
  /** Offset at which the line of each record begins. */
  starts: Uint32Array;
  /** A header of other columns, at which reading ended; `place` is its line. */
  header: { place: number; offset: number } | undefined;
}

/** The memory of rows, without that of the bytes they were read from. */
export function memoryOf(rows: PortionRows): ArrayBufferLike[] {
  const arrays = [
    rows.places,
    rows.isPoint,
    rows.starts,
    ...Object.values(rows.numbers),
    ...rows.auxiliary,
    ...Object.values(rows.words).map(({ codes }) => codes),
  ];
  return [...new Set(arrays.flatMap((array) => (array === undefined ? [] : [array.buffer])))];
}

/** The rows that are kept, in their order; arrays are compacted in place. */
export function keepRows(rows: PortionRows, isKept: Uint8Array): PortionRows {
  const { count } = rows;
  const pack = <A extends { [at: number]: number }>(values: A): void => {
    let to = 0;
    for (let at = 0; at < count; at++) if (isKept[at] === 1) values[to++] = values[at]!;
  };
  // Where the clock is also the test time, both are one array.
  for (const values of new Set([...Object.values(rows.numbers), ...rows.auxiliary])) pack(values);
  for (const { codes } of Object.values(rows.words)) pack(codes);
  pack(rows.places);
  if (rows.isPoint !== undefined) pack(rows.isPoint);
  pack(rows.starts);
  const before = new Uint32Array(count + 1);
  for (let at = 0; at < count; at++) before[at + 1] = before[at]! + isKept[at]!;
  const layers = rows.layers.map((layer) => ({ ...layer, before: before[layer.before]! }));
  return { ...rows, count: before[count]!, layers };
}

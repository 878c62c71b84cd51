import { parentPort, workerData } from 'node:worker_threads';
import type { PortionAnswer, PortionRequest } from './portion-pool.js';
import { type PortionPlan, PortionReader, type PortionRows } from './read-portion.js';

/** A thread that reads portions of one table. */

const reader = new PortionReader(workerData as PortionPlan);

/** The memory of a portion's columns, which goes over instead of being copied. */
function memoryOf(rows: PortionRows): ArrayBuffer[] {
  const arrays: (ArrayBufferView | undefined)[] = [
    rows.places,
    rows.isPoint,
    rows.portion.bytes,
    rows.starts,
    ...Object.values(rows.numbers),
    ...rows.auxiliary,
    ...Object.values(rows.words).map(({ codes }) => codes),
  ];
  const buffers = arrays.flatMap((array) => (array === undefined ? [] : [array.buffer as ArrayBuffer]));
  return [...new Set(buffers)];
}

parentPort!.on('message', ({ number, bytes, portion, range }: PortionRequest) => {
  let answer: PortionAnswer;
  try {
    const own = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const rows = reader.read({ ...portion, bytes: own }, range);
    answer = { number, rows };
    parentPort!.postMessage(answer, memoryOf(rows));
  } catch (error) {
    answer = { number, error: (error as Error).stack ?? String(error) };
    parentPort!.postMessage(answer);
  }
});

import { parentPort, workerData } from 'node:worker_threads';
import type { PortionAnswer, PortionRequest } from './portion-pool.js';
import { memoryOf } from './portion-rows.js';
import { type PortionPlan, PortionReader } from './read-portion.js';
import { SharedMemory } from './shared-memory.js';

/** A thread that reads portions of one table. */

const memory = new SharedMemory();
const reader = new PortionReader(workerData as PortionPlan, memory);

parentPort!.on('message', ({ number, bytes, portion, range, spare }: PortionRequest) => {
  memory.give(spare);
  let answer: PortionAnswer;
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const rows = reader.read({ ...portion, bytes: buffer }, range);
    answer = { number, rows };
    // Memory that is not shared is transferred instead of copied.
    const own = memoryOf(rows).filter((buffer) => buffer instanceof ArrayBuffer);
    parentPort!.postMessage(answer, own);
  } catch (error) {
    answer = { number, error: (error as Error).stack ?? String(error) };
    parentPort!.postMessage(answer);
  }
});

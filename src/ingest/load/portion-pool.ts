import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Portion, portionBytes } from '../bytes/portions.js';
import { memoryOf, type PortionRows } from './portion-rows.js';
import { type LineRange, type PortionPlan, PortionReader } from './read-portion.js';
import { SharedMemory } from './shared-memory.js';

/** Reads portions, on this thread or on others. */
export interface PortionPool {
  /** How many portions may be under way. */
  readonly width: number;
  read(portion: Portion, range: LineRange): Promise<PortionRows>;
  /** Memory for the bytes of a portion. */
  allocate(size: number): Buffer;
  /** Gives the memory of these rows and bytes back. */
  release(rows: PortionRows): void;
  close(): Promise<void>;
}

export interface PortionRequest {
  number: number;
  bytes: Uint8Array;
  portion: Omit<Portion, 'bytes'>;
  range: LineRange;
  /** Memory for what is read. */
  spare: SharedArrayBuffer[];
}

export type PortionAnswer = { number: number; rows: PortionRows } | { number: number; error: string };

const script = fileURLToPath(new URL('./portion-worker.js', import.meta.url));
/** Starting a thread costs about as much as reading this many bytes. */
const worthAThread = 32 << 20;
const mostThreads = 4;

/** Reads on as many threads as there are processors, at most four; small files on this one. */
export function portionPool(plan: PortionPlan, fileBytes: number): PortionPool {
  const threads = Math.min(mostThreads, availableParallelism());
  // Tests run the sources without compiling them; a worker cannot.
  if (fileBytes >= worthAThread && existsSync(script)) return new ThreadPool(plan, threads);
  return fileBytes > portionBytes ? onThisThread(plan, new SharedMemory()) : onThisThread(plan);
}

/** @param memory for what is read; undefined: each portion has its own, as where there are not several */
function onThisThread(plan: PortionPlan, memory?: SharedMemory): PortionPool {
  const reader = new PortionReader(plan, memory);
  return {
    width: 1,
    read: async (portion, range) => reader.read(portion, range),
    allocate: (size) =>
      memory === undefined ? Buffer.allocUnsafeSlow(size) : Buffer.from(memory.take(size)),
    release: (rows) => memory?.give([...sharedOf([rows.portion.bytes.buffer]), ...sharedOf(memoryOf(rows))]),
    close: async () => undefined,
  };
}

const sharedOf = (buffers: readonly ArrayBufferLike[]) =>
  buffers.filter((buffer) => buffer instanceof SharedArrayBuffer);

/** A thread returns bytes as a plain array. */
function withBuffer(rows: PortionRows): PortionRows {
  const { bytes } = rows.portion;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { ...rows, portion: { ...rows.portion, bytes: buffer } };
}

class ThreadPool implements PortionPool {
  readonly width: number;
  private readonly workers: Worker[];
  private readonly waiting = new Map<
    number,
    { resolve(rows: PortionRows): void; reject(error: Error): void }
  >();
  private next = 0;
  private readonly bytes = new SharedMemory();
  private readonly columns = new SharedMemory();

  constructor({ format, plan, ...rest }: PortionPlan, threads: number) {
    // Functions cannot be sent to a thread; the hook and its result are not needed any more.
    const workerData = {
      ...rest,
      format: { ...format, hook: undefined },
      plan: { ...plan, rows: undefined },
    };
    this.width = threads + 1;
    this.workers = Array.from({ length: threads }, () => {
      const worker = new Worker(script, { workerData });
      worker.on('message', (answer: PortionAnswer) => this.settle(answer));
      worker.on('error', (error) => this.fail(error));
      return worker;
    });
  }

  private settle(answer: PortionAnswer): void {
    const asked = this.waiting.get(answer.number);
    this.waiting.delete(answer.number);
    if ('error' in answer) asked?.reject(new Error(answer.error));
    else asked?.resolve(withBuffer(answer.rows));
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  read({ bytes, ...portion }: Portion, range: LineRange): Promise<PortionRows> {
    const number = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      const spare = this.columns.takeAll();
      const request: PortionRequest = { number, bytes, portion, range, spare };
      this.workers[number % this.workers.length]!.postMessage(request);
    });
  }

  allocate(size: number): Buffer {
    return Buffer.from(this.bytes.take(size));
  }

  release(rows: PortionRows): void {
    this.bytes.give(sharedOf([rows.portion.bytes.buffer]));
    this.columns.give(sharedOf(memoryOf(rows)));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

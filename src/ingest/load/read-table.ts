import { type Portion, portionBytes, readPortions } from '../bytes/portions.js';
import type { TablePlan } from '../sniff/plan.js';
import { usesClock } from './convert.js';
import { TableFinisher } from './finish.js';
import type { LoadContext, ReadyFile } from './loaded.js';
import type { MeasurementSink } from './measurement-sink.js';
import { type PortionPool, portionPool } from './portion-pool.js';
import { type LineRange, type PortionPlan, PortionReader, type PortionRows } from './read-portion.js';

const newline = 10;

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

/** Tells which lines of each portion belong to a table, and counts lines only as far as that needs it. */
class TableLines {
  private line = 1;
  private readonly first: number;
  private readonly last: number;

  constructor({ firstLine, lastLine }: TablePlan) {
    this.first = firstLine;
    this.last = lastLine ?? Number.POSITIVE_INFINITY;
  }

  /** Lines of the next portion that belong to the table; `isBehind`: the table ended before. */
  next({ bytes }: Portion): LineRange & { isBehind: boolean } {
    const range = { from: Math.max(0, this.first - this.line), to: this.last - this.line };
    if (this.line < this.first || Number.isFinite(this.last)) this.line += countLines(bytes);
    return { ...range, isBehind: range.to < 0 };
  }
}

/** Reads the portions of a table, several at once, and gives what each gave to `take` in their order. */
async function readInOrder(
  ready: ReadyFile,
  plan: TablePlan,
  pool: PortionPool,
  take: (rows: PortionRows) => Promise<void>,
): Promise<void> {
  const lines = new TableLines(plan);
  const underWay: Promise<PortionRows>[] = [];
  const portions = readPortions(ready.path, {
    isGzip: ready.scan.isGzip,
    encoding: ready.text.encoding,
    bomBytes: ready.text.bomBytes,
    hasReturns: ready.text.hasReturns,
    start: ready.start,
    size: Math.max(64 << 10, Math.min(portionBytes, ready.scan.contentBytes + 2)),
  });
  for await (const portion of portions) {
    const range = lines.next(portion);
    if (range.isBehind) break;
    const reading = pool.read(portion, range);
    // A failure is met where its turn comes.
    reading.catch(() => undefined);
    underWay.push(reading);
    if (underWay.length >= pool.width) await take(await underWay.shift()!);
  }
  for (const reading of underWay) await take(await reading);
}

/**
 * Reads one table of a file: its records go to `sink` as those of test `testId`; impedance points, rows of a summary and
 * rejects are the finisher's that is given back.
 */
export async function readTable(
  ready: ReadyFile,
  plan: TablePlan,
  { timeZone, from }: Pick<LoadContext, 'timeZone' | 'from'>,
  sink: MeasurementSink,
  testId: number,
): Promise<TableFinisher> {
  const { format } = ready;
  const portionPlan: PortionPlan = {
    plan,
    format,
    encoding: ready.text.encoding,
    needsClock: usesClock(plan, timeZone),
  };
  if (plan.rows !== undefined) {
    const finisher = new TableFinisher({ plan, format, testId, sink, firstPlace: 0, from, timeZone });
    await finisher.take(new PortionReader(portionPlan).readRows(plan.rows));
    return finisher;
  }
  const finisher = new TableFinisher({ plan, format, testId, sink, firstPlace: 1, from, timeZone });
  const pool = portionPool(portionPlan, ready.scan.contentBytes - (ready.start ?? 0));
  try {
    await readInOrder(ready, plan, pool, (rows) => finisher.take(rows));
  } finally {
    await pool.close();
  }
  return finisher;
}

import { type Portion, portionBytes, readPortions } from '../bytes/portions.js';
import { decodeText, splitLines } from '../bytes/text.js';
import type { Format } from '../formats/definition.js';
import { readHeader } from '../formats/header.js';
import { planTables, type TablePlan } from '../sniff/plan.js';
import { recognise } from '../sniff/recognise.js';
import { fieldReadings, usesClock } from './convert.js';
import { TableFinisher } from './finish.js';
import type { LoadContext, ReadyFile } from './loaded.js';
import type { MeasurementSink } from './measurement-sink.js';
import { type PortionPool, portionPool } from './portion-pool.js';
import type { PortionRows } from './portion-rows.js';
import { readColumns } from './read-columns.js';
import { type LineRange, type PortionPlan, PortionReader } from './read-portion.js';

const newline = 10;

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

/** Decides which lines of each portion belong to a table, and counts lines only as far as needed. */
class TableLines {
  private line = 1;
  private readonly first: number;
  private readonly last: number;

  constructor({ firstLine, lastLine }: TablePlan) {
    this.first = firstLine;
    this.last = lastLine ?? Number.POSITIVE_INFINITY;
  }

  /** Lines of the next portion that belong to the table; `isBehind`: the table ended before it. */
  next({ bytes }: Portion): LineRange & { isBehind: boolean } {
    const range = { from: Math.max(0, this.first - this.line), to: this.last - this.line };
    if (this.line < this.first || Number.isFinite(this.last)) this.line += countLines(bytes);
    return { ...range, isBehind: range.to < 0 };
  }
}

/** Reads the portions of a table, several at once, and passes their contents to `take` in order. */
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
    allocate: (size) => pool.allocate(size),
  });
  const takeFirst = async () => {
    const rows = await underWay.shift()!;
    await take(rows);
    pool.release(rows);
  };
  for await (const portion of portions) {
    const range = lines.next(portion);
    if (range.isBehind) break;
    const reading = pool.read(portion, range);
    // A failure is reported when its turn comes.
    reading.catch(() => undefined);
    underWay.push(reading);
    if (underWay.length >= pool.width) await takeFirst();
  }
  while (underWay.length > 0) await takeFirst();
}

/** The portions of a table in their order, across headers inside its body. */
class TableRest {
  private readonly finisher: TableFinisher;
  private portionPlan: PortionPlan;
  /** Reads the lines after another header; undefined: there was none. */
  private reader: PortionReader | undefined;

  constructor(portionPlan: PortionPlan, finisher: TableFinisher) {
    this.portionPlan = portionPlan;
    this.finisher = finisher;
  }

  async take(read: PortionRows): Promise<void> {
    let rows = this.reader === undefined ? read : this.reader.read(read.portion);
    for (;;) {
      const { header, portion } = rows;
      await this.finisher.take(rows);
      if (header === undefined) return;
      const bytes = portion.bytes.subarray(header.offset);
      this.portionPlan = this.behind(bytes, this.finisher.placeBase - 1);
      this.reader = new PortionReader(this.portionPlan);
      const overlong = portion.overlong.map((at) => at - header.offset).filter((at) => at > 0);
      const next = linesBehindHeader(bytes, this.portionPlan);
      this.finisher.placeBase += next.skipped;
      rows = this.reader.read({
        ...portion,
        bytes: bytes.subarray(next.offset),
        overlong: overlong.map((at) => at - next.offset).filter((at) => at >= 0),
      });
    }
  }

  /** How the lines after a header are read: by that header, if it names the same columns as the one above. */
  private behind(bytes: Buffer, line: number): PortionPlan {
    const { plan, format, encoding } = this.portionPlan;
    const text = decodeText(bytes.subarray(0, headBytes), {
      encoding: encoding.startsWith('utf-16') ? 'utf-8' : encoding,
      bomBytes: 0,
    });
    const lines = splitLines(text, { hasReturns: false }).slice(0, headLines);
    const next = planBehind(format, lines, plan.auxiliary);
    const roles = (of: TablePlan) => [...of.mapping.keys()].sort().join();
    if (next !== undefined && roles(next) === roles(plan)) {
      const { dateOrder } = plan;
      return {
        ...this.portionPlan,
        plan: { ...next, dateOrder: next.dateOrder ?? dateOrder, lastLine: undefined },
      };
    }
    const refusal = `after another header (line ${line}), which does not name the columns of the one above`;
    return { ...this.portionPlan, refusal };
  }
}

const [headBytes, headLines] = [64 << 10, 200];

/**
 * The plan of the lines from a header on, which is line 1; undefined where the header is not of this format. The
 * channels stay those of the test, at whatever position they are now.
 */
function planBehind(
  format: Format,
  lines: readonly string[],
  channels: TablePlan['auxiliary'],
): TablePlan | undefined {
  const head = { lines, isWhole: false };
  const found = recognise(head, [format]);
  if (found?.header?.line !== 1) return undefined;
  try {
    const [next] = planTables(found, head);
    const names = readHeader(found.header.fields).map(({ text }) => text);
    const placed = channels.map((channel) => {
      const index = names.indexOf(channel.field.text);
      return { ...channel, field: { ...channel.field, index } };
    });
    return next === undefined ? undefined : { ...next, auxiliary: placed };
  } catch {
    // Each line gets the reason why it cannot be read.
    return undefined;
  }
}

/** Where the rows begin: after the header and what belongs to it. */
function linesBehindHeader(
  bytes: Buffer,
  { plan, refusal }: PortionPlan,
): { skipped: number; offset: number } {
  const lines = refusal === undefined ? plan.firstLine - 1 : 1;
  let offset = 0;
  for (let line = 0; line < lines; line++) {
    const end = bytes.indexOf(newline, offset);
    offset = end === -1 ? bytes.length : end + 1;
  }
  // The header itself is counted with the portion that it ended.
  return { skipped: lines - 1, offset };
}

/**
 * Reads one table of a file: its records go to `sink` as those of test `testId`; impedance points, rows of a summary
 * and rejects are in the returned finisher.
 */
export async function readTable(
  ready: ReadyFile,
  plan: TablePlan,
  { timeZone, from, spool }: Pick<LoadContext, 'timeZone' | 'from' | 'spool'>,
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
  if (ready.columns !== undefined) {
    const finisher = new TableFinisher({ plan, format, testId, sink, firstPlace: 1, from, timeZone });
    const readings = fieldReadings(plan, portionPlan.needsClock);
    const reader = new PortionReader(portionPlan);
    await readColumns(ready.columns, plan.firstLine, readings, reader, (rows) => finisher.take(rows));
    return finisher;
  }
  const finisher = new TableFinisher({ plan, format, testId, sink, firstPlace: 1, from, timeZone, spool });
  const pool = portionPool(portionPlan, ready.scan.contentBytes - (ready.start ?? 0));
  try {
    const table = new TableRest(portionPlan, finisher);
    await readInOrder(ready, plan, pool, (rows) => table.take(rows));
  } finally {
    await pool.close();
  }
  return finisher;
}

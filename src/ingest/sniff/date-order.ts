import { open } from 'node:fs/promises';
import { findingMessages as say } from '../../messages/findings.js';
import type { FileScan } from '../bytes/scan.js';
import { type DetectedText, decodeText, splitLines } from '../bytes/text.js';
import type { Finding } from '../findings.js';
import type { Format, Role } from '../formats/definition.js';
import { type DateOrder, parseClock, provenDateOrder } from './clock.js';
import { splitFields, unwrapLine } from './dialect.js';
import { durationSeconds } from './durations.js';
import type { TablePlan } from './plan.js';

/** Number of bytes at the end of a file in which its last dates are searched. */
const tailBytes = 64 * 1024;

/**
 * Wall clock at the start of a table: from its first record, else from the preamble; in reverse order where the format
 * says so.
 */
export function startOf(
  plan: TablePlan,
  order: DateOrder | undefined,
  startsBy: Format['startsBy'] = 'clock',
): Date | undefined {
  const first = plan.firstClock === undefined ? undefined : parseClock(plan.firstClock, order);
  const preamble = plan.startedAt === undefined ? undefined : parseClock(plan.startedAt, order);
  const stated = startsBy === 'preamble' ? preamble : undefined;
  const decided = stated ?? first ?? withTimeOfDay(plan, preamble) ?? preamble;
  return decided === undefined ? undefined : new Date(decided);
}

/** A clock column that holds only the time of day takes its date from the preamble. */
function withTimeOfDay(plan: TablePlan, preamble: number | undefined): number | undefined {
  if (plan.clock?.kind !== 'time-of-day' || plan.firstClock === undefined || preamble === undefined)
    return undefined;
  const day = new Date(preamble).toISOString().slice(0, 10);
  return parseClock(`${day} ${plan.firstClock}`, undefined);
}

/**
 * Complete rows at a share of the length of a file (1 is its end), cut into fields; empty where a part of the file
 * cannot be read alone.
 */
export async function rowsAt(
  share: number,
  path: string,
  text: DetectedText,
  scan: Pick<FileScan, 'isGzip' | 'contentBytes'>,
  plan: TablePlan,
): Promise<string[][]> {
  if (scan.isGzip || text.encoding.startsWith('utf-16') || plan.lastLine !== undefined) return [];
  const handle = await open(path, 'r');
  try {
    const from = Math.max(0, Math.floor(share * (scan.contentBytes - tailBytes)));
    const bytes = Buffer.alloc(Math.min(tailBytes, scan.contentBytes));
    await handle.read(bytes, 0, bytes.length, from);
    const lines = splitLines(decodeText(bytes, { ...text, bomBytes: 0 }), text);
    const { delimiter } = plan.dialect;
    const rows = lines
      .slice(1, share < 1 ? -1 : undefined)
      .map((line) => splitFields(unwrapLine(line, delimiter), delimiter));
    return rows.filter((row) => row.length === plan.fieldCount);
  } finally {
    await handle.close();
  }
}

/**
 * The order of day and month with which the clock advanced as far as the test time, where only one order gives that. A
 * file of one day decides nothing.
 */
function orderByElapsedTime(plan: TablePlan, last: readonly string[]): DateOrder | undefined {
  const field = (role: Role) => plan.mapping.get(role)?.field.index;
  const clockIndex = field('date_time');
  const timeIndex = field('test_time_second');
  const conversion = plan.mapping.get('test_time_second')?.conversion;
  if (
    clockIndex === undefined ||
    timeIndex === undefined ||
    plan.firstClock === undefined ||
    plan.firstTime === undefined
  )
    return undefined;
  const [from, to] = [plan.firstTime, last[timeIndex] ?? ''].map(durationSeconds);
  if (from === undefined || to === undefined) return undefined;
  const elapsed = ((to - from) * (conversion?.multiply ?? 1)) / (conversion?.divide ?? 1);
  const fits = (['month-first', 'day-first'] as const).filter((order) => {
    const start = parseClock(plan.firstClock!, order);
    const end = parseClock(last[clockIndex] ?? '', order);
    // The test time stops in pauses, so the clock may run ahead by hours, but not by weeks.
    const lead = start === undefined || end === undefined ? Number.NaN : (end - start) / 1000 - elapsed;
    return lead > -7200 && lead < Math.max(7 * 86_400, 0.2 * elapsed);
  });
  return fits.length === 1 ? fits[0] : undefined;
}

/** A date in words in the preamble that is close to one reading of the first date and far from the other. */
function orderByPreamble(plan: TablePlan, sample: string): DateOrder | undefined {
  const preamble = plan.startedAt === undefined ? undefined : parseClock(plan.startedAt, undefined);
  if (preamble === undefined) return undefined;
  const days = (order: DateOrder) =>
    Math.abs((parseClock(sample, order) ?? Number.POSITIVE_INFINITY) - preamble) / 86_400_000;
  if (days('month-first') < 5 && days('day-first') > 20) return 'month-first';
  if (days('day-first') < 5 && days('month-first') > 20) return 'day-first';
  return undefined;
}

/**
 * Settles the order of day and month: by what the whole column proves, then by what the laboratory says, then by the
 * habit of the vendor, with a finding that gives both readings. Without any of these the clock stays empty. `isOpen`:
 * the data prove neither.
 */
export async function settleDateOrder(
  plan: TablePlan,
  format: Format,
  asked: DateOrder | undefined,
  path: string,
  sniffed: { text: DetectedText },
  scan: Pick<FileScan, 'isGzip' | 'contentBytes'>,
): Promise<{ order: DateOrder | undefined; finding?: Finding; isOpen?: boolean }> {
  const sample = plan.clock?.kind === 'numeric' ? plan.firstClock : plan.startedAt;
  const isNumeric = sample !== undefined && /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}/.test(sample);
  if (plan.dateOrder !== undefined || !isNumeric) return { order: plan.dateOrder ?? asked };
  const rows = await rowsAt(1, path, sniffed.text, scan, plan);
  const clockIndex = plan.mapping.get('date_time')?.field.index;
  const dates = clockIndex === undefined ? [] : rows.map((row) => row[clockIndex] ?? '');
  const last = rows.at(-1);
  const proven =
    provenDateOrder(dates) ??
    (last === undefined ? undefined : orderByElapsedTime(plan, last)) ??
    orderByPreamble(plan, sample);
  if (proven !== undefined) return { order: proven };
  if (asked !== undefined) return { order: asked, isOpen: true };
  // Dates with dots are written day first everywhere.
  if (/^\d{1,2}\./.test(sample)) return { order: 'day-first' };
  const usual = format.dateOrder === 'none' ? undefined : format.dateOrder;
  const [monthFirst, dayFirst] = (['month-first', 'day-first'] as const).map((order) =>
    parseClock(sample, order),
  );
  if (monthFirst === dayFirst) return { order: usual ?? 'month-first' };
  const dateOf = (time: number | undefined) =>
    time === undefined ? say('NO_DATE') : new Date(time).toISOString().slice(0, 10);
  const readings = { sample, monthFirst: dateOf(monthFirst), dayFirst: dateOf(dayFirst) };
  return {
    order: usual,
    isOpen: true,
    finding:
      usual === undefined
        ? say('DATE_ORDER_UNKNOWN', readings)
        : say('DATE_ORDER_ASSUMED', { ...readings, usual }),
  };
}

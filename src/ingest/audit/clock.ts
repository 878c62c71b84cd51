import { auditMessages as say } from '../../messages/audit.js';
import type { Finding } from '../findings.js';
import type { Role } from '../formats/definition.js';
import type { DateOrder } from '../sniff/clock.js';
import { parseClock } from '../sniff/clock.js';
import { durationSeconds } from '../sniff/durations.js';
import type { TablePlan } from '../sniff/plan.js';
import { times, unitFactor } from './audit.js';
import { scaledBy } from './units.js';

/** Shorter intervals of the clock tell little, since clocks are often written to the second (s). */
const shortestStretch = 30;

/** Consecutive rows, each cut into its fields only when it is asked for. */
export interface Rows {
  length: number;
  at(index: number): readonly string[] | undefined;
}

/** How much faster test time runs than the clock over some consecutive rows; undefined where it cannot be told. */
function pace(rows: Rows, plan: TablePlan, order: DateOrder | undefined): number | undefined {
  const time = plan.mapping.get('test_time_second');
  const clock = plan.mapping.get('date_time');
  if (time === undefined || clock === undefined) return undefined;
  // Times written as hours, minutes and seconds cannot have a wrong unit.
  const { multiply = 1, divide = 1 } = plan.testTime === 'number' ? (time.conversion ?? {}) : {};
  const pointAt = (index: number) => {
    const row = rows.at(index);
    const seconds = durationSeconds(row?.[time.field.index] ?? '');
    const wall = parseClock(row?.[clock.field.index] ?? '', order);
    return seconds === undefined || wall === undefined
      ? undefined
      : { seconds: (seconds * multiply) / divide, wall: wall / 1000 };
  };
  const first = firstFound(rows.length, pointAt);
  const last = firstFound(rows.length, (index) => pointAt(rows.length - 1 - index));
  if (first === undefined || last === undefined || last.wall - first.wall < shortestStretch) return undefined;
  return (last.seconds - first.seconds) / (last.wall - first.wall);
}

/** The first value that there is at an index; the rest is not looked at. */
function firstFound<Value>(count: number, valueAt: (index: number) => Value | undefined): Value | undefined {
  for (let index = 0; index < count; index++) {
    const found = valueAt(index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Compares test time with the clock of the file: a constant factor between units means that the header names the wrong
 * unit.
 *
 * @param stretches rows of some places in the file
 */
export function timeAgainstClock(
  stretches: readonly Rows[],
  plan: TablePlan,
  order: DateOrder | undefined,
): Finding | undefined {
  const paces = stretches.flatMap((rows) => pace(rows, plan, order) ?? []);
  // While the tester paused, its clock ran on, so that such an interval tells nothing.
  const factors = new Set(
    paces.flatMap((value) => (Math.abs(value - 1) < 0.05 ? 1 : (unitFactor(value) ?? []))),
  );
  const [factor] = factors;
  if (factors.size !== 1 || factor === undefined || factor === 1) return undefined;
  const headerOf = (role: Role) => plan.mapping.get(role)?.field.text ?? '';
  return {
    ...say('TIME_SCALE', {
      column: headerOf('test_time_second'),
      times: times(factor),
      clock: headerOf('date_time'),
    }),
    line: plan.firstLine,
    repair: { kind: 'scale', columns: ['test_time_second'], ...scaledBy(1 / factor) },
  };
}

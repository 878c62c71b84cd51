import { auditMessages as say } from '../../messages/audit.js';
import type { Message } from '../../messages/message.js';
import { type Audit, brief } from './audit.js';

/** Test time that falls from one record to the next. */
export const timeBackward: Audit = ({ backward }) =>
  backward.count === 0 ? [] : [{ ...say('TIME_BACKWARD', { count: backward.count }), line: backward.line }];

/** An interval inside a step that is far longer than the others of the step. */
export const timeGap: Audit = ({ gap }) =>
  gap.count === 0
    ? []
    : [{ ...say('TIME_GAP/records', { count: gap.count, longest: duration(gap.seconds) }), line: gap.line }];

/** A length of time in a message. */
export function duration(seconds: number): Message {
  if (seconds < 120) return say('DURATION/seconds', { n: brief(seconds) });
  if (seconds < 7200) return say('DURATION/minutes', { n: brief(seconds / 60) });
  if (seconds < 172_800) return say('DURATION/hours', { n: brief(seconds / 3600) });
  return say('DURATION/days', { n: brief(seconds / 86_400) });
}

const year = 365.25 * 86_400;
/** Longer than any cycling test in one file. */
const implausibleYears = 10;

/**
 * Test time that spans more years than any test; no clock in the file can confirm it, so no factor is given as
 * certain.
 */
export const timePlausible: Audit = ({ duration: seconds }) => {
  if (seconds < implausibleYears * year) return [];
  const readings = [1000, 60, 3600].map((factor) =>
    say('IF_TOO_LARGE', { duration: duration(seconds / factor), factor }),
  );
  return [say('UNIT_IMPLAUSIBLE/years', { years: brief(seconds / year), readings })];
};

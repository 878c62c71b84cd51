import { type Audit, brief, counted } from './audit.js';

/** Test time that falls from one record to the next. */
export const timeBackward: Audit = ({ backward }) =>
  backward.count === 0
    ? []
    : [
        {
          code: 'TIME_BACKWARD',
          message: `test time runs backwards at ${counted(backward.count, 'record')}; such intervals carry no charge`,
          line: backward.line,
        },
      ];

/** An interval inside a step that is far longer than the others of the step. */
export const timeGap: Audit = ({ gap }) =>
  gap.count === 0
    ? []
    : [
        {
          code: 'TIME_GAP',
          message: `${counted(gap.count, 'step')} with a gap in their records; the longest is ${duration(gap.seconds)}`,
          line: gap.line,
        },
      ];

/** A length of time in words. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${brief(seconds)} s`;
  if (seconds < 7200) return `${brief(seconds / 60)} min`;
  if (seconds < 172_800) return `${brief(seconds / 3600)} h`;
  return `${brief(seconds / 86_400)} days`;
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
  const readings = [1000, 60, 3600].map(
    (factor) => `${duration(seconds / factor)} if it is ${factor} times too large`,
  );
  return [
    {
      code: 'UNIT_IMPLAUSIBLE',
      message: `test time spans ${brief(seconds / year)} years: ${readings.join(', ')}`,
    },
  ];
};

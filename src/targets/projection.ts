import { type Message, onDay, readyDates, wordsOf } from '../messages/message.js';
import type { Evidence } from './evidence.js';

/** What is missing, without the dates until which it could have been measured. */
export const withoutDates = (missing: Message): string => wordsOf(missing, { language: 'en', dates: false });

/**
 * The date until which everything that is missing could have been measured, at the pace of the data so far: the last
 * one that the messages name. Null where none names one.
 */
export function projectedDate(missing: Message | null): Date | null {
  const last = readyDates(missing).at(-1);
  return last === undefined ? null : new Date(`${last}T00:00:00Z`);
}

/**
 * What is missing as it reads on a day: a date that has passed is not projected any more.
 *
 * @param today `2026-12-31`
 */
export const asOf = (missing: Message, today: string): string =>
  wordsOf(missing, { language: 'en', day: today });

/** What is missing by a stored row, as it reads on a day; rows of older versions have only words. */
export const storedAsOf = (missing: string | null, message: Message | null | undefined, today: string) =>
  missing === null || message == null ? missing : asOf(message, today);

/** Evidence whose cells say what they lack as it reads on a day. */
export const evidenceAsOf = (evidence: Evidence, today: string): Evidence => ({
  ...evidence,
  cells: evidence.cells.map((cell) => ({
    ...cell,
    missing: storedAsOf(cell.missing, cell.messages?.missing, today),
    ...(cell.messages === undefined
      ? {}
      : { messages: { ...cell.messages, missing: onDay(cell.messages.missing, today) } }),
  })),
});

/** The last of all dates that the evidence behind verdicts projects before a day; null where none has passed. */
export function lastPassed(
  judged: readonly { said: { missing: Message | null }; evidence: Evidence }[],
  today: string,
): string | null {
  const dates = judged.flatMap(({ said, evidence }) =>
    [said.missing, ...evidence.cells.map(({ messages }) => messages?.missing ?? null)].flatMap(readyDates),
  );
  return (
    dates
      .filter((date) => date < today)
      .sort()
      .at(-1) ?? null
  );
}

import { usageError } from '../../errors.js';
import type { FindingCode } from '../../ingest/findings.js';
import type { Format } from '../../ingest/formats/index.js';
import type { DateOrder } from '../../ingest/sniff/clock.js';

const orders: Record<string, DateOrder> = {
  mdy: 'month-first',
  'month-first': 'month-first',
  dmy: 'day-first',
  'day-first': 'day-first',
};

/** `--date-order`. */
export function dateOrderOption(given: string | undefined): DateOrder | undefined {
  if (given === undefined) return undefined;
  const order = orders[given.toLowerCase()];
  if (order === undefined)
    throw usageError(`--date-order ${given} is not a date order`, 'use mdy (month first) or dmy (day first)');
  return order;
}

/** `--format`. */
export async function formatOption(
  given: string | undefined,
  labFolder?: string,
): Promise<Format | undefined> {
  if (given === undefined) return undefined;
  const { formatsOfLab } = await import('../../ingest/lab-formats.js');
  const formats = await formatsOfLab(labFolder);
  const format = formats.find(({ id }) => id === given);
  if (format === undefined) {
    throw usageError(
      `no format has the id ${given}`,
      `\`cellar formats\` lists them: ${formats.map(({ id }) => id).join(', ')}`,
    );
  }
  return format;
}

/** An option that may be given more than once. */
export const collectOption = (value: string, before: readonly string[]): string[] => [...before, value];

/** `--repair`. */
export async function repairOption(given: readonly string[]): Promise<FindingCode[]> {
  if (given.length === 0) return [];
  const { repairableCodes } = await import('../../ingest/audit/make-repairs.js');
  return given.map((text) => {
    const code = repairableCodes.find((known) => known === text.toUpperCase());
    if (code === undefined) {
      throw usageError(
        `--repair ${text}: no finding with this code proposes a repair`,
        `codes that do: ${repairableCodes.join(', ')}`,
      );
    }
    return code;
  });
}

/** An option that is a number of seconds. */
export function secondsOption(name: string, given: string): number {
  const seconds = given.trim() === '' ? Number.NaN : Number(given);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw usageError(`${name} ${given} is not a number of seconds`, `such as ${name} 60`);
}

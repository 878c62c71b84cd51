import { writeFile } from 'node:fs/promises';
import { storageError } from '../../errors.js';
import type { JudgedTarget } from '../../targets/evaluate.js';

/** Verdicts as a table for people who work with spreadsheets: one line each, numbers as numbers. */
export const verdictColumns = [
  'material',
  'target',
  'verdict',
  'value',
  'ci95_low',
  'ci95_high',
  'bound95_low',
  'bound95_high',
  'comparison',
  'limit',
  'unit',
  'samples',
  'scope',
  'due',
  'owner',
  'reason',
  'missing',
  'assumed',
  'note',
] as const;

export type VerdictCell = string | number | null;

export function verdictTable(judged: readonly JudgedTarget[]): VerdictCell[][] {
  return judged.map(({ target, ...one }) => [
    one.material_id,
    target.id,
    one.verdict,
    one.value,
    one.ci95_low,
    one.ci95_high,
    one.bound95_low,
    one.bound95_high,
    target.comparison,
    target.threshold,
    target.unit,
    one.sample_size,
    one.scope,
    target.due,
    target.owner,
    one.reason,
    one.missing,
    one.assumed.join(', '),
    target.note,
  ]);
}

/** Spreadsheets take a file for UTF-8 only by this mark. */
const BYTE_ORDER_MARK = '\ufeff';

/** A text that begins like a formula is none: spreadsheets take one behind an apostrophe as text. */
function csvField(value: VerdictCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Writes the verdicts as CSV with a byte order mark.
 *
 * @throws CellarError (storage) where the file cannot be written
 */
export async function writeVerdictsCsv(path: string, judged: readonly JudgedTarget[]): Promise<void> {
  const rows = [[...verdictColumns], ...verdictTable(judged)];
  const text = rows.map((row) => row.map(csvField).join(',')).join('\r\n');
  await writeFile(path, `${BYTE_ORDER_MARK}${text}\r\n`).catch((error: Error) => {
    throw storageError(`${path} cannot be written: ${error.message}`, 'name another file');
  });
}

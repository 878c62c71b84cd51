import { type CellarError, usageError } from '../../errors.js';

/** Something wrong in the metadata of a laboratory. */
export interface Mistake {
  path: string;
  line: number | null;
  column: string | null;
  message: string;
  hint: string;
}

export function mistake(
  path: string,
  line: number | null,
  column: string | null,
  message: string,
  hint = 'correct the cell and run again',
): Mistake {
  return { path, line, column, message, hint };
}

/** A mistake in one line: where, and what. */
export function describeMistake({ path, line, column, message }: Mistake): string {
  const where = [path, line === null ? '' : `line ${line}`, column === null ? '' : `column ${column}`];
  return `${where.filter((part) => part !== '').join(', ')}: ${message}`;
}

/** How many are listed; a table with a wrong delimiter has a mistake in every line. */
const told = 30;

/** All mistakes as one error (usage). */
export function mistakesError(mistakes: readonly Mistake[]): CellarError {
  const lines = mistakes.slice(0, told).map(describeMistake);
  if (mistakes.length > told) lines.push(`… and ${mistakes.length - told} more`);
  const hints = new Set(mistakes.map(({ hint }) => hint));
  const hint =
    hints.size === 1
      ? [...hints][0]!
      : 'correct these and run again; `cellar lab check` reads the metadata alone';
  return usageError(lines.join('\n'), hint);
}

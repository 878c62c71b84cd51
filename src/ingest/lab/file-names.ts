import { createContext, Script } from 'node:vm';
import { usageError } from '../../errors.js';

/** A regular expression of a laboratory may never end on some name; all names together have this much time. */
const longestMilliseconds = 3000;

const search = new Script(
  'for (at = 0; at < names.length; at++) found.push(pattern.exec(names[at])?.groups ?? null);',
);

/**
 * The named groups of a pattern in each name; null where it does not match.
 *
 * @throws CellarError (usage) naming the pattern and the name on which it does not end
 */
export function namedGroups(pattern: RegExp, names: readonly string[]): (Record<string, string> | null)[] {
  const context = { pattern, names, found: [] as (Record<string, string> | null)[], at: 0 };
  try {
    search.runInContext(createContext(context), { timeout: longestMilliseconds });
    return context.found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw usageError(
      `cellar.toml, file_name_patterns: ${pattern.source} takes more than ${longestMilliseconds / 1000} s on ${names[context.at]}`,
      'write it without a repetition inside a repetition, such as (a+)+',
    );
  }
}

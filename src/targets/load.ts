import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseToml } from 'smol-toml';
import { usageError } from '../errors.js';
import { categories } from '../store/vocabulary.js';
import { parseTargetTable, type TargetTable } from './schema.js';

/** Target tables that come with Cellar. */
export const shippedTables = ['rd-fund', 'demonstration'] as const;
export const defaultTable = 'rd-fund';

/** The file of a shipped table. */
export function shippedFile(name: (typeof shippedTables)[number]): string {
  return fileURLToPath(new URL(`./tables/${name}.toml`, import.meta.url));
}

/** The meaning of each key of a target, for the head of a copy that is to be edited. */
const explanation = (
  name: string,
) => `# A copy of the targets ${name}, to be edited. Judge against it: cellar check --targets FILE
# Check it after an edit: cellar targets validate FILE
#
# Each [[targets]] is one limit that every material of its category is held to:
#   id          unique in this file
#   category    as materials.csv has it; one of
#               ${categories.join(', ')}
#   metric      what is judged: \`cellar targets metrics\` lists them with their units and conditions
#   comparison  ">", "<", ">=" or "<="; strict where written so: exactly 50 % is not more than 50 %
#   threshold   the limit, in the unit
#   unit        of the limit and of the verdict
#   conditions  may be left out; for example { minimum_cells = 3, requires = ["pressure_mpa"] }
#   source      where the limit comes from, for whoever reads the verdict
# What a target may have besides:
#   material    the one material it is for; without it every material of the category
#   due         date until which it has to be met: due = 2026-12-31
#   milestones  intermediate limits: [{ due = 2026-06-30, threshold = 5e-3 }]
#   owner, note who answers for it, and what else there is to say
#   set         its set, of sets that follow each other: [[sets]] with a name and a date each
# \`cellar check --due\` leaves with 1 when one was not met at its date.
`;

/** A shipped table as the text of an own file, with the meaning of its keys. */
export async function commentedCopy(name: (typeof shippedTables)[number]): Promise<string> {
  const text = await readFile(shippedFile(name), 'utf8');
  const body = text.replace(/^(#.*\r?\n)+/, '').replace(/^name = .*$/m, 'name = "my-targets"');
  return `${explanation(name)}${body}`;
}

/**
 * The file of a target table.
 *
 * @throws CellarError (usage) where neither a shipped table nor a file has the name
 */
export function targetFile(nameOrPath: string): string {
  const shipped = shippedTables.find((name) => name === nameOrPath);
  if (shipped !== undefined && !existsSync(nameOrPath)) return shippedFile(shipped);
  if (existsSync(nameOrPath)) return nameOrPath;
  throw usageError(
    `there is no target file ${nameOrPath}`,
    `name a TOML or JSON file, or a table that comes with Cellar: ${shippedTables.join(', ')}`,
  );
}

/**
 * A target table by the name of a shipped one or by its file (TOML; JSON where the name ends so).
 *
 * @throws CellarError (usage) that names file and key of everything that is wrong
 */
export async function loadTargets(nameOrPath: string = defaultTable): Promise<TargetTable> {
  const path = targetFile(nameOrPath);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw usageError(`${path} cannot be read: ${error.message}`, 'name a TOML or JSON file');
  });
  const isJson = extname(path).toLowerCase() === '.json';
  let content: unknown;
  try {
    content = isJson ? JSON.parse(text) : parseToml(text);
  } catch (error) {
    throw usageError(`${path}: ${(error as Error).message}`, 'correct the file and run again');
  }
  const parsed = parseTargetTable(content, basename(path, extname(path)), isJson ? null : text);
  if ('problems' in parsed) {
    const problems = parsed.problems.map((problem) => `${path}, ${problem}`);
    throw usageError(problems.join('\n'), '`cellar targets init` writes a commented example');
  }
  return parsed;
}

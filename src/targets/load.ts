import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseToml } from 'smol-toml';
import { usageError } from '../errors.js';
import { parseTargetTable, type TargetTable } from './schema.js';

/** Target tables that come with Cellar. */
export const shippedTables = ['rd-fund', 'demonstration'] as const;
export const defaultTable = 'rd-fund';

/** The file of a shipped table. */
export function shippedFile(name: (typeof shippedTables)[number]): string {
  return fileURLToPath(new URL(`./tables/${name}.toml`, import.meta.url));
}

function fileOf(nameOrPath: string): string {
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
  const path = fileOf(nameOrPath);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw usageError(`${path} cannot be read: ${error.message}`, 'name a TOML or JSON file');
  });
  let content: unknown;
  try {
    content = extname(path).toLowerCase() === '.json' ? JSON.parse(text) : parseToml(text);
  } catch (error) {
    throw usageError(`${path}: ${(error as Error).message}`, 'mend the file and run again');
  }
  const parsed = parseTargetTable(content, basename(path, extname(path)));
  if ('problems' in parsed) {
    const problems = parsed.problems.map((problem) => `${path}, ${problem}`);
    throw usageError(problems.join('\n'), '`cellar targets init` writes a commented example');
  }
  return parsed;
}

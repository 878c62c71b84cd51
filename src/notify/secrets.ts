import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError } from '../errors.js';

/**
 * A secret from the environment or from a file of mode 600.
 *
 * @param folder that of cellar.toml: paths are relative to it
 * @throws CellarError (usage) where it does not exist, or others may read it
 */
export function readSecret(
  what: string,
  { env, file }: { env: string | undefined; file: string | undefined },
  folder: string,
): string | undefined {
  if (env !== undefined) {
    const value = process.env[env];
    if (value === undefined || value === '') {
      throw usageError(`${what} must be in the environment variable ${env}, which is empty`, `set ${env}`);
    }
    return value;
  }
  if (file === undefined) return undefined;
  const path = resolve(folder, file);
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) throw usageError(`${path} with ${what} is not there`, 'make it, with mode 600');
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
    throw usageError(`${path} with ${what} can be read by others`, `chmod 600 ${path}`);
  }
  return readFileSync(path, 'utf8').trim();
}

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Recorded exports and golden values live beside the checkout and are not part of it. */
const shared = process.env.CELLAR_SHARED ?? join(projectRoot, '..', 'shared');

export const realData = join(shared, 'real-data', 'dev');
/** Files as the instruments leave them. */
export const nativeData = join(shared, 'real-data', 'native');
export const golden = join(shared, 'golden', 'dev');
/** Cases for rules that were amended since; one with the same name replaces that in `golden`. */
const amendedGolden = join(shared, 'golden', 'amended');
export const hasRealData = existsSync(realData);
export const hasNativeData = existsSync(nativeData);
export const hasGolden = existsSync(golden);

/** Says, once per test file, that its reference data are absent and the tests are skipped. */
export function sayIfAbsent(present: boolean, what: string): void {
  if (!present) console.warn(`skipped: ${what} is not here (set CELLAR_SHARED to its folder)`);
}

/** Paths of all golden cases by file name, amended ones in place of those they replace; none where they are absent. */
export function goldenFiles(): Map<string, string> {
  const folders = [golden, amendedGolden].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder).map((name) => [name, join(folder, name)] as const),
  );
  return new Map(files.filter(([name]) => name.endsWith('.json')));
}

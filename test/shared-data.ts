import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Recorded exports and golden values live beside the checkout and are not part of it. */
const shared = process.env.CELLAR_SHARED ?? join(projectRoot, '..', 'shared');

export const realData = join(shared, 'real-data', 'dev');
export const golden = join(shared, 'golden', 'dev');
export const hasRealData = existsSync(realData);
export const hasGolden = existsSync(golden);

/** Says, once per test file, that its reference data are absent and the tests are skipped. */
export function sayIfAbsent(present: boolean, what: string): void {
  if (!present) console.warn(`skipped: ${what} is not here (set CELLAR_SHARED to its folder)`);
}

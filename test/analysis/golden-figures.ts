import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { goldenFiles } from '../shared-data.js';

// biome-ignore lint/suspicious/noExplicitAny: the reference files have as many shapes as kinds.
export type GoldenCase = any;

/** Reference cases of one kind, from all files whose name begins so; none where the files are absent. */
export function goldenCases(prefix: string, ...kinds: string[]): [string, GoldenCase][] {
  return [...goldenFiles()]
    .filter(([name]) => name.startsWith(prefix))
    .map(([, path]): GoldenCase => JSON.parse(readFileSync(path, 'utf8')))
    .filter((reference) => kinds.length === 0 || kinds.includes(reference.kind))
    .map((reference) => [reference.id, reference]);
}

export interface Tolerance {
  relative?: number;
  absolute?: number;
}

/** Two numbers within a relative or an absolute tolerance, whichever is wider. */
export function expectNear(actual: unknown, expected: number, tolerance: Tolerance, path: string): void {
  expect(typeof actual, `${path} is a number`).toBe('number');
  const limit = Math.max((tolerance.relative ?? 0) * Math.abs(expected), tolerance.absolute ?? 0);
  const off = Math.abs((actual as number) - expected);
  expect(off, `${path}: ${actual} against ${expected}, allowed ${limit}`).toBeLessThanOrEqual(limit);
}

/**
 * Every number, null, boolean and name in `expected` is in `actual` at the same place.
 *
 * @param toleranceOf by path, such as `.log_ols.D`; null leaves the figure out
 */
export function expectFigures(
  actual: GoldenCase,
  expected: GoldenCase,
  toleranceOf: (path: string) => Tolerance | null,
  path = '',
): void {
  for (const [key, value] of Object.entries(expected)) {
    const here = `${path}.${key}`;
    const tolerance = toleranceOf(here);
    if (tolerance === null) continue;
    const found = actual?.[key];
    if (typeof value === 'number') expectNear(found, value, tolerance, here);
    else if (value !== null && typeof value === 'object') expectFigures(found, value, toleranceOf, here);
    else expect(found, here).toBe(value);
  }
}

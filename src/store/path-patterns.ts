import { sep } from 'node:path';
import picomatch from 'picomatch';
import { remembered } from '../remembered.js';

/** A path with forward slashes. Except on Windows, a backslash is an ordinary character. */
export function forwardSlashes(path: string, separator: string = sep): string {
  return separator === '\\' ? path.replaceAll('\\', '/') : path;
}

/** A path in the form that patterns use: below the ingested root, with forward slashes. */
export function relativePath(path: string, root: string): string {
  const normal = forwardSlashes(path);
  const base = forwardSlashes(root).replace(/\/+$/, '');
  return normal.startsWith(`${base}/`) ? normal.slice(base.length + 1) : (normal.split('/').at(-1) ?? normal);
}

/** Every stored file is held against every pattern: to understand a pattern takes a hundred times as long as to match it. */
const matcherOf = remembered((glob) => picomatch(glob, { dot: true, basename: !glob.includes('/') }));

/** Whether a glob fits a path; a glob without a slash may also fit the name alone. */
export const globMatches = (glob: string, path: string): boolean => matcherOf(glob)(path);

import picomatch from 'picomatch';

/** A path as patterns see it: below the ingested root, forward slashes. */
export function relativePath(path: string, root: string): string {
  const normal = path.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/').replace(/\/+$/, '');
  return normal.startsWith(`${base}/`) ? normal.slice(base.length + 1) : (normal.split('/').at(-1) ?? normal);
}

/** Whether a glob fits a path; a glob without a slash may also fit the name alone. */
export function globMatches(glob: string, path: string): boolean {
  return picomatch.isMatch(path, glob, { dot: true, basename: !glob.includes('/') });
}

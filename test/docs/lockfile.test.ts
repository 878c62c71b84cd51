import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

it('package-lock.json is written as npm 10 writes it, which npm 11 leaves as it is', () => {
  const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { libc?: string[] }>;
  };
  // npm 11 adds `libc` when it makes an entry; `npm install` of npm 10 takes it away again, and the file has changed.
  const marked = Object.entries(packages).filter(([, { libc }]) => libc !== undefined);
  expect(marked.map(([name]) => name)).toEqual([]);
});

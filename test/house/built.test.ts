import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

const dist = join(projectRoot, 'dist');
const read = (path: string) => readFileSync(join(dist, path), 'utf8');

describe.skipIf(!existsSync(join(dist, 'licences.txt')))(
  'what the build makes (skipped where nothing is built)',
  () => {
    it.each(['cli/main.js', 'ingest/load/portion-worker.js', 'fits/worker.js', 'serve/query-process.js'])(
      '%s starts from a bundle, not from hundreds of files',
      (program) => {
        const [, bundle] = /^import '([^']+)';\n$/.exec(read(program)) ?? [];
        expect(existsSync(join(dist, program, '..', bundle as string))).toBe(true);
      },
    );

    it('the licence of every package that is in a bundle goes with it', () => {
      const named = read('licences.txt')
        .split(/^-{80}$/m)
        .map((part) => part.trim().split(' ')[0]);
      expect(named).toEqual(expect.arrayContaining(['zod', 'commander', 'fast-csv', 'preact', 'uplot']));
      expect(read('licences.txt')).not.toMatch(/Licence: undefined/);
    });
  },
);

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';
import { sampleData } from './tables.js';

const scratch = mkdtempSync(join(tmpdir(), 'cellar-sample-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function make(name: string, ...options: string[]): string {
  const out = join(scratch, name);
  const script = join(projectRoot, 'scripts', 'sample-data', 'make.js');
  execFileSync(process.execPath, [script, '--out', out, ...options]);
  return out;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Written by hand beside what the script makes. */
const HAND_WRITTEN = ['README.md'];

describe('sample data', () => {
  it('is byte for byte what the script writes', () => {
    const made = make('again');
    expect(filesBelow(made)).toEqual(filesBelow(sampleData).filter((path) => !HAND_WRITTEN.includes(path)));
    const differing = filesBelow(made).filter(
      (path) => !readFileSync(join(made, path)).equals(readFileSync(join(sampleData, path))),
    );
    expect(differing).toEqual([]);
  });

  it('changes with the seed', () => {
    const made = make('other-seed', '--seed', '7');
    const path = 'lab/zplot/LPSC-04_25degC.z';
    expect(readFileSync(join(made, path)).equals(readFileSync(join(sampleData, path)))).toBe(false);
  });

  it('stays small', () => {
    const size = (path: string) => statSync(join(sampleData, path)).size;
    const paths = filesBelow(sampleData);
    expect(paths.reduce((sum, path) => sum + size(path), 0)).toBeLessThan(8e6);
    const exports = paths.filter((path) => path.startsWith('formats/') && !path.endsWith('truth.json'));
    expect(exports.filter((path) => size(path) > 40e3)).toEqual([]);
  });
});

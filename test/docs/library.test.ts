import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

/** What docs/library.md shows runs as it stands, with the package as another program finds it. */

const text = readFileSync(join(projectRoot, 'docs', 'library.md'), 'utf8');
/** The compiler that checks the sources, too. */
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript-7/package.json')),
  ...['bin', 'tsc'],
);
const programs = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program]) => program!);

describe.skipIf(!existsSync(join(projectRoot, 'dist', 'index.js')))('docs/library.md', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(projectRoot, join(folder, 'node_modules', 'cellar'), 'junction');
  // A part of the sample laboratory is enough to show that the program runs.
  for (const name of ['materials.csv', 'cells.csv', 'conditions.csv', 'cellar.toml', 'arbin/LISEI-02.csv']) {
    cpSync(join(projectRoot, 'sample-data', 'lab', name), join(folder, 'sample-data', 'lab', name), {
      recursive: true,
    });
  }

  /** What the program prints, type by type stripped, run in a folder of its own. */
  function printed(index: number): string[] {
    const { outputText } = ts.transpileModule(programs[index]!, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    const file = join(folder, `program-${index}.mjs`);
    writeFileSync(file, outputText);
    return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  }

  it('reads, analyses and asks', { timeout: 120_000 }, () => {
    const lines = printed(0);
    expect(lines[0]).toMatch(/^\d+ files, \d+ stored$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^LISEI coulombic_efficiency (PASS|FAIL|INCONCLUSIVE|INSUFFICIENT DATA)$/),
    );
    expect(lines.at(-1)).toMatch(/cell_id: 'LISEI-02', cycles: [1-9]\d+/);
  });

  it('has types that hold', { timeout: 60_000 }, () => {
    const files = programs.map((program, index) => {
      const file = join(folder, `typed-${index}.mts`);
      writeFileSync(file, program);
      return file;
    });
    const options = ['--strict', '--noEmit', '--skipLibCheck', '--types', '', '--target', 'ES2022'];
    const words = [compiler, ...options, '--module', 'NodeNext', '--pretty', 'false', ...files];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
    const said = stdout.split('\n').filter((line) => !/^$|Cannot find name 'console'/.test(line));
    expect({ said, stderr }).toEqual({ said: [], stderr: '' });
  });

  it('fits arrays', () => {
    expect(printed(1)).toEqual(['R0 5.00 ohm', 'R1 120.00 ohm', 'valid', '0.300', '0.00050']);
  });
});

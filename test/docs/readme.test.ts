import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cellar } from '../cli/run.js';
import { sampleLaboratory } from '../sample-laboratory.js';
import { projectRoot } from '../shared-data.js';

/** What the README says is run and compared, so that a newcomer never meets a command that does not work. */

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
const commands = blocks
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

/** A folder that looks like the checkout to the commands, so that nothing is written into the checkout. */
const folder = mkdtempSync(join(tmpdir(), 'cellar-readme-'));
symlinkSync(join(projectRoot, 'sample-data'), join(folder, 'sample-data'), 'junction');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Words of a command line; double quotes hold a word together. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Gives the new laboratory exports of the sample: of the cells that the commands name. The demo reads all of them. */
function bringExports(): void {
  const isBrought = /^(LRMO-02|127\.0\.0\.1|LISEI-02|LPSC-01_25degC|materials|cells|conditions|cellar)/;
  cpSync(join(projectRoot, 'sample-data', 'lab'), join(folder, 'mylab'), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || isBrought.test(basename(path)),
  });
}

/** The sample laboratory has a bad line, a missed target and open items: these are the codes the README promises for that. */
const expectedCodes: Record<string, number> = { ingest: 4, check: 1, digest: 3 };

describe('the README', () => {
  it('has nothing but npm and cellar commands', () => {
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands)
      expect(command).toMatch(/^(npx cellar |npm install && npm run demo$|npm it$)/);
  });

  for (const command of commands.filter((line) => line.startsWith('npx cellar '))) {
    it(`runs: ${command}`, { timeout: 120_000 }, () => {
      const given = words(command).slice(2);
      const done = cellar(given, { cwd: folder });
      expect({ code: done.status, stderr: done.status === 70 ? done.stderr : '' }).toEqual({
        code: expectedCodes[given[0] ?? ''] ?? 0,
        stderr: '',
      });
      expect(done.stdout + done.stderr).not.toBe('');
      if (given[0] === 'init') bringExports();
    });
  }

  it('runs the demo, which names every verdict and where the report is', { timeout: 300_000 }, () => {
    const { printed, status } = sampleLaboratory(join(folder, 'demo'));
    for (const word of ['PASS', 'FAIL', 'INCONCLUSIVE', 'INSUFFICIENT DATA']) expect(printed).toContain(word);
    expect(printed).toMatch(/the report \S*report\.html/);
    expect(status).toBe(0);
  });

  it('lists the formats and tables as they are declared', async () => {
    const { generatedReadme } = (await import(join(projectRoot, 'scripts', 'docs.js'))) as {
      generatedReadme(text: string): string;
    };
    expect(generatedReadme(readme)).toBe(readme);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CellarError } from '../../src/errors.js';
import { layEmpty } from '../../src/store/empty.js';
import { examineDatabase } from '../../src/store/health.js';
import { openSnapshot } from '../../src/store/snapshot.js';

/** What a file that is named as a database is taken for before anything is done with it. */

const folder = mkdtempSync(join(tmpdir(), 'cellar-health-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("SQLite's is foreign, is named so, and no extension is looked for", async () => {
  const path = join(folder, 'own.db');
  const content = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(1000)]);
  writeFileSync(path, content);
  expect(await examineDatabase(path, { keepsLog: true })).toMatchObject({ state: 'foreign' });
  const opened = await openSnapshot(path).catch((error: unknown) => error);
  expect(opened).toBeInstanceOf(CellarError);
  expect(opened).toMatchObject({ exitCode: 2, message: expect.stringContaining('SQLite') });
  expect(readFileSync(path)).toEqual(content);
});

it('a setting that is wrong is told as such, not as a database that is open elsewhere', async () => {
  const path = join(folder, 'sound.duckdb');
  await layEmpty(path, folder);
  expect(existsSync(path)).toBe(true);
  process.env.CELLAR_MEMORY_LIMIT = '0';
  try {
    await expect(examineDatabase(path, { keepsLog: true })).rejects.toThrow('CELLAR_MEMORY_LIMIT');
  } finally {
    delete process.env.CELLAR_MEMORY_LIMIT;
  }
});

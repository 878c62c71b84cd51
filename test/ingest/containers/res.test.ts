import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { severalTests } from '../../../scripts/sample-data/native/native.js';
import { readRes } from '../../../src/ingest/containers/res.js';

/** Arbin's database beside another program that reads Access: mdbtools, where it is installed. */

const hasMdbTools = spawnSync('mdb-ver', ['--version']).error === undefined;
if (!hasMdbTools) console.warn('skipped: mdbtools is not installed');

const folder = mkdtempSync(join(tmpdir(), 'cellar-res-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a database of three tests', () => {
  const bytes = severalTests(3);
  const { tables } = readRes(bytes);

  it.runIf(hasMdbTools)('has the values that mdbtools finds in it', () => {
    const path = join(folder, 'several.res');
    writeFileSync(path, bytes);
    const { stdout } = spawnSync('mdb-export', [path, 'Channel_Normal_Table'], { encoding: 'utf8' });
    const [header, ...lines] = stdout.trim().split('\n');
    const names = header!.split(',');
    const rows = lines.map((line) => line.split(',').map(Number));
    expect(tables.map(({ count }) => count)).toEqual(
      [1, 2, 3].map((id) => rows.filter(([of]) => of === id).length),
    );
    for (const [index, { columns }] of tables.entries()) {
      const own = rows.filter(([id]) => id === index + 1);
      for (const { name, values } of columns.filter(({ stands }) => stands === undefined)) {
        const at = names.indexOf(name.replace(/\(.*/, ''));
        // It prints numbers of 32 bits with eight digits.
        for (const [record, row] of own.entries()) expect(values[record]).toBeCloseTo(row[at]!, 6);
      }
    }
  });

  it('is refused where it is encrypted', () => {
    const encrypted = Buffer.from(bytes);
    encrypted.writeUInt32LE(0x12345678, 0x3e);
    expect(() => readRes(encrypted)).toThrow('an encrypted Access database is not readable here');
  });
});

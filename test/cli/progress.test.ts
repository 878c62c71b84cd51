import { describe, expect, it } from 'vitest';
import { createProgress, formatBytes } from '../../src/cli/support/progress.js';

/** A stderr that records what is written. */
function recorder(isTTY: boolean) {
  const written: string[] = [];
  return {
    written,
    isTTY,
    columns: 100,
    write: (text: string | Uint8Array) => written.push(String(text)) > 0,
  };
}

const options = { quiet: false, progress: true, color: false };

describe('createProgress', () => {
  it('prints one line per file where stderr is no terminal', () => {
    const out = recorder(false);
    const progress = createProgress(options, { files: 2, bytes: 10 }, out);
    progress.advance(5);
    progress.fileDone('a.csv', 'ingested, 120 rows');
    progress.fileDone('b.csv', 'duplicate');
    progress.stop();
    expect(out.written).toEqual(['1/2 a.csv: ingested, 120 rows\n', '2/2 b.csv: duplicate\n']);
  });

  it('draws a bar on a terminal and leaves nothing behind', () => {
    const out = recorder(true);
    const progress = createProgress(options, { files: 2, bytes: 2_000_000 }, out);
    progress.advance(1_000_000);
    progress.interject('a note');
    progress.stop();
    expect(out.written.join('')).toContain('1.0 MB of 2.0 MB');
    expect(out.written.join('')).toContain('a note\n');
    expect(out.written.at(-1)).toBe('\r\u001b[2K');
  });

  it('counts a file of a batch that is tried again once', () => {
    const out = recorder(true);
    const progress = createProgress(options, { files: 2, bytes: 0 }, out);
    for (const name of ['a', 'b', 'a', 'b']) progress.fileStored(name);
    progress.fileDone('a', 'ingested');
    progress.interject('a note');
    expect(out.written.at(-1)).toContain(' 2/2 files');
  });

  it('is silent when asked', () => {
    const out = recorder(true);
    const progress = createProgress({ ...options, quiet: true }, { files: 1, bytes: 1 }, out);
    progress.fileDone('a', 'b');
    progress.stop();
    expect(out.written).toEqual([]);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [2_340_000_000, '2.3 GB'],
  ])('%d bytes is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

it('says on a log how far it is when a batch takes long, and not more often than every ten seconds', () => {
  const said: string[] = [];
  let clock = 0;
  const out = { write: (text: string) => said.push(text) > 0, isTTY: false, columns: 80 };
  const progress = createProgress(
    { progress: true, color: false },
    { files: 40, bytes: 4e9 },
    out,
    () => clock,
  );
  for (let second = 1; second <= 25; second++) {
    clock = second * 1000;
    progress.advance(1e8);
    if (second % 5 === 0) progress.fileStored(`f${second}.csv`);
  }
  expect(said).toEqual(['1/40 files, 1.0 GB of 4.0 GB read …\n', '3/40 files, 2.0 GB of 4.0 GB read …\n']);
  progress.fileDone('f5.csv', 'ingested');
  expect(said.at(-1)).toBe('1/40 f5.csv: ingested\n');
  clock += 9000;
  progress.advance(1e8);
  expect(said).toHaveLength(3);
});

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

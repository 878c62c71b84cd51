import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReadExport, readExport } from './read-export.js';

/** Writes an export of the test's own to a file without extension and reads it. */
export async function readWritten(
  content: string | Buffer,
  options: Parameters<typeof readExport>[1] = {},
): Promise<ReadExport> {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-written-'));
  try {
    const path = join(folder, 'export');
    writeFileSync(path, content);
    return await readExport(path, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows of `measurements` in file order; tests count from 1. */
export function measurementsOf(read: ReadExport): Promise<Record<string, number | string | null>[]> {
  return read.rows(
    `SELECT * REPLACE (dense_rank() OVER (ORDER BY test_id) AS test_id) FROM measurements
     ORDER BY test_id, record_index`,
  );
}

/** Points of every spectrum in file order; spectra count from 1. */
export function pointsOf(read: ReadExport): Promise<Record<string, number>[]> {
  return read.rows(
    `SELECT * REPLACE (dense_rank() OVER (ORDER BY spectrum_id) AS spectrum_id) FROM impedance
     ORDER BY spectrum_id, point_index`,
  );
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type IngestOptions, type IngestSummary, ingest } from '../../src/ingest/ingest.js';
import { openReadOnly, select } from '../../src/store/connection.js';
import { databasePaths } from '../../src/store/paths.js';
import { layEmptyWriter } from '../empty-database.js';

/** A folder for exports with a database of its own, to be removed after the test. */
export class Laboratory {
  readonly folder = mkdtempSync(join(tmpdir(), 'cellar-'));
  readonly exports = join(this.folder, 'exports');
  readonly database = join(this.folder, 'cellar.duckdb');

  constructor() {
    mkdirSync(this.exports);
  }

  /** Writes an export, with a modification time later than any before. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.exports, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  async ingest(
    paths: string | string[] = this.exports,
    options: Partial<IngestOptions> = {},
  ): Promise<IngestSummary> {
    if (!existsSync(databasePaths(this.database).writer) && !existsSync(this.database))
      await layEmptyWriter(this.database);
    return ingest([paths].flat(), { database: this.database, ...options });
  }

  /** Rows of a query on the published snapshot. */
  async rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    const database = await openReadOnly(this.database);
    try {
      return await select<Row>(database.connection, sql);
    } finally {
      database.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Files of the ledger whose lines do not add up: must always be none. */
export const unreconciledSql = `SELECT path, status, lines_total, lines_head, lines_structural, rows_loaded, rows_rejected FROM files
  WHERE lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected
     OR least(lines_total, lines_head, lines_structural, rows_loaded, rows_rejected) < 0
     OR rows_rejected <> (SELECT count(*) FROM rejects WHERE rejects.file_id = files.file_id)`;

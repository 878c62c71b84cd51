import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { databasePaths } from '../../src/store/paths.js';
import { noteSeen } from '../../src/store/seen.js';
import { Laboratory } from './laboratory.js';

/**
 * A laboratory whose state can be kept and brought back, in the same place: tests that begin with the same ingest do it
 * once, and change what they like.
 */
export class KeptLaboratory extends Laboratory {
  private readonly kept = mkdtempSync(join(tmpdir(), 'cellar-kept-'));

  /** Keeps exports and database as they are now; the last run must have published. */
  keep(): void {
    cpSync(this.folder, this.kept, { recursive: true });
  }

  /** Brings back what was kept, and removes what came since. An export that nobody changed is left, with its time. */
  async restore(): Promise<void> {
    for (const name of readdirSync(this.folder))
      if (name !== 'exports') rmSync(join(this.folder, name), { recursive: true });
    for (const entry of readdirSync(this.exports, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !this.isUnchanged(path)) rmSync(path);
    }
    cpSync(this.kept, this.folder, { recursive: true, force: false });
    // The copies have other times than those that the run noted.
    await noteSeen(databasePaths(this.database), true);
  }

  private isUnchanged(path: string): boolean {
    const kept = join(this.kept, relative(this.folder, path));
    return existsSync(kept) && readFileSync(path).equals(readFileSync(kept));
  }

  override remove(): void {
    super.remove();
    rmSync(this.kept, { recursive: true, force: true });
  }
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that a run of the tests writes lies in one folder, which is gone with it, whatever became of a test. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-tests-'));
  // As the system's own: some tests run as somebody else.
  chmodSync(folder, 0o1777);
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

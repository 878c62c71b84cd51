import { type ExitCode, exitCodes } from '../../errors.js';
import { discoverFiles } from '../../ingest/bytes/discover.js';
import type { Format } from '../../ingest/formats/index.js';
import { sniffFile } from '../../ingest/sniff/sniff.js';
import { write } from './output.js';

/** `ingest --dry-run`: one line per file that says how it would be read; nothing is stored. */
export async function printPlan(paths: readonly string[], format: Format | undefined): Promise<ExitCode> {
  const { files } = await discoverFiles(paths);
  let isRefused = false;
  for (const file of files) {
    const sniffed = await sniffFile(file.path, { format });
    if (sniffed.kind === 'readable') {
      const kinds = sniffed.tables.map(({ kind }) => kind).join(', ');
      await write(`${file.path}: would be read as ${sniffed.recognition.format.id} (${kinds})\n`);
    } else {
      isRefused ||= sniffed.refusal.status === 'rejected';
      await write(`${file.path}: ${sniffed.refusal.status}: ${sniffed.refusal.message}\n`);
    }
  }
  return isRefused ? exitCodes.rejected : exitCodes.done;
}

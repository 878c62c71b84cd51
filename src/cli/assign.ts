import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';
import { applyMetadata, withWriter } from './support/writing.js';

interface Options {
  json?: boolean;
  wait: string;
}

export function registerAssign(program: Command): void {
  program
    .command('assign')
    .description("say which cell files belong to; kept as file_pattern in the laboratory's cells.csv")
    .argument('<cell>', 'id of the cell; one that has no line yet gets one')
    .argument('<file...>', 'exports of that cell')
    .option('--json', 'print what was assigned as one JSON object')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar assign LPSC-04 /exports/eis/scan_0007.z
  cellar assign K-12 night1.csv night2.csv --lab /exports/lab`,
    )
    .action(action(runAssign));
}

async function runAssign(session: Session, options: Options, cell: string, files: string[]): Promise<void> {
  for (const file of files) {
    if (!existsSync(file)) throw usageError(`${file} does not exist`, 'name exports');
  }
  const { assignFiles } = await import('../ingest/correct/assign-files.js');
  const assigned = await withWriter(session, `cellar assign ${cell}`, options.wait, async (writer) => {
    const done = await assignFiles(writer.connection, {
      cell,
      files,
      lab: session.lab,
      database: session.db,
    });
    await applyMetadata(session, writer);
    return done;
  });
  if (options.json === true) return writeJson({ schema: 'cellar.assign/1', cell_id: cell, ...assigned });
  await write(`${assigned.cells_csv}: file_pattern of ${cell} is ${assigned.file_pattern}\n`);
}

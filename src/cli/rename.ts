import type { Command } from 'commander';
import { write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';
import { applyMetadata, withWriter } from './support/writing.js';

interface Options {
  json?: boolean;
  wait: string;
}

export function registerRename(program: Command): void {
  program
    .command('rename')
    .description('give a cell another id: its history, exclusions and verdicts go along')
    .argument('<cell>', 'id of the cell')
    .argument('<new>', 'its new id')
    .option('--json', 'print what was renamed as one JSON object')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar rename K-04 K-44

Its line in cells.csv gets the new id and keeps the old one in former_ids, so that files that name the old one still belong to it.
If the line has the new id already, what is stored under the old one gets it too.`,
    )
    .action(action(runRename));
}

async function runRename(session: Session, options: Options, cell: string, to: string): Promise<void> {
  const { renameCell } = await import('../ingest/correct/rename-cell.js');
  const done = await withWriter(session, `cellar rename ${cell} ${to}`, options.wait, async (writer) => {
    const renamed = await renameCell(writer.connection, {
      from: cell,
      to,
      lab: session.lab,
      database: session.db,
    });
    await applyMetadata(session, writer);
    return renamed;
  });
  if (options.json === true)
    return writeJson({ schema: 'cellar.rename/1', cell_id: to, former_id: cell, ...done });
  await write(`${cell} is ${to} now${done.cells_csv === null ? '' : `, in ${done.cells_csv} too`}\n`);
}

import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { openSnapshot } from '../store/snapshot.js';
import { waitOption } from './support/analysis.js';
import { requireDatabase } from './support/database.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

interface Options {
  reason?: string;
  undo?: boolean;
  json?: boolean;
  wait: string;
}

export function registerExclude(program: Command): void {
  program
    .command('exclude')
    .description('leave a cell out of verdicts, on record; without a cell: list what is left out')
    .argument('[cell]', 'cell to leave out')
    .option('--reason <text>', 'why: a short, a leak, a wrong electrode')
    .option('--undo', 'take the exclusion back')
    .option('--json', 'print the list as one JSON object')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar exclude LRMO-04 --reason "internal short after cycle 11"
  cellar exclude LRMO-04 --undo
  cellar exclude                          every exclusion, taken back ones too

Its fits stay, verdicts list it with the reason, and the value with it stands beside the value without.`,
    )
    .action(action(runExclude));
}

async function runExclude(session: Session, options: Options, cell?: string): Promise<void> {
  if (cell === undefined) {
    if (options.reason !== undefined || options.undo === true)
      throw usageError('no cell is named', 'cellar exclude CELL --reason TEXT');
    return list(session, options);
  }
  const reason = options.reason?.trim() ?? '';
  if (options.undo !== true && reason === '') {
    throw usageError(`why is ${cell} left out?`, `cellar exclude ${cell} --reason TEXT`);
  }
  if (options.undo === true && reason !== '') {
    throw usageError('--undo takes no reason', `cellar exclude ${cell} --undo`);
  }
  requireDatabase(session.db);
  const { excludeCell, undoExclusion } = await import('../targets/exclusions.js');
  const { openWriter } = await import('../store/writer.js');
  const writer = await openWriter(session.db, {
    command: `cellar exclude ${cell}`,
    waitSeconds: waitOption(options.wait),
  });
  try {
    if (options.undo === true) await undoExclusion(writer.connection, cell);
    else await excludeCell(writer.connection, cell, reason);
    await writer.publish();
  } finally {
    await writer.end();
  }
  await write(
    options.undo === true ? `${cell} counts again\n` : `${cell} is left out of verdicts: ${reason}\n`,
  );
}

async function list(session: Session, options: Options): Promise<void> {
  const { listExclusions } = await import('../targets/exclusions.js');
  const snapshot = await openSnapshot(session.db);
  const records = await listExclusions(snapshot.connection).finally(() => snapshot.close());
  if (options.json === true) return writeJson({ schema: 'cellar.exclude/1', exclusions: records });
  if (records.length === 0) return write('no cell is left out\n');
  const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? '';
  return writeTable(
    [{ name: 'cell' }, { name: 'reason' }, { name: 'since' }, { name: 'taken back' }],
    records.map(({ cell_id, reason, decided_at, undone_at }) => [
      cell_id,
      reason,
      decided_at === null ? 'cells.csv' : day(decided_at),
      day(undone_at),
    ]),
    session.options,
  );
}

import type { Command } from 'commander';
import { rejectsInWords } from '../store/place.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('what is in the database, and what needs attention')
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', '\nExamples:\n  cellar status\n  cellar status --json')
    .action(action(runStatus));
}

async function runStatus(session: Session, options: { json?: boolean }): Promise<void> {
  const { readStatus } = await import('../digest/status.js');
  const { channelsText } = await import('../digest/channels.js');
  const { openSnapshot } = await import('../store/snapshot.js');
  const snapshot = await openSnapshot(session.db);
  const status = await readStatus(snapshot.connection);
  snapshot.close();
  const { describeForeignLog } = await import('../store/foreign-log.js');
  const foreignLog = describeForeignLog(session.db);
  if (options.json === true) {
    await writeJson({ schema: 'cellar.status/1', ...status, foreign_log: foreignLog ?? null });
    return;
  }
  if (foreignLog !== undefined) session.notes.warn(foreignLog);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  await write(
    `${status.files_by_status.map(({ status: name, n }) => `${n} ${name}`).join(', ') || 'no files'}\n` +
      `${count(status.totals.tests, 'test')}, ${count(status.totals.measurements, 'measurement')}, ${status.totals.spectra} spectra, ${rejectsInWords(status.totals.rejects_by_unit)}\n`,
  );
  if (status.channels.length > 0) await write(`${channelsText(status.channels)}\n`);
  await section('Files that were refused', status.refused, ['path', 'status', 'message'], session);
  await section('Files that were ignored', status.ignored, ['path', 'message'], session);
  await section('Findings', status.findings, ['code', 'severity', 'files', 'example'], session);
  await section(
    'Tests without a cell (name the cell in cells.csv)',
    status.tests_without_cell,
    ['test_id', 'path'],
    session,
  );
  await section('Spectra without a cell', status.spectra_without_cell, ['path', 'spectra'], session);
  await section(
    'Spectra without a temperature (give it in conditions.csv)',
    status.spectra_without_temperature,
    ['path', 'cell_id', 'spectra'],
    session,
  );
  await section(
    'Patterns that fit no file',
    status.unused_patterns,
    ['table', 'cell_id', 'file_pattern'],
    session,
  );
  await section('Cells without data', status.cells_without_data, ['cell_id', 'material_id'], session);
}

async function section(
  title: string,
  rows: readonly object[],
  columns: readonly string[],
  session: Session,
): Promise<void> {
  if (rows.length === 0) return;
  await write(`\n${title}\n`);
  await writeTable(
    columns.map((name) => ({ name })),
    rows.map((row) => columns.map((name) => String((row as Record<string, unknown>)[name] ?? ''))),
    session.options,
  );
}

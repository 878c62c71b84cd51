import { type Command, Option } from 'commander';
import type { ExportFormat, ExportSummary, Place } from '../export/index.js';
import { writeJson } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { createProgress, type Progress } from './support/progress.js';
import { action, type Session } from './support/session.js';

interface ExportOptions {
  format: ExportFormat;
  cell?: string[];
  json?: boolean;
}

const help = `
Examples:
  cellar export lake                          Parquet, one folder per cell and test, and every other table
  cellar export lake                          again: only what changed is written
  cellar export bdf --format bdf              one CSV per test in the Battery Data Format
  cellar export a1 --cell A1 --cell A2        two cells only

How to open the files in pandas, polars, R, Spark or a spreadsheet: docs/export.md`;

/** Adds `cellar export`. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .summary('the data as files for other tools')
    .description('Write tables and measurements into a folder, for pandas, R, Spark and others.')
    .argument('<dir>', 'a new folder, or one that an earlier export made; or s3://BUCKET/PATH')
    .addOption(
      new Option('--format <format>', 'kind of files')
        .choices(['parquet', 'arrow', 'bdf', 'bdf-parquet'])
        .default('parquet'),
    )
    .option('--cell <id>', 'export this cell only; repeatable', (value: string, before: string[] = []) => [
      ...before,
      value,
    ])
    .option('--json', 'print the outcome as one JSON object')
    .addHelpText('after', help)
    .action(action(runExport));
}

async function runExport(session: Session, options: ExportOptions, folder: string): Promise<void> {
  const { exportDatabase, openPlace } = await import('../export/index.js');
  const { openSnapshot } = await import('../store/snapshot.js');
  const database = await openSnapshot(session.db);
  let progress: Progress | undefined;
  let place: Place | undefined;
  try {
    place = await openPlace(folder);
    const summary = await exportDatabase(database.connection, {
      place,
      format: options.format,
      cells: options.cell === undefined ? null : [...new Set(options.cell)].sort(),
      signal: takeInterruption(),
      onPlan: (files) => {
        progress = createProgress(session.options, { files, bytes: 0 });
      },
      onFile: (path, outcome) => progress?.fileDone(path, outcome),
    });
    progress?.stop();
    if (options.json === true) await writeJson({ schema: 'cellar.export/1', folder, ...summary });
    else report(session, folder, summary);
  } finally {
    progress?.stop();
    database.close();
    place?.close();
  }
}

function report({ notes }: Session, folder: string, summary: ExportSummary): void {
  const { written, unchanged, removed, skipped } = summary;
  for (const { test_id, reason } of skipped) notes.warn(`test ${test_id} is left out: ${reason}`);
  notes.note(
    `${folder}: ${written.length} files written, ${unchanged.length} unchanged, ${removed.length} removed`,
  );
}

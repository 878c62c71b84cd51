import type { Command } from 'commander';
import { type ExitCode, exitCodes, storageError, usageError } from '../errors.js';
import type { FileOutcome } from '../ingest/file-context.js';
import type { IngestOptions, IngestSummary } from '../ingest/ingest.js';
import type { WatchOptions } from '../ingest/watch.js';
import { isDiskFull } from '../store/disk-space.js';
import { placeIn } from '../store/place.js';
import {
  collectOption,
  dateOrderOption,
  formatOption,
  repairOption,
  secondsOption,
} from './support/ingest-options.js';
import { writeJson } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { createProgress, formatBytes, type Progress } from './support/progress.js';
import { action, type Session } from './support/session.js';
import { visible } from './support/text-width.js';

interface Options {
  format?: string;
  json?: boolean;
  dryRun?: boolean;
  dateOrder?: string;
  supersede?: boolean;
  reread?: boolean;
  repair: string[];
  wait: string;
  watch?: boolean;
  settle: string;
  poll: string;
  publishEvery: string;
}

export function registerIngest(program: Command): void {
  program
    .command('ingest')
    .description('read exports into the database: files, or folders with everything below them')
    .argument('<path...>', 'files or folders of exports')
    .option('--format <id>', 'read every file as this format, whatever it looks like')
    .option('--date-order <order>', 'order of day and month in numeric dates: mdy or dmy')
    .option('--reread', 'read stored files again, with the current settings')
    .option('--supersede', 'where a file contradicts a stored test, take the file')
    .option(
      '--repair <code>',
      'make the repairs that findings of this code propose, also in files read before; may be given more than once',
      collectOption,
      [],
    )
    .option('--dry-run', 'say what would be read, and store nothing')
    .option('--wait <seconds>', 'how long to wait for another ingest', '10')
    .option('--watch', 'go on: look at the folders again and again and take what arrives')
    .option('--settle <seconds>', 'with --watch: take a file when it has not changed for this long', '30')
    .option('--poll <seconds>', 'with --watch: how often the folders are looked at', '10')
    .option('--publish-every <seconds>', 'with --watch: show readers what is new at most this often', '300')
    .option('--json', 'print the outcome as one JSON object; with --watch, one object per event and line')
    .addHelpText(
      'after',
      `
Examples:
  cellar ingest /exports                 everything below /exports; what was read before is only looked up
  cellar ingest night1.csv night2.csv    single files
  cellar ingest /exports --dry-run       which formats, and what would be refused
  cellar ingest /exports --repair TIME_SCALE   correct times that the files' own clocks contradict
  cellar ingest /exports --json          for a script; exit code 4: something was newly rejected
  cellar ingest /exports --watch         all day long, network shares too; Ctrl-C ends it
  cellar schedule /exports               how to have it run every night`,
    )
    .action(action(runIngest));
}

async function runIngest(session: Session, options: Options, paths: string[]): Promise<ExitCode> {
  if (options.dryRun === true) {
    const { printPlan } = await import('./support/dry-run.js');
    return printPlan(paths, await formatOption(options.format, session.lab));
  }
  const repair = await repairOption(options.repair);
  const given = {
    database: session.db,
    lab: session.lab,
    format: await formatOption(options.format, session.lab),
    dateOrder: dateOrderOption(options.dateOrder),
    supersede: options.supersede,
    reread: options.reread,
    waitSeconds: secondsOption('--wait', options.wait),
    signal: takeInterruption(),
    command: `cellar ingest ${paths.join(' ')}`,
  };
  return options.watch === true
    ? watchFolders(options, given, paths)
    : ingestOnce(session, options, { ...given, repair }, paths);
}

/** Runs until it is interrupted, and reports what happens line by line. */
async function watchFolders(
  options: Options,
  given: Omit<WatchOptions, 'settleSeconds' | 'pollSeconds' | 'publishEverySeconds' | 'onEvent'>,
  paths: string[],
): Promise<ExitCode> {
  if (options.repair.length > 0) {
    throw usageError(
      '--watch and --repair exclude each other',
      'run `cellar ingest` with --repair once, by itself',
    );
  }
  const { watch } = await import('../ingest/watch.js');
  const { eventLine } = await import('../ingest/events.js');
  await watch(paths, {
    ...given,
    command: `${given.command} --watch`,
    settleSeconds: secondsOption('--settle', options.settle),
    pollSeconds: Math.max(0.05, secondsOption('--poll', options.poll)),
    publishEverySeconds: secondsOption('--publish-every', options.publishEvery),
    onEvent: (event) => {
      if (options.json === true) process.stdout.write(`${JSON.stringify(event)}\n`);
      else process.stderr.write(`${visible(eventLine(event))}\n`);
    },
  });
  return exitCodes.done;
}

async function ingestOnce(
  session: Session,
  options: Options,
  asked: IngestOptions,
  paths: string[],
): Promise<ExitCode> {
  const { ingest } = await import('../ingest/ingest.js');
  let progress: Progress | undefined;
  const given: IngestOptions = {
    ...asked,
    onStart: (total) => {
      progress = createProgress(session.options, total);
    },
    onBytes: (count) => progress?.advance(count),
    onStored: (path) => progress?.fileStored(path),
    onFile: (outcome) => progress?.fileDone(outcome.row.path, describeOutcome(outcome)),
  };
  try {
    const summary = await ingest(paths, given);
    progress?.stop();
    if (options.json === true) writeJson(await jsonSummary(summary));
    else printSummary(session, summary);
    return summary.hasTrouble ? exitCodes.rejected : exitCodes.done;
  } catch (error) {
    progress?.stop();
    if (isDiskFull(error)) {
      throw storageError(
        'the disk is full; what was committed before stays',
        'free space and run the same command again',
      );
    }
    throw error;
  }
}

/** What became of a file, in a few words. */
export function describeOutcome({ row, rejects, findings }: FileOutcome): string {
  const parts = [row.status, row.format ?? '', row.rows_loaded > 0 ? `${row.rows_loaded} rows` : ''];
  if (rejects.length > 0) parts.push(`${rejects.length} rejected`);
  const warnings = findings.filter(({ code }) => code !== 'APPENDED').length;
  if (warnings > 0) parts.push(`${warnings} ${warnings === 1 ? 'finding' : 'findings'}`);
  if (row.status !== 'ingested') parts.push(row.message);
  return parts.filter((part) => part !== '').join(', ');
}

async function jsonSummary(summary: IngestSummary): Promise<object> {
  const { severityOf } = await import('../ingest/findings.js');
  const files = summary.outcomes.map(({ row, findings }) => ({
    ...row,
    modified_ns: String(row.modified_ns),
    findings: findings.map(({ code, message, testId, line, repaired, repair }) => ({
      code,
      severity: severityOf(code),
      message,
      test_id: testId ?? null,
      line_number: line ?? null,
      repaired: repaired ?? false,
      repair: repair ?? null,
    })),
  }));
  return {
    schema: 'cellar.ingest/1',
    files,
    totals: totalsOf(summary),
    postponed: summary.postponed,
    vanished: summary.vanished,
    moved: summary.moved,
    returned: summary.returned,
    emptied: summary.emptied,
    skipped: summary.skipped,
    repaired: summary.repaired,
    unreadable: summary.unreadable,
    notices: summary.notices,
  };
}

function totalsOf({ outcomes, unchanged, postponed }: IngestSummary) {
  const byStatus: Record<string, number> = {};
  for (const { row } of outcomes) byStatus[row.status] = (byStatus[row.status] ?? 0) + 1;
  const sum = (pick: (outcome: FileOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  return {
    files: outcomes.length,
    unchanged,
    postponed: postponed.length,
    by_status: byStatus,
    rows_loaded: sum(({ row }) => row.rows_loaded),
    rows_rejected: sum(({ row }) => row.rows_rejected),
    bytes: sum(({ row }) => row.size_bytes),
  };
}

/** Findings of one file, one line per code. */
export function findingLines(findings: FileOutcome['findings']): string[] {
  const byCode = new Map<string, string[]>();
  for (const { code, message } of findings) byCode.set(code, [...(byCode.get(code) ?? []), message]);
  return [...byCode].map(
    ([code, [first, ...more]]) =>
      `${code}: ${first}${more.length === 0 ? '' : ` (and ${more.length} more like this)`}`,
  );
}

function printSummary(session: Session, summary: IngestSummary): void {
  const { notes } = session;
  for (const notice of summary.notices) notes.warn(notice);
  for (const { row, rejects } of summary.outcomes) {
    if (row.status === 'rejected' || row.status === 'conflict') notes.warn(`${row.path}: ${row.message}`);
    for (const reject of rejects.slice(0, 5)) {
      const column = reject.column_name === null ? '' : `, column ${reject.column_name}`;
      notes.warn(`${row.path}, ${placeIn(row, reject.line_number)}${column}: ${reject.reason}`);
    }
    if (rejects.length > 5)
      notes.warn(`${row.path}: ${rejects.length - 5} more ${row.unit_of_lines}s in table rejects`);
  }
  for (const { row, findings } of summary.outcomes) {
    for (const line of findingLines(findings)) notes.note(`${row.path}: ${line}`);
  }
  for (const { path, code, message } of summary.repaired)
    notes.note(`${path}: repaired: ${code}: ${message}`);
  for (const { path, message } of summary.postponed) notes.note(`${path}: ${message}`);
  for (const { path, files } of summary.emptied) {
    notes.warn(`${path}: empty, it held ${files} files: is the share mounted? Their data are kept`);
  }
  for (const path of summary.vanished) notes.note(`${path}: not there any more; its data are kept`);
  for (const { path, to } of summary.moved) notes.note(`${path}: moved to ${to}`);
  for (const { path, message } of summary.skipped) notes.note(`${path}: passed over: ${message}`);
  for (const path of summary.returned) notes.note(`${path}: there again`);
  for (const { path, message } of summary.unreadable) notes.warn(`${path}: cannot be read: ${message}`);
  if (!summary.isPublished) {
    notes.note(
      'a reader holds the snapshot: the new one waits beside it and is put in place by the next run',
    );
  }
  const totals = totalsOf(summary);
  const counts = Object.entries(totals.by_status).map(([status, count]) => `${count} ${status}`);
  if (totals.unchanged > 0) counts.push(`${totals.unchanged} unchanged`);
  process.stdout.write(
    `${counts.join(', ') || 'nothing new'}; ${totals.rows_loaded} rows stored, ${totals.rows_rejected} rejected, ${formatBytes(totals.bytes)} read\n`,
  );
}

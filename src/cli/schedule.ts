import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { databasePaths } from '../store/paths.js';
import { write } from './support/output.js';
import type { Night, Scheduler } from './support/schedules.js';
import { action, type Session } from './support/session.js';

interface Options {
  at: string;
  for?: string;
}

export function registerSchedule(program: Command): void {
  program
    .command('schedule')
    .description('print ready entries for systemd, cron, launchd and Windows that run the night')
    .argument('<path...>', 'files or folders of exports')
    .option('--at <time>', 'hour and minute of every night', '02:00')
    .option('--for <scheduler>', 'only this one: systemd, cron, launchd or windows')
    .addHelpText(
      'after',
      `
Examples:
  cellar schedule /exports                            all of them, to choose from
  cellar schedule /exports --for cron --at 03:30
  cellar schedule /exports --db /data/cellar.duckdb --lab /data/lab --for systemd

Each night: ingest, then check, then a digest beside the database, then notify, however the others ended. Nothing is installed; what is printed is for you to
put in place.`,
    )
    .action(action(printSchedule));
}

function timeOf(given: string): { hour: number; minute: number } {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(given) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) {
    throw usageError(`--at ${given} is not a time of day`, 'such as --at 02:00');
  }
  return { hour: Number(hour), minute: Number(minute) };
}

/** The path of the running program, with links resolved. */
function thisProgram(): string {
  const program = fileURLToPath(new URL('../../bin/cellar.js', import.meta.url));
  return existsSync(program) ? realpathSync(program) : resolve(process.argv[1] ?? 'cellar');
}

function nightOf(session: Session, { at }: Options, paths: readonly string[]): Night {
  for (const path of [...paths, session.db, session.lab ?? '']) {
    if (/\p{Cc}/u.test(path)) {
      throw usageError(
        `${JSON.stringify(path)} holds a control character, which no scheduler's entry can name`,
        'rename it, or schedule the folder above it',
      );
    }
  }
  for (const path of paths) {
    if (!existsSync(path)) throw usageError(`${path} does not exist`, 'name a file or folder of exports');
  }
  const { snapshot } = databasePaths(session.db);
  const folder = dirname(snapshot);
  if (!existsSync(folder)) {
    throw usageError(`${folder} does not exist`, 'make the folder of the database first');
  }
  const cellar = [process.execPath, thisProgram()];
  const common = ['--db', snapshot, ...(session.lab === undefined ? [] : ['--lab', resolve(session.lab)])];
  return {
    ...timeOf(at),
    commands: [
      // A watch or a colleague's ingest may hold the database for a while.
      [...cellar, 'ingest', ...paths.map((path) => resolve(path)), ...common, '--wait', '3600', '--quiet'],
      [...cellar, 'check', ...common, '--wait', '3600', '--quiet'],
      [...cellar, 'digest', '--markdown', '-o', join(folder, 'digest.md'), '--db', snapshot],
    ],
    finally: [...cellar, 'notify', ...common, '--quiet'],
    folder,
    log: join(folder, 'last-night.log'),
  };
}

async function printSchedule(session: Session, options: Options, paths: string[]): Promise<void> {
  const { scheduleFor, schedulers } = await import('./support/schedules.js');
  const wanted = options.for?.toLowerCase();
  if (wanted !== undefined && !(schedulers as readonly string[]).includes(wanted)) {
    throw usageError(`--for ${options.for} is not a scheduler`, `choose from ${schedulers.join(', ')}`);
  }
  const night = nightOf(session, options, paths);
  const asked = wanted === undefined ? schedulers : [wanted as Scheduler];
  await write(asked.map((scheduler) => scheduleFor(scheduler, night)).join('\n'));
}

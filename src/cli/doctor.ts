import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../errors.js';
import type { Diagnosis } from '../store/diagnosis.js';
import { outputStyle, write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('is everything in order: versions, lock, snapshot, lines reconciled, disk space')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  cellar doctor\n  cellar doctor --json\n\nExit code 1: something is wrong.',
    )
    .action(action(runDoctor));
}

const signs: Record<Diagnosis['state'], string> = { ok: '✓ ok', warning: '! look', wrong: '✗ wrong' };

async function runDoctor(session: Session, options: { json?: boolean }): Promise<ExitCode> {
  const { diagnose } = await import('../store/doctor.js');
  const found = await diagnose(session.db);
  const isWrong = found.some(({ state }) => state === 'wrong');
  if (options.json === true) {
    await writeJson({ schema: 'cellar.doctor/1', checks: found, exit_code: isWrong ? 1 : 0 });
  } else {
    const style = outputStyle(session.options);
    const paint = { ok: style.green, warning: style.yellow, wrong: style.red };
    for (const { what, state, message, hint } of found) {
      await write(
        `${paint[state](signs[state].padEnd(8))} ${what}: ${message}${hint === null ? '' : `; ${hint}`}\n`,
      );
    }
  }
  return isWrong ? exitCodes.failed : exitCodes.done;
}

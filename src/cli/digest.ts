import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { write, writeData } from './support/output.js';
import { action, type Session } from './support/session.js';

interface Options {
  since?: string;
  json?: boolean;
  markdown?: boolean;
  output?: string;
}

export function registerDigest(program: Command): void {
  program
    .command('digest')
    .description('what is new since last night, and what to do about it')
    .option('--since <run|date>', 'a run, a date or a date with time (default: the last 24 hours)')
    .option('--json', 'print it as one JSON object')
    .option('--markdown', 'print it as Markdown')
    .option('-o, --output <file>', 'write to a file')
    .addHelpText(
      'after',
      `
Examples:
  cellar digest                          the last 24 hours
  cellar digest --since 2026-03-08       since that midnight, by this machine's clock
  cellar digest --since 17 --markdown    since run 17 began (\`cellar query "select * from runs"\`)

New tests, what lacks metadata, findings, refused files and lines, cells whose efficiency or capacity left their own
trend, verdicts that changed, files that are gone; and what a person should do, with the commands. Exit code 3: something
is open for a person.`,
    )
    .action(action(runDigest));
}

async function runDigest(session: Session, options: Options): Promise<ExitCode> {
  if (options.json === true && options.markdown === true) {
    throw usageError('--json and --markdown exclude each other', 'leave one of them out');
  }
  const { readDigest } = await import('../digest/digest.js');
  const { actionsOf, hasOpenItems } = await import('../digest/actions.js');
  const digest = await readDigest(session.db, options.since);
  const isUsual = session.db === 'cellar.duckdb' || session.db === process.env.CELLAR_DB;
  const actions = actionsOf(digest, isUsual ? undefined : session.db);
  const { digestMarkdown, digestText } = await import('./support/digest-text.js');
  const text =
    options.json === true
      ? `${JSON.stringify({ schema: 'cellar.digest/1', ...digest, to_do: actions }, undefined, 2)}\n`
      : options.markdown === true
        ? digestMarkdown(digest, actions)
        : digestText(digest, actions);
  const code = hasOpenItems(digest) ? exitCodes.undecided : exitCodes.done;
  if (options.output === undefined) {
    await (options.json === true ? writeData(text) : write(text));
    return code;
  }
  await writeFile(options.output, text);
  session.notes.note(`wrote ${options.output}`);
  return code;
}

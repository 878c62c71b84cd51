import type { Command } from 'commander';
import { write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';

interface Options {
  test?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function registerNotify(program: Command): void {
  program
    .command('notify')
    .description('tell people, by mail, webhook or command, what is worth telling; each thing once')
    .option('--test', 'send a test message every way, and record nothing')
    .option('--dry-run', 'print what would be sent, and send nothing')
    .option('--json', 'print what was sent as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar notify --test        does it arrive?
  cellar notify --dry-run     what would be told now

[notify] in cellar.toml says whom (docs/nightly.md): failed and missing nights, folders that cannot be entered or are empty,
refused files and lines, channels that fell silent, verdicts that changed. Secrets come from the environment or from files
of mode 600. \`cellar schedule\` has it run after each night.`,
    )
    .action(action(runNotify));
}

async function runNotify(session: Session, options: Options): Promise<void> {
  const { notify } = await import('../notify/notify.js');
  const outcome = await notify({
    database: session.db,
    lab: session.lab,
    isTest: options.test === true,
    isDryRun: options.dryRun === true,
  });
  if (options.json === true) {
    return writeJson({ schema: 'cellar.notify/1', items: outcome?.items ?? [], told: outcome?.told ?? [] });
  }
  if (outcome === undefined) {
    return session.notes.note(
      'there is nobody to notify: no cellar.toml has a [notify] section (docs/nightly.md)',
    );
  }
  if (options.dryRun === true) {
    for (const { text } of outcome.items) await write(`${text}\n`);
    if (outcome.items.length === 0) session.notes.note('nothing new to tell');
    return;
  }
  for (const { by, items } of outcome.told) await write(`${by}: ${items} told\n`);
  if (outcome.told.length === 0) session.notes.note('nothing new to tell');
}

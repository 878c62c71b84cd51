import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { write } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('make a lab folder with commented templates of its metadata and targets')
    .argument('[dir]', 'folder, made where it is not there', '.')
    .addHelpText('after', '\nExamples:\n  cellar init                 in this folder\n  cellar init lab')
    .action(action(runInit));
}

async function runInit(_session: Session, _options: object, dir: string): Promise<void> {
  const { labTemplates } = await import('./support/templates.js');
  const names = Object.keys(labTemplates);
  const present = names.filter((name) => existsSync(join(dir, name)));
  if (present.length > 0) {
    throw usageError(
      `${present.map((name) => join(dir, name)).join(', ')} ${present.length === 1 ? 'is' : 'are'} there already; nothing was written`,
      'name another folder, or remove them first',
    );
  }
  await mkdir(dir, { recursive: true });
  for (const name of names) await writeFile(join(dir, name), labTemplates[name] as string, { flag: 'wx' });
  await write(
    `${names.map((name) => join(dir, name)).join('\n')}\n\n` +
      `Fill in materials.csv and cells.csv, then: cellar ingest EXPORTS --lab ${dir}\n`,
  );
}

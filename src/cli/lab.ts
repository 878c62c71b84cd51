import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerLab(program: Command): void {
  const lab = program
    .command('lab')
    .description("look over the laboratory's metadata, or draft what is missing")
    .addHelpText(
      'after',
      `
Examples:
  cellar lab check /exports/lab
  cellar lab draft /exports >> drafts.csv`,
    );
  lab
    .command('check')
    .description(
      'read cells.csv, materials.csv, conditions.csv and cellar.toml and say everything that is wrong at once',
    )
    .argument('[dir]', 'folder of the metadata (default: --lab, else this folder)')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar lab check /exports/lab        before the night
  cellar lab check --json

Exit code 2: something is wrong. Doubts alone, such as a pattern that fits no file below the folder, exit with 0.`,
    )
    .action(action(runCheck));
  lab
    .command('draft')
    .description(
      'draft the lines of cells.csv and conditions.csv that files without a cell or temperature need',
    )
    .argument('[dir]', 'folder of exports (default: this folder)')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar lab draft /exports >> drafts.csv

Ids, temperatures and geometry come from preambles, names and folders: guesses for a person to complete. What is stored
already is looked up in the database; a folder from which nothing is stored is read without a database.`,
    )
    .action(action(runDraft));
}

async function runCheck(session: Session, options: { json?: boolean }, given?: string): Promise<ExitCode> {
  const folder = given ?? session.lab ?? '.';
  const { checkMetadata } = await import('../ingest/lab/check.js');
  const { describeMistake } = await import('../ingest/lab/mistakes.js');
  const found = await checkMetadata(folder);
  const code = found.mistakes.length > 0 ? exitCodes.usage : exitCodes.done;
  if (options.json === true) {
    await writeJson({ schema: 'cellar.lab-check/1', ...found, exit_code: code });
    return code;
  }
  for (const mistake of found.mistakes) await write(`wrong: ${describeMistake(mistake)}\n`);
  for (const doubt of found.doubts) await write(`look:  ${doubt}\n`);
  const counts = Object.entries(found.counts).map(([table, count]) => `${count} ${table}`);
  await write(`${found.folder}: ${counts.join(', ')}; ${found.mistakes.length} mistakes\n`);
  return code;
}

async function runDraft(session: Session, options: { json?: boolean }, given?: string): Promise<void> {
  const folder = resolve(given ?? '.');
  if (!existsSync(folder)) throw usageError(`${folder} does not exist`, 'name a folder of exports');
  const { draftFolder } = await import('../ingest/lab-draft.js');
  const { draftText } = await import('../ingest/lab/draft.js');
  const draft = await draftFolder(folder, session.db, session.lab);
  if (options.json === true) return writeJson({ schema: 'cellar.lab-draft/1', folder, ...draft });
  const text = draftText(draft);
  if (text === '') session.notes.note('every file has a cell, and every spectrum a temperature');
  return write(text);
}

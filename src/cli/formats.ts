import type { Command } from 'commander';
import { writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerFormats(program: Command): void {
  program
    .command('formats')
    .description('list what can be read: vendor, software versions seen, and whether a recorded file was')
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', '\nExample:\n  cellar formats')
    .action(action(runFormats));
}

async function runFormats(session: Session, options: { json?: boolean }): Promise<void> {
  const { formats } = await import('../ingest/formats/index.js');
  const rows = formats.map(({ id, vendor, title, kind, software, evidence }) => ({
    id,
    vendor,
    title,
    kind,
    software,
    evidence,
  }));
  if (options.json === true) {
    await writeJson({ schema: 'cellar.formats/1', formats: rows });
    return;
  }
  await writeTable(
    [{ name: 'id' }, { name: 'vendor' }, { name: 'what' }, { name: 'seen from' }, { name: 'evidence' }],
    rows.map(({ id, vendor, title, software, evidence }) => [
      id,
      vendor,
      title,
      software.join('; '),
      evidence === 'recorded' ? 'recorded file' : 'description only',
    ]),
    session.options,
  );
}

import type { Command } from 'commander';
import type { OwnFile } from '../ingest/containers/kinds.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerFormats(program: Command): void {
  program
    .command('formats')
    .description('list what can be read: vendor, versions, and what shows that it is read correctly')
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', '\nExample:\n  cellar formats')
    .action(action(runFormats));
}

async function runFormats(session: Session, options: { json?: boolean }): Promise<void> {
  const { formats } = await import('../ingest/formats/index.js');
  const { ownFiles } = await import('../ingest/containers/kinds.js');
  const rows = formats.map(({ id, vendor, title, kind, software, evidence }) => ({
    id,
    vendor,
    title,
    kind,
    software,
    evidence,
  }));
  if (options.json === true) {
    await writeJson({ schema: 'cellar.formats/1', formats: rows, own_files: ownFiles.map(ownFileRow) });
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
  await write("\nInstruments' own files, whose tables are in one of these formats:\n");
  await writeTable(
    [{ name: 'file' }, { name: 'vendor' }, { name: 'what' }, { name: 'seen' }, { name: 'checked against' }],
    ownFiles.map(({ file, vendor, title, versions, described, checkedAgainst }) => [
      file,
      vendor,
      title,
      described === undefined ? versions : `${versions}; ${described} (described)`,
      checkedAgainst,
    ]),
    session.options,
  );
}

const ownFileRow = ({ file, vendor, title, versions, described, checkedAgainst }: OwnFile) => ({
  file,
  vendor,
  title,
  versions,
  described_versions: described ?? null,
  checked_against: checkedAgainst,
});

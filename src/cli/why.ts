import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { openSnapshot } from '../store/snapshot.js';
import type { FilePart, StoredMetric, StoredReading, StoredVerdict } from '../targets/why.js';
import { outputStyle, write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerWhy(program: Command): void {
  program
    .command('why')
    .description('where a number came from: formula, inputs, what was left out and why, files and lines')
    .argument('[verdict|cell]', 'a target, a material, MATERIAL/TARGET, or a cell; without it every verdict')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar why LPSC/sulfide-conductivity    one verdict
  cellar why LRMO                         every verdict on a material
  cellar why LPSC-03                      what was measured on a cell, and from which lines of which files

It explains the newest \`cellar check\`.`,
    )
    .action(action(runWhy));
}

interface Explanation {
  verdicts: StoredVerdict[];
  cell: {
    cell_id: string;
    metrics: StoredMetric[];
    readings: StoredReading[];
    files: FilePart[];
    verdicts: string[];
  } | null;
}

async function explain(session: Session, name: string | undefined): Promise<Explanation> {
  const why = await import('../targets/why.js');
  const snapshot = await openSnapshot(session.db);
  const { connection } = snapshot;
  try {
    const verdicts = await why.findVerdicts(connection, name);
    if (verdicts.length > 0) return { verdicts: await why.withLineRanges(connection, verdicts), cell: null };
    if (name !== undefined && (await why.isCell(connection, name))) {
      const all = await why.findVerdicts(connection);
      const used = all.filter(({ evidence }) => evidence.cells.some(({ cell_id }) => cell_id === name));
      return {
        verdicts: [],
        cell: {
          cell_id: name,
          metrics: await why.findCellMetrics(connection, name),
          readings: await why.findReadings(connection, name),
          files: await why.filesOfCell(connection, name),
          verdicts: used.map(({ material_id, target_id }) => `${material_id}/${target_id}`),
        },
      };
    }
    const known = (await why.findVerdicts(connection)).map(
      ({ material_id, target_id }) => `${material_id}/${target_id}`,
    );
    if (known.length === 0) throw usageError('there is no verdict yet', 'run `cellar check` first');
    throw usageError(`${name} is neither a verdict nor a cell`, `verdicts are: ${known.join(', ')}`);
  } finally {
    snapshot.close();
  }
}

async function runWhy(session: Session, options: { json?: boolean }, name?: string): Promise<void> {
  const explanation = await explain(session, name);
  if (options.json === true) return writeJson({ schema: 'cellar.why/1', ...explanation });
  const text = await import('./support/why-text.js');
  const style = outputStyle(session.options);
  if (explanation.cell !== null) return write(text.cellText(explanation.cell, style));
  return write(explanation.verdicts.map((verdict) => text.verdictExplanation(verdict, style)).join('\n'));
}

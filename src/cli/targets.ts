import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { usageError } from '../errors.js';
import type { TargetTable } from '../targets/schema.js';
import { plainLimit } from './support/numbers.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

export function registerTargets(program: Command): void {
  const targets = program
    .command('targets')
    .description('the target tables: what each material has to reach, and where that comes from')
    .argument('[file|name]', 'target table: a TOML or JSON file, or rd-fund or demonstration', 'rd-fund')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar targets                        the default table, rd-fund
  cellar targets demonstration
  cellar targets validate targets.toml  what is wrong with a table of your own
  cellar targets init                   writes a commented copy as targets.toml, to edit
  cellar targets metrics                what a target can measure, with units and conditions`,
    )
    .action(action(showTargets));
  targets
    .command('validate')
    .description('check a target file')
    .argument('<file>', 'TOML or JSON file')
    .action(action(validate));
  targets
    .command('init')
    .description('write a commented copy of the default table, to be edited')
    .argument('[file]', 'where to', 'targets.toml')
    .action(action(init));
  targets
    .command('metrics')
    .description('every metric with its units and conditions')
    .action(action(listMetrics));
}

const asText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function conditionText(conditions: Record<string, unknown>): string {
  return Object.entries(conditions)
    .map(([name, value]) => `${name} ${asText(value)}`)
    .join(', ');
}

async function showTargets(session: Session, options: { json?: boolean }, name: string): Promise<void> {
  const { loadTargets } = await import('../targets/load.js');
  const table: TargetTable = await loadTargets(name);
  if (options.json === true) {
    await writeJson({ schema: 'cellar.targets/1', ...table });
    return;
  }
  await writeTable(
    [
      { name: 'id' },
      { name: 'category' },
      { name: 'metric' },
      { name: 'limit' },
      { name: 'conditions' },
      { name: 'due' },
      { name: 'owner' },
      { name: 'source' },
    ],
    table.targets.map((target) => [
      target.id,
      target.category,
      target.metric,
      plainLimit(target.comparison, target.threshold, target.unit),
      [target.material ?? '', conditionText(target.conditions)].filter((part) => part !== '').join(', '),
      [...target.milestones.map(({ due, threshold }) => `${due}: ${threshold}`), target.due ?? ''].join(' '),
      target.owner ?? '',
      target.source ?? '',
    ]),
    session.options,
  );
}

async function validate(_session: Session, _options: object, file: string): Promise<void> {
  const { loadTargets } = await import('../targets/load.js');
  const { name, targets } = await loadTargets(file);
  await write(`${file}: ${targets.length} targets, table ${name}: in order\n`);
}

async function init(_session: Session, _options: object, file: string): Promise<void> {
  if (existsSync(file)) throw usageError(`${file} is there already`, 'name another file, or remove it first');
  const { writeFile } = await import('node:fs/promises');
  const { commentedCopy, defaultTable } = await import('../targets/load.js');
  await writeFile(file, await commentedCopy(defaultTable), { flag: 'wx' });
  await write(`${file} is written; use it with \`cellar check --targets ${file}\`\n`);
}

async function listMetrics(session: Session): Promise<void> {
  const { metrics } = await import('../targets/metrics/index.js');
  await writeTable(
    [
      { name: 'metric' },
      { name: 'what' },
      { name: 'units' },
      { name: 'conditions' },
      { name: 'measured on' },
    ],
    metrics.map((metric) => [
      metric.id,
      `${metric.title}: ${metric.formula}`,
      Object.keys(metric.units).join(', '),
      Object.keys(metric.settings.shape).join(', '),
      metric.level === 'cell' ? metric.cellTypes.join(', ') : 'materials.csv',
    ]),
    session.options,
  );
}

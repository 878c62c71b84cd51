import type { Command } from 'commander';
import { usageError } from '../errors.js';
import type { ForgetPlan, ForgetRequest } from '../ingest/correct/forget.js';
import { rejectsInWords } from '../store/place.js';
import { write, writeJson } from './support/output.js';
import { action, type Session } from './support/session.js';
import { withWriter } from './support/writing.js';

interface Options {
  run?: string;
  dryRun?: boolean;
  json?: boolean;
  wait: string;
}

export function registerForget(program: Command): void {
  program
    .command('forget')
    .description('take out files that should never have come in, and all that came from them, on record')
    .argument('[path...]', 'files, or folders with everything below them')
    .option('--run <number>', 'everything that one run of ingest stored')
    .option('--dry-run', 'say what would go, and change nothing')
    .option('--json', 'print it as one JSON object')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar forget /exports/training --dry-run    what would go
  cellar forget /exports/training/a.csv
  cellar forget --run 17                       \`cellar query "FROM runs"\` lists the runs

The files themselves are left alone. Their paths, and the same bytes elsewhere, are not read again until a file is
named: \`cellar ingest FILE\` reads it anew. A test that other files went on loses the parts named; where they lie in
its middle, the whole test goes and its other files are read again by the next ingest.`,
    )
    .action(action(runForget));
}

function requestOf(paths: readonly string[], given: string | undefined): ForgetRequest {
  if ((paths.length === 0) === (given === undefined)) {
    throw usageError('what is to be forgotten?', 'cellar forget PATH… or cellar forget --run NUMBER');
  }
  if (given === undefined) return { paths };
  if (!/^\d+$/.test(given)) throw usageError(`--run ${given} is not a number`, 'such as --run 17');
  return { run: Number(given) };
}

async function runForget(session: Session, options: Options, paths: string[]): Promise<void> {
  const request = requestOf(paths, options.run);
  const { forget, planForget } = await import('../ingest/correct/forget.js');
  const plan = options.dryRun
    ? await lookOnly(session, (connection) => planForget(connection, request))
    : await withWriter(session, `cellar forget ${paths.join(' ')}`, options.wait, ({ connection }) =>
        forget(connection, request),
      );
  if (options.json === true) {
    return writeJson({ schema: 'cellar.forget/1', dry_run: options.dryRun === true, ...plan });
  }
  await write(describe(plan, options.dryRun === true));
}

async function lookOnly<T>(
  session: Session,
  look: (connection: import('@duckdb/node-api').DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { openSnapshot } = await import('../store/snapshot.js');
  const snapshot = await openSnapshot(session.db);
  return look(snapshot.connection).finally(() => snapshot.close());
}

function describe(plan: ForgetPlan, isDryRun: boolean): string {
  const { files, tests, cut, spectra, records, rejects_by_unit, read_again } = plan;
  const verb = isDryRun ? 'would be' : 'were';
  const lines = files.map(({ path, status }) => `${path} (${status})`);
  for (const { test_id, from_record } of cut)
    lines.push(`test ${test_id} keeps its records before ${from_record}`);
  for (const { path } of read_again) lines.push(`${path} is read again by the next ingest`);
  lines.push(
    `${files.length} files, ${tests.length} tests, ${records} records, ${spectra.length} spectra, ${rejectsInWords(rejects_by_unit)} ${verb} taken out`,
  );
  return `${lines.join('\n')}\n`;
}

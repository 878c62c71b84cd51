import type { Command } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { tableDefinition } from '../store/tables/index.js';
import type { CheckOutcome } from '../targets/check.js';
import type { PastValue } from '../targets/due.js';
import type { JudgedTarget } from '../targets/evaluate.js';
import { fitProgress, waitOption } from './support/analysis.js';
import { requireDatabase } from './support/database.js';
import { metadataUpdate } from './support/metadata.js';
import { outputStyle, outputWidth, write, writeJson } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';
import type { Circumstances, Counts } from './support/verdict-text.js';

interface Options {
  targets: string;
  json?: boolean;
  markdown?: boolean;
  csv?: string;
  xlsx?: string;
  due?: boolean;
  write: boolean;
  material?: string;
  wait: string;
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('judge every material against its targets: PASS, FAIL, INCONCLUSIVE or INSUFFICIENT DATA')
    .option(
      '--targets <file|name>',
      'target table: a TOML or JSON file, or rd-fund or demonstration',
      'rd-fund',
    )
    .option('--material <id>', 'show this material only')
    .option('--json', 'print the verdicts with their evidence as one JSON object')
    .option('--markdown', 'print a Markdown table')
    .option('--csv <file>', 'write the verdicts as CSV for a spreadsheet (UTF-8 with a byte order mark)')
    .option('--xlsx <file>', 'write the verdicts as a workbook, with their dates, budgets and alternatives')
    .option('--due', 'exit with 1 when a target or milestone was not met at its date, else with 0')
    .option('--no-write', 'store nothing: fit in memory what is not stored')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar check                           fits what is new, then the table of verdicts
  cellar check --targets targets.toml    against a table of your own (cellar targets init writes one)
  cellar check --xlsx verdicts.xlsx      for Excel; --csv writes one table
  cellar check --json > verdicts.json    with every cell, file and line behind each number

  cellar check --due                     in a schedule: exits with 1 once a date was missed

Exit code 0: every target PASS. 1: at least one FAIL. 3: no FAIL, but something INCONCLUSIVE or INSUFFICIENT DATA.`,
    )
    .action(action(runCheck));
}

/** Exit code: 1 with a FAIL, 0 where everything passes, else 3; with nothing to judge it is 3. */
export function exitCodeOf(judged: readonly Pick<JudgedTarget, 'verdict'>[]): ExitCode {
  if (judged.some(({ verdict }) => verdict === 'FAIL')) return exitCodes.failed;
  const allPass = judged.length > 0 && judged.every(({ verdict }) => verdict === 'PASS');
  return allPass ? exitCodes.done : exitCodes.undecided;
}

/** How many of each verdict, and how many PASS narrowly. */
export function countVerdicts(judged: readonly Pick<JudgedTarget, 'verdict' | 'margin'>[]): Counts {
  const of = (word: JudgedTarget['verdict']) => judged.filter(({ verdict }) => verdict === word).length;
  return {
    PASS: of('PASS'),
    FAIL: of('FAIL'),
    INCONCLUSIVE: of('INCONCLUSIVE'),
    'INSUFFICIENT DATA': of('INSUFFICIENT DATA'),
    narrow: judged.filter(({ verdict, margin }) => verdict === 'PASS' && margin !== null && margin < 1)
      .length,
  };
}

async function judgeAll(session: Session, options: Options): Promise<CheckOutcome> {
  const { loadTargets } = await import('../targets/load.js');
  const table = await loadTargets(options.targets);
  requireDatabase(session.db);
  const { analyzeAndStore, analyzeOnly } = await import('../targets/check.js');
  const progress = fitProgress(session);
  const given = {
    database: session.db,
    command: 'cellar check',
    waitSeconds: waitOption(options.wait),
    signal: takeInterruption(),
    prepare: metadataUpdate(session),
    ...progress,
  };
  try {
    return options.write ? await analyzeAndStore(table, given) : await analyzeOnly(table, given);
  } finally {
    progress.stop();
  }
}

async function runCheck(session: Session, options: Options): Promise<ExitCode> {
  if (options.json === true && options.markdown === true) {
    throw usageError('--json and --markdown exclude each other', 'leave one of them out');
  }
  const outcome = await judgeAll(session, options);
  const isShown = ({ material_id }: { material_id: unknown }) =>
    options.material === undefined || material_id === options.material;
  const judged = outcome.judged.filter(isShown);
  if (options.material !== undefined) requireMaterial(options.material, outcome);
  const counts = countVerdicts(judged);
  const { dayOf, isOverdue } = await import('../targets/due.js');
  const today = dayOf(new Date());
  const overdue = judged.some((one) => isOverdue(one, today));
  const exitCode = options.due === true ? (overdue ? exitCodes.failed : exitCodes.done) : exitCodeOf(judged);
  const circumstances = { today, past: pastOf(outcome) };
  await writeTables(options, judged, circumstances);
  if (options.json === true) {
    const judgements = new Map(
      outcome.judged.map((one) => [verdictName(one.target.id, one.material_id), one]),
    );
    const verdicts = outcome.verdicts
      .filter(({ material_id }) => isShown({ material_id }))
      .map((row) => {
        const { budget = [], alternatives = [] } =
          judgements.get(verdictName(row.target_id, row.material_id)) ?? {};
        return { ...withJson(row), budget, alternatives };
      });
    await writeJson({ schema: 'cellar.check/1', verdicts, counts, exit_code: exitCode });
    return exitCode;
  }
  const { verdictMarkdown, verdictText } = await import('./support/verdict-text.js');
  if (options.markdown === true) await write(verdictMarkdown(judged, counts, circumstances));
  else if (judged.length === 0) {
    const { nothingToJudge } = await import('../targets/remarks.js');
    await write(`${nothingToJudge(outcome.lab).message}\n`);
  } else {
    const withWarnings = session.options.quiet !== true;
    const style = outputStyle(session.options);
    await write(verdictText(judged, counts, outputWidth(), style, { withWarnings, ...circumstances }));
  }
  if (!outcome.isPublished)
    session.notes.note('a reader holds the snapshot: the verdicts appear there with the next run');
  return exitCode;
}

/** The requested files, in addition to what is printed. */
async function writeTables(
  { csv, xlsx }: Options,
  judged: readonly JudgedTarget[],
  circumstances: Circumstances,
): Promise<void> {
  if (csv === undefined && xlsx === undefined) return;
  const { writeVerdictsCsv, writeVerdictsWorkbook } = await import('./support/verdict-table.js');
  if (csv !== undefined) await writeVerdictsCsv(csv, judged, circumstances);
  if (xlsx !== undefined) await writeVerdictsWorkbook(xlsx, judged, circumstances);
}

/** Values of earlier verdicts on the same target and material, the present one last. */
const pastOf =
  ({ lab }: CheckOutcome) =>
  ({ target, target_table, material_id, value }: JudgedTarget): PastValue[] => [
    ...lab.past.filter(
      (one) =>
        one.target_id === target.id && one.material_id === material_id && one.target_table === target_table,
    ),
    { started_at: new Date(), value },
  ];

function requireMaterial(id: string, { lab }: CheckOutcome): void {
  if (lab.materials.some(({ material_id }) => material_id === id)) return;
  const known = lab.materials.map(({ material_id }) => material_id).join(', ');
  throw usageError(
    `no material has the id ${id}`,
    known === '' ? 'list materials in materials.csv' : `materials are: ${known}`,
  );
}

const verdictName = (target: unknown, material: unknown) => `${material}/${target}`;

/** A stored row, columns in the order of the table, its JSON as objects. */
function withJson(row: Record<string, unknown>): Record<string, unknown> {
  const columns = tableDefinition('verdicts').columns.map(({ name, type }) => {
    const value = row[name] ?? null;
    return [name, type === 'JSON' && value !== null ? JSON.parse(String(value)) : value];
  });
  return Object.fromEntries(columns);
}

import { type Command, Option } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { type Language, languages } from '../messages/message.js';
import { fitProgress, waitOption } from './support/analysis.js';
import { requireDatabase } from './support/database.js';
import { write, writeData } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

interface Options {
  output?: string;
  targets: string;
  material?: string;
  since?: string;
  markdown?: boolean;
  language: Language;
  pdf?: boolean;
  verify?: string;
  bundle?: string;
  sign?: string;
  raw: boolean;
  refit?: boolean;
  write: boolean;
  wait: string;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('write one self-contained page: every material against its targets, with evidence and plots')
    .option('-o, --output <file>', 'where to write it; - is stdout (default: report.html, report.pdf)')
    .option(
      '--targets <file|name>',
      'target table: a TOML or JSON file, or rd-fund or demonstration',
      'rd-fund',
    )
    .option('--material <id>', 'report this material only')
    .option('--since <date|run>', 'list changes since then; default: since the last report that differed')
    .option('--markdown', 'a short text for a message instead of the page; to stdout unless -o says where')
    .addOption(
      new Option('--language <code>', 'of the page and the short text').choices(languages).default('en'),
    )
    .option('--pdf', 'print the page to PDF, where a Chromium or Chrome is installed')
    .option(
      '--verify <file>',
      'make this page again from the database and compare; exit code 1 if it differs',
    )
    .option('--bundle <file>', 'pack page, targets, metadata and raw files for `cellar verify` instead')
    .option('--no-raw', 'with --bundle: leave the raw files out; to verify it, they are needed')
    .option('--sign <key>', 'with --bundle: sign its manifest with a key of SSH (ssh-keygen -Y)')
    .option('--refit', 'with --verify: make every fit again instead of trusting stored ones')
    .option(
      '--no-write',
      'store nothing: fit in memory what is not stored, and leave no trace of this report',
    )
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar report                              report.html against the fund's targets
  cellar report -o lpsc.html --material LPSC one material
  cellar report --markdown                   for a message
  cellar report --language zh                in Simplified Chinese
  cellar report --verify report.html         is this page what the data say?
  cellar report --bundle evidence.zip        what anybody needs to reproduce the verdicts

Exit code 0: written. 1: --verify found a difference. 3: there is nothing to judge yet.`,
    )
    .action(action(runReport));
}

function checkOptions(options: Options): void {
  const chosen = [
    options.markdown && '--markdown',
    options.pdf && '--pdf',
    options.verify && '--verify',
    options.bundle && '--bundle',
  ].filter(Boolean);
  if (chosen.length > 1)
    throw usageError(`${chosen.join(' and ')} exclude each other`, 'leave one of them out');
  if (options.refit === true && options.verify === undefined) {
    throw usageError('--refit belongs to --verify', 'write --verify FILE --refit');
  }
  if (!options.raw && options.bundle === undefined) {
    throw usageError('--no-raw belongs to --bundle', 'write --bundle FILE --no-raw');
  }
  if (options.sign !== undefined && options.bundle === undefined) {
    throw usageError('--sign belongs to --bundle', 'write --bundle FILE --sign KEY');
  }
  if (options.bundle !== undefined && options.output !== undefined) {
    throw usageError('--bundle and -o exclude each other', 'the page is in the bundle');
  }
  if (options.pdf === true && options.output === '-') {
    throw usageError('a PDF goes to a file', 'name it with -o FILE');
  }
}

async function runReport(session: Session, options: Options): Promise<ExitCode> {
  checkOptions(options);
  requireDatabase(session.db);
  if (options.verify !== undefined) return verify(session, options, options.verify);
  const { makeReport } = await import('../report/index.js');
  const progress = fitProgress(session);
  const report = await makeReport({
    ...source(session, options),
    ...progress,
    targets: options.targets,
    material: options.material ?? null,
    since: options.since,
    language: options.language,
    write: options.write,
  }).finally(() => progress.stop());
  if (!report.isPublished) {
    session.notes.note('a reader holds the snapshot: what was fitted appears there with the next run');
  }
  if (options.bundle !== undefined) await bundle(session, options, options.bundle, report);
  else await save(session, options, report);
  return report.model.judged.length === 0 ? exitCodes.undecided : exitCodes.done;
}

const source = (session: Session, options: Options) => ({
  database: session.db,
  command: 'cellar report',
  waitSeconds: waitOption(options.wait),
  signal: takeInterruption(),
});

type Report = Awaited<ReturnType<typeof import('../report/index.js')['makeReport']>>;

async function save(session: Session, options: Options, { model }: Report): Promise<void> {
  const { renderMarkdown, renderPage, writeAtomically } = await import('../report/index.js');
  if (options.markdown === true) {
    const text = renderMarkdown(model);
    if (options.output === undefined || options.output === '-') return write(text);
    await writeAtomically(options.output, text);
    return session.notes.note(`wrote ${options.output}`);
  }
  const page = renderPage(model);
  if (options.output === '-') return writeData(page);
  const path = options.output ?? (options.pdf === true ? 'report.pdf' : 'report.html');
  if (options.pdf === true) {
    const { printToPdf } = await import('../report/pdf.js');
    await printToPdf(page, path);
  } else await writeAtomically(path, page);
  session.notes.note(`wrote ${path}`);
}

async function bundle(session: Session, options: Options, path: string, { model }: Report): Promise<void> {
  const { makeBundle } = await import('../bundle/make.js');
  const progress = fitProgress(session);
  const { manifest } = await makeBundle(path, {
    ...progress,
    database: session.db,
    targets: options.targets,
    material: options.material ?? null,
    as_of: model.manifest.parameters.as_of,
    language: options.language,
    judged: model.judged,
    raw: options.raw,
    sign: options.sign,
    signal: takeInterruption(),
  }).finally(() => progress.stop());
  const signed = options.sign === undefined ? 'not signed' : `signed with ${options.sign}`;
  session.notes.note(`wrote ${path}, ${signed}; SHA-256 of its manifest: ${manifest}`);
}

async function verify(session: Session, options: Options, path: string): Promise<ExitCode> {
  const { verifyReport } = await import('../report/verify.js');
  const progress = fitProgress(session);
  const { differences } = await verifyReport(path, {
    ...source(session, options),
    ...progress,
    refit: options.refit === true,
  }).finally(() => progress.stop());
  if (differences.length === 0) {
    await write(`${path} is what the data give: the same bytes\n`);
    return exitCodes.done;
  }
  await write(
    `${path} differs from what the data give now:\n${differences.map((text) => `- ${text}\n`).join('')}`,
  );
  return exitCodes.failed;
}

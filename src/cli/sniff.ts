import type { Command } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { placeOf } from '../ingest/containers/place-of.js';
import type { TextView } from '../ingest/containers/view.js';
import type { TablePlan } from '../ingest/sniff/plan.js';
import type { SniffResult } from '../ingest/sniff/sniff.js';
import { formatOption } from './support/ingest-options.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

interface Options {
  format?: string;
  json?: boolean;
  suggest?: boolean;
}

export function registerSniff(program: Command): void {
  program
    .command('sniff')
    .description(
      'say which format a file is in, why, and how each of its columns would be read; nothing is stored',
    )
    .argument('<file...>', 'exports')
    .option('--format <id>', 'explain it as this format')
    .option('--suggest', 'draft a format declaration (TOML) for a table that no format claims')
    .option('--json', 'print it as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar sniff test_001.078            format, encoding, each column's mapping, what is ignored
  cellar sniff export.csv --json       the same for a script
  cellar sniff --suggest odd.csv > odd.format.toml    a first draft; put it beside cellar.toml and correct it`,
    )
    .action(action(runSniff));
}

async function runSniff(session: Session, options: Options, files: string[]): Promise<ExitCode> {
  const { sniffFile } = await import('../ingest/sniff/sniff.js');
  if (options.suggest === true) return suggest(files);
  const { formatsOfLab, labFolderOf } = await import('../ingest/lab-formats.js');
  let isRefused = false;
  const all: object[] = [];
  for (const path of files) {
    const folder = labFolderOf(path, session.lab);
    const format = await formatOption(options.format, folder);
    const formats = await formatsOfLab(folder);
    const sniffed = await sniffFile(path, { format, formats }).catch((error: NodeJS.ErrnoException) => {
      throw usageError(`${path} cannot be read: ${error.message}`, 'name a file of exports');
    });
    isRefused ||= sniffed.kind === 'refused';
    if (options.json === true) all.push(describe(path, sniffed));
    else await explain(path, sniffed, session);
  }
  if (options.json === true) await writeJson({ schema: 'cellar.sniff/1', files: all });
  return isRefused ? exitCodes.rejected : exitCodes.done;
}

/** Drafts a declaration for each file; says so where a file is not a table. */
async function suggest(files: readonly string[]): Promise<ExitCode> {
  const { suggestFormat } = await import('../ingest/sniff/suggest.js');
  const { ContainerRefusal } = await import('../ingest/containers/record-table.js');
  let isMissing = false;
  for (const path of files) {
    const draft = await suggestFormat(path).catch((error: Error) => {
      if (!(error instanceof ContainerRefusal)) throw error;
      process.stderr.write(`${path}: ${error.message}\n`);
      return null;
    });
    if (draft === null) {
      isMissing = true;
      continue;
    }
    isMissing ||= draft === undefined;
    if (draft === undefined)
      process.stderr.write(`${path}: no table of numbers with a header was found in it\n`);
    else await write(draft);
  }
  return isMissing ? exitCodes.rejected : exitCodes.done;
}

interface ColumnLine {
  column: string;
  header: string;
  unit: string;
  conversion: string;
}

function columnLines(plan: TablePlan): ColumnLine[] {
  return [...plan.mapping].map(([role, mapped]) => {
    const { conversion, writtenUnit, field } = mapped;
    const scale =
      conversion?.divide !== undefined
        ? `/ ${conversion.divide}`
        : conversion?.multiply !== undefined
          ? `× ${conversion.multiply}`
          : '';
    const notes = [
      scale,
      mapped.negate ? 'negated' : '',
      mapped.minus === undefined ? '' : `minus ${mapped.minus.field.text}`,
      mapped.settledUnit === undefined ? '' : `${mapped.settledUnit}, settled by the values`,
    ];
    return {
      column: role,
      header: field.text,
      unit: writtenUnit ?? (conversion === undefined ? '' : "the format's"),
      conversion: notes.filter((note) => note !== '').join(', '),
    };
  });
}

function describe(path: string, sniffed: SniffResult): object {
  if (sniffed.kind === 'refused') {
    return {
      path,
      status: sniffed.refusal.status,
      message: sniffed.refusal.message,
      format: sniffed.recognition?.format.id ?? null,
    };
  }
  const { view } = sniffed;
  const place = (line: number) => (view === undefined ? line : placeOf(view, line));
  return {
    path,
    status: 'readable',
    format: sniffed.recognition.format.id,
    reasons: sniffed.recognition.reasons,
    encoding: view === undefined ? sniffed.text.encoding : null,
    gzip: sniffed.isGzip,
    /** The unit that `*_line` below count in. */
    unit_of_lines: view?.unit ?? 'line',
    sheets: view?.sheets.map(({ name }) => name) ?? [],
    notes: view?.notes ?? [],
    tables: sniffed.tables.map((plan) => ({
      kind: plan.kind,
      header_line: plan.headerLine === undefined || view?.unit === 'record' ? null : place(plan.headerLine),
      first_line: place(plan.firstLine),
      last_line: plan.lastLine === undefined ? null : place(plan.lastLine),
      delimiter: view === undefined ? plan.dialect.delimiter : null,
      decimal: view === undefined ? plan.dialect.decimal : null,
      columns: columnLines(plan),
      auxiliary: plan.auxiliary.map(({ field, name, unit = null, kind }, index) => ({
        channel_index: index + 1,
        header: field.text,
        name,
        unit,
        kind,
      })),
      unmapped: plan.unmapped,
      unknown: plan.unknown.map(({ text, nearest }) => ({ text, nearest })),
    })),
  };
}

const delimiterNames = { '\t': 'tab', ',': 'comma', ';': 'semicolon', whitespace: 'blanks' } as const;

/** Where a table is in the file, and how its text is cut. */
function whereOf({ firstLine, lastLine, dialect }: TablePlan, view: TextView | undefined): string {
  const place = (line: number) => (view === undefined ? line : placeOf(view, line));
  const unit = view?.unit ?? 'line';
  const until = lastLine === undefined ? 'the end' : place(lastLine);
  const sheets = view?.sheets.map(({ name }) => name) ?? [];
  const where = [
    ...(sheets.length === 0 ? [] : [`sheet${sheets.length > 1 ? 's' : ''} ${sheets.join(', ')}`]),
    `${unit}s ${place(firstLine)} to ${until}`,
  ];
  if (view === undefined) {
    where.push(`fields cut by ${delimiterNames[dialect.delimiter]}`);
    where.push(`decimal ${dialect.decimal === ',' ? 'comma' : 'point'}`);
  }
  return where.join(', ');
}

async function explain(path: string, sniffed: SniffResult, session: Session): Promise<void> {
  if (sniffed.kind === 'refused') {
    await write(`${path}\n  ${sniffed.refusal.status}: ${sniffed.refusal.message}\n`);
    return;
  }
  const { format, reasons } = sniffed.recognition;
  await write(`${path}\n  ${format.id}: ${format.title}\n`);
  for (const reason of reasons) await write(`  because ${reason}\n`);
  const { view } = sniffed;
  if (view === undefined) {
    await write(`  encoding ${sniffed.text.encoding}${sniffed.isGzip ? ', gzip' : ''}\n`);
  } else if (sniffed.isGzip) await write('  in gzip\n');
  for (const { message } of view?.notes ?? []) await write(`  note: ${message}\n`);
  for (const plan of sniffed.tables) {
    await write(`\n  ${plan.kind}, ${whereOf(plan, view)}\n\n`);
    await writeTable(
      [{ name: 'column' }, { name: 'header as written' }, { name: 'unit' }, { name: 'conversion' }],
      [
        ...columnLines(plan).map(({ column, header, unit, conversion }) => [
          column,
          header,
          unit,
          conversion,
        ]),
        ...plan.auxiliary.map(({ field, unit = '', kind }, index) => [
          `auxiliary[${index + 1}], ${kind}`,
          field.text,
          unit,
          'kept as written',
        ]),
      ],
      session.options,
    );
    if (plan.unmapped.length > 0) await write(`\n  not used: ${plan.unmapped.join(', ')}\n`);
    for (const { text, nearest } of plan.unknown) {
      await write(
        `  new in this format: ${text}${nearest === undefined ? '' : ` (nearest known: ${nearest})`}\n`,
      );
    }
  }
}

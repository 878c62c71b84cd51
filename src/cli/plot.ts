import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type ExitCode, exitCodes, usageError } from '../errors.js';
import { writeData } from './support/output.js';
import { action, type Session } from './support/session.js';

interface Options {
  output?: string;
  [option: string]: string | undefined;
}

const help = `
Kinds:
  capacity    charge and discharge capacity and efficiency over cycles, with the fitted decay
  curves      voltage over capacity of chosen cycles
  dqdv        differential capacity of chosen cycles, with its peaks
  rate        capacity by C-rate, in the order of the test
  resistance  direct-current resistance over cycles, and over the voltage of the rest before
  trace       voltage, current and temperature of a test over time
  spectrum    Nyquist and Bode plot; nyquist and bode draw one of them
  arrhenius   conductivity over temperature, with the fitted line
  drt         distribution of relaxation times of spectra

Examples:
  cellar plot capacity LRMO-01 LRMO-02              capacity-LRMO-01-LRMO-02.svg
  cellar plot curves LRMO-01 --cycles 2,50,100      three cycles in one figure
  cellar plot dqdv LRMO-01 --cycles 2 -o dqdv.csv   the numbers that are drawn
  cellar plot trace 3 --from 0 --to 7200 -o -       two hours of test 3, to standard output
  cellar plot nyquist a.z b.z                       of exports that no database holds
  cellar plot drt a.z                               the same, its relaxation times
  cellar plot arrhenius sigma.csv                   of a table of temperatures and conductivities

Options are spelt as in the address of the page (cellar serve). Exit code 3: there is nothing to draw.`;

/** Adds `cellar plot`. */
export function registerPlot(program: Command): void {
  program
    .command('plot')
    .summary('draw a figure of cells, tests or spectra into a file')
    .description(
      'draw capacity, curves, spectra … of any cell into an SVG, HTML, PNG or PDF file, or the numbers as CSV',
    )
    .argument('<kind>', 'what to draw, see below')
    .argument('<subject...>', 'cells; a test for trace, spectra by number or files for spectra')
    .option(
      '-o, --output <file>',
      'where to: .svg, .html, .csv, .png or .pdf; - is stdout (default: KIND-SUBJECT.svg)',
    )
    .option('--cycles <list>', 'cycles of the life: 2,100 or 1-10')
    .option('--dir <direction>', 'both, charge or discharge')
    .option('--per <unit>', 'capacity per g, cm2 or cell')
    .option('--by <group>', 'distinguish several cells by cell, batch or material')
    .option('--hide <what>', 'leave out formation')
    .option('--step <width>', 'width of the voltage step of dqdv, e.g. 5mV')
    .option('--delay <seconds>', 'delay of a resistance: first, 1, 10 or 30')
    .option('--from <seconds>', 'start of a trace')
    .option('--to <seconds>', 'end of a trace')
    .option('--y <list>', 'what a trace shows: v, i, t')
    .option('--px <n>', 'width in pixels that a trace is drawn for')
    .addHelpText('after', help)
    .action(action(runPlot));
}

const endings = ['svg', 'html', 'csv', 'png', 'pdf'];

function endingOf(output: string | undefined): string {
  if (output === undefined || output === '-') return 'svg';
  const ending = /\.(\w+)$/.exec(output)?.[1]?.toLowerCase() ?? '';
  if (endings.includes(ending)) return ending;
  throw usageError(`the name ${output} does not tell the format`, `End it in .${endings.join(', .')}.`);
}

async function runPlot(
  session: Session,
  options: Options,
  name: string,
  subjects: string[],
): Promise<ExitCode> {
  const { closest } = await import('../query/suggest.js');
  const { kindOf, kinds } = await import('../plot/kinds/index.js');
  const kind = kindOf(name);
  if (kind === undefined) {
    const names = kinds.map((one) => one.name);
    const near = closest(name, names);
    throw usageError(
      `there is no plot ${name}`,
      near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`,
    );
  }
  const { output, ...given } = options;
  const ending = endingOf(output);
  const unknown = Object.keys(given).find((option) => !(option in kind.options.shape));
  if (unknown !== undefined) throw usageError(`--${unknown} says nothing about ${name}`, 'Leave it out.');

  const takesFiles = kind.subject === 'spectrum' || kind.name === 'arrhenius';
  const areFiles = takesFiles && subjects.every((one) => existsSync(one));
  if (areFiles && kind.name === 'arrhenius') return plotTables(session, subjects, ending, output);
  const database = await open(session, areFiles ? subjects : []);
  try {
    const { drawKind } = await import('../plot/draw.js');
    const asked = areFiles ? await spectraOf(database.connection) : subjects;
    const options = Object.fromEntries(
      Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const plotted = await drawKind(database.connection, kind, asked, options);
    if (plotted.all.length === 0) {
      session.notes.note(plotted.empty ?? 'there is nothing to draw');
      return exitCodes.undecided;
    }
    await save(session, database.connection, plotted, ending, output ?? (await fileOf(name, subjects)));
    return exitCodes.done;
  } finally {
    database.close();
  }
}

type Connection = import('@duckdb/node-api').DuckDBConnection;

/** `arrhenius-LPSC-01.svg`. */
async function fileOf(name: string, subjects: readonly string[]): Promise<string> {
  const { slug } = await import('../report/html.js');
  return `${name}-${subjects.slice(0, 3).map(slug).join('-')}${subjects.length > 3 ? '-and-more' : ''}.svg`;
}

async function save(
  session: Session,
  connection: Connection,
  plotted: import('../plot/draw.js').PlotFigures,
  ending: string,
  file: string,
): Promise<void> {
  const { savePlot } = await import('../plot/save.js');
  const text = await savePlot(connection, plotted, ending, file);
  if (text !== undefined) await writeData(text);
  else session.notes.note(`wrote ${file}`);
}

/** Conductivities over temperature of plain tables. */
async function plotTables(
  session: Session,
  paths: readonly string[],
  ending: string,
  output: string | undefined,
): Promise<ExitCode> {
  const { arrheniusOfTables } = await import('./support/arrhenius-tables.js');
  const { openInMemory } = await import('../store/connection.js');
  const plotted = await arrheniusOfTables(paths);
  const database = await openInMemory();
  try {
    await save(session, database.connection, plotted, ending, output ?? (await fileOf('arrhenius', paths)));
    return exitCodes.done;
  } finally {
    database.close();
  }
}

/** The snapshot, or a database in memory that holds the given exports. */
async function open(session: Session, files: readonly string[]) {
  if (files.length === 0) {
    const { openSnapshot } = await import('../store/snapshot.js');
    return openSnapshot(session.db);
  }
  const { openExports } = await import('../ingest/open-exports.js');
  return openExports(files, session.lab);
}

async function spectraOf(connection: Connection): Promise<string[]> {
  const { select } = await import('../store/connection.js');
  const rows = await select<{ spectrum_id: number }>(
    connection,
    'SELECT spectrum_id FROM spectra ORDER BY spectrum_id',
  );
  return rows.map(({ spectrum_id }) => String(spectrum_id));
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Quantity } from '../analysis/result.js';
import { usageError } from '../errors.js';
import type { CommandResult, FitCommandOptions } from './fit/kinds/definition.js';
import { plainFits } from './fit/kinds/index.js';
import { shortNumber, valueWithInterval } from './support/numbers.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

const cellTypes = ['full', 'anode_free', 'cathode_half', 'anode_half', 'li_cu', 'symmetric', 'pellet'];

function numberOption(given: string): number {
  const value = Number(given);
  if (given.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('It is not a number of 0 or more.');
  }
  return value;
}

/** Several numbers of one option, separated by blanks or commas. */
function eachNumber(given: string, before: number[] | undefined): number[] {
  return [...(before ?? []), ...given.split(/[\s,;]+/).map(numberOption)];
}

function countOption(given: string): number {
  if (!/^[1-9]\d*$/.test(given)) throw new InvalidArgumentError('It is not a whole number above 0.');
  return Number(given);
}

const kindNames = plainFits.map(({ kind }) => kind).join(', ');

const help = `
Columns:
${plainFits.map(({ kind, columns }) => `  ${kind}: ${columns}`).join('\n')}

Examples:
${plainFits
  .flatMap(({ examples }) => examples)
  .map((example) => `  ${example}`)
  .join('\n')}

Exit code 5: the data allow no such fit. 2: a column is missing or is not what it should be.`;

export function registerFit(program: Command): void {
  program
    .command('fit')
    .description('one fit of a plain file, without a database')
    .argument('<kind>', kindNames)
    .argument(
      '<files...>',
      'columns with their names in the first line; spectra of one pellet for conductivity',
    )
    .option(
      '--circuit <code>',
      'circuit of an impedance fit, such as L0-R0-p(R1,CPE1); else chosen automatically',
    )
    .option(
      '--no-alternatives',
      'with --circuit: do not fit other circuits for comparison, which takes most of the time',
    )
    .addOption(
      new Option('--weighting <how>', 'of an impedance fit').choices(['modulus', 'unit']).default('modulus'),
    )
    .option('--format <id>', 'read an export as this format, whatever it looks like')
    .option('--spectrum <n>', 'which spectrum of an export that has several', countOption, 1)
    .addOption(
      new Option('--cell-type <type>', 'which quotient is the efficiency').choices(cellTypes).default('full'),
    )
    .option(
      '--geometry-uncertainty <u>',
      'relative standard uncertainty of thickness/area (fraction); default: assumed',
      numberOption,
    )
    .option(
      '--temperature-half-width <kelvin>',
      'half width of the error of the temperatures; default: 2, or 1 with --temperature-at-sample',
      numberOption,
    )
    .option('--temperature-at-sample', 'the temperatures were measured at the sample, not set')
    .option(
      '--instrument-half-width <a>',
      'half width of the charge/discharge ratio (fraction)',
      numberOption,
    )
    .option(
      '--capacity-wander <w>',
      'half width of slow changes of the capacity: season, chamber, calibration (fraction); default 0.005',
      numberOption,
    )
    .option('--required-cycles <n>', 'cycles that the target asks for', countOption)
    .option(
      '--threshold <x>',
      'limit to judge against: S/cm, fraction per cycle, exponent of time, or efficiency as a fraction',
      numberOption,
    )
    .option('--min-hertz <f>', 'leave out lower frequencies of a spectrum', numberOption)
    .option('--max-hertz <f>', 'leave out higher frequencies of a spectrum', numberOption)
    .option('--exclude <f...>', 'leave out these frequencies (Hz, within 0.5 %)', eachNumber)
    .option('--lead-ohm <r>', 'resistance of leads and fixture, subtracted', numberOption)
    .option('--thickness-um <l>', 'thickness of the electrolyte', numberOption)
    .option('--diameter-mm <d>', 'diameter of the electrode contact', numberOption)
    .option(
      '--temperature <file=celsius...>',
      'temperature of a file that does not say it, or says it wrongly',
    )
    .option('-o, --output <file>', 'draw conductivity or drt into a page (.html) or an .svg')
    .option('--json', 'print everything as one JSON object')
    .addHelpText('after', help)
    .action(action(runFit));
}

async function runFit(
  session: Session,
  options: FitCommandOptions & { json?: boolean },
  kind: string,
  files: string[],
): Promise<void> {
  const chosen = plainFits.find((one) => one.kind === kind);
  if (chosen === undefined)
    throw usageError(`there is no fit of the kind ${kind}`, `kinds are: ${kindNames}`);
  const own = { ...options, ...(session.lab === undefined ? {} : { lab: session.lab }) };
  if ('run' in chosen) return chosen.run(session, own, files);
  const [file, ...others] = files as [string, ...string[]];
  if (others.length > 0) throw usageError(`a fit of the kind ${kind} takes one file`, 'name one file');
  const fit = await chosen.fit(file, own);
  if (options.json !== true) return printFit(session, kind, fit);
  const { results, goodness, warnings, excluded, circuit, ...more } = fit;
  const { toJson } = await import('../fits/plain.js');
  const input = { file, ...given(options) };
  const all = {
    schema: 'cellar.fit/1',
    kind,
    input,
    circuit: circuit ?? null,
    results,
    goodness,
    warnings,
    excluded,
    ...more,
  };
  await writeJson(JSON.parse(toJson(all)));
}

/** The options that were given or have a default, as the file's column names spell such things. */
function given(options: FitCommandOptions & { json?: boolean }): Record<string, unknown> {
  const { json: _json, ...rest } = options;
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const own = new Set([
    'circuit',
    'weighting',
    'spectrum',
    'cellType',
    'geometryUncertainty',
    'temperatureHalfWidth',
    'temperatureAtSample',
    'instrumentHalfWidth',
    'capacityWander',
    'requiredCycles',
    'threshold',
    'minHertz',
    'maxHertz',
    'exclude',
    'leadOhm',
    'thicknessUm',
    'diameterMm',
  ]);
  return Object.fromEntries(
    Object.entries(rest)
      .filter(([name]) => own.has(name))
      .map(([name, value]) => [snake(name), value]),
  );
}

const quantityRow = (row: Quantity): string[] => [
  row.label ?? row.quantity,
  valueWithInterval(row.value, row.ci95_low, row.ci95_high, row.unit),
  row.ci95_statistical_low == null || row.ci95_statistical_high == null
    ? ''
    : `${shortNumber(row.ci95_statistical_low)} to ${shortNumber(row.ci95_statistical_high)}`,
  shortNumber(row.standard_error),
  row.status === 'ok' ? '' : row.status,
];

/** The resistances as they would be without leaving anything out. */
function withExcludedLines({ with_excluded }: CommandResult): string[] {
  if (with_excluded == null) return [];
  const resistances = Object.entries(with_excluded.parameters)
    .filter(([name]) => /^R\d|_R$/.test(name))
    .map(([name, value]) => `${name} ${shortNumber(value)} ohm`);
  const rms = `residual ${shortNumber(100 * with_excluded.rms_residual_of_modulus)} % of |Z|`;
  return [`  with them: ${[...resistances, rms].join(', ')}`];
}

async function printFit(session: Session, kind: string, fit: CommandResult): Promise<void> {
  const hasStatistical = fit.results.some(({ ci95_statistical_low: low }) => low != null);
  await write(`${kind}${fit.circuit === undefined ? '' : `: ${fit.circuit}`}\n\n`);
  await writeTable(
    [
      { name: 'quantity' },
      { name: 'value [95 % interval]' },
      ...(hasStatistical ? [{ name: 'scatter alone, 95 %' }] : []),
      { name: 'standard error', align: 'right' },
      { name: 'status' },
    ],
    fit.results.map((row) => quantityRow(row).filter((_, column) => column !== 2 || hasStatistical)),
    session.options,
  );
  if (typeof fit.verdict === 'object') {
    const { verdict, reason, needed } = fit.verdict;
    await write(`\n${verdict}: ${reason}${needed === null ? '' : `; needed: ${needed}`}\n`);
  }
  const figures = Object.entries(fit.goodness).filter(([, value]) => value !== null);
  const lines = [
    '',
    ...figures.map(([name, value]) => `${name}: ${typeof value === 'number' ? shortNumber(value) : value}`),
    ...(fit.excluded.length > 0 ? ['', `left out: ${fit.excluded.length} points`] : []),
    ...fit.excluded.slice(0, 10).map(({ index, reason }) => `  row ${index + 1}: ${reason}`),
    ...withExcludedLines(fit),
    ...(fit.warnings.length > 0 ? [''] : []),
    ...fit.warnings.map(({ code, message }) => `${code}: ${message}`),
  ];
  await write(`${lines.join('\n')}\n`);
}

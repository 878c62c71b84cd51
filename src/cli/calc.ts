import type { Command } from 'commander';
import type { Calculation, Formula } from '../analysis/calc/index.js';
import { CellarError, exitCodes, usageError } from '../errors.js';
import { unitSymbol } from '../targets/units.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

interface Options {
  json?: boolean;
}

const help = `
A value is a number with its unit: thickness=10um, "thickness=10 µm". Its uncertainty may stand with it:
  thickness=10±0.5um       limits (rectangular, u = a/√3); +- does the same, and ±5%um is 5 % of the value
  thickness=10.0(3)um      standard uncertainty of the last digits
A list has commas: fractions=0.3,0.7 conductivities=1e-3,2e-6S/cm

Examples:
  cellar calc                                                     the formulas
  cellar calc heat                                                what one takes and gives
  cellar calc layer-resistance thickness=10±0.5um conductivity=0.1mS/cm
  cellar calc heat current=1A resistance=20mohm temperature=300K entropic_coefficient=0.1mV/K

Exit code 2: a value, unit or name is wrong. 5: the formula means nothing; it says why.`;

/** Adds `cellar calc`. */
export function registerCalc(program: Command): void {
  program
    .command('calc')
    .summary('compute one of the formulas behind targets, with units and uncertainty')
    .description('compute a formula, units checked, uncertainty propagated; without a name: the list')
    .argument('[formula]', 'name of the formula')
    .argument('[values...]', 'name=value with a unit')
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', help)
    .action(action(runCalc));
}

async function runCalc(
  session: Session,
  options: Options,
  name: string | undefined,
  values: string[],
): Promise<void> {
  const { formulas, meaninglessFormulas } = await import('../analysis/calc/index.js');
  if (name === undefined) return writeList(session, options);
  const meaningless = meaninglessFormulas.find((one) => one.name === name);
  if (meaningless !== undefined) {
    const { form, why, instead } = meaningless;
    throw new CellarError(exitCodes.notComputable, `${form} cannot be computed: ${why}`, instead);
  }
  const formula = formulas.find((one) => one.name === name);
  if (formula === undefined) {
    const { closest } = await import('../query/suggest.js');
    const near = closest(
      name,
      [...formulas, ...meaninglessFormulas].map((one) => one.name),
    );
    throw usageError(
      `there is no formula ${name}`,
      near === undefined ? '`cellar calc` lists them.' : `Did you mean ${near}?`,
    );
  }
  if (values.length === 0) return writeDescription(session, options, formula);
  await writeCalculation(session, options, formula, await calculateFrom(formula, values));
}

function givenValues(values: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf('=');
    if (at < 1) throw usageError(`"${value}" is not name=value`, 'Put quotes around a value with spaces.');
    const name = value.slice(0, at).trim();
    if (given.has(name)) throw usageError(`${name} is given twice`, 'Leave one of them out.');
    given.set(name, value.slice(at + 1));
  }
  return given;
}

async function calculateFrom(formula: Formula, values: readonly string[]): Promise<Calculation> {
  const { calculate, WrongInputs } = await import('../analysis/calc/index.js');
  try {
    return calculate(formula, givenValues(values));
  } catch (error) {
    if (!(error instanceof WrongInputs)) throw error;
    throw usageError(error.message, `\`cellar calc ${formula.name}\` says what it takes.`);
  }
}

async function writeList(session: Session, options: Options): Promise<void> {
  const { formulas, meaninglessFormulas } = await import('../analysis/calc/index.js');
  if (options.json === true) {
    const described = formulas.map(({ compute: _, check: __, ...formula }) => formula);
    return writeJson({ schema: 'cellar.calc-list/1', formulas: described, meaningless: meaninglessFormulas });
  }
  const rows = [
    ...formulas.map(({ name, form, title, inputs }) => [
      name,
      form,
      title,
      inputs.map((input) => input.name).join(' '),
    ]),
    ...meaninglessFormulas.map(({ name, form, title }) => [name, form, `${title}: means nothing`, '']),
  ];
  await writeTable(
    [{ name: 'formula' }, { name: 'form' }, { name: 'what' }, { name: 'takes' }],
    rows,
    session.options,
  );
}

const shown = (unit: string | null) => (unit === null ? 'any' : unitSymbol(unit));

async function writeDescription(session: Session, options: Options, formula: Formula): Promise<void> {
  const { compute: _, check: __, ...described } = formula;
  if (options.json === true)
    return writeJson({ schema: 'cellar.calc-list/1', formulas: [described], meaningless: [] });
  await write(`${formula.title}\n${formula.form}\nSource: ${formula.source}\n\n`);
  await writeTable(
    [{ name: 'takes' }, { name: 'symbol' }, { name: 'unit' }, { name: 'meaning' }],
    formula.inputs.map(({ name, symbol, unit, meaning, isList, isOptional, assumed }) => [
      name,
      symbol,
      shown(unit),
      [
        meaning,
        ...(isList === true ? ['a list'] : []),
        ...(isOptional === true ? ['may be left out'] : []),
        ...(assumed === undefined ? [] : [`${assumed} where nothing is given`]),
      ].join('; '),
    ]),
    session.options,
  );
  await write('\n');
  await writeTable(
    [{ name: 'gives' }, { name: 'unit' }, { name: 'meaning' }],
    formula.outputs.map(({ name, unit, meaning }) => [
      name,
      typeof unit === 'string'
        ? shown(unit)
        : `that of ${unit.in}${unit.per === undefined ? '' : `/${unit.per}`}`,
      meaning,
    ]),
    session.options,
  );
  await write(
    formula.remarks.map((remark) => `\n${remark}`).join('') + (formula.remarks.length > 0 ? '\n' : ''),
  );
}

const digits = (value: number, count: number) => String(Number(value.toPrecision(count)));

/** Number of digits, at least four, that distinguish a value from those one standard uncertainty away. */
function figures(value: number, u: number | null): number {
  if (u === null || u === 0 || value === 0) return 6;
  return Math.min(10, Math.max(4, Math.ceil(Math.log10(Math.abs(value) / u)) + 2));
}

async function writeCalculation(
  session: Session,
  options: Options,
  formula: Formula,
  calculation: Calculation,
): Promise<void> {
  const { name, title, form, source, isScenario } = formula;
  const { inputs, outputs, notes } = calculation;
  if (options.json === true) {
    return writeJson({
      schema: 'cellar.calc/1',
      formula: name,
      title,
      form,
      source,
      is_scenario: isScenario === true,
      inputs,
      outputs,
      notes,
    });
  }
  await write(`${title}\n${form}\nSource: ${source}\n\n`);
  await writeTable(
    [{ name: 'with' }, { name: 'symbol' }, { name: 'value' }, { name: 'u' }, { name: 'unit' }],
    inputs.map((input) => [
      input.name,
      input.symbol,
      input.values.map((value) => digits(value, 10)).join(', '),
      input.stated === null
        ? 'not given'
        : `${input.uncertainties.map((u) => (u === null ? '–' : digits(u, 3))).join(', ')} (${input.stated})`,
      unitSymbol(input.unit),
    ]),
    session.options,
  );
  await write('\n');
  await writeTable(
    [
      { name: 'result' },
      { name: 'value', align: 'right' },
      { name: 'unit' },
      { name: 'u' },
      { name: '95 % interval' },
      { name: 'variance from' },
      { name: 'meaning' },
    ],
    outputs.map(
      ({ name: output, value, unit, standard_uncertainty: u, ci95_low, ci95_high, budget, meaning }) => {
        const count = figures(value, u);
        return [
          output,
          digits(value, count),
          unitSymbol(unit),
          u === null ? '–' : digits(u, 3),
          ci95_low === null || ci95_high === null
            ? '–'
            : `${digits(ci95_low, count)} … ${digits(ci95_high, count)}`,
          budget
            .filter(({ share }) => share > 0)
            .map(({ input, share }) => `${input} ${digits(100 * share, 3)} %`)
            .join(', '),
          meaning,
        ];
      },
    ),
    session.options,
  );
  await write(notes.map((note) => `\n${note}`).join('') + (notes.length > 0 ? '\n' : ''));
}

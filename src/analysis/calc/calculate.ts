/** Computes a formula, checks its units and propagates uncertainties. */
import { Z_TWO_SIDED } from '../statistics/intervals.js';
import type { Formula, FormulaInput, FormulaOutput, Values } from './formula.js';
import { readInput, type WrittenInput } from './input.js';
import { convert, parseUnit, sameDimension, type Unit } from './units.js';

/** The values that an input was understood as. */
export interface TakenInput {
  name: string;
  symbol: string;
  values: number[];
  /** Standard uncertainties, one for each value; null where none was stated, which is taken as exact. */
  uncertainties: (number | null)[];
  unit: string;
  /** How the uncertainty was stated. */
  stated: WrittenInput['stated'];
  /** `unit`: the number had no unit; `value`: nothing was given. */
  assumed: 'unit' | 'value' | null;
}

export interface Component {
  input: string;
  /**
   * What the input contributes to the standard uncertainty of the result, in the unit of the result, and as a share of
   * the variance.
   */
  standard_uncertainty: number;
  share: number;
}

export interface CalculatedOutput {
  name: string;
  meaning: string;
  value: number;
  unit: string;
  /** Null where no input states an uncertainty. */
  standard_uncertainty: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  budget: Component[];
}

export interface Calculation {
  inputs: TakenInput[];
  outputs: CalculatedOutput[];
  notes: string[];
}

/** What is wrong with the inputs, one sentence each. */
export class WrongInputs extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'WrongInputs';
    this.problems = problems;
  }
}

const isTemperature = (input: FormulaInput) => input.unit === 'K';

/**
 * To find a slope, a value is moved by this share of its uncertainty: small against the uncertainty, large against
 * rounding.
 */
const slopeStep = 1e-3;

/** If the formula bends by more than this share of its change over one uncertainty, first order is not enough. */
const bendLimit = 0.1;

function rangeProblem(input: FormulaInput, values: readonly number[]): string | null {
  const isWithin = {
    any: () => true,
    positive: (value: number) => value > 0,
    'not negative': (value: number) => value >= 0,
    share: (value: number) => value >= 0 && value <= 1,
  }[input.range];
  if (values.every(isWithin)) return null;
  const wanted = input.range === 'share' ? 'a share between 0 and 1' : input.range;
  return `${input.name} has to be ${wanted}${input.unit === 'K' ? ' (above absolute zero)' : ''}`;
}

/** Converts what was written into the unit the formula counts in. */
function take(input: FormulaInput, text: string): TakenInput | string {
  const read = readInput(text, input.isList === true);
  if (typeof read === 'string') return `${input.name}: ${read}`;
  const { numbers, unit, stated } = read;
  const taken = { name: input.name, symbol: input.symbol, stated, assumed: null };
  const values = numbers.map(({ value }) => value);
  const uncertainties = numbers.map(({ uncertainty }) => uncertainty);
  if (input.unit === null) return { ...taken, values, uncertainties, unit: unit ?? '' };
  if (unit === null && isTemperature(input)) {
    return `${input.name}=${text}: kelvin or degrees? write ${text}K or ${text}°C`;
  }
  const own = parseUnit(input.unit) as Unit;
  const given = unit === null ? own : parseUnit(unit);
  if (given === null) {
    return `${input.name}: "${unit}" is not a known unit; give it in ${input.unit}`;
  }
  if (!sameDimension(given, own)) {
    return `${input.name}: ${unit} does not fit ${input.meaning}; give it in ${input.unit}`;
  }
  return {
    ...taken,
    values: values.map((value) => convert(value, given, own)),
    uncertainties: uncertainties.map((u) => (u === null ? null : convert(u, given, own, true))),
    unit: input.unit,
    assumed: unit === null && input.unit !== '1' ? 'unit' : null,
  };
}

function takeAll(formula: Formula, given: ReadonlyMap<string, string>): TakenInput[] {
  const problems: string[] = [];
  const names = new Set(formula.inputs.map(({ name }) => name));
  for (const name of given.keys()) {
    if (!names.has(name)) problems.push(`${name} is not an input; the inputs are ${[...names].join(', ')}`);
  }
  const taken = formula.inputs.flatMap((input): TakenInput[] => {
    const text = given.get(input.name);
    if (text === undefined) {
      if (input.assumed !== undefined) {
        const { name, symbol, assumed } = input;
        return [
          {
            name,
            symbol,
            values: [assumed],
            uncertainties: [null],
            unit: input.unit ?? '',
            stated: null,
            assumed: 'value',
          },
        ];
      }
      if (input.isOptional !== true)
        problems.push(`${input.name} is missing: ${input.meaning}, ${input.unit ?? 'in any unit'}`);
      return [];
    }
    const one = take(input, text);
    if (typeof one === 'string') {
      problems.push(one);
      return [];
    }
    const outside = rangeProblem(input, one.values);
    if (outside !== null) problems.push(outside);
    return [one];
  });
  if (problems.length > 0) throw new WrongInputs(problems);
  return taken;
}

function valuesOf(
  formula: Formula,
  taken: readonly TakenInput[],
  moved?: { input: TakenInput; index: number; by: number },
): Values {
  const lists = new Set(formula.inputs.filter(({ isList }) => isList).map(({ name }) => name));
  return Object.fromEntries(
    taken.map((input) => {
      const values = input.values.map((value, i) =>
        input === moved?.input && i === moved.index ? value + moved.by : value,
      );
      return [input.name, lists.has(input.name) ? values : values[0]];
    }),
  );
}

function outputUnit({ unit }: FormulaOutput, taken: readonly TakenInput[]): string {
  if (typeof unit === 'string') return unit;
  const own = taken.find(({ name }) => name === unit.in)?.unit ?? '';
  return unit.per === undefined ? own : `${own === '' ? '1' : own}/${unit.per}`;
}

function check(formula: Formula, taken: readonly TakenInput[]): void {
  try {
    formula.check?.(valuesOf(formula, taken));
  } catch (error) {
    if (error instanceof RangeError) throw new WrongInputs([error.message]);
    throw error;
  }
}

/**
 * The effect of each uncertain value on every output, to first order, and whether the formula bends within the
 * uncertainty.
 */
function effects(formula: Formula, taken: readonly TakenInput[]) {
  const at = (input: TakenInput, index: number, by: number) =>
    formula.compute(valuesOf(formula, taken, { input, index, by }));
  return taken.flatMap((input) =>
    input.uncertainties.flatMap((u, index) => {
      if (u === null || u === 0) return [];
      const small = u * slopeStep;
      const [up, down] = [at(input, index, small), at(input, index, -small)];
      const [high, low, middle] = [at(input, index, u), at(input, index, -u), at(input, index, 0)];
      const effect = (name: string) => ((up[name] as number) - (down[name] as number)) / (2 * slopeStep);
      const bends = (name: string) => {
        const bend = Math.abs((high[name] as number) + (low[name] as number) - 2 * (middle[name] as number));
        return !(bend <= bendLimit * Math.abs((high[name] as number) - (low[name] as number)));
      };
      return [{ input, index, effect, bends }];
    }),
  );
}

function refuseWideUncertainties(formula: Formula, taken: readonly TakenInput[]): void {
  const problems = taken.flatMap((input) => {
    const declared = formula.inputs.find(({ name }) => name === input.name) as FormulaInput;
    const ends = input.values.flatMap((value, i) => {
      const u = input.uncertainties[i] ?? 0;
      return [value - u, value + u];
    });
    // A share close to 0 or 1 may leave the range with its uncertainty; the arithmetic goes on all the same.
    const isMet = declared.range === 'share' || rangeProblem(declared, ends) === null;
    return isMet
      ? []
      : [`${input.name}: its uncertainty is as large as the value; the result could be anything`];
  });
  if (problems.length > 0) throw new WrongInputs(problems);
}

/**
 * Computes a formula from inputs as they were written. Uncertainties are taken as independent and combined to first
 * order; the interval is value ± 1.96·u.
 * Source: JCGM 100:2008 (GUM) 5.1.2 and 6.2.
 *
 * @param given text behind `name=`
 * @throws WrongInputs with everything that is wrong at once
 */
export function calculate(formula: Formula, given: ReadonlyMap<string, string>): Calculation {
  const taken = takeAll(formula, given);
  check(formula, taken);
  refuseWideUncertainties(formula, taken);
  const results = formula.compute(valuesOf(formula, taken));
  const parts = effects(formula, taken);
  const bent = new Set<string>();
  const outputs = formula.outputs.map((output): CalculatedOutput => {
    const value = results[output.name] as number;
    if (!Number.isFinite(value))
      throw new WrongInputs([`${output.name} is not a finite number with these inputs`]);
    const rows = parts.map(({ input, index, effect, bends }) => {
      const own = Math.abs(effect(output.name));
      if (own > 0 && bends(output.name)) bent.add(input.name);
      return { input: input.values.length > 1 ? `${input.name} ${index + 1}` : input.name, own };
    });
    const u = parts.length === 0 ? null : Math.hypot(...rows.map(({ own }) => own));
    return {
      name: output.name,
      meaning: output.meaning,
      value,
      unit: outputUnit(output, taken),
      standard_uncertainty: u,
      ci95_low: u === null ? null : value - Z_TWO_SIDED * u,
      ci95_high: u === null ? null : value + Z_TWO_SIDED * u,
      budget: rows.map(({ input, own }) => ({
        input,
        standard_uncertainty: own,
        share: u === null || u === 0 ? 0 : (own / u) ** 2,
      })),
    };
  });
  return { inputs: taken, outputs, notes: notesOf(formula, taken, parts.length, bent) };
}

function notesOf(
  formula: Formula,
  taken: readonly TakenInput[],
  uncertain: number,
  bent: ReadonlySet<string>,
): string[] {
  const withoutUnit = taken.filter(({ assumed }) => assumed === 'unit');
  const exact = taken.filter(
    ({ assumed, uncertainties }) => assumed !== 'value' && uncertainties.includes(null),
  );
  const names = (inputs: readonly TakenInput[]) => inputs.map(({ name }) => name).join(', ');
  const notes = [
    ...withoutUnit.map(({ name, unit }) => `assumed: ${name} is in ${unit}, no unit was given`),
    ...taken
      .filter(({ assumed }) => assumed === 'value')
      .map(
        ({ name, values, unit }) =>
          `assumed: ${name} = ${values[0]}${unit === '1' ? '' : ` ${unit}`}, nothing was given`,
      ),
  ];
  if (uncertain === 0) {
    notes.push(
      'no uncertainty was given, so there is no interval: write 10±0.5 (limits) or 10.0(3) (standard uncertainty)',
    );
  } else {
    if (exact.length > 0) notes.push(`taken as exact, no uncertainty was given: ${names(exact)}`);
    if (uncertain > 1) notes.push('the uncertainties are taken as independent of each other');
  }
  if (bent.size > 0) {
    notes.push(
      `the formula is curved within the uncertainty of ${[...bent].join(', ')}: the interval is approximate`,
    );
  }
  if (formula.isScenario === true) notes.push('a scenario: arithmetic, not a measurement, and never judged');
  return [...notes, ...formula.remarks];
}

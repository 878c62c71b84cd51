/** The shape of a formula of `cellar calc`. */

/** Values of the inputs in their own units; a list where the input takes one. Inputs left out are undefined. */
export type Values = Readonly<Record<string, number | readonly number[] | undefined>>;

export interface FormulaInput {
  name: string;
  /** The symbol that the formula uses. */
  symbol: string;
  meaning: string;
  /**
   * The unit in which the formula computes. Null: any unit; outputs that refer to this input come in the same unit.
   */
  unit: string | null;
  isList?: boolean;
  /** The value that is taken where nothing is given; it is printed as assumed. Without it the input is required. */
  assumed?: number;
  isOptional?: boolean;
  range: 'any' | 'positive' | 'not negative' | 'share';
}

export interface FormulaOutput {
  name: string;
  meaning: string;
  /** The unit, or the input whose unit it has, followed by the rest of the unit. */
  unit: string | { in: string; per?: string };
}

export interface Formula {
  name: string;
  title: string;
  /** The formula as it is usually printed. */
  form: string;
  source: string;
  inputs: readonly FormulaInput[];
  outputs: readonly FormulaOutput[];
  /** What a reader has to know about the result. */
  remarks: readonly string[];
  /** Throws RangeError with a sentence where the given inputs do not fit together. */
  check?: (values: Values) => void;
  /** One value for each output, by name. */
  compute: (values: Values) => Record<string, number>;
  /** An arithmetic projection: not a measurement, never judged. */
  isScenario?: boolean;
}

/** A formula that is in use but has no meaning: why, and what to use instead. */
export interface MeaninglessFormula {
  name: string;
  title: string;
  form: string;
  why: string;
  instead: string;
}

/** One number of the values. */
export const one = (values: Values, name: string): number => values[name] as number;

/** A list of the values. */
export const list = (values: Values, name: string): readonly number[] => values[name] as readonly number[];

/** An input that is above zero. */
export const positive = (
  name: string,
  symbol: string,
  meaning: string,
  unit: string | null,
): FormulaInput => ({
  name,
  symbol,
  meaning,
  unit,
  range: 'positive',
});

/** An input of either sign. */
export const anySign = (
  name: string,
  symbol: string,
  meaning: string,
  unit: string | null,
): FormulaInput => ({
  ...positive(name, symbol, meaning, unit),
  range: 'any',
});

/** The shape of a formula of `cellar calc`. */

/** Values of the inputs in their own units; a list where the input takes one. Inputs left out are undefined. */
export type Values = Readonly<Record<string, number | readonly number[] | undefined>>;

export interface FormulaInput {
  name: string;
  /** As the formula writes it. */
  symbol: string;
  meaning: string;
  /** Unit the formula counts in; null: any, and results that are `in` this input come in the same. */
  unit: string | null;
  isList?: boolean;
  /** What is taken where nothing is given, printed as assumed. Without one the input is asked for. */
  assumed?: number;
  isOptional?: boolean;
  range: 'any' | 'positive' | 'not negative' | 'share';
}

export interface FormulaOutput {
  name: string;
  meaning: string;
  /** Unit, or the input whose unit it comes in, with what stands behind that. */
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
  /** What a reader has to know of the result. */
  remarks: readonly string[];
  /** Throws RangeError with a sentence where the inputs as given do not go together. */
  check?: (values: Values) => void;
  /** One value for each output, by name. */
  compute: (values: Values) => Record<string, number>;
  /** An arithmetic projection: not a measurement, never judged. */
  isScenario?: boolean;
}

/** A formula that is in circulation and means nothing: why, and what to use instead. */
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

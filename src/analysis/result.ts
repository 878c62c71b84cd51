/**
 * The shape of the answer of every fit. A `Quantity` is one row of a fit table and one entry of `results` in
 * `cellar.fit/1`; its keys are the column names, so that there is only one spelling.
 */
import type { Coded, Message } from '../messages/message.js';

/** `ok`: use it. `warn`: use it together with its warnings. `unusable`: do not report it as a result. */
export type QuantityStatus = 'ok' | 'warn' | 'unusable';

/** One fitted or derived number with its uncertainty. What is undefined is null, never 0, NaN or infinity. */
export interface Quantity {
  quantity: string;
  value: number | null;
  unit: string;
  standard_error: number | null;
  /** Two-sided 95 % interval. */
  ci95_low: number | null;
  ci95_high: number | null;
  /** One-sided 95 % bounds: what is compared with a limit. */
  bound95_low: number | null;
  bound95_high: number | null;
  /** Two-sided 95 % interval from scatter alone, where the interval above includes more. */
  ci95_statistical_low?: number | null;
  ci95_statistical_high?: number | null;
  /** Name for people, where the quantity has one of its own: `Ea (ln σT)`. */
  label?: string;
  /** Points used, residual degrees of freedom, effective number of independent points. */
  n: number | null;
  dof: number | null;
  n_eff: number | null;
  method: string;
  status: QuantityStatus;
}

/** Something doubtful about a fit: a stable upper-case code, one sentence for people, and the values in it. */
export type AnalysisWarning = Message;

/** An input point that was left out, by its index in the input, and why: in words, and as a code with values. */
export interface ExcludedPoint {
  index: number;
  reason: string;
  why?: Coded;
}

/** A point that is left out for a reason. */
export const excludedPoint = (index: number, { message, ...why }: Message): ExcludedPoint => ({
  index,
  reason: message,
  why,
});

/** The fields that every fit returns; each kind adds its own. */
export interface FitResult {
  results: Quantity[];
  goodness: Record<string, number | string | boolean | null>;
  warnings: AnalysisWarning[];
  excluded: ExcludedPoint[];
}

/**
 * Thrown when a quantity cannot be computed from the data given (too few points, no positive value, …).
 * The message says what is missing. `cellar fit` leaves with exit code 5.
 */
export class NotComputable extends Error {
  readonly code: string;
  /** What is missing, with its values; absent where there are only words. */
  readonly why?: Message;

  constructor(code: string, message: string | Message) {
    super(typeof message === 'string' ? message : message.message);
    this.name = 'NotComputable';
    this.code = code;
    if (typeof message !== 'string') this.why = message;
  }
}

/** A quantity with everything that was not given set to null. */
export function quantity(given: Partial<Quantity> & Pick<Quantity, 'quantity' | 'value' | 'unit'>): Quantity {
  return {
    standard_error: null,
    ci95_low: null,
    ci95_high: null,
    bound95_low: null,
    bound95_high: null,
    n: null,
    dof: null,
    n_eff: null,
    method: '',
    status: 'ok',
    ...given,
  };
}

/** What a circuit element is. */

export type Transform = 'log' | 'logit';

export interface ElementParameter {
  /** Appended to the element's label; empty where the element has only one parameter. */
  suffix: string;
  unit: string;
  transform: Transform;
}

/** Values of a complex function of frequency, real and imaginary parts apart. */
export interface ComplexArray {
  re: Float64Array;
  im: Float64Array;
}

/** What the elements need to know of the frequencies, computed once. */
export interface Band {
  omega: Float64Array;
  ln_omega: Float64Array;
  /** 1/√ω. */
  inverse_root_omega: Float64Array;
}

export interface CircuitElement {
  symbol: string;
  meaning: string;
  parameters: ElementParameter[];
  /**
   * Fills `z` (ohm) from the parameters `p[first]…`, and where asked for `d[first + i]`, the derivative of z with
   * respect to the transformed parameter i.
   */
  evaluate(p: Float64Array, first: number, band: Band, z: ComplexArray, d: ComplexArray[] | null): void;
}

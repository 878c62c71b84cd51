export { type Calculation, calculate, WrongInputs } from './calculate.js';
export type { Formula, MeaninglessFormula } from './formula.js';
export { formulas, meaninglessFormulas } from './formulas.js';

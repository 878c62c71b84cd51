import { householderQr } from '../../linear-algebra/householder.js';
import { sumOfSquares } from '../../statistics/descriptive.js';
import { designMatrix, type LinearModelFit, type LinearProblem } from './linear-model.js';

/** A change of the impedance between two neighbouring frequencies. */
export interface Jump {
  frequency_above_hertz: number;
  frequency_below_hertz: number;
  /** Change of the impedance relative to |Z| at the lower of them. */
  relative_change: number;
  /** Share of the squared residuals that the jump explains. */
  explained_share: number;
}

/**
 * A jump must explain this share of the residuals of the Kramers–Kronig model. Measured here: jumps above the noise
 * explain 0.70 to 0.999; in sound, noisy, drifting and spiked spectra it is 0.03 to 0.68.
 */
const leastShare = 0.7;
const leastChange = 0.02;
/** Residuals (root mean square, fraction of |Z|) below which no jump of that size can hide. */
const leastResidual = 0.002;
/** Number of points needed on either side; fewer are outliers, or an end that the model does not reach. */
const leastPoints = 4;

/** A step after point k: of all impedances by the same factor, or of the real part by the same amount. */
interface Step {
  after: number;
  column: Float64Array;
  /** Relative change at the first point behind the step per unit of the column. */
  relative: number;
}

function possibleSteps({ weights, data }: LinearProblem): Step[] {
  const n = weights.length;
  const steps: Step[] = [];
  for (let after = leastPoints - 1; after < n - leastPoints; after++) {
    const factor = new Float64Array(2 * n);
    factor.set(data.subarray(after + 1, n), after + 1);
    factor.set(data.subarray(n + after + 1), n + after + 1);
    const shift = new Float64Array(2 * n);
    shift.set(weights.subarray(after + 1), after + 1);
    steps.push(
      { after, column: factor, relative: 1 },
      { after, column: shift, relative: weights[after + 1]! },
    );
  }
  return steps;
}

/**
 * The one jump that explains the residuals of the linear model best, if it explains most of them: each possible step
 * is added to the model as one more column. A model with many relaxations follows a jump so closely that its residual
 * stays small; by the residual alone, a cell that changed would pass.
 */
export function findJump(problem: LinearProblem, fit: LinearModelFit, addCapacitance: boolean): Jump | null {
  const { matrix, rows, columns } = designMatrix(problem, fit.M, addCapacitance);
  const residual = Float64Array.from([...fit.residual_re, ...fit.residual_im]);
  const total = sumOfSquares(residual);
  if (Math.sqrt(total / rows) < leastResidual) return null;
  for (let j = 0; j < columns; j++) {
    const column = matrix.subarray(j * rows, (j + 1) * rows);
    const length = Math.sqrt(sumOfSquares(column));
    for (let i = 0; i < rows; i++) column[i]! /= length;
  }
  const steps = possibleSteps(problem);
  householderQr(matrix, rows, columns, [residual, ...steps.map(({ column }) => column)]);
  let best: { step: Step; gain: number; size: number } | undefined;
  for (const step of steps) {
    let square = 0;
    let product = 0;
    for (let i = columns; i < rows; i++) {
      square += step.column[i]! ** 2;
      product += step.column[i]! * residual[i]!;
    }
    const gain = square > 0 ? product ** 2 / square : 0;
    if (gain > (best?.gain ?? 0)) best = { step, gain, size: product / square };
  }
  if (!best) return null;
  const explained_share = best.gain / total;
  const relative_change = best.size * best.step.relative;
  if (explained_share < leastShare || Math.abs(relative_change) < leastChange) return null;
  const frequency = (i: number) => problem.omega[i]! / (2 * Math.PI);
  return {
    frequency_above_hertz: frequency(best.step.after),
    frequency_below_hertz: frequency(best.step.after + 1),
    relative_change,
    explained_share,
  };
}

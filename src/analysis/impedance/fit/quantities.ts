import { quantity } from '../../result.js';
import { boundsAround, mapBounds } from '../../statistics/intervals.js';
import { fromTransformed, toTransformed } from '../circuit/elements.js';
import type { FittedModel, ImpedanceQuantity } from '../result.js';
import { propagated } from './uncertainty.js';

/** What all rows of one fit have in common. */
export interface RowContext {
  model: FittedModel;
  method: string;
}

/** Effective number of independent residuals. */
function effectiveNumber(model: FittedModel): number {
  return (2 * model.n_points) / model.se_adjust_factor ** 2;
}

/** A row with the value withheld: the spectrum does not determine it. */
export function withheld(row: ImpedanceQuantity): ImpedanceQuantity {
  return {
    ...row,
    value: null,
    standard_error: null,
    standard_error_adjusted: null,
    relative_standard_error: Number.isFinite(row.relative_standard_error)
      ? row.relative_standard_error
      : null,
    ci95_low: null,
    ci95_high: null,
    bound95_low: null,
    bound95_high: null,
    status: 'unusable',
  };
}

/** The row of parameter `j`; the interval is transformed from the scale on which it was fitted. */
export function parameterRow(
  { model, method }: RowContext,
  j: number,
  standardError: number,
): ImpedanceQuantity {
  const { name, unit, transform } = model.circuit.parameters[j]!;
  const value = model.values[j]!;
  const k = model.values.length;
  const transformedError = Math.sqrt(model.covariance[j + j * k]!);
  return {
    ...quantity({ quantity: name, value, unit, n: model.n_points, dof: model.dof, method }),
    n_eff: effectiveNumber(model),
    standard_error: standardError,
    standard_error_adjusted: standardError * model.se_adjust_factor,
    relative_standard_error: standardError / value,
    ...mapBounds(boundsAround(toTransformed(transform, value), transformedError, model.dof), (theta) =>
      fromTransformed(transform, theta),
    ),
  };
}

/**
 * The row of a positive quantity with the gradient of its logarithm in the transformed parameters; intervals on the
 * logarithmic scale.
 */
export function logarithmicRow(
  { model, method }: RowContext,
  name: string,
  unit: string,
  value: number,
  gradientOfLog: Float64Array,
): ImpedanceQuantity {
  const relative = propagated(model.covariance, gradientOfLog);
  return {
    ...quantity({ quantity: name, value, unit, n: model.n_points, dof: model.dof, method }),
    n_eff: effectiveNumber(model),
    standard_error: value * relative,
    standard_error_adjusted: value * relative * model.se_adjust_factor,
    relative_standard_error: relative,
    ...mapBounds(boundsAround(Math.log(value), relative, model.dof), Math.exp),
  };
}

/** Value and logarithmic gradient of a sum of resistances, given by their places among the parameters. */
export function sumOfResistances(model: FittedModel, places: number[]) {
  const value = places.reduce((sum, j) => sum + model.values[j]!, 0);
  const gradient = new Float64Array(model.values.length);
  for (const j of places) gradient[j]! += model.values[j]! / value;
  return { value, gradient };
}

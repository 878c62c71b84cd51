import { quantity } from '../../result.js';
import { boundsAround, mapBounds } from '../../statistics/intervals.js';
import { sumOfResistances } from '../fit/quantities.js';
import { propagated } from '../fit/uncertainty.js';
import type { FittedModel, ImpedanceFit, ImpedanceQuantity } from '../result.js';

/** A sum of fitted resistances with its relative standard errors, which include covariances. */
export interface SummedResistance {
  resistors: string[];
  resistance_ohm: number;
  relative_standard_error: number;
  relative_standard_error_adjusted: number;
}

function placeOf(model: FittedModel, name: string): number {
  return model.circuit.parameters.findIndex((parameter) => parameter.name === name);
}

/** Sums resistors by name (`R1`, `ZARC2_R`). */
export function sumResistors(fit: ImpedanceFit, resistors: string[]): SummedResistance {
  const places = resistors.map((name) => placeOf(fit.model, name));
  const { value, gradient } = sumOfResistances(fit.model, places);
  const relative = propagated(fit.model.covariance, gradient);
  return {
    resistors,
    resistance_ohm: value,
    relative_standard_error: relative,
    relative_standard_error_adjusted: relative * fit.model.se_adjust_factor,
  };
}

/**
 * A row for `value`, proportional to a sum of resistances or to its inverse. The interval combines the adjusted
 * standard error (t) with the relative standard uncertainty of the geometry (normal) on the logarithmic scale.
 */
export function derivedRow(
  fit: ImpedanceFit,
  name: string,
  unit: string,
  value: number,
  sum: SummedResistance,
  geometryUncertainty: number,
): ImpedanceQuantity {
  const { model } = fit;
  const adjusted = sum.relative_standard_error_adjusted;
  const method = `${fit.circuit}: ${sum.resistors.join(' + ')}${fit.leads_subtracted ? ', leads subtracted' : ''}`;
  return {
    ...quantity({ quantity: name, value, unit, n: model.n_points, dof: model.dof, method }),
    n_eff: (2 * model.n_points) / model.se_adjust_factor ** 2,
    standard_error: value * sum.relative_standard_error,
    standard_error_adjusted: value * adjusted,
    relative_standard_error: sum.relative_standard_error,
    ...mapBounds(boundsAround(Math.log(value), adjusted, model.dof, geometryUncertainty), Math.exp),
  };
}

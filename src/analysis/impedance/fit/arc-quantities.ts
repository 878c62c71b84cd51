import { quantity } from '../../result.js';
import {
  type ArcBlock,
  arcsOf,
  gradientOfLogCapacitance,
  gradientOfLogTime,
  logTimeConstant,
} from '../circuit/arcs.js';
import { slopeOfTransform } from '../circuit/elements.js';
import { seriesPlaces } from '../circuit/parse.js';
import { characteristicFrequency } from '../material/formulas.js';
import type { FittedArc, ImpedanceQuantity } from '../result.js';
import { type CircuitFit, unidentifiableError } from './fit-circuit.js';
import { logarithmicRow, type RowContext, sumOfResistances, withheld } from './quantities.js';
import { propagated } from './uncertainty.js';

/**
 * Whether an arc's R, n and C are determined. Q itself need not be: it has a large error wherever n is a little uncertain
 * and the top of the arc is far from 1 rad/s.
 */
function isResolved(fit: CircuitFit, arc: ArcBlock, ofCapacitance: Float64Array): boolean {
  const own = [arc.resistance, arc.time_constant, arc.exponent].filter((place) => place !== undefined);
  return (
    !own.some((j) => fit.not_identifiable.includes(fit.model.circuit.parameters[j]!.name)) &&
    propagated(fit.model.covariance, ofCapacitance) <= unidentifiableError
  );
}

export interface ArcRows {
  arcs: FittedArc[];
  rows: ImpedanceQuantity[];
}

/** Time constant, frequency and capacitance of each arc, and the sum of two or more arcs' resistances. */
export function arcRows(fit: CircuitFit, context: RowContext): ArcRows {
  const { circuit, values, se_adjust_factor } = fit.model;
  const frequency = fit.problem.spectrum.frequency_hertz;
  const blocks = arcsOf(circuit.root);
  const rows: ImpedanceQuantity[] = [];
  const arcs = blocks.map((arc, i): FittedArc => {
    const { name: resistor, label } = circuit.parameters[arc.resistance]!;
    const R = values[arc.resistance]!;
    const tau = Math.exp(logTimeConstant(arc, values));
    const gradient = gradientOfLogTime(arc, values);
    const ofCapacitance = gradientOfLogCapacitance(arc, values);
    const resolved = isResolved(fit, arc, ofCapacitance);
    const row = (name: string, unit: string, value: number, slope: Float64Array) => {
      const whole = logarithmicRow(context, `${label}_${name}`, unit, value, slope);
      rows.push(resolved ? whole : withheld(whole));
      return rows.at(-1)!;
    };
    const time = row('tau_s', 's', tau, gradient);
    const peak = row(
      'f_char_hz',
      'Hz',
      characteristicFrequency(tau),
      gradient.map((slope) => -slope),
    );
    const capacitance = row('C_eff_F', 'F', tau / R, ofCapacitance);
    if (arc.time_constant !== undefined) {
      const n = values[arc.exponent!]!;
      const ofCoefficient = new Float64Array(values.length);
      ofCoefficient[arc.resistance] = -1;
      ofCoefficient[arc.time_constant] = n;
      ofCoefficient[arc.exponent!] = Math.log(tau) * slopeOfTransform('logit', n);
      row('Q', 'ohm^-1 s^n', tau ** n / R, ofCoefficient);
    }
    const f = characteristicFrequency(tau);
    return {
      arc: i + 1,
      resistor,
      R_ohm: resolved ? R : null,
      R_se: resolved ? fit.standard_errors[arc.resistance]! : null,
      R_se_adjusted: resolved ? fit.standard_errors[arc.resistance]! * se_adjust_factor : null,
      exponent: resolved ? (arc.exponent === undefined ? 1 : values[arc.exponent]!) : null,
      tau_s: time.value,
      f_char_hz: peak.value,
      C_eff_F: capacitance.value,
      C_eff_se: capacitance.standard_error,
      resolved,
      in_band: f >= frequency.at(-1)! && f <= frequency[0]!,
      below_band: f < frequency.at(-1)!,
    };
  });
  rows.push(...sumRows(fit, context, blocks, arcs));
  return { arcs, rows };
}

/**
 * R_polarisation: the arcs whose top is not below the band; R_total: these and the series resistance, which is the
 * resistance to a direct current without tail or diffusion; R_at_lowest_frequency: Z' there, without a model.
 */
function sumRows(
  fit: CircuitFit,
  context: RowContext,
  blocks: readonly ArcBlock[],
  arcs: readonly FittedArc[],
): ImpedanceQuantity[] {
  const { frequency_hertz, real_impedance_ohm } = fit.problem.spectrum;
  const ofArcs = blocks.filter((_, i) => !arcs[i]!.below_band).map((arc) => arc.resistance);
  const sumRow = (name: string, places: number[]) => {
    const { value, gradient } = sumOfResistances(fit.model, places);
    const row = logarithmicRow(context, name, 'ohm', value, gradient);
    return row.relative_standard_error! <= unidentifiableError ? row : withheld(row);
  };
  const all = [...seriesPlaces(fit.model.circuit), ...ofArcs];
  const last = quantity({
    quantity: 'R_at_lowest_frequency_ohm',
    value: real_impedance_ohm.at(-1)!,
    unit: 'ohm',
    n: 1,
    method: `Z' at ${frequency_hertz.at(-1)!.toPrecision(4)} Hz, no model`,
  });
  return [
    ...(ofArcs.length > 0 ? [sumRow('R_polarisation_ohm', ofArcs)] : []),
    ...(all.length > 0 ? [sumRow('R_total_ohm', all)] : []),
    { ...last, standard_error_adjusted: null, relative_standard_error: null },
  ];
}

import { type ArcBlock, arcsOf, logTimeConstant } from '../circuit/arcs.js';
import { slopeOfTransform } from '../circuit/elements.js';
import { characteristicFrequency } from '../material/formulas.js';
import type { FittedArc, ImpedanceQuantity } from '../result.js';
import { type CircuitFit, unidentifiableError } from './fit-circuit.js';
import { logarithmicRow, type RowContext, sumOfResistances, withheld } from './quantities.js';

/** ∂ln τ/∂θ of an arc: τ = (RQ)^{1/n}. */
function gradientOfLogTime(arc: ArcBlock, values: Float64Array): Float64Array {
  const gradient = new Float64Array(values.length);
  if (arc.time_constant !== undefined) {
    gradient[arc.time_constant] = 1;
    return gradient;
  }
  const n = arc.exponent === undefined ? 1 : values[arc.exponent]!;
  gradient[arc.resistance] = 1 / n;
  gradient[(arc.capacitance ?? arc.coefficient)!] = 1 / n;
  if (arc.exponent !== undefined) {
    gradient[arc.exponent] = (-logTimeConstant(arc, values) / n) * slopeOfTransform('logit', n);
  }
  return gradient;
}

function parametersOf(arc: ArcBlock): number[] {
  return [arc.resistance, arc.capacitance, arc.coefficient, arc.time_constant, arc.exponent].filter(
    (place) => place !== undefined,
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
    const resolved = !parametersOf(arc).some((j) =>
      fit.not_identifiable.includes(circuit.parameters[j]!.name),
    );
    const R = values[arc.resistance]!;
    const tau = Math.exp(logTimeConstant(arc, values));
    const gradient = gradientOfLogTime(arc, values);
    const ofCapacitance = gradient.slice();
    ofCapacitance[arc.resistance]! -= 1;
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
    };
  });
  if (blocks.length > 1) {
    const { value, gradient } = sumOfResistances(
      fit.model,
      blocks.map((arc) => arc.resistance),
    );
    const total = logarithmicRow(context, 'R_total_ohm', 'ohm', value, gradient);
    rows.push(total.relative_standard_error! <= unidentifiableError ? total : withheld(total));
  }
  return { arcs, rows };
}

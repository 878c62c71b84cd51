import { arcsOf, gradientOfLogCapacitance } from '../circuit/arcs.js';
import { slopeOfTransform } from '../circuit/elements.js';
import { elementsOf } from '../circuit/parse.js';
import { boundExponent, type CircuitFit, unidentifiableError } from '../fit/fit-circuit.js';
import { propagated } from '../fit/uncertainty.js';

/** With an exponent below these a constant-phase element acts as a resistor. */
const leastArcExponent = 0.4;
const leastTailExponent = 0.3;

/**
 * Whether the spectrum determines each constant-phase element, by the position of the element among the parameters.
 */
function undeterminedElements(fit: CircuitFit): Set<number> {
  const { circuit, values, covariance } = fit.model;
  const arcs = arcsOf(circuit.root);
  const logOmegaLast = Math.log(2 * Math.PI * fit.problem.spectrum.frequency_hertz.at(-1)!);
  const flawed = new Set<number>();
  for (const { element, first } of elementsOf(circuit.root)) {
    if (element.symbol !== 'CPE') continue;
    const arc = arcs.find(({ coefficient }) => coefficient === first);
    const gradient = arc ? gradientOfLogCapacitance(arc, values) : new Float64Array(values.length);
    if (!arc) {
      // ln|Z(f_min)| = −ln Q − n·ln ω_min
      gradient[first] = -1;
      gradient[first + 1] = -logOmegaLast * slopeOfTransform('logit', values[first + 1]!);
    }
    if (!(propagated(covariance, gradient) <= unidentifiableError)) flawed.add(first);
  }
  return flawed;
}

/**
 * Names of the parameters that prevent a circuit from being chosen; empty if it is admissible. A constant-phase
 * element is judged by its effect, not by Q alone: Q has a large error wherever n is a little uncertain and the top of
 * the arc is far from 1 rad/s.
 */
export function flawsOf(fit: CircuitFit): string[] {
  const { circuit, values } = fit.model;
  const elements = elementsOf(circuit.root);
  const inArcs = new Set(arcsOf(circuit.root).map(({ coefficient }) => coefficient));
  const undetermined = undeterminedElements(fit);
  const isFlawed = (j: number): boolean => {
    const { element, first } = elements.findLast((candidate) => candidate.first <= j)!;
    const isCoefficient = element.symbol === 'CPE' && j === first;
    if (isCoefficient) return undetermined.has(first);
    if (fit.uncertainty.singular[j]! && element.symbol !== 'CPE') return true;
    if (!(fit.standard_errors[j]! <= unidentifiableError * values[j]!)) return true;
    if (element.symbol !== 'CPE') return false;
    const least = inArcs.has(first) ? leastArcExponent : leastTailExponent;
    return values[j]! > boundExponent || values[j]! < least;
  };
  return circuit.parameters.filter((_, j) => isFlawed(j)).map(({ name }) => name);
}

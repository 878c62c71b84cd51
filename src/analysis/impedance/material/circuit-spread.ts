import { arcsOf, logTimeConstant } from '../circuit/arcs.js';
import { parseCircuit } from '../circuit/parse.js';
import { parsimonyMargin } from '../model-selection.js';
import type { Alternative, CircuitSpread, FittedArc, ImpedanceFit, OtherResistances } from '../result.js';
import { electrolyteResistors } from './electrolyte.js';
import { characteristicFrequency } from './formulas.js';
import type { CellDescription } from './geometry.js';
import { assignArcs } from './roles.js';

/** Resistances of electrolyte and interface by a compared circuit; 0 where it has none. */
function sumsOf(
  { circuit: code, parameters }: Pick<Alternative, 'circuit' | 'parameters'>,
  fit: ImpedanceFit,
  cell: CellDescription,
) {
  const circuit = parseCircuit(code);
  const values = circuit.parameters.map(({ name }) => parameters[name]!);
  const f_min = fit.curve.frequency_hertz.at(-1)!;
  const arcs = arcsOf(circuit.root).map((arc, i): FittedArc => {
    const R = values[arc.resistance]!;
    const tau = Math.exp(logTimeConstant(arc, values));
    const f = characteristicFrequency(tau);
    return {
      arc: i + 1,
      resistor: circuit.parameters[arc.resistance]!.name,
      R_ohm: R,
      R_se: null,
      R_se_adjusted: null,
      exponent: arc.exponent === undefined ? 1 : values[arc.exponent]!,
      tau_s: tau,
      f_char_hz: f,
      C_eff_F: tau / R,
      C_eff_se: null,
      resolved: true,
      in_band: f >= f_min,
      below_band: f < f_min,
    };
  });
  const assigned = assignArcs({ arcs, model: { ...fit.model, circuit }, results: [] }, cell);
  const electrolyte = electrolyteResistors({ model: { ...fit.model, circuit } }, assigned, true);
  const interfaces = assigned.filter(({ role, below_band }) => role !== 'electrolyte' && !below_band);
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + parameters[name]!, 0);
  return {
    R_electrolyte_ohm: sum(electrolyte),
    R_interface_ohm: sum(interfaces.map(({ resistor }) => resistor)),
  };
}

/** The admissible circuits within 10 units of the best AICc, best first; none for a circuit that the user gave. */
function nearCircuits(fit: ImpedanceFit): Alternative[] {
  if (fit.requested_circuit !== null) return [];
  const admissible = fit.alternatives.filter(({ flaws, aicc }) => flaws.length === 0 && aicc !== null);
  const best = Math.min(...admissible.map(({ aicc }) => aicc!));
  return admissible.filter(({ aicc }) => aicc! <= best + parsimonyMargin).sort((a, b) => a.aicc! - b.aicc!);
}

/**
 * How much the resistances differ over the admissible circuits within 10 units of the best AICc. Null for a circuit
 * that the user gave, and where only one circuit is admissible.
 */
export function circuitSpread(fit: ImpedanceFit, cell: CellDescription): CircuitSpread {
  const near = nearCircuits(fit);
  if (near.length < 2) return { R_electrolyte_ohm: null, R_interface_ohm: null };
  const sums = near.map((alternative) => sumsOf(alternative, fit, cell));
  const own = sums[near.findIndex(({ circuit }) => circuit === fit.circuit)];
  const spread = (name: keyof CircuitSpread) => {
    const ratios = sums.map((other) => Math.abs(Math.log(other[name] / (own?.[name] ?? Number.NaN))));
    const finite = ratios.filter(Number.isFinite);
    return finite.length > 0 ? Math.max(...finite) : null;
  };
  return { R_electrolyte_ohm: spread('R_electrolyte_ohm'), R_interface_ohm: spread('R_interface_ohm') };
}

/** The resistances by the next best circuit, and by the same circuit with the end points that were trimmed. */
export function otherResistances(fit: ImpedanceFit, cell: CellDescription): OtherResistances[] {
  const named = (parameters: ImpedanceFit['model']) =>
    Object.fromEntries(parameters.circuit.parameters.map(({ name }, i) => [name, parameters.values[i]!]));
  const own = sumsOf({ circuit: fit.circuit, parameters: named(fit.model) }, fit, cell);
  const of = (
    choice: OtherResistances['choice'],
    alternative: string,
    other: Pick<Alternative, 'circuit' | 'parameters'>,
  ): OtherResistances => {
    const sums = sumsOf(other, fit, cell);
    const factor = (name: keyof CircuitSpread) => {
      const ratio = sums[name] / own[name];
      return ratio > 0 && Number.isFinite(ratio) ? ratio : null;
    };
    return {
      choice,
      alternative,
      R_electrolyte_factor: factor('R_electrolyte_ohm'),
      R_interface_factor: factor('R_interface_ohm'),
    };
  };
  const next = nearCircuits(fit).find(({ circuit }) => circuit !== fit.circuit);
  const isTrimmed = fit.warnings.some(({ code }) => code === 'END_POINTS_TRIMMED');
  const whole = isTrimmed ? fit.with_excluded : null;
  return [
    ...(next === undefined ? [] : [of('circuit', 'the next best circuit', next)]),
    ...(whole === null
      ? []
      : [of('points', 'with trimmed points', { circuit: fit.circuit, parameters: whole.parameters })]),
  ];
}

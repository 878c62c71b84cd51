/** Average efficiency of plating and stripping from a lithium reservoir, and what an efficiency means over life. */
import { cyclingMessages as say } from '../../messages/cycling.js';
import type { AnalysisWarning } from '../result.js';
import { median } from '../statistics/descriptive.js';

/** One test by the reservoir method. */
export interface ReservoirInput {
  /** Charge plated as reservoir, after preconditioning; any unit, the same throughout. */
  reservoir: number;
  /** Charge of each plating and stripping half cycle. */
  plated: readonly number[];
  stripped: readonly number[];
  /** Charge of the final strip to the cut-off. */
  final_strip: number;
  /** Relative standard uncertainty of each step's charge. */
  relative_uncertainty?: number;
}

/** The mean efficiency as a fraction, with its uncertainties. */
export interface ReservoirResult {
  coulombic_efficiency: number;
  cycles: number;
  /** Uncertainty if the errors of the steps are independent; null where none was stated. */
  u_independent_steps: number | null;
  /** Uncertainty if charge and discharge are measured with different gains. */
  u_gain_mismatch: number | null;
  warnings: AnalysisWarning[];
}

/** A strip that is this much smaller than the usual one ended at the cut-off. */
const TRUNCATED_SHARE = 0.99;

/**
 * CE = (ΣQ_strip + Q_S)/(ΣQ_plate + Q_T): an average over the half cycles, which alone is no evidence for 500 cycles.
 * Sources: D. Aurbach, Y. Gofer, J. Langzam, J. Electrochem. Soc. 136 (1989) 3198; B. D. Adams et al., Adv. Energy
 * Mater. 8 (2018) 1702097, method 3.
 */
export function reservoirEfficiency(input: ReservoirInput): ReservoirResult {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const squares = (values: readonly number[]) => values.reduce((total, value) => total + value * value, 0);
  const out = [...input.stripped, input.final_strip];
  const into = [...input.plated, input.reservoir];
  const efficiency = sum(out) / sum(into);
  const u = input.relative_uncertainty ?? null;
  const spread = Math.sqrt(squares(out) / sum(out) ** 2 + squares(into) / sum(into) ** 2);
  const warnings: AnalysisWarning[] = [];
  if (efficiency > 1) {
    warnings.push(say('CE_IMPLAUSIBLE/reservoir'));
  }
  const usual = median(input.stripped);
  const truncated = input.stripped.findIndex((charge) => charge < TRUNCATED_SHARE * usual);
  if (truncated >= 0) {
    warnings.push(say('RESERVOIR_EXHAUSTED', { n: truncated + 1 }));
  }
  return {
    coulombic_efficiency: efficiency,
    cycles: input.plated.length,
    u_independent_steps: u === null ? null : efficiency * u * spread,
    u_gain_mismatch: u === null ? null : efficiency * u,
    warnings,
  };
}

/**
 * Average efficiency of the anode from the life of a cell with lithium excess: 1 − Q_excess/(N·Q_cycled).
 * Source: J. Xiao et al., Nat. Energy 5 (2020) 561.
 *
 * @param cycles cycles until the lithium was used up
 */
export function inventoryEfficiency(excess: number, cycled: number, cycles: number): number {
  return 1 - excess / (cycles * cycled);
}

/** Share of the lithium left after n cycles without excess. */
export function remainingInventory(efficiency: number, cycles: number): number {
  return efficiency ** cycles;
}

/** Efficiency that keeps a share of the lithium over n cycles without excess. */
export function efficiencyForRetention(retention: number, cycles: number): number {
  return retention ** (1 / cycles);
}

/** Lithium consumed in n cycles, as a multiple of the cycled capacity: the excess a cell needs. */
export function excessConsumed(efficiency: number, cycles: number): number {
  return cycles * (1 - efficiency);
}

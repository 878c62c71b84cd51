import type { ArrheniusFit } from '../../analysis/arrhenius/index.js';
import { BOLTZMANN_EV_PER_KELVIN, REFERENCE_KELVIN } from '../../analysis/constants.js';
import type { Quantity } from '../../analysis/result.js';

const CURVE_POINTS = 41;

/** The linear form whose line is judged; that of the judged branch. */
export function judgedForm(fit: ArrheniusFit): { results: readonly Quantity[]; residual_sd: number | null } {
  const forms =
    fit.judged_branch !== null && fit.branches !== null ? fit.branches[fit.judged_branch].forms : fit.forms;
  const { results, goodness } = forms.ln_sigma;
  return { results, residual_sd: goodness.residual_sd_ln as number | null };
}

export const rowOf = (results: readonly Quantity[], name: string) =>
  results.find(({ quantity }) => quantity === name);

/** ln σ of the selected curved model over T; null where the straight line is selected. */
export function curvedModel({
  model_selected,
  model_comparison,
}: ArrheniusFit): ((kelvin: number) => number) | null {
  const { vtf, two_segment } = model_comparison ?? {};
  if (model_selected === 'vtf' && vtf !== undefined)
    return (kelvin) => vtf.lnA - vtf.B_K / (kelvin - vtf.T0_K);
  if (model_selected !== 'two_segment' || two_segment === undefined) return null;
  const { break_T_K, Ea_high_T_eV, Ea_low_T_eV, ln_sigma25 } = two_segment;
  const energyAt = (kelvin: number) => (kelvin > break_T_K ? Ea_high_T_eV : Ea_low_T_eV);
  const along = (from: number, to: number, energy: number) =>
    (-energy / BOLTZMANN_EV_PER_KELVIN) * (1 / to - 1 / from);
  const lnBreak = ln_sigma25 + along(REFERENCE_KELVIN, break_T_K, energyAt(REFERENCE_KELVIN));
  return (kelvin) => lnBreak + along(break_T_K, kelvin, energyAt(kelvin));
}

/** Values over a domain, dense enough for a smooth curve. */
export function sampled([low, high]: readonly [number, number]): number[] {
  return Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
}

import type { Message } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import type { ArrheniusFit } from '../arrhenius/types.js';
import type { Quantity } from '../result.js';
import {
  type Estimate,
  insufficient,
  judge,
  type Limit,
  settledWith,
  type Verdict,
  verdictOf,
} from './judge.js';
import { temperaturesNeeded } from './planning.js';

/**
 * Judges the conductivity of one sample at 25 °C against a limit, by what the Arrhenius analysis allows: the
 * confidence bound of the fit with the uncertainty of the geometry, the reading at 25 ± 1 °C, or nothing.
 *
 * @param limit S/cm
 */
export function judgeConductivity(fit: ArrheniusFit, limit: Limit): Verdict {
  const { source, otherwise, because } = fit.verdict_basis;
  if (source === 'none') {
    if (otherwise === 'INCONCLUSIVE') {
      return verdictOf('INCONCLUSIVE', because, say('TEMPERATURE_NEAR_25'));
    }
    return insufficient(because);
  }
  const name = source === 'fit' ? 'sigma25_S_cm' : 'sigma25_measured_S_cm';
  const row = fit.results.find((candidate) => candidate.quantity === name);
  const verdict = judge(asEstimate(row), limit, say('NO_UNCERTAINTY_STATED'));
  if (verdict.verdict !== 'INCONCLUSIVE' || source !== 'fit') return verdict;
  return settledWith(verdict, whatSettles(fit, row as Quantity, limit));
}

/** A row of a fit as an estimate; null without a value. */
export function asEstimate(row: Quantity | undefined): Estimate | null {
  if (row === undefined || row.value === null) return null;
  const { value, ci95_low, ci95_high, bound95_low, bound95_high } = row;
  return { value, ci95_low, ci95_high, bound95_low, bound95_high };
}

function whatSettles(fit: ArrheniusFit, sigma: Quantity, limit: Limit): Message {
  const ln = fit.results.find((row) => row.quantity === 'ln_sigma25');
  const distance = Math.abs(Math.log((sigma.value as number) / limit.threshold));
  const geometry = Number(fit.goodness.geometry_relative_uncertainty ?? 0);
  const n = sigma.n as number;
  const needed = temperaturesNeeded(n, ln?.standard_error ?? 0, geometry, distance);
  if (needed !== null) return say('MORE_TEMPERATURES', { more: needed - n, all: needed });
  return say('BETTER_GEOMETRY');
}

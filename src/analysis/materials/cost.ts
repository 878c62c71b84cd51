/** Reductions of cost and mass against a reference. */
import { named } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import { Z_ONE_SIDED, Z_TWO_SIDED } from '../statistics/intervals.js';
import {
  type Estimate,
  exactEstimate,
  insufficient,
  judge,
  type Limit,
  type Verdict,
} from '../verdict/judge.js';

export interface Ratio extends Estimate {
  /** Standard uncertainty. */
  u: number;
}

/**
 * new/reference with u² = ratio²·(u_new² + u_ref²), relative uncertainties; bounds by the normal distribution.
 * Source: JCGM 100:2008 (GUM) 5.1.6.
 */
export function ratioOf(
  value: number,
  reference: number,
  relativeUncertainty = 0,
  referenceRelativeUncertainty = 0,
): Ratio {
  const ratio = value / reference;
  const u = Math.abs(ratio) * Math.hypot(relativeUncertainty, referenceRelativeUncertainty);
  return { u, ...normalBounds(ratio, u) };
}

/** 1 − new/reference: the share saved. */
export function reductionOf(
  value: number,
  reference: number,
  relativeUncertainty = 0,
  referenceRelativeUncertainty = 0,
): Ratio {
  const { u } = ratioOf(value, reference, relativeUncertainty, referenceRelativeUncertainty);
  return { u, ...normalBounds(1 - value / reference, u) };
}

function normalBounds(value: number, u: number): Estimate {
  if (u === 0) return exactEstimate(value);
  return {
    value,
    ci95_low: value - Z_TWO_SIDED * u,
    ci95_high: value + Z_TWO_SIDED * u,
    bound95_low: value - Z_ONE_SIDED * u,
    bound95_high: value + Z_ONE_SIDED * u,
  };
}

/** What makes two costs comparable: each of these must be stated, and be the same for both. */
export interface CostBasis {
  basis: string | null;
  currency: string | null;
  price_year: number | null;
  scale: string | null;
}

/** A cost (reduction or ratio) against its limit; without a stated basis there is nothing to compare. */
export function judgeCost(estimate: Estimate | null, limit: Limit, stated: CostBasis): Verdict {
  const missing = Object.entries(stated)
    .filter(([, value]) => value === null || value === '')
    .map(([name]) => named(name));
  if (missing.length > 0) {
    return insufficient(say('COST_WITHOUT', { names: missing }), say('STATE_FOR_BOTH', { names: missing }));
  }
  return judge(estimate, limit, say('NO_COST'));
}

/** One layer of a foil: density, g/cm³, and thickness, µm. */
export interface FoilLayer {
  density_gram_per_cm3: number;
  thickness_um: number;
}

/** Mass per area of a layered foil, g/m²: Σ ρ·t, since g/cm³ × µm = g/m². */
export function arealMass(layers: readonly FoilLayer[]): number {
  return layers.reduce((sum, layer) => sum + layer.density_gram_per_cm3 * layer.thickness_um, 0);
}

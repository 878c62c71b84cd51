/**
 * What would settle a verdict when the limit lies between the bounds, computed from the sources of its uncertainty.
 */
import { type Message, named } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import { assumedHalfWidth, halfWidth, statedIn, type UncertaintyComponent } from '../uncertainty/index.js';
import { samplesNeeded } from './planning.js';

/** A total above this number of samples (batches) is not realistic. */
export const MOST_SAMPLES = 50;
/** An uncertainty below this share of the present one is not realistic. */
const LEAST_SHARE = 0.1;
const PROBABILITY = 0.95;

/** A number at a limit, on the scale on which its bounds are symmetric. */
export interface OpenNumber {
  /** |value − limit|, on that scale. */
  distance: number;
  components: readonly UncertaintyComponent[];
  /** One-sided, of the bound that has to clear the limit. Default 0.95. */
  probability?: number;
}

/**
 * The share of its present standard uncertainty that a component may have if the bound is to clear the limit and
 * nothing else changes; null where no smaller one is enough. Solves Σ(q·u)² < distance² for one u.
 * Source: JCGM 100:2008 (GUM), 5.1.
 */
export function shareToKeep(
  { distance, components, probability = PROBABILITY }: OpenNumber,
  component: UncertaintyComponent,
): number | null {
  const others = halfWidth(
    components.filter((one) => one !== component),
    probability,
  );
  const own = halfWidth([component], probability);
  if (others === null || own === null || !(own > 0) || others >= distance) return null;
  return Math.sqrt(distance ** 2 - others ** 2) / own;
}

/** Rounded down, because a larger uncertainty would not be enough. */
const roundedDown = (value: number): number => {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / step + 1e-9) * step).toPrecision(2));
};

/**
 * The accuracy of a component that corresponds to a share of its present one: `thickness to ±0.8 % (…_uncertainty in
 * cells.csv)`.
 */
function accuracyOf(component: UncertaintyComponent, share: number): Message {
  const name = named(component.component);
  const of = component.assumption;
  if (of === undefined) {
    return say('KNOWN_TO_SHARE', { name, percent: roundedDown(100 * share) });
  }
  const half = assumedHalfWidth(of.name, roundedDown(share * of.half_width));
  return say('KNOWN_TO', { name, half, stated: statedIn(of.name) });
}

/**
 * The accuracies that would each settle it alone, largest source first; only sources that more measurements do not
 * average out.
 */
export function accuraciesThatSettle(open: OpenNumber): Message[] {
  return open.components
    .filter(({ kind, dof }) => kind !== 'measured' || dof === null)
    .sort((a, b) => b.standard_uncertainty - a.standard_uncertainty)
    .flatMap((component) => {
      const share = shareToKeep(open, component);
      return share === null || share < LEAST_SHARE || share >= 1 ? [] : [accuracyOf(component, share)];
    });
}

/**
 * What would settle a number that is not averaged over samples: the accuracies that are each enough alone; else how
 * much better everything has to be known together; else the statement that no realistic accuracy is enough.
 */
export function whatSettlesAccuracy(open: OpenNumber): Message {
  const accuracies = accuraciesThatSettle(open);
  if (accuracies.length > 0) return say('ACCURACIES', { accuracies });
  const half = halfWidth(open.components, open.probability ?? PROBABILITY);
  const share = half === null || half === 0 ? 0 : open.distance / half;
  if (share < LEAST_SHARE) return say('NO_ACCURACY');
  return say('ALL_KNOWN_TO', { percent: roundedDown(100 * share) });
}

/** What is known of pooled samples. */
export interface OpenPool extends OpenNumber {
  /** Samples, and batches where these were averaged over. */
  m: number;
  batches: number | null;
  /** Standard error of the mean on the scale of the distance. */
  standard_error: number;
  u_shared: number;
}

/** How the largest uncertainty that all samples share can be reduced. */
function betterKnown(components: readonly UncertaintyComponent[]): Message {
  const [largest] = components
    .filter(({ shared }) => shared)
    .sort((a, b) => b.standard_uncertainty - a.standard_uncertainty);
  if (largest === undefined) return say('SHARED_SMALLER');
  if (largest.assumption !== undefined) {
    return say('SHARED_STATE', { stated: statedIn(largest.assumption.name) });
  }
  const component = named(largest.component, largest.component);
  return say('SHARED_COMPONENT', { component });
}

/**
 * What would settle pooled samples when the limit lies between the bounds, if mean and scatter do not change: how many
 * more samples or batches, or which accuracy of what they share. Where no realistic amount of either is enough, the
 * message says so.
 */
export function whatSettlesPool(pool: OpenPool): Message {
  const shared = halfWidth(
    pool.components.filter((one) => one.shared),
    pool.probability ?? PROBABILITY,
  );
  // With two of them the bounds are so wide that a third one comes first, unless what they share is already too
  // large.
  if (shared === null || shared < pool.distance) {
    if (pool.batches === 2) return say('THIRD_BATCH');
    if (pool.m === 2) return say('THIRD_SAMPLE');
  }
  const units = pool.batches !== null && pool.batches > 1 ? pool.batches : pool.m;
  const what = named(units === pool.m ? 'samples' : 'batches');
  const accuracies = accuraciesThatSettle(pool);
  const needed = samplesNeeded(
    units,
    pool.standard_error * Math.sqrt(units),
    pool.distance,
    pool.u_shared,
    pool.probability,
  );
  if (needed !== null && needed <= MOST_SAMPLES) {
    const values = { more: needed - units, units: what, all: needed };
    return accuracies.length === 0
      ? say('MORE_UNITS', values)
      : say('MORE_UNITS_OR', { ...values, accuracies });
  }
  if (accuracies.length > 0) return say('ACCURACIES_NOT_MORE', { accuracies, units: what });
  if (needed === null && pool.u_shared > 0) {
    return say('SHARED_NOT_MORE', { better: betterKnown(pool.components), units: what });
  }
  if (needed === null) return say('MEAN_AT_LIMIT', { units: what });
  return say('NOT_REALISTIC', { all: needed, units: what });
}

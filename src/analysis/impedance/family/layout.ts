import { fromTransformed, toTransformed } from '../circuit/elements.js';
import type { Member } from './members.js';

/** An arc as transformed parameters: ln R, ln Q, logit n. */
export interface ArcStart {
  log_R: number;
  log_Q: number;
  logit_n: number;
}

/** Transformed parameters of a member, grouped by the part they belong to; null where the member has no such part. */
export interface Parts {
  log_L: number | null;
  log_R0: number | null;
  arcs: ArcStart[];
  /** ln Q and logit n of a CPE, or ln A of a Warburg element. */
  tail: number[] | null;
}

/** Splits the parameters of a member. */
export function partsOf({ inductance, series, arcs, tail }: Member, theta: ArrayLike<number>): Parts {
  let at = 0;
  const log_L = inductance ? theta[at++]! : null;
  const log_R0 = series ? theta[at++]! : null;
  const ofArcs = Array.from({ length: arcs }, () => ({
    log_R: theta[at++]!,
    log_Q: theta[at++]!,
    logit_n: theta[at++]!,
  }));
  const ofTail = Array.from({ length: { none: 0, CPE: 2, W: 1 }[tail] }, () => theta[at++]!);
  return { log_L, log_R0, arcs: ofArcs, tail: tail === 'none' ? null : ofTail };
}

/** Puts parameters together in the order of the code. */
export function thetaOf({ log_L, log_R0, arcs, tail }: Parts): Float64Array {
  return Float64Array.from([
    ...(log_L === null ? [] : [log_L]),
    ...(log_R0 === null ? [] : [log_R0]),
    ...arcs.flatMap(({ log_R, log_Q, logit_n }) => [log_R, log_Q, logit_n]),
    ...(tail ?? []),
  ]);
}

/** logit n. */
export const logit = (n: number): number => toTransformed('logit', n);

/** An arc of resistance R (ohm), time constant τ (s) and exponent n. */
export function arcAt(resistance_ohm: number, tau_s: number, n: number): ArcStart {
  const log_R = Math.log(resistance_ohm);
  return { log_R, log_Q: n * Math.log(tau_s) - log_R, logit_n: logit(n) };
}

/** Exponent of an arc or tail from its transformed value. */
export const exponentFrom = (logit_n: number): number => fromTransformed('logit', logit_n);

/** ln τ of an arc. */
export function logTauOf({ log_R, log_Q, logit_n }: ArcStart): number {
  return (log_R + log_Q) / exponentFrom(logit_n);
}

import {
  type ArcStart,
  arcAt,
  exponentFrom,
  logit,
  logTauOf,
  type Parts,
  partsOf,
  thetaOf,
} from './layout.js';
import type { Member, Tail } from './members.js';

/**
 * What adding blocks needs to know of a spectrum: falling angular frequencies with |Z|, and Z'' at the highest of
 * them.
 */
export interface Ends {
  omega: Float64Array;
  modulus: Float64Array;
  first_imaginary_ohm: number;
}

/** The optimum of a member that was fitted before. */
export interface MemberOptimum {
  member: Member;
  theta: Float64Array;
}

function nearestModulus({ omega, modulus }: Ends, at: number): number {
  let nearest = 0;
  for (let i = 1; i < omega.length; i++) {
    if (Math.abs(Math.log(omega[i]! / at)) < Math.abs(Math.log(omega[nearest]! / at))) nearest = i;
  }
  return modulus[nearest]!;
}

/** Inductances to try, ln L. */
function inductances({ omega, modulus, first_imaginary_ohm }: Ends): number[] {
  const w = omega[0]!;
  const seen = first_imaginary_ohm > 0 ? first_imaginary_ohm / w : (1e-3 * modulus[0]!) / w;
  return [seen, (0.05 * modulus[0]!) / w, (0.5 * modulus[0]!) / w].map(Math.log);
}

function seriesResistances({ modulus }: Ends): number[] {
  const least = modulus.reduce((a, b) => Math.min(a, b));
  return [0.02, 0.5].map((share) => Math.log(share * least));
}

/** Arcs of 0.15·|Z| with tops at one per decade, from 0.3 decade outside the band on both sides. */
function arcsOverBand(ends: Ends): ArcStart[] {
  const { omega } = ends;
  const [fast, slow] = [-Math.log(omega[0]!) - 0.7, -Math.log(omega.at(-1)!) + 0.7];
  const count = Math.max(2, Math.round((slow - fast) / Math.LN10) + 1);
  return Array.from({ length: count }, (_, i) => {
    const tau = Math.exp(fast + ((slow - fast) * i) / (count - 1));
    return arcAt(0.15 * nearestModulus(ends, 1 / tau), tau, 0.85);
  });
}

/** A tail with this |Z| at the lowest frequency. */
function tailOf(tail: Tail, size: number, n: number, omegaLast: number): number[] {
  if (tail === 'W') return [Math.log(size * Math.sqrt(omegaLast / 2))];
  return [-Math.log(size) - n * Math.log(omegaLast), logit(n)];
}

function tailsOf(tail: Tail, { omega, modulus }: Ends): number[][] {
  return [0.1, 0.5].map((share) => tailOf(tail, share * modulus.at(-1)!, 0.8, omega.at(-1)!));
}

function inserted(arcs: readonly ArcStart[], arc: ArcStart): ArcStart[] {
  return [...arcs, arc].sort((a, b) => logTauOf(a) - logTauOf(b));
}

/** A series resistance that turns into the fastest arc. */
function resistanceAsArc({ arcs, log_R0 }: Parts, { omega }: Ends): ArcStart[][] {
  return [0.3, 1].map((share) => inserted(arcs, arcAt(Math.exp(log_R0!), share / omega[0]!, 0.9)));
}

/** A tail that turns into the slowest arc, of 1 and 5 times |Z| at the lowest frequency. */
function tailAsArc(parts: Parts, tail: Tail, { omega, modulus }: Ends): ArcStart[][] {
  const n = tail === 'W' ? 0.5 : Math.min(exponentFrom(parts.tail![1]!), 0.95);
  const log_Q = tail === 'W' ? -parts.tail![0]! - Math.log(2) / 2 : parts.tail![0]!;
  return [1, 5].map((factor) => {
    const log_R = Math.log(factor * modulus.at(-1)!);
    const tau = Math.exp((log_R + log_Q) / n);
    return inserted(parts.arcs, arcAt(Math.exp(log_R), Math.min(tau, 1e4 / omega.at(-1)!), n));
  });
}

/** The slowest arc that turns into a tail of the same size at the lowest frequency. */
function arcAsTail(parts: Parts, tail: Tail, { omega }: Ends): Parts {
  const slowest = parts.arcs.at(-1)!;
  const n = exponentFrom(slowest.logit_n);
  const size = Math.exp(-slowest.log_Q - n * Math.log(omega.at(-1)!));
  return {
    ...parts,
    arcs: parts.arcs.slice(0, -1),
    tail: tailOf(tail, size, Math.min(n, 0.98), omega.at(-1)!),
  };
}

/** Starts of `child` from the optimum of another member; empty where the two differ by more than one block. */
export function startsFrom(child: Member, { member, theta }: MemberOptimum, ends: Ends): Float64Array[] {
  const parts = partsOf(member, theta);
  const sameInductance = child.inductance === member.inductance;
  const sameSeries = child.series === member.series;
  const sameTail = child.tail === member.tail;
  const arcsMore = child.arcs - member.arcs;
  const grown: Parts[] = [];
  if (!sameInductance) {
    if (child.inductance && sameSeries && sameTail && arcsMore === 0)
      grown.push(...inductances(ends).map((log_L) => ({ ...parts, log_L })));
    return grown.map(thetaOf);
  }
  if (sameSeries && sameTail && arcsMore === 1)
    grown.push(...arcsOverBand(ends).map((arc) => ({ ...parts, arcs: inserted(parts.arcs, arc) })));
  if (sameTail && arcsMore === 0 && child.series && !member.series)
    grown.push(...seriesResistances(ends).map((log_R0) => ({ ...parts, log_R0 })));
  if (sameTail && arcsMore === 1 && member.series && !child.series)
    grown.push(...resistanceAsArc(parts, ends).map((arcs) => ({ ...parts, log_R0: null, arcs })));
  if (sameSeries && arcsMore === 0 && member.tail === 'none' && child.tail !== 'none')
    grown.push(...tailsOf(child.tail, ends).map((tail) => ({ ...parts, tail })));
  if (sameSeries && arcsMore === 0 && member.tail === 'CPE' && child.tail === 'W') {
    const n = exponentFrom(parts.tail![1]!);
    const size = Math.exp(-parts.tail![0]! - n * Math.log(ends.omega.at(-1)!));
    grown.push({ ...parts, tail: tailOf('W', size, 0.5, ends.omega.at(-1)!) });
  }
  if (sameSeries && arcsMore === 1 && member.tail !== 'none' && child.tail === 'none')
    grown.push(...tailAsArc(parts, member.tail, ends).map((arcs) => ({ ...parts, arcs, tail: null })));
  if (sameSeries && arcsMore === -1 && member.tail === 'none' && child.tail !== 'none')
    grown.push(arcAsTail(parts, child.tail, ends));
  return grown.map(thetaOf);
}

/**
 * The optimum of a member with one block or the inductance removed, or with its slowest arc as a tail: starts of the
 * members that result.
 */
export function startsWithout(
  { member, theta }: MemberOptimum,
  ends: Ends,
): { member: Member; theta: Float64Array }[] {
  const parts = partsOf(member, theta);
  const less: [Member, Parts][] = [];
  if (member.inductance)
    less.push([
      { ...member, inductance: false },
      { ...parts, log_L: null },
    ]);
  if (member.series)
    less.push([
      { ...member, series: false },
      { ...parts, log_R0: null },
    ]);
  if (member.tail !== 'none')
    less.push([
      { ...member, tail: 'none' },
      { ...parts, tail: null },
    ]);
  parts.arcs.forEach((_, i) => {
    less.push([
      { ...member, arcs: member.arcs - 1 },
      { ...parts, arcs: parts.arcs.toSpliced(i, 1) },
    ]);
  });
  if (member.tail === 'none' && member.arcs > 1)
    less.push([{ ...member, arcs: member.arcs - 1, tail: 'CPE' }, arcAsTail(parts, 'CPE', ends)]);
  return less.map(([smaller, own]) => ({ member: smaller, theta: thetaOf(own) }));
}

import { arcsOf, logTimeConstant } from '../circuit/arcs.js';
import { toTransformed } from '../circuit/elements.js';
import { parseCircuit } from '../circuit/parse.js';
import { flawsOf } from '../family/admissible.js';
import { partsOf, thetaOf } from '../family/layout.js';
import { type Member, memberOf } from '../family/members.js';
import { circuitFitAt, problemOf } from '../fit/fit-circuit.js';
import { MinimumSearch } from '../fit/minimum.js';
import { moduli } from '../fit/problem.js';
import type { Candidate } from '../model-selection.js';
import type { Alternative } from '../result.js';
import type { PreparedSpectrum } from '../spectrum.js';

/** A circuit of the family fitted at one temperature of a series. */
export interface SeriesCandidate extends Candidate {
  member: Member;
  /** Arcs from the slowest on. */
  arcs: SeriesArc[];
}

export interface SeriesArc {
  resistor: string;
  R_ohm: number;
  /** ln of τ (s) and of C = τ/R (F). */
  log_tau: number;
  log_C: number;
}

function arcsFromSlow({ fit }: Candidate): SeriesArc[] {
  const { circuit, values } = fit.model;
  const arcs = arcsOf(circuit.root).map((arc) => {
    const R_ohm = values[arc.resistance]!;
    const log_tau = logTimeConstant(arc, values);
    const resistor = circuit.parameters[arc.resistance]!.name;
    return { resistor, R_ohm, log_tau, log_C: log_tau - Math.log(R_ohm) };
  });
  return arcs.sort((a, b) => b.log_tau - a.log_tau);
}

/** Fits a member from the given starts only, and keeps the lowest. */
function settle(
  member: Member,
  code: string,
  spectrum: PreparedSpectrum,
  starts: readonly Float64Array[],
): SeriesCandidate {
  const problem = problemOf(parseCircuit(code), spectrum, 'modulus');
  const search = new MinimumSearch(problem);
  for (const start of starts) search.follow(start);
  const fit = circuitFitAt(problem, search.settled!);
  const candidate = { fit, flaws: flawsOf(fit) };
  return { ...candidate, member, arcs: arcsFromSlow(candidate) };
}

/** The members that were compared for a spectrum before, from their stored parameters. */
export function candidatesFrom(
  spectrum: PreparedSpectrum,
  alternatives: readonly Alternative[],
): SeriesCandidate[] {
  return alternatives.flatMap(({ circuit: code, parameters }) => {
    const member = memberOf(code);
    if (member === undefined) return [];
    const circuit = parseCircuit(code);
    const theta = Float64Array.from(circuit.parameters, ({ name, transform }) =>
      toTransformed(transform, parameters[name]!),
    );
    return theta.every(Number.isFinite) ? [settle(member, code, spectrum, [theta])] : [];
  });
}

function medianModulus(spectrum: PreparedSpectrum): number {
  const sorted = moduli(spectrum).sort();
  return sorted[sorted.length >> 1]!;
}

/** Only members that describe the neighbour nearly as well as its best one can help here. */
const helpfulWithin = 30;

/**
 * The candidates of one temperature, improved by starts from those of a neighbouring one: unchanged, and with all
 * resistances scaled like |Z|.
 */
export function improvedBy(
  own: readonly SeriesCandidate[],
  spectrum: PreparedSpectrum,
  neighbour: readonly SeriesCandidate[],
  ofNeighbour: PreparedSpectrum,
): SeriesCandidate[] {
  const scale = Math.log(medianModulus(spectrum) / medianModulus(ofNeighbour));
  const admissible = neighbour.filter(({ flaws, fit }) => flaws.length === 0 && fit.quality.aicc !== null);
  const best = Math.min(...admissible.map(({ fit }) => fit.quality.aicc!));
  return own.map((candidate) => {
    const code = candidate.fit.model.circuit.code;
    const other = admissible.find(({ fit }) => fit.model.circuit.code === code);
    if (!other || other.fit.quality.aicc! > best + helpfulWithin) return candidate;
    const theta = other.fit.minimum.parameters;
    const parts = partsOf(candidate.member, theta);
    const scaled = thetaOf({
      ...parts,
      log_R0: parts.log_R0 === null ? null : parts.log_R0 + scale,
      arcs: parts.arcs.map((arc) => ({ ...arc, log_R: arc.log_R + scale })),
      tail: parts.tail !== null && candidate.member.tail === 'W' ? [parts.tail[0]! + scale] : parts.tail,
    });
    const improved = settle(candidate.member, code, spectrum, [theta, scaled]);
    return improved.fit.quality.ssr_weighted < candidate.fit.quality.ssr_weighted ? improved : candidate;
  });
}

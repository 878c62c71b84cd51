import { type ArcBlock, arcsOf, interchangeable } from '../circuit/arcs.js';
import { toTransformed } from '../circuit/elements.js';
import { type Circuit, type ElementNode, elementsOf, topLevel } from '../circuit/parse.js';
import type { PreparedSpectrum } from '../spectrum.js';
import type { Hump } from './humps.js';
import { moduli } from './problem.js';
import { guessArcs, type Surroundings } from './relaxation-histogram.js';

const diffusive = ['W', 'Wo', 'Ws'];

/** n of a Cole–Cole distribution from its variance in ln τ: n = 1/√(1 + 3·var/π²). */
function exponentOf(hump: Hump): number {
  const n = 1 / Math.sqrt(1 + (3 * hump.log_time_variance) / Math.PI ** 2);
  return Math.min(Math.max(n, 0.5), 0.98);
}

function setArc(values: Float64Array, arc: ArcBlock, hump: Hump): void {
  values[arc.resistance] = hump.resistance_ohm;
  const tau = Math.exp(hump.log_time);
  if (arc.time_constant !== undefined) values[arc.time_constant] = tau;
  if (arc.capacitance !== undefined) values[arc.capacitance] = tau / hump.resistance_ohm;
  if (arc.exponent === undefined) return;
  const n = exponentOf(hump);
  values[arc.exponent] = n;
  if (arc.coefficient !== undefined) values[arc.coefficient] = tau ** n / hump.resistance_ohm;
}

/** Parameters of an element outside the arcs. */
function setElement(values: Float64Array, node: ElementNode, guess: Surroundings, omega: Float64Array) {
  const omegaLast = omega.at(-1)!;
  const omegaMiddle = Math.sqrt(omega[0]! * omegaLast);
  const { tail_coefficient, tail_exponent } = guess;
  const tailSize = omegaLast ** -tail_exponent / tail_coefficient!;
  const set = (...numbers: number[]) => values.set(numbers, node.first);
  const bySymbol: Record<string, () => void> = {
    R: () => set(guess.series_resistance_ohm),
    L: () => set(guess.inductance_henry),
    C: () => set(1 / (tailSize * omegaLast)),
    CPE: () => set(tail_coefficient!, tail_exponent),
    W: () => set((tailSize * Math.sqrt(omegaLast)) / Math.SQRT2),
    // s = √(jωτ) is 1 at the last frequency: half-way between line and plateau.
    Wo: () => set(tailSize, 1 / omegaLast),
    Ws: () => set(tailSize, 1 / omegaLast),
  };
  const byUnit: Record<string, number> = {
    s: 1 / omegaMiddle,
    '1': 0.8,
    'ohm^-1 s^n': 1 / (tailSize * omegaMiddle ** 0.8),
  };
  const general = () => set(...node.element.parameters.map(({ unit }) => byUnit[unit] ?? tailSize));
  (bySymbol[node.element.symbol] ?? general)();
}

/** Whether the circuit has an element whose impedance grows towards low frequency. */
function hasTail(circuit: Circuit): boolean {
  return (
    elementsOf(circuit.root).some((node) => diffusive.includes(node.element.symbol)) ||
    topLevel(circuit).some((node) => node.kind === 'element' && ['C', 'CPE'].includes(node.element.symbol))
  );
}

/** A part that the spectrum does not show still needs a number above 0, here one with hardly any effect. */
function withSmallParts(guess: Surroundings, omega: Float64Array, modulus: Float64Array): Surroundings {
  const least = 0.01 * modulus.reduce((a, b) => Math.min(a, b));
  const last = omega.at(-1)!;
  return {
    series_resistance_ohm: Math.max(guess.series_resistance_ohm, least),
    inductance_henry: Math.max(guess.inductance_henry, (1e-3 * modulus[0]!) / omega[0]!),
    tail_coefficient: guess.tail_coefficient ?? 10 / (modulus.at(-1)! * last ** guess.tail_exponent),
    tail_exponent: guess.tail_exponent,
  };
}

/** Up to this many blocks, humps are assigned to them in every order; above it, in the order of the code. */
const mostPermuted = 4;

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((item, i) => permutations(list.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/**
 * Which hump each arc gets: every order, except that of blocks that can be exchanged without changing the impedance
 * the faster one always comes first.
 */
function ordersOf(circuit: Circuit, arcs: readonly ArcBlock[]): number[][] {
  const inCode = arcs.map((_, i) => i);
  if (arcs.length > mostPermuted) return [inCode];
  const groups = interchangeable(circuit.root).map((group) =>
    inCode.filter((i) => group.some((block) => arcsOf(block)[0]!.node === arcs[i]!.node)),
  );
  return permutations(inCode).filter((order) =>
    groups.every((group) => group.every((i, place) => place === 0 || order[i]! > order[group[place - 1]!]!)),
  );
}

/** A diffusion element in a branch of a relaxing block. */
interface BlockDiffusion {
  arc: number;
  node: ElementNode;
}

function diffusionInBlocks(arcs: readonly ArcBlock[]): BlockDiffusion[] {
  return arcs.flatMap((block, arc) =>
    elementsOf(block.node)
      .filter(({ element }) => diffusive.includes(element.symbol))
      .map((node) => ({ arc, node })),
  );
}

/** Half of a block's hump as resistance, the other half as diffusion at three times its τ. */
function shareWithDiffusion(values: Float64Array, arc: ArcBlock, node: ElementNode, hump: Hump): void {
  const half = hump.resistance_ohm / 2;
  const tau = 3 * Math.exp(hump.log_time);
  setArc(values, arc, { ...hump, resistance_ohm: half });
  values.set(node.element.symbol === 'W' ? [half / Math.sqrt(2 * tau)] : [half, tau], node.first);
}

/**
 * Transformed parameters of any circuit, many sets of them, guessed from the spectrum: a non-negative distribution of
 * relaxation times, fitted together with the series resistance, inductance and tail that the circuit has, is cut into
 * humps, and these are assigned to the relaxing blocks in every order, since a code does not say which block is the
 * faster one. Diffusion inside a block is placed at the low end of the band, or takes half of the hump of its block.
 */
export function initialGuesses(circuit: Circuit, spectrum: PreparedSpectrum): Float64Array[] {
  const omega = spectrum.frequency_hertz.map((f) => 2 * Math.PI * f);
  const modulus = moduli(spectrum);
  const elements = elementsOf(circuit.root);
  const arcs = arcsOf(circuit.root);
  const inArcs = new Set(arcs.map((arc) => arc.resistance));
  const inner = diffusionInBlocks(arcs);
  const tail = hasTail(circuit);
  const orders = ordersOf(circuit, arcs);
  // Diffusion inside a block may be hidden under the hump of that block.
  return (tail && inner.length > 0 ? [true, false] : [tail]).flatMap((withTail) => {
    const guess = guessArcs(
      spectrum,
      {
        series: elements.some((node) => node.element.symbol === 'R' && !inArcs.has(node.first)),
        inductance: elements.some((node) => node.element.symbol === 'L'),
        tail: withTail,
      },
      arcs.length,
    );
    const surroundings = withSmallParts(guess, omega, modulus);
    return guess.selections.flatMap((humps) =>
      orders.flatMap((order) =>
        (inner.length > 0 ? [false, true] : [false]).map((shared) => {
          const values = new Float64Array(circuit.parameters.length);
          for (const node of elements) setElement(values, node, surroundings, omega);
          arcs.forEach((arc, i) => {
            setArc(values, arc, humps[order[i]!]!);
          });
          if (shared) {
            for (const { arc, node } of inner) {
              shareWithDiffusion(values, arcs[arc]!, node, humps[order[arc]!]!);
            }
          }
          return Float64Array.from(circuit.parameters, (parameter, j) =>
            toTransformed(parameter.transform, values[j]!),
          );
        }),
      ),
    );
  });
}

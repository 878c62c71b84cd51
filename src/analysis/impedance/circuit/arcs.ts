import { slopeOfTransform } from './elements.js';
import {
  type Circuit,
  type CircuitNode,
  codeOf,
  type ElementNode,
  elementsOf,
  untransformed,
} from './parse.js';

/**
 * A resistance with a capacitive element in parallel, or a ZARC: it draws an arc in the complex plane. The members are
 * positions in the list of parameters of the circuit. Exactly one of C, Q and τ is present; n is absent for a
 * capacitor.
 */
export interface ArcBlock {
  node: CircuitNode;
  resistance: number;
  capacitance?: number;
  coefficient?: number;
  time_constant?: number;
  exponent?: number;
}

function arcOfZarc(node: ElementNode): ArcBlock {
  return { node, resistance: node.first, time_constant: node.first + 1, exponent: node.first + 2 };
}

function isElement(node: CircuitNode, ...symbols: string[]): node is ElementNode {
  return node.kind === 'element' && symbols.includes(node.element.symbol);
}

/**
 * The arc of a parallel node, where one branch is C or CPE and another one is a resistor or begins with one; else
 * none.
 */
function arcOfParallel(node: CircuitNode): ArcBlock | undefined {
  if (node.kind !== 'parallel') return undefined;
  const capacitive = node.children.find((child) => isElement(child, 'C', 'CPE')) as ElementNode | undefined;
  const resistor = node.children
    .flatMap((child) => (child.kind === 'series' ? child.children : [child]))
    .find((child) => isElement(child, 'R')) as ElementNode | undefined;
  if (!capacitive || !resistor) return undefined;
  const common = { node, resistance: resistor.first };
  return capacitive.element.symbol === 'C'
    ? { ...common, capacitance: capacitive.first }
    : { ...common, coefficient: capacitive.first, exponent: capacitive.first + 1 };
}

/** All arcs of a circuit, outer before inner, in the order of the code. */
export function arcsOf(node: CircuitNode): ArcBlock[] {
  if (node.kind === 'element') return node.element.symbol === 'ZARC' ? [arcOfZarc(node)] : [];
  const own = arcOfParallel(node);
  return [...(own ? [own] : []), ...node.children.flatMap(arcsOf)];
}

/** ln τ (τ in s) of an arc at the parameter values p: τ = (RQ)^{1/n}. */
export function logTimeConstant(arc: ArcBlock, p: ArrayLike<number>): number {
  if (arc.time_constant !== undefined) return Math.log(p[arc.time_constant]!);
  const logResistance = Math.log(p[arc.resistance]!);
  if (arc.capacitance !== undefined) return logResistance + Math.log(p[arc.capacitance]!);
  return (logResistance + Math.log(p[arc.coefficient!]!)) / p[arc.exponent!]!;
}

/** ∂ln τ/∂θ of an arc: τ = (RQ)^{1/n}. */
export function gradientOfLogTime(arc: ArcBlock, values: Float64Array): Float64Array {
  const gradient = new Float64Array(values.length);
  if (arc.time_constant !== undefined) {
    gradient[arc.time_constant] = 1;
    return gradient;
  }
  const n = arc.exponent === undefined ? 1 : values[arc.exponent]!;
  gradient[arc.resistance] = 1 / n;
  gradient[(arc.capacitance ?? arc.coefficient)!] = 1 / n;
  if (arc.exponent !== undefined) {
    gradient[arc.exponent] = (-logTimeConstant(arc, values) / n) * slopeOfTransform('logit', n);
  }
  return gradient;
}

/** ∂ln C/∂θ of an arc, C = τ/R. */
export function gradientOfLogCapacitance(arc: ArcBlock, values: Float64Array): Float64Array {
  const gradient = gradientOfLogTime(arc, values);
  gradient[arc.resistance]! -= 1;
  return gradient;
}

function parameterRange(node: CircuitNode): [first: number, end: number] {
  const elements = elementsOf(node);
  const last = elements.at(-1)!;
  return [elements[0]!.first, last.first + last.element.parameters.length];
}

/** The code without numbers: blocks with the same one can be exchanged without changing the impedance. */
function shapeOf(node: CircuitNode): string {
  return codeOf(node).replace(/\d+/g, '');
}

/** Groups of blocks that can be exchanged: in series with each other, of the same shape, each with an arc. */
export function interchangeable(node: CircuitNode): CircuitNode[][] {
  if (node.kind === 'element') return [];
  const inner = node.children.flatMap(interchangeable);
  if (node.kind === 'parallel') return inner;
  const groups = new Map<string, CircuitNode[]>();
  for (const child of node.children) {
    if (arcsOf(child).length === 0) continue;
    groups.set(shapeOf(child), [...(groups.get(shapeOf(child)) ?? []), child]);
  }
  return [...inner, ...[...groups.values()].filter((group) => group.length > 1)];
}

/**
 * The same circuit with interchangeable blocks in the order of their time constants, fastest first, so that arc 1
 * of one spectrum is arc 1 of the next. Takes and gives transformed parameters.
 */
export function inCanonicalOrder(circuit: Circuit, theta: Float64Array): Float64Array {
  const ordered = theta.slice();
  const values = untransformed(circuit, theta);
  for (const group of interchangeable(circuit.root)) {
    const ranges = group.map(parameterRange);
    const byTime = group
      .map((block, index) => ({ index, time: logTimeConstant(arcsOf(block)[0]!, values) }))
      .sort((a, b) => a.time - b.time);
    byTime.forEach(({ index }, place) => {
      const [first, end] = ranges[index]!;
      ordered.set(theta.subarray(first, end), ranges[place]![0]);
    });
  }
  return ordered;
}

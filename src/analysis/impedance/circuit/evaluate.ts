import { type Band, type ComplexArray, fromTransformed } from './elements.js';
import type { BranchNode, Circuit, CircuitNode } from './parse.js';

/** A node with the buffer for its impedance, and the parameters below it: first ≤ index < end. */
interface CompiledNode {
  z: ComplexArray;
  first: number;
  end: number;
  fill(p: Float64Array, derivatives: ComplexArray[] | null): void;
}

function complexArray(length: number): ComplexArray {
  return { re: new Float64Array(length), im: new Float64Array(length) };
}

function compileNode(node: CircuitNode, band: Band): CompiledNode {
  if (node.kind !== 'element') return compileBranch(node, band);
  const z = complexArray(band.omega.length);
  const end = node.first + node.element.parameters.length;
  return {
    z,
    first: node.first,
    end,
    fill: (p, derivatives) => node.element.evaluate(p, node.first, band, z, derivatives),
  };
}

function compileBranch(node: BranchNode, band: Band): CompiledNode {
  const children = node.children.map((child) => compileNode(child, band));
  const z = complexArray(band.omega.length);
  return {
    z,
    first: children[0]!.first,
    end: children.at(-1)!.end,
    fill(p, derivatives) {
      for (const child of children) child.fill(p, derivatives);
      if (node.kind === 'series') addUp(children, z);
      else combineInParallel(children, z, derivatives);
    },
  };
}

function addUp(children: CompiledNode[], z: ComplexArray): void {
  z.re.fill(0);
  z.im.fill(0);
  for (const child of children) {
    for (let i = 0; i < z.re.length; i++) {
      z.re[i]! += child.z.re[i]!;
      z.im[i]! += child.z.im[i]!;
    }
  }
}

/** Z = 1/Σ(1/Zᵢ); the derivatives of branch i are multiplied by (Z/Zᵢ)². */
function combineInParallel(
  children: CompiledNode[],
  z: ComplexArray,
  derivatives: ComplexArray[] | null,
): void {
  for (let i = 0; i < z.re.length; i++) {
    let re = 0;
    let im = 0;
    for (const child of children) {
      const a = child.z.re[i]!;
      const b = child.z.im[i]!;
      const square = a * a + b * b;
      re += a / square;
      im -= b / square;
    }
    const square = re * re + im * im;
    z.re[i] = re / square;
    z.im[i] = -im / square;
  }
  if (!derivatives) return;
  for (const child of children) {
    for (let i = 0; i < z.re.length; i++) {
      const a = child.z.re[i]!;
      const b = child.z.im[i]!;
      const square = a * a + b * b;
      const ratioRe = (z.re[i]! * a + z.im[i]! * b) / square;
      const ratioIm = (z.im[i]! * a - z.re[i]! * b) / square;
      const factorRe = ratioRe * ratioRe - ratioIm * ratioIm;
      const factorIm = 2 * ratioRe * ratioIm;
      for (let j = child.first; j < child.end; j++) {
        const d = derivatives[j]!;
        const dRe = d.re[i]!;
        const dIm = d.im[i]!;
        d.re[i] = factorRe * dRe - factorIm * dIm;
        d.im[i] = factorRe * dIm + factorIm * dRe;
      }
    }
  }
}

export interface CircuitEvaluator {
  /** Impedance (ohm) after the last `evaluate`; overwritten by the next. */
  z: ComplexArray;
  /**
   * Evaluates the circuit at the transformed parameters `theta`. `derivatives` (one complex array per parameter)
   * receives ∂Z/∂θ by forward accumulation.
   */
  evaluate(theta: Float64Array, derivatives: ComplexArray[] | null): void;
}

/** Prepares a circuit for repeated evaluation at the frequencies of `band`. Reuses its buffers. */
export function compileCircuit(circuit: Circuit, band: Band): CircuitEvaluator {
  const root = compileNode(circuit.root, band);
  const p = new Float64Array(circuit.parameters.length);
  const transforms = circuit.parameters.map((parameter) => parameter.transform);
  return {
    z: root.z,
    evaluate(theta, derivatives) {
      for (let j = 0; j < p.length; j++) p[j] = fromTransformed(transforms[j]!, theta[j]!);
      root.fill(p, derivatives);
    },
  };
}

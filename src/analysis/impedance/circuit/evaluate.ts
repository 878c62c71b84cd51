import { type Band, type ComplexArray, fromTransformed } from './elements.js';
import type { BranchNode, Circuit, CircuitNode } from './parse.js';

/** A node with the buffer for its impedance and the range of its parameters: first ≤ index < end. */
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
  if (node.kind !== 'element') return compileArc(node, band) ?? compileBranch(node, band);
  const z = complexArray(band.omega.length);
  const end = node.first + node.element.parameters.length;
  return {
    z,
    first: node.first,
    end,
    fill: (p, derivatives) => node.element.evaluate(p, node.first, band, z, derivatives),
  };
}

/**
 * A resistor and a constant-phase element in parallel, by far the most common block, in one loop instead of six: Z =
 * 1/(1/R + Y) with Y = Q(jω)ⁿ, ∂Z/∂ln R = Z²/R, ∂Z/∂ln Q = −Z²·Y, ∂Z/∂n = −Z²·Y·ln(jω). Undefined for any other block.
 */
function compileArc(node: BranchNode, band: Band): CompiledNode | undefined {
  const elements = node.children.filter((child) => child.kind === 'element');
  const resistor = elements.find(({ element }) => element.symbol === 'R');
  const constantPhase = elements.find(({ element }) => element.symbol === 'CPE');
  if (node.kind !== 'parallel' || node.children.length !== 2 || !resistor || !constantPhase) return undefined;
  const z = complexArray(band.omega.length);
  const [first, second] = [resistor.first, constantPhase.first];
  return {
    z,
    first: Math.min(first, second),
    end: Math.max(first + 1, second + 2),
    fill: (p, derivatives) =>
      fillArc(
        z,
        band,
        p[first]!,
        p[second]!,
        p[second + 1]!,
        derivatives && [derivatives[first]!, derivatives[second]!, derivatives[second + 1]!],
      ),
  };
}

function fillArc(
  z: ComplexArray,
  { ln_omega }: Band,
  R: number,
  Q: number,
  n: number,
  derivatives: [ofR: ComplexArray, ofQ: ComplexArray, ofN: ComplexArray] | null,
): void {
  const { re, im } = z;
  const [cosine, sine, conductance] = [
    Q * Math.cos((n * Math.PI) / 2),
    Q * Math.sin((n * Math.PI) / 2),
    1 / R,
  ];
  const slope = -n * (1 - n);
  const slopeIm = (slope * Math.PI) / 2;
  for (let i = 0; i < re.length; i++) {
    const size = Math.exp(n * ln_omega[i]!);
    const yRe = size * cosine;
    const yIm = size * sine;
    const sumRe = conductance + yRe;
    const square = sumRe * sumRe + yIm * yIm;
    const zRe = sumRe / square;
    const zIm = -yIm / square;
    re[i] = zRe;
    im[i] = zIm;
    if (!derivatives) continue;
    const [ofR, ofQ, ofN] = derivatives;
    const squareRe = zRe * zRe - zIm * zIm;
    const squareIm = 2 * zRe * zIm;
    ofR.re[i] = squareRe * conductance;
    ofR.im[i] = squareIm * conductance;
    const byYRe = squareRe * yRe - squareIm * yIm;
    const byYIm = squareRe * yIm + squareIm * yRe;
    ofQ.re[i] = -byYRe;
    ofQ.im[i] = -byYIm;
    const slopeRe = slope * ln_omega[i]!;
    ofN.re[i] = slopeRe * byYRe - slopeIm * byYIm;
    ofN.im[i] = slopeRe * byYIm + slopeIm * byYRe;
  }
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

function addUp(children: CompiledNode[], { re, im }: ComplexArray): void {
  re.fill(0);
  im.fill(0);
  for (const child of children) {
    const { re: partRe, im: partIm } = child.z;
    for (let i = 0; i < re.length; i++) {
      re[i]! += partRe[i]!;
      im[i]! += partIm[i]!;
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

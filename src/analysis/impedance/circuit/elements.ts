/**
 * The circuit elements: impedance and its derivatives. Parameters are fitted on a transformed scale θ
 * (`log`: θ = ln p; `logit`: θ = ln(p/(1 − p))), and derivatives are taken with respect to θ.
 */
import type { Band, CircuitElement, ComplexArray, Transform } from './element.js';
import { blockingLine, gerischer, havriliakNegami, reactiveLine } from './solid-state-elements.js';

export type { Band, CircuitElement, ComplexArray, ElementParameter, Transform } from './element.js';

export function bandOf(frequency_hertz: ArrayLike<number>): Band {
  const omega = Float64Array.from(frequency_hertz, (f) => 2 * Math.PI * f);
  return {
    omega,
    ln_omega: omega.map(Math.log),
    inverse_root_omega: omega.map((w) => 1 / Math.sqrt(w)),
  };
}

/** d = factor·z */
function copyScaled(z: ComplexArray, factor: number, d: ComplexArray): void {
  for (let i = 0; i < z.re.length; i++) {
    d.re[i] = factor * z.re[i]!;
    d.im[i] = factor * z.im[i]!;
  }
}

const resistor: CircuitElement = {
  symbol: 'R',
  meaning: 'resistor, Z = R',
  parameters: [{ suffix: '', unit: 'ohm', transform: 'log' }],
  evaluate(p, first, _band, z, d) {
    z.re.fill(p[first]!);
    z.im.fill(0);
    if (d) copyScaled(z, 1, d[first]!);
  },
};

const capacitor: CircuitElement = {
  symbol: 'C',
  meaning: 'capacitor, Z = 1/(jωC)',
  parameters: [{ suffix: '', unit: 'F', transform: 'log' }],
  evaluate(p, first, band, z, d) {
    for (let i = 0; i < z.re.length; i++) {
      z.re[i] = 0;
      z.im[i] = -1 / (band.omega[i]! * p[first]!);
    }
    if (d) copyScaled(z, -1, d[first]!);
  },
};

const inductor: CircuitElement = {
  symbol: 'L',
  meaning: 'inductor, Z = jωL',
  parameters: [{ suffix: '', unit: 'H', transform: 'log' }],
  evaluate(p, first, band, z, d) {
    for (let i = 0; i < z.re.length; i++) {
      z.re[i] = 0;
      z.im[i] = band.omega[i]! * p[first]!;
    }
    if (d) copyScaled(z, 1, d[first]!);
  },
};

const constantPhase: CircuitElement = {
  symbol: 'CPE',
  meaning: 'constant-phase element, Z = 1/(Q(jω)ⁿ)',
  parameters: [
    { suffix: '_Q', unit: 'ohm^-1 s^n', transform: 'log' },
    { suffix: '_n', unit: '1', transform: 'logit' },
  ],
  evaluate(p, first, band, z, d) {
    const n = p[first + 1]!;
    const scaleRe = Math.cos((n * Math.PI) / 2) / p[first]!;
    const scaleIm = -Math.sin((n * Math.PI) / 2) / p[first]!;
    for (let i = 0; i < z.re.length; i++) {
      const size = Math.exp(-n * band.ln_omega[i]!);
      z.re[i] = scaleRe * size;
      z.im[i] = scaleIm * size;
    }
    if (!d) return;
    copyScaled(z, -1, d[first]!);
    const dn = d[first + 1]!;
    const slope = -n * (1 - n);
    for (let i = 0; i < z.re.length; i++) {
      const lnRe = slope * band.ln_omega[i]!;
      const lnIm = (slope * Math.PI) / 2;
      dn.re[i] = lnRe * z.re[i]! - lnIm * z.im[i]!;
      dn.im[i] = lnRe * z.im[i]! + lnIm * z.re[i]!;
    }
  },
};

const warburg: CircuitElement = {
  symbol: 'W',
  meaning: 'semi-infinite diffusion, Z = A(1 − j)/√ω',
  parameters: [{ suffix: '', unit: 'ohm s^-0.5', transform: 'log' }],
  evaluate(p, first, band, z, d) {
    for (let i = 0; i < z.re.length; i++) {
      z.re[i] = p[first]! * band.inverse_root_omega[i]!;
      z.im[i] = -z.re[i]!;
    }
    if (d) copyScaled(z, 1, d[first]!);
  },
};

/** Above this tanh is 1 to the last digit, and sinh would overflow soon after. */
const saturated = 30;

/** tanh(x + jx), written to `out`. */
function tanhDiagonal(x: number, out: { re: number; im: number }): void {
  if (x > saturated) {
    out.re = 1;
    out.im = 0;
    return;
  }
  const denominator = 2 * (Math.sinh(x) ** 2 + Math.cos(x) ** 2);
  out.re = Math.sinh(2 * x) / denominator;
  out.im = Math.sin(2 * x) / denominator;
}

/** coth(x + jx), written to `out`. */
function cothDiagonal(x: number, out: { re: number; im: number }): void {
  if (x > saturated) {
    out.re = 1;
    out.im = 0;
    return;
  }
  const denominator = 2 * (Math.sinh(x) ** 2 + Math.sin(x) ** 2);
  out.re = Math.sinh(2 * x) / denominator;
  out.im = -Math.sin(2 * x) / denominator;
}

/**
 * Z = R·g(s)/s with s = √(jωτ) and g = tanh or coth. Both have g' = 1 − g², so that
 * ∂Z/∂ln τ = (R/2)(1 − g² − g/s).
 */
function diffusionLayer(
  symbol: string,
  meaning: string,
  g: (x: number, out: { re: number; im: number }) => void,
): CircuitElement {
  const value = { re: 0, im: 0 };
  return {
    symbol,
    meaning,
    parameters: [
      { suffix: '_R', unit: 'ohm', transform: 'log' },
      { suffix: '_tau', unit: 's', transform: 'log' },
    ],
    evaluate(p, first, band, z, d) {
      const r = p[first]!;
      const dTau = d?.[first + 1];
      for (let i = 0; i < z.re.length; i++) {
        const x = Math.sqrt((band.omega[i]! * p[first + 1]!) / 2);
        g(x, value);
        // g/s with 1/s = (1 − j)/(2x)
        const quotientRe = (value.re + value.im) / (2 * x);
        const quotientIm = (value.im - value.re) / (2 * x);
        z.re[i] = r * quotientRe;
        z.im[i] = r * quotientIm;
        if (!dTau) continue;
        const square = value.re * value.re - value.im * value.im;
        dTau.re[i] = (r / 2) * (1 - square - quotientRe);
        dTau.im[i] = (r / 2) * (-2 * value.re * value.im - quotientIm);
      }
      if (d) copyScaled(z, 1, d[first]!);
    },
  };
}

const zarc: CircuitElement = {
  symbol: 'ZARC',
  meaning: 'depressed arc, Z = R/(1 + (jωτ)ⁿ)',
  parameters: [
    { suffix: '_R', unit: 'ohm', transform: 'log' },
    { suffix: '_tau', unit: 's', transform: 'log' },
    { suffix: '_n', unit: '1', transform: 'logit' },
  ],
  evaluate(p, first, band, z, d) {
    const [r, n] = [p[first]!, p[first + 2]!];
    const lnTau = Math.log(p[first + 1]!);
    const cosine = Math.cos((n * Math.PI) / 2);
    const sine = Math.sin((n * Math.PI) / 2);
    for (let i = 0; i < z.re.length; i++) {
      const lnOmegaTau = band.ln_omega[i]! + lnTau;
      const size = Math.exp(n * lnOmegaTau);
      const uRe = size * cosine;
      const uIm = size * sine;
      // h = 1/(1 + u), and q = u/(1 + u)² = h·(1 − h) without overflow
      const squared = (1 + uRe) ** 2 + uIm ** 2;
      const hRe = (1 + uRe) / squared;
      const hIm = -uIm / squared;
      z.re[i] = r * hRe;
      z.im[i] = r * hIm;
      if (!d) continue;
      const qRe = hRe * (1 - hRe) + hIm * hIm;
      const qIm = hIm * (1 - 2 * hRe);
      d[first + 1]!.re[i] = -r * n * qRe;
      d[first + 1]!.im[i] = -r * n * qIm;
      const slope = -r * n * (1 - n);
      d[first + 2]!.re[i] = slope * (qRe * lnOmegaTau - (qIm * Math.PI) / 2);
      d[first + 2]!.im[i] = slope * (qIm * lnOmegaTau + (qRe * Math.PI) / 2);
    }
    if (d) copyScaled(z, 1, d[first]!);
  },
};

/** Every element a circuit code may name. */
export const circuitElements: CircuitElement[] = [
  resistor,
  capacitor,
  inductor,
  constantPhase,
  warburg,
  diffusionLayer('Wo', 'finite-space (blocked) diffusion, Z = R·coth(√(jωτ))/√(jωτ)', cothDiagonal),
  diffusionLayer('Ws', 'finite-length (transmissive) diffusion, Z = R·tanh(√(jωτ))/√(jωτ)', tanhDiagonal),
  zarc,
  gerischer,
  havriliakNegami,
  blockingLine,
  reactiveLine,
];

/** p from θ. */
export function fromTransformed(transform: Transform, theta: number): number {
  return transform === 'log' ? Math.exp(theta) : 1 / (1 + Math.exp(-theta));
}

/** θ from p. */
export function toTransformed(transform: Transform, value: number): number {
  return transform === 'log' ? Math.log(value) : Math.log(value / (1 - value));
}

/** dp/dθ at p. */
export function slopeOfTransform(transform: Transform, value: number): number {
  return transform === 'log' ? value : value * (1 - value);
}

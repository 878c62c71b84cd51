import type { Band, CircuitElement, ComplexArray } from './element.js';

/**
 * Elements for spectra of solids and porous electrodes. They are used in circuits that a user gives, not in the
 * automatic family.
 */

/** e^(z), z = a + jb. */
const complexPower = (logModulus: number, angle: number) => {
  const size = Math.exp(logModulus);
  return { re: size * Math.cos(angle), im: size * Math.sin(angle) };
};

function setBoth(target: ComplexArray, i: number, re: number, im: number): void {
  target.re[i] = re;
  target.im[i] = im;
}

/**
 * Gerischer: reaction and diffusion together, Z = R/√(1 + jωτ).
 * Source: B. A. Boukamp & H. J. M. Bouwmeester, Solid State Ionics 157 (2003) 29.
 */
export const gerischer: CircuitElement = {
  symbol: 'G',
  meaning: 'Gerischer, reaction with diffusion, Z = R/√(1 + jωτ)',
  parameters: [
    { suffix: '_R', unit: 'ohm', transform: 'log' },
    { suffix: '_tau', unit: 's', transform: 'log' },
  ],
  evaluate(p, first, band, z, d) {
    const [R, tau] = [p[first]!, p[first + 1]!];
    for (let i = 0; i < z.re.length; i++) {
      const x = band.omega[i]! * tau;
      const root = complexPower(-Math.log1p(x * x) / 4, -Math.atan(x) / 2);
      setBoth(z, i, R * root.re, R * root.im);
      if (!d) continue;
      setBoth(d[first]!, i, z.re[i]!, z.im[i]!);
      // ∂Z/∂ln τ = −Z/2·jx/(1 + jx)
      const square = 1 + x * x;
      const [qRe, qIm] = [(x * x) / square, x / square];
      setBoth(
        d[first + 1]!,
        i,
        -(z.re[i]! * qRe - z.im[i]! * qIm) / 2,
        -(z.re[i]! * qIm + z.im[i]! * qRe) / 2,
      );
    }
  },
};

/**
 * Havriliak–Negami: an arc that is depressed and skewed, Z = R/(1 + (jωτ)ⁿ)^b.
 * Source: S. Havriliak & S. Negami, Polymer 8 (1967) 161.
 */
export const havriliakNegami: CircuitElement = {
  symbol: 'HN',
  meaning: 'Havriliak–Negami, a depressed and skewed arc, Z = R/(1 + (jωτ)ⁿ)^b',
  parameters: [
    { suffix: '_R', unit: 'ohm', transform: 'log' },
    { suffix: '_tau', unit: 's', transform: 'log' },
    { suffix: '_n', unit: '1', transform: 'logit' },
    { suffix: '_b', unit: '1', transform: 'logit' },
  ],
  evaluate(p, first, band, z, d) {
    const [R, tau, n, b] = [p[first]!, p[first + 1]!, p[first + 2]!, p[first + 3]!];
    const lnTau = Math.log(tau);
    for (let i = 0; i < z.re.length; i++) {
      const ln = band.ln_omega[i]! + lnTau;
      const u = complexPower(n * ln, (n * Math.PI) / 2);
      const [re, im] = [1 + u.re, u.im];
      const [lnModulus, angle] = [Math.log(Math.hypot(re, im)), Math.atan2(im, re)];
      const h = complexPower(-b * lnModulus, -b * angle);
      setBoth(z, i, R * h.re, R * h.im);
      if (!d) continue;
      setBoth(d[first]!, i, z.re[i]!, z.im[i]!);
      // q = u/(1 + u); ∂Z/∂ln τ = −b·n·Z·q, ∂Z/∂n = −b·Z·q·ln(jωτ), ∂Z/∂b = −Z·ln(1 + u)
      const square = re * re + im * im;
      const [qRe, qIm] = [(u.re * re + u.im * im) / square, (u.im * re - u.re * im) / square];
      const [zqRe, zqIm] = [z.re[i]! * qRe - z.im[i]! * qIm, z.re[i]! * qIm + z.im[i]! * qRe];
      setBoth(d[first + 1]!, i, -b * n * zqRe, -b * n * zqIm);
      const slope = -b * n * (1 - n);
      const half = Math.PI / 2;
      setBoth(d[first + 2]!, i, slope * (zqRe * ln - zqIm * half), slope * (zqRe * half + zqIm * ln));
      const slopeB = -b * (1 - b);
      setBoth(
        d[first + 3]!,
        i,
        slopeB * (z.re[i]! * lnModulus - z.im[i]! * angle),
        slopeB * (z.re[i]! * angle + z.im[i]! * lnModulus),
      );
    }
  },
};

/** coth(s) and 1/sinh²(s) of s = x + jy, without overflow. */
function cothAndSlope(x: number, y: number) {
  if (x > 30) return { re: 1, im: 0, slopeRe: 0, slopeIm: 0 };
  // sinh²s = (cosh 2s − 1)/2
  const [c, s] = [Math.cosh(2 * x), Math.sinh(2 * x)];
  const denominator = c - Math.cos(2 * y);
  const re = s / denominator;
  const im = -Math.sin(2 * y) / denominator;
  // coth² − 1 = 1/sinh²
  return { re, im, slopeRe: re * re - im * im - 1, slopeIm: 2 * re * im };
}

/** Z = √(R·ζ)·coth√(R/ζ) with ζ the interfacial impedance of the whole line, and its derivatives by ln R and ln ζ. */
function line(R: number, zeta: { re: number; im: number }) {
  const square = zeta.re * zeta.re + zeta.im * zeta.im;
  // s = √(R/ζ)
  const [ratioModulus, ratioAngle] = [Math.log(R / Math.sqrt(square)) / 2, -Math.atan2(zeta.im, zeta.re) / 2];
  const s = complexPower(ratioModulus, ratioAngle);
  // √(Rζ) = R/s
  const sSquare = s.re * s.re + s.im * s.im;
  const root = { re: (R * s.re) / sSquare, im: (-R * s.im) / sSquare };
  const { re, im, slopeRe, slopeIm } = cothAndSlope(s.re, s.im);
  const Z = { re: root.re * re - root.im * im, im: root.re * im + root.im * re };
  // root·s·(−1/sinh²s)/2 = −(R/2)/sinh²s
  const half = { re: (-R / 2) * slopeRe, im: (-R / 2) * slopeIm };
  return {
    Z,
    byLogR: { re: Z.re / 2 + half.re, im: Z.im / 2 + half.im },
    byLogZeta: { re: Z.re / 2 - half.re, im: Z.im / 2 - half.im },
  };
}

const times = (a: { re: number; im: number }, b: { re: number; im: number }) => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

function constantPhaseAt(band: Band, i: number, Q: number, n: number) {
  return complexPower(-Math.log(Q) - n * band.ln_omega[i]!, (-n * Math.PI) / 2);
}

/**
 * Transmission line of a porous electrode whose walls block: ionic resistance R along it, a constant-phase element
 * over all of it.
 * Source: R. de Levie, Electrochim. Acta 8 (1963) 751.
 */
export const blockingLine: CircuitElement = {
  symbol: 'TLMB',
  meaning: 'transmission line with blocking walls, Z = √(R·ζ)·coth√(R/ζ), ζ = 1/(Q(jω)ⁿ)',
  parameters: [
    { suffix: '_R', unit: 'ohm', transform: 'log' },
    { suffix: '_Q', unit: 'ohm^-1 s^n', transform: 'log' },
    { suffix: '_n', unit: '1', transform: 'logit' },
  ],
  evaluate(p, first, band, z, d) {
    const [R, Q, n] = [p[first]!, p[first + 1]!, p[first + 2]!];
    for (let i = 0; i < z.re.length; i++) {
      const { Z, byLogR, byLogZeta } = line(R, constantPhaseAt(band, i, Q, n));
      setBoth(z, i, Z.re, Z.im);
      if (!d) continue;
      setBoth(d[first]!, i, byLogR.re, byLogR.im);
      setBoth(d[first + 1]!, i, -byLogZeta.re, -byLogZeta.im);
      // ∂ln ζ/∂n = −ln(jω)
      const slope = times(byLogZeta, { re: -band.ln_omega[i]!, im: -Math.PI / 2 });
      const logit = n * (1 - n);
      setBoth(d[first + 2]!, i, logit * slope.re, logit * slope.im);
    }
  },
};

/** The same with a reaction at the walls: ζ = R_ct/(1 + R_ct·Q(jω)ⁿ). Source: J. Bisquert, J. Phys. Chem. B 106 (2002) 325. */
export const reactiveLine: CircuitElement = {
  symbol: 'TLMR',
  meaning: 'transmission line with a reaction at the walls, Z = √(R·ζ)·coth√(R/ζ), ζ = Rct/(1 + Rct·Q(jω)ⁿ)',
  parameters: [
    { suffix: '_R', unit: 'ohm', transform: 'log' },
    { suffix: '_Rct', unit: 'ohm', transform: 'log' },
    { suffix: '_Q', unit: 'ohm^-1 s^n', transform: 'log' },
    { suffix: '_n', unit: '1', transform: 'logit' },
  ],
  evaluate(p, first, band, z, d) {
    const [R, Rct, Q, n] = [p[first]!, p[first + 1]!, p[first + 2]!, p[first + 3]!];
    for (let i = 0; i < z.re.length; i++) {
      const wall = constantPhaseAt(band, i, Q, n);
      const wallSquare = wall.re * wall.re + wall.im * wall.im;
      const y = { re: 1 / Rct + wall.re / wallSquare, im: -wall.im / wallSquare };
      const ySquare = y.re * y.re + y.im * y.im;
      const zeta = { re: y.re / ySquare, im: -y.im / ySquare };
      const { Z, byLogR, byLogZeta } = line(R, zeta);
      setBoth(z, i, Z.re, Z.im);
      if (!d) continue;
      setBoth(d[first]!, i, byLogR.re, byLogR.im);
      // Shares of the two paths through the wall: ∂ln ζ/∂ln Rct = ζ/Rct, the rest is that of the CPE.
      const ofReaction = { re: zeta.re / Rct, im: zeta.im / Rct };
      const ofWall = { re: 1 - ofReaction.re, im: -ofReaction.im };
      const byRct = times(byLogZeta, ofReaction);
      setBoth(d[first + 1]!, i, byRct.re, byRct.im);
      const byWall = times(byLogZeta, ofWall);
      setBoth(d[first + 2]!, i, -byWall.re, -byWall.im);
      const slope = times(byWall, { re: -band.ln_omega[i]!, im: -Math.PI / 2 });
      const logit = n * (1 - n);
      setBoth(d[first + 3]!, i, logit * slope.re, logit * slope.im);
    }
  },
};

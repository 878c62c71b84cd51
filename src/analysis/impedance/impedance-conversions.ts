/**
 * Impedance from the other forms in which analysers write it: arithmetic per frequency, in SI units (hertz, ohm,
 * siemens, farad, henry, radian). Z'' < 0 for a capacitor. A negative capacitance or inductance is legal.
 */

export interface ComplexNumber {
  re: number;
  im: number;
}

/** Permittivity of vacuum, F/cm. */
const vacuumPermittivity = 8.854e-14;

const inverse = ({ re, im }: ComplexNumber): ComplexNumber => {
  const square = re * re + im * im;
  return { re: re / square, im: -im / square };
};

const angular = (frequency_hertz: number) => 2 * Math.PI * frequency_hertz;

/** Z = |Z|(cos φ + j sin φ). */
export const fromPolar = (modulus_ohm: number, phase_radian: number): ComplexNumber => ({
  re: modulus_ohm * Math.cos(phase_radian),
  im: modulus_ohm * Math.sin(phase_radian),
});

/** Z = 1/(G + jB). */
export const fromAdmittance = (G_siemens: number, B_siemens: number): ComplexNumber =>
  inverse({ re: G_siemens, im: B_siemens });

/** Z = e^(−jφ)/|Y|, φ the phase of Y. */
export const fromAdmittancePolar = (modulus_siemens: number, phase_radian: number): ComplexNumber =>
  fromPolar(1 / modulus_siemens, -phase_radian);

/** Parallel capacitance and loss factor: Y = ωC_p(D + j). */
export const fromCapacitanceLoss = (frequency_hertz: number, Cp_farad: number, D: number): ComplexNumber => {
  const b = angular(frequency_hertz) * Cp_farad;
  return inverse({ re: b * D, im: b });
};

/** Parallel capacitance and quality factor, D = 1/Q. */
export const fromCapacitanceQuality = (frequency_hertz: number, Cp_farad: number, Q: number): ComplexNumber =>
  fromCapacitanceLoss(frequency_hertz, Cp_farad, 1 / Q);

/** Parallel capacitance and resistance: Y = 1/R_p + jωC_p. */
export const fromParallel = (frequency_hertz: number, Cp_farad: number, Rp_ohm: number): ComplexNumber =>
  inverse({ re: 1 / Rp_ohm, im: angular(frequency_hertz) * Cp_farad });

/** Parallel capacitance and conductance: Y = G + jωC_p. */
export const fromConductanceCapacitance = (
  frequency_hertz: number,
  G_siemens: number,
  Cp_farad: number,
): ComplexNumber => inverse({ re: G_siemens, im: angular(frequency_hertz) * Cp_farad });

/** Series capacitance and resistance: Z = R_s + 1/(jωC_s). */
export const fromSeries = (frequency_hertz: number, Cs_farad: number, Rs_ohm: number): ComplexNumber => ({
  re: Rs_ohm,
  im: -1 / (angular(frequency_hertz) * Cs_farad),
});

/** Series inductance and resistance: Z = R_s + jωL_s. */
export const fromSeriesInductance = (
  frequency_hertz: number,
  Ls_henry: number,
  Rs_ohm: number,
): ComplexNumber => ({ re: Rs_ohm, im: angular(frequency_hertz) * Ls_henry });

/** Z = ρ·l/A. */
export const fromResistivity = (
  rho_re_ohm_cm: number,
  rho_im_ohm_cm: number,
  thickness_cm: number,
  area_cm2: number,
): ComplexNumber => ({
  re: (rho_re_ohm_cm * thickness_cm) / area_cm2,
  im: (rho_im_ohm_cm * thickness_cm) / area_cm2,
});

/** Y = jωC₀(ε' − jε''), C₀ = ε₀·A/l. */
export function fromPermittivity(
  frequency_hertz: number,
  eps_re: number,
  eps_im: number,
  thickness_cm: number,
  area_cm2: number,
): ComplexNumber {
  const b = (angular(frequency_hertz) * vacuumPermittivity * area_cm2) / thickness_cm;
  return inverse({ re: b * eps_im, im: b * eps_re });
}

/** From the electric modulus M = jωC₀·Z. */
export function fromModulus(
  frequency_hertz: number,
  M_re: number,
  M_im: number,
  thickness_cm: number,
  area_cm2: number,
): ComplexNumber {
  const b = (angular(frequency_hertz) * vacuumPermittivity * area_cm2) / thickness_cm;
  return { re: M_im / b, im: -M_re / b };
}

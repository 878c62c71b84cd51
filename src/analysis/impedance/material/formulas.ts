/** Geometry and capacitance arithmetic. Lengths in cm, areas in cm², resistances in ohm. */

/** Permittivity of vacuum, F/cm. */
const vacuumPermittivity = 8.8541878128e-14;

/** Area (cm²) of a round electrode contact of this diameter (cm). */
export function discArea(diameter_cm: number): number {
  return (Math.PI * diameter_cm ** 2) / 4;
}

/** Conductivity σ = l/(R·A), S/cm. */
export function conductivity(resistance_ohm: number, thickness_cm: number, area_cm2: number): number {
  return thickness_cm / (resistance_ohm * area_cm2);
}

/** Area-specific resistance of one of `interface_count` equal interfaces in series, R·A/count, ohm·cm². */
export function areaSpecificResistance(
  resistance_ohm: number,
  area_cm2: number,
  interface_count = 1,
): number {
  return (resistance_ohm * area_cm2) / interface_count;
}

/** R_int = δ/σ_contact: area-specific resistance (ohm·cm²) of a layer of thickness δ (cm). */
export function layerResistance(thickness_cm: number, conductivity_siemens_per_centimeter: number): number {
  return thickness_cm / conductivity_siemens_per_centimeter;
}

/** Relative standard uncertainty of several independent factors. */
export function combinedRelativeUncertainty(...relative: number[]): number {
  return Math.hypot(...relative);
}

/**
 * Capacitance (F) of an arc with distributed time constants in which no series resistance takes part: bulk and grain
 * boundary. C = (R^{1−n}Q)^{1/n} = τ/R.
 * Source: C. H. Hsu & F. Mansfeld, Corrosion 57 (2001) 747.
 */
export function hsuMansfeldCapacitance(resistance_ohm: number, Q: number, n: number): number {
  return (resistance_ohm ** (1 - n) * Q) ** (1 / n);
}

/**
 * Capacitance (F) of an electrode behind a series resistance, C = Q^{1/n}(1/R_s + 1/R_ct)^{(n−1)/n}; R_ct infinite for
 * a blocking electrode.
 * Source: G. J. Brug et al., J. Electroanal. Chem. 176 (1984) 275.
 */
export function brugCapacitance(
  series_resistance_ohm: number,
  Q: number,
  n: number,
  transfer_resistance_ohm = Number.POSITIVE_INFINITY,
): number {
  return Q ** (1 / n) * (1 / series_resistance_ohm + 1 / transfer_resistance_ohm) ** ((n - 1) / n);
}

/** τ = (RQ)^{1/n}, s. */
export function timeConstant(resistance_ohm: number, Q: number, n: number): number {
  return (resistance_ohm * Q) ** (1 / n);
}

/** 1/(2πτ), Hz. */
export function characteristicFrequency(time_constant_second: number): number {
  return 1 / (2 * Math.PI * time_constant_second);
}

/** ε_r = C·l/(A·ε₀), for a capacitance (F) that is already normalised to a cell constant of 1 cm⁻¹. */
export function relativePermittivity(normalised_capacitance_farad: number): number {
  return normalised_capacitance_farad / vacuumPermittivity;
}

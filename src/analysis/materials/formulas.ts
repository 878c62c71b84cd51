/** The arithmetic of energy, power, mass, transport and cost behind a target table. */
import {
  BOLTZMANN_JOULE_PER_KELVIN,
  ELEMENTARY_CHARGE_COULOMB,
  FARADAY_COULOMB_PER_MOLE,
} from '../constants.js';

const COULOMB_PER_MILLIAMPERE_HOUR = 3.6;

/** Capacity of z electrons per formula unit, mAh/g: z·F/(3.6·M). */
export function theoreticalCapacity(electrons: number, molarMassGramPerMole: number): number {
  return (electrons * FARADAY_COULOMB_PER_MOLE) / (COULOMB_PER_MILLIAMPERE_HOUR * molarMassGramPerMole);
}

/** E = Q·V̄ in Wh, V̄ being discharge energy over discharge capacity. */
export function energyWattHour(capacityAh: number, meanVoltageVolt: number): number {
  return capacityAh * meanVoltageVolt;
}

/** Wh/kg from Q·V̄ and the mass of the whole cell, packaging included. */
export function specificEnergy(capacityAh: number, meanVoltageVolt: number, massKilogram: number): number {
  return energyWattHour(capacityAh, meanVoltageVolt) / massKilogram;
}

/** Wh/L; the volume is that of the whole cell, swollen at the end of charge. */
export function energyDensity(capacityAh: number, meanVoltageVolt: number, volumeLitre: number): number {
  return energyWattHour(capacityAh, meanVoltageVolt) / volumeLitre;
}

/** Energy out over energy in, DC, at the cell. */
export function roundTripEfficiency(dischargedWattHour: number, chargedWattHour: number): number {
  return dischargedWattHour / chargedWattHour;
}

/**
 * V²/R is the power that a short circuit dissipates; the largest power in a load is V²/(4R), at matched resistance.
 */
export function powerBounds(
  volt: number,
  ohm: number,
): { short_circuit_watt: number; matched_load_watt: number } {
  const short = (volt * volt) / ohm;
  return { short_circuit_watt: short, matched_load_watt: short / 4 };
}

/**
 * Charge diffusivity by the Nernst–Einstein relation D = σkT/(n·z²e²), cm²/s. With the full density of mobile ions it
 * is a lower bound of the tracer value divided by the Haven ratio.
 * Source: N. F. Mott & R. W. Gurney, Electronic Processes in Ionic Crystals (1940); J. M. Haven & B. Verkerk, Phys. Chem.
 * Glasses 6 (1965) 38.
 *
 * @param conductivity S/cm
 * @param density carriers per cm³
 */
export function nernstEinsteinDiffusivity(
  conductivity: number,
  kelvin: number,
  density: number,
  valence = 1,
): number {
  return (
    (conductivity * BOLTZMANN_JOULE_PER_KELVIN * kelvin) /
    (density * (valence * ELEMENTARY_CHARGE_COULOMB) ** 2)
  );
}

/** Bounds and estimate of a mixture's conductivity, in the unit of its phases. */
export interface CompositeConductivity {
  /** Σφσ, phases side by side: upper (Wiener) bound. */
  upper_parallel: number;
  /** 1/Σ(φ/σ), phases in series: lower bound. */
  lower_series: number;
  /** Bruggeman's symmetric effective medium of spherical grains: Σφ(σ−σₑ)/(σ+2σₑ) = 0. */
  bruggeman: number;
}

/**
 * Bounds and effective medium of a composite, S/cm.
 * Sources: O. Wiener, Abh. Sächs. Akad. Wiss. 32 (1912) 509; D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636.
 *
 * @param fractions volume fractions, together 1 ± 0.01
 * @throws RangeError when they are not
 */
export function compositeConductivity(
  fractions: readonly number[],
  conductivities: readonly number[],
): CompositeConductivity {
  const total = fractions.reduce((sum, phi) => sum + phi, 0);
  if (Math.abs(total - 1) > 0.01) throw new RangeError(`volume fractions add up to ${total}, not to 1`);
  const phases = fractions.map((phi, i) => ({ phi, sigma: conductivities[i] as number }));
  const upper_parallel = phases.reduce((sum, { phi, sigma }) => sum + phi * sigma, 0);
  const lower_series = 1 / phases.reduce((sum, { phi, sigma }) => sum + phi / sigma, 0);
  let low = Math.min(...conductivities);
  let high = Math.max(...conductivities);
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    const balance = phases.reduce(
      (sum, { phi, sigma }) => sum + (phi * (sigma - middle)) / (sigma + 2 * middle),
      0,
    );
    if (balance > 0) low = middle;
    else high = middle;
  }
  return { upper_parallel, lower_series, bruggeman: (low + high) / 2 };
}

/**
 * Heat in W: Joule I²R and the reversible I·T·dU/dT. Positive current charges the cell, so that charging releases heat
 * where dU/dT > 0 (the entropy of the discharge reaction is F·dU/dT > 0: discharging absorbs heat).
 * Source: D. Bernardi et al., J. Electrochem. Soc. 132 (1985) 5: q = I(U − V) − I·T·dU/dT, I > 0 discharging.
 */
export function heatGeneration(
  currentAmpere: number,
  ohm: number,
  kelvin: number,
  entropicVoltPerKelvin: number,
): { joule_watt: number; reversible_watt: number; total_watt: number } {
  const joule = currentAmpere * currentAmpere * ohm;
  const reversible = currentAmpere * kelvin * entropicVoltPerKelvin;
  return { joule_watt: joule, reversible_watt: reversible, total_watt: joule + reversible };
}

/** Cost after a cumulative volume of n units, C₀·n^{−b}. Source: T. P. Wright, J. Aeronaut. Sci. 3 (1936) 122. */
export function learningCurveCost(initialCost: number, exponent: number, volume: number): number {
  return initialCost * volume ** -exponent;
}

/** Share of the cost that is left after each doubling of volume, 2^{−b}. */
export function progressRatio(exponent: number): number {
  return 2 ** -exponent;
}

/** C(0)·e^{−αt}: a scenario, never judged. */
export function exponentialCostPath(initialCost: number, ratePerYear: number, years: number): number {
  return initialCost * Math.exp(-ratePerYear * years);
}

/** Market share 1/(1 + e^{−k(t − t₀)}): a scenario, never judged. */
export function logisticShare(steepness: number, midpoint: number, time: number): number {
  return 1 / (1 + Math.exp(-steepness * (time - midpoint)));
}

/** Yield of steps that lose the shares p, Π(1 − p), with its uncertainty by the sum on the ln scale. */
export function processYield(
  losses: readonly number[],
  uncertainties?: readonly number[],
): { value: number; u: number | null } {
  const value = losses.reduce((product, p) => product * (1 - p), 1);
  if (uncertainties === undefined) return { value, u: null };
  const relative = Math.hypot(...losses.map((p, i) => (uncertainties[i] as number) / (1 - p)));
  return { value, u: value * relative };
}

/**
 * Levelised cost of storage: discounted costs over discounted energy delivered, year 0 first.
 * Source: O. Schmidt et al., Joule 3 (2019) 81.
 *
 * @param discountRate fraction per year
 */
export function levelisedCostOfStorage(
  costs: readonly number[],
  energyOut: readonly number[],
  discountRate: number,
): number {
  const present = (values: readonly number[]) =>
    values.reduce((sum, value, year) => sum + value / (1 + discountRate) ** year, 0);
  return present(costs) / present(energyOut);
}

/** Flight time in h from the usable (not the nominal) energy. */
export function flightTimeHour(efficiency: number, usableWattHour: number, powerWatt: number): number {
  return (efficiency * usableWattHour) / powerWatt;
}

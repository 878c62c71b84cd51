import {
  BOLTZMANN_EV_PER_KELVIN,
  KILOJOULE_PER_MOLE_PER_EV,
  REFERENCE_KELVIN,
  ZERO_CELSIUS_KELVIN,
} from '../constants.js';
import { type Quantity, quantity } from '../result.js';
import { studentTQuantile } from '../statistics/distributions.js';
import { boundsAround, mapBounds, NO_BOUNDS } from '../statistics/intervals.js';
import { fitLine, type LineFit, leverageAt } from '../statistics/linear-regression.js';
import type { Reading } from './readings.js';
import type { ArrheniusForm, ArrheniusFormName, ArrheniusForms } from './types.js';

const REFERENCE_CELSIUS = REFERENCE_KELVIN - ZERO_CELSIUS_KELVIN;

export function kelvinOf(reading: Reading): number {
  return reading.temperature_celsius + ZERO_CELSIUS_KELVIN;
}

/** How far 25 °C lies outside the measured range, K; 0 inside it. */
export function extrapolationDistance(points: Reading[]): number {
  const temperatures = points.map((point) => point.temperature_celsius);
  return Math.max(
    0,
    Math.min(...temperatures) - REFERENCE_CELSIUS,
    REFERENCE_CELSIUS - Math.max(...temperatures),
  );
}

/** Largest leverage of the points themselves: how far a line from these temperatures already reaches. */
export function largestLeverage(points: Reading[]): number {
  const inverse = points.map((point) => 1 / kelvinOf(point));
  const line = fitLine(inverse, inverse);
  return Math.max(...inverse.map((x) => leverageAt(line, x)));
}

/**
 * One linear form of the Arrhenius law over 1/T. Confidence interval of ln σ at 25 °C: ŷ ± t·s·√h; prediction
 * interval: ŷ ± t·s·√(1 + h). The geometry's uncertainty shifts all points alike, so it widens σ but not Eₐ.
 * Source: N. R. Draper & H. Smith, Applied Regression Analysis, 3rd ed., chapter 3.
 *
 * @param points one per temperature, at least two different
 * @param geometry relative standard uncertainty of the cell constant
 * @param weights proportional to 1/variance of ln σ, mean 1; or none
 */
export function fitForm(
  form: ArrheniusFormName,
  points: Reading[],
  geometry: number,
  weights?: number[],
): ArrheniusForm {
  const withTemperature = form === 'ln_sigma_T';
  const kelvin = points.map(kelvinOf);
  const x = kelvin.map((t) => 1 / t);
  const y = points.map(
    (point, i) => point.ln_conductivity + (withTemperature ? Math.log(kelvin[i] as number) : 0),
  );
  const line = fitLine(x, y, weights);
  const leverage = leverageAt(line, 1 / REFERENCE_KELVIN);
  const shift = withTemperature ? Math.log(REFERENCE_KELVIN) : 0;
  const lnSigma25 = line.intercept + line.slope / REFERENCE_KELVIN - shift;
  const lnSigma25Error = line.residual_sd * Math.sqrt(leverage);
  const distance = extrapolationDistance(points);
  const prediction = predictionInterval(line, lnSigma25, leverage);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const perEv = KILOJOULE_PER_MOLE_PER_EV;
  return {
    form,
    results: formQuantities(form, line, lnSigma25, lnSigma25Error, geometry),
    goodness: {
      form,
      weighting: weights ? 'inverse variance' : 'none',
      n: line.n,
      dof: line.dof,
      r_squared: line.r_squared,
      residual_sd_ln: finite(line.residual_sd),
      sse: line.sse,
      leverage_25C: leverage,
      extrapolated_25C: distance > 0,
      extrapolation_distance_K: distance,
      Ea_se_eV: finite(line.slope_se * BOLTZMANN_EV_PER_KELVIN),
      Ea_se_kJ_mol: finite(line.slope_se * BOLTZMANN_EV_PER_KELVIN * perEv),
      ln_prefactor_se: finite(line.intercept_se),
      ln_sigma25_se: finite(lnSigma25Error),
      sigma25_pi95_low: prediction?.[0] ?? null,
      sigma25_pi95_high: prediction?.[1] ?? null,
      prefactor_unit: withTemperature ? 'S K/cm' : 'S/cm',
      geometry_relative_uncertainty: geometry,
    },
  };
}

/** Where one more measurement at 25 °C would fall, S/cm; in a weighted line the new point has weight 1. */
function predictionInterval(line: LineFit, lnSigma25: number, leverage: number): [number, number] | null {
  if (line.dof < 1) return null;
  const spread = line.residual_sd * Math.sqrt(1 + leverage);
  const half = studentTQuantile(0.975, line.dof) * spread;
  return [Math.exp(lnSigma25 - half), Math.exp(lnSigma25 + half)];
}

function formQuantities(
  form: ArrheniusFormName,
  line: LineFit,
  lnSigma25: number,
  lnSigma25Error: number,
  geometry: number,
): Quantity[] {
  const method = form === 'ln_sigma' ? 'least squares of ln σ on 1/T' : 'least squares of ln(σT) on 1/T';
  const of = (name: string, unit: string, value: number, error: number, systematic = 0): Quantity =>
    quantity({
      quantity: name,
      value,
      unit,
      standard_error: Number.isFinite(error) ? error : null,
      ...boundsAround(value, error, line.dof, systematic),
      n: line.n,
      dof: line.dof,
      n_eff: line.n,
      method,
    });
  const ea = -line.slope * BOLTZMANN_EV_PER_KELVIN;
  const eaError = line.slope_se * BOLTZMANN_EV_PER_KELVIN;
  const perEv = KILOJOULE_PER_MOLE_PER_EV;
  const prefactorUnit = form === 'ln_sigma_T' ? 'S K/cm' : 'S/cm';
  const lnPrefactor = of('ln_prefactor', `ln(${prefactorUnit})`, line.intercept, line.intercept_se, geometry);
  const lnSigma = of('ln_sigma25', 'ln(S/cm)', lnSigma25, lnSigma25Error, geometry);
  return [
    of('Ea_eV', 'eV', ea, eaError),
    of('Ea_kJ_mol', 'kJ/mol', ea * perEv, eaError * perEv),
    of('slope_K', 'K', line.slope, line.slope_se),
    of('intercept', `ln(${prefactorUnit})`, line.intercept, line.intercept_se),
    lnPrefactor,
    exponentiated(lnPrefactor, 'prefactor', prefactorUnit),
    lnSigma,
    exponentiated(lnSigma, 'sigma25_S_cm', 'S/cm'),
  ];
}

/** exp of a quantity on the ln scale; its standard error to first order. */
export function exponentiated(ln: Quantity, name: string, unit: string): Quantity {
  const value = ln.value === null ? null : Math.exp(ln.value);
  const bounds = ln.ci95_low === null ? NO_BOUNDS : mapBounds(ln, Math.exp);
  const error = value !== null && ln.standard_error !== null ? value * ln.standard_error : null;
  return { ...ln, ...bounds, quantity: name, unit, value, standard_error: error };
}

/** Both forms, named: an Eₐ of one must never be compared with a literature value of the other. */
export function fitForms(points: Reading[], geometry: number, weights?: number[]): ArrheniusForms {
  return {
    ln_sigma: fitForm('ln_sigma', points, geometry, weights),
    ln_sigma_T: fitForm('ln_sigma_T', points, geometry, weights),
  };
}

import {
  BOLTZMANN_EV_PER_KELVIN,
  KILOJOULE_PER_MOLE_PER_EV,
  REFERENCE_KELVIN,
  ZERO_CELSIUS_KELVIN,
} from '../constants.js';
import { type Quantity, quantity } from '../result.js';
import { mean } from '../statistics/descriptive.js';
import { studentTQuantile } from '../statistics/distributions.js';
import { boundsAround, mapBounds, NO_BOUNDS } from '../statistics/intervals.js';
import { fitLine, type LineFit, leverageAt } from '../statistics/linear-regression.js';
import type { Reading } from './readings.js';
import type { ArrheniusForm, ArrheniusFormName, ArrheniusForms } from './types.js';

const REFERENCE_CELSIUS = REFERENCE_KELVIN - ZERO_CELSIUS_KELVIN;

export function kelvinOf(reading: Reading): number {
  return reading.temperature_celsius + ZERO_CELSIUS_KELVIN;
}

/** What shifts all conductivities of a series together. */
export interface CommonTerms {
  /** Relative standard uncertainty of the cell constant. */
  geometry: number;
  /** Half width of the error of the temperatures, K; rectangular. */
  temperature_half_width: number;
}

/** Standard uncertainty of the temperatures, K. */
export const temperatureUncertainty = ({ temperature_half_width }: CommonTerms): number =>
  temperature_half_width / Math.sqrt(3);

/**
 * What a common error of the temperatures does to Eₐ, added in quadrature: Eₐ·u·2/T̄ for an offset, and Eₐ·u·√2/(T_max
 * − T_min) for a lag that grows with the distance from room temperature.
 */
function energyUncertainty(ea: number, points: readonly Reading[], common: CommonTerms): number {
  const kelvin = points.map(kelvinOf);
  const span = Math.max(...kelvin) - Math.min(...kelvin);
  const relative = Math.hypot(2 / mean(kelvin), Math.SQRT2 / span);
  return Math.abs(ea) * temperatureUncertainty(common) * relative;
}

/** Distance of 25 °C from the measured range, K; 0 inside it. */
export function extrapolationDistance(points: Reading[]): number {
  const temperatures = points.map((point) => point.temperature_celsius);
  return Math.max(
    0,
    Math.min(...temperatures) - REFERENCE_CELSIUS,
    REFERENCE_CELSIUS - Math.max(...temperatures),
  );
}

/** Largest leverage among the points: how far a line through these temperatures already extrapolates. */
export function largestLeverage(points: Reading[]): number {
  const inverse = points.map((point) => 1 / kelvinOf(point));
  const line = fitLine(inverse, inverse);
  return Math.max(...inverse.map((x) => leverageAt(line, x)));
}

/**
 * One linear form of the Arrhenius law over 1/T. Confidence interval of ln σ at 25 °C: ŷ ± t·s·√h; prediction
 * interval: ŷ ± t·s·√(1 + h). The uncertainty of the geometry shifts all points together, so it widens σ but not Eₐ;
 * that of the temperatures widens both.
 * Source: N. R. Draper & H. Smith, Applied Regression Analysis, 3rd ed., chapter 3.
 *
 * @param points one per temperature, at least two different
 * @param common what shifts all points together
 * @param weights proportional to 1/variance of ln σ, mean 1; or none
 */
export function fitForm(
  form: ArrheniusFormName,
  points: Reading[],
  common: CommonTerms,
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
    results: formQuantities(form, line, points, [lnSigma25, lnSigma25Error], common),
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
      Ea_u_temperature_eV: energyUncertainty(-line.slope * BOLTZMANN_EV_PER_KELVIN, points, common),
      Ea_se_kJ_mol: finite(line.slope_se * BOLTZMANN_EV_PER_KELVIN * perEv),
      ln_prefactor_se: finite(line.intercept_se),
      ln_sigma25_se: finite(lnSigma25Error),
      sigma25_pi95_low: prediction?.[0] ?? null,
      sigma25_pi95_high: prediction?.[1] ?? null,
      prefactor_unit: withTemperature ? 'S K/cm' : 'S/cm',
      geometry_relative_uncertainty: common.geometry,
      temperature_half_width_K: common.temperature_half_width,
      ln_sigma25_u_temperature: sigma25Sensitivity(form, line) * temperatureUncertainty(common),
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

/** Change of ln σ at 25 °C per kelvin: Eₐ/(kT₀²); in the form ln σT it is smaller by 1/T₀. */
function sigma25Sensitivity(form: ArrheniusFormName, line: LineFit): number {
  const ofSlope = -line.slope / REFERENCE_KELVIN ** 2;
  return Math.abs(form === 'ln_sigma' ? ofSlope : ofSlope - 1 / REFERENCE_KELVIN);
}

/** The name of the form, as it is printed behind every Eₐ. */
export const energyLabel = (form: ArrheniusFormName): string =>
  form === 'ln_sigma' ? 'Ea (ln σ)' : 'Ea (ln σT)';

function formQuantities(
  form: ArrheniusFormName,
  line: LineFit,
  points: Reading[],
  [lnSigma25, lnSigma25Error]: readonly [number, number],
  common: CommonTerms,
): Quantity[] {
  const method = form === 'ln_sigma' ? 'least squares of ln σ on 1/T' : 'least squares of ln(σT) on 1/T';
  const of = (name: string, unit: string, value: number, error: number, systematic = 0): Quantity =>
    quantity({
      quantity: name,
      value,
      unit,
      standard_error: Number.isFinite(error) ? error : null,
      ...boundsAround(value, error, line.dof, systematic),
      ...statisticalInterval(value, error, line.dof),
      n: line.n,
      dof: line.dof,
      n_eff: line.n,
      method,
    });
  const ea = -line.slope * BOLTZMANN_EV_PER_KELVIN;
  const eaError = line.slope_se * BOLTZMANN_EV_PER_KELVIN;
  const perEv = KILOJOULE_PER_MOLE_PER_EV;
  const prefactorUnit = form === 'ln_sigma_T' ? 'S K/cm' : 'S/cm';
  const uEnergy = energyUncertainty(ea, points, common);
  const uSlope = uEnergy / BOLTZMANN_EV_PER_KELVIN;
  // ln of the prefactor is the height of the line at the mean, plus Eₐ/kT there, so that an error of Eₐ contributes
  // to it.
  const uIntercept = uSlope / mean(points.map(kelvinOf));
  const uSigma = sigma25Sensitivity(form, line) * temperatureUncertainty(common);
  const uPrefactor = Math.hypot(common.geometry, uIntercept);
  const lnPrefactor = of(
    'ln_prefactor',
    `ln(${prefactorUnit})`,
    line.intercept,
    line.intercept_se,
    uPrefactor,
  );
  const lnSigma = of(
    'ln_sigma25',
    'ln(S/cm)',
    lnSigma25,
    lnSigma25Error,
    Math.hypot(common.geometry, uSigma),
  );
  const label = energyLabel(form);
  return [
    { ...of('Ea_eV', 'eV', ea, eaError, uEnergy), label },
    { ...of('Ea_kJ_mol', 'kJ/mol', ea * perEv, eaError * perEv, uEnergy * perEv), label },
    of('slope_K', 'K', line.slope, line.slope_se, uSlope),
    of('intercept', `ln(${prefactorUnit})`, line.intercept, line.intercept_se, uIntercept),
    lnPrefactor,
    exponentiated(lnPrefactor, 'prefactor', prefactorUnit),
    lnSigma,
    exponentiated(lnSigma, 'sigma25_S_cm', 'S/cm'),
  ];
}

/** The interval from scatter alone, given beside the interval that also holds the other uncertainties. */
export function statisticalInterval(
  value: number,
  error: number,
  dof: number,
): Pick<Quantity, 'ci95_statistical_low' | 'ci95_statistical_high'> {
  const { ci95_low, ci95_high } = boundsAround(value, error, dof);
  return { ci95_statistical_low: ci95_low, ci95_statistical_high: ci95_high };
}

/** Exponential of a quantity on the ln scale, with its standard error to first order. */
export function exponentiated(ln: Quantity, name: string, unit: string): Quantity {
  const value = ln.value === null ? null : Math.exp(ln.value);
  const bounds = ln.ci95_low === null ? NO_BOUNDS : mapBounds(ln, Math.exp);
  const error = value !== null && ln.standard_error !== null ? value * ln.standard_error : null;
  const raised = (end: number | null | undefined) => (end == null ? null : Math.exp(end));
  const scatter = {
    ci95_statistical_low: raised(ln.ci95_statistical_low),
    ci95_statistical_high: raised(ln.ci95_statistical_high),
  };
  return { ...ln, ...bounds, ...scatter, quantity: name, unit, value, standard_error: error };
}

/** Both forms by name: an Eₐ of one must never be compared with a literature value of the other. */
export function fitForms(points: Reading[], common: CommonTerms, weights?: number[]): ArrheniusForms {
  return {
    ln_sigma: fitForm('ln_sigma', points, common, weights),
    ln_sigma_T: fitForm('ln_sigma_T', points, common, weights),
  };
}

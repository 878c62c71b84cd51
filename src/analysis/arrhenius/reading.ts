/** σ at 25 °C from a reading taken near it, for samples with too few temperatures for a fit. */
import { BOLTZMANN_EV_PER_KELVIN, REFERENCE_KELVIN, ZERO_CELSIUS_KELVIN } from '../constants.js';
import { quantity } from '../result.js';
import { NO_BOUNDS } from '../statistics/intervals.js';
import {
  assumedComponent,
  assumedValues,
  boundsFrom,
  declaredHalfWidth,
  fromScatter,
  ofReading,
  type UncertaintyComponent,
} from '../uncertainty/index.js';
import { type CommonTerms, kelvinOf } from './form.js';
import { nominalTemperatures, type Reading, temperatureMeans } from './readings.js';
import type { ArrheniusForm, ReadingAt25 } from './types.js';

const NEAR_KELVIN = 1;
const REFERENCE_CELSIUS = REFERENCE_KELVIN - ZERO_CELSIUS_KELVIN;
/** Within this distance of 25 °C nothing is corrected: it is only rounding in the conversion to kelvin. */
const ROUNDING_KELVIN = 1e-9;

/** Eₐ for the correction: from the fit where a degree of freedom is left, else assumed. */
function energyFor(
  line: ArrheniusForm | null,
  distance: number,
): { Ea: number; component: UncertaintyComponent } {
  const row = line?.results.find(({ quantity: name }) => name === 'Ea_eV');
  const perEv = distance / BOLTZMANN_EV_PER_KELVIN;
  if (row?.value != null && row.standard_error !== null && row.dof !== null && row.dof >= 1) {
    const component = fromScatter('activation energy', perEv * row.standard_error, row.dof);
    return { Ea: row.value, component };
  }
  const half = assumedValues.activation_energy_half_width.value;
  const component = assumedComponent('activation energy', 'activation_energy', perEv, half);
  return { Ea: assumedValues.activation_energy.value, component };
}

/**
 * The mean of the readings at 25 ± 1 °C, always corrected to 25 °C: σ₂₅ = σ(T)·exp(−(Eₐ/k)(1/T₀ − 1/T)), with Eₐ by
 * the form ln σ, or an assumed Eₐ where no fit gives one. The interval covers the errors of the reading, of Eₐ, of the
 * temperature and of the geometry; there is no interval where none of them is known.
 *
 * @param line form ln σ of the same series, null without one
 * @returns null where there is no such reading
 */
export function readingAt25(
  readings: Reading[],
  common: CommonTerms,
  line: ArrheniusForm | null,
): ReadingAt25 | null {
  const near = readings.filter(
    ({ temperature_celsius: at }) => Math.abs(at - REFERENCE_CELSIUS) <= NEAR_KELVIN + ROUNDING_KELVIN,
  );
  if (near.length === 0) return null;
  // The readings lie within 2 K of each other, so that the mean of one group can represent all of them.
  const points = temperatureMeans(nominalTemperatures(near).flat());
  const [point] = points as [Reading];
  const apart = 1 / REFERENCE_KELVIN - 1 / kelvinOf(point);
  const isAt25 = Math.abs(point.temperature_celsius - REFERENCE_CELSIUS) < ROUNDING_KELVIN;
  const { Ea, component } = energyFor(line, isAt25 ? 0 : Math.abs(apart));
  const factor = isAt25 ? 1 : Math.exp((-Ea / BOLTZMANN_EV_PER_KELVIN) * apart);
  const read = Math.exp(point.ln_conductivity);
  const value = read * factor;
  const perKelvin = Ea / (BOLTZMANN_EV_PER_KELVIN * REFERENCE_KELVIN ** 2);
  const error = point.ln_standard_error;
  const halfWidth = common.temperature_half_width;
  const components = [
    ...(error === null ? [] : [ofReading('reading', error)]),
    ...(component.standard_uncertainty > 0 || halfWidth > 0 ? [component] : []),
    ...(halfWidth > 0 ? [declaredHalfWidth('temperature', halfWidth, perKelvin)] : []),
  ];
  const geometry = { ...ofReading('geometry', common.geometry), shared: true };
  const isKnown = error !== null || common.geometry > 0 || halfWidth > 0;
  const at = `${Number(point.temperature_celsius.toFixed(2))} °C`;
  const corrected = `: ${read.toPrecision(4)} S/cm at ${at} times ${factor.toFixed(4)}, Ea (ln σ) ${Ea.toFixed(3)} eV`;
  return {
    quantity: quantity({
      quantity: 'sigma25_measured_S_cm',
      value,
      unit: 'S/cm',
      standard_error: error === null ? null : value * error,
      ...(isKnown ? boundsFrom(value, [...components, geometry], 'ln') : NO_BOUNDS),
      n: near.length,
      n_eff: near.length,
      method: `reading at 25 ± 1 °C${isAt25 ? '' : corrected}`,
    }),
    read,
    temperature_celsius: point.temperature_celsius,
    correction_factor: factor,
    Ea_eV: Ea,
    Ea_assumed: component.kind === 'assumed' && components.includes(component),
    components,
  };
}

/** From readings to one point per nominal temperature: replicates on one sample are not independent samples. */
import { impedanceMessages as say } from '../../messages/impedance.js';
import type { Message } from '../../messages/message.js';
import { type ExcludedPoint, excludedPoint } from '../result.js';
import { mean } from '../statistics/descriptive.js';
import type { ArrheniusInput } from './types.js';

export type Branch = 'heating' | 'cooling';

export interface Reading {
  temperature_celsius: number;
  ln_conductivity: number;
  /** Relative standard error of the conductivity; null where none was given. */
  ln_standard_error: number | null;
  branch: Branch | null;
}

const SETPOINT_TOLERANCE_KELVIN = 2;
const SAME_TEMPERATURE_KELVIN = 1;

/** Usable readings, and those that are left out, each with the reason. */
export function usableReadings(input: ArrheniusInput): { readings: Reading[]; excluded: ExcludedPoint[] } {
  const readings: Reading[] = [];
  const excluded: ExcludedPoint[] = [];
  for (let index = 0; index < input.temperature_celsius.length; index++) {
    const temperature = input.temperature_celsius[index] as number;
    const conductivity = input.conductivity_siemens_per_centimeter[index] as number;
    const setpoint = input.setpoint_celsius?.[index] ?? null;
    const reason = reasonToExclude(temperature, conductivity, setpoint);
    if (reason !== null) {
      excluded.push(excludedPoint(index, reason));
      continue;
    }
    const error = input.conductivity_standard_error?.[index] ?? null;
    const branch = input.branch?.[index] ?? null;
    readings.push({
      temperature_celsius: temperature,
      ln_conductivity: Math.log(conductivity),
      ln_standard_error: error !== null && error > 0 ? error / conductivity : null,
      branch: branch === 'heating' || branch === 'cooling' ? branch : null,
    });
  }
  return { readings, excluded };
}

function reasonToExclude(temperature: number, conductivity: number, setpoint: number | null): Message | null {
  if (!Number.isFinite(temperature)) return say('NO_TEMPERATURE');
  if (temperature <= -273.15) return say('BELOW_ABSOLUTE_ZERO', { celsius: temperature });
  if (!Number.isFinite(conductivity)) return say('NO_CONDUCTIVITY');
  if (conductivity <= 0) return say('CONDUCTIVITY_NOT_POSITIVE', { sigma: conductivity });
  if (setpoint === null || !Number.isFinite(setpoint)) return null;
  const off = Math.abs(temperature - setpoint);
  if (off <= SETPOINT_TOLERANCE_KELVIN) return null;
  return say('OFF_SETPOINT', { kelvin: off.toFixed(1), celsius: setpoint });
}

/** Groups readings whose temperatures lie within 1 K of the lowest of their group, from cold to hot. */
export function nominalTemperatures(readings: Reading[]): Reading[][] {
  const sorted = [...readings].sort((a, b) => a.temperature_celsius - b.temperature_celsius);
  const groups: Reading[][] = [];
  for (const reading of sorted) {
    const group = groups.at(-1);
    const lowest = group?.[0]?.temperature_celsius;
    if (group && lowest !== undefined && reading.temperature_celsius - lowest <= SAME_TEMPERATURE_KELVIN) {
      group.push(reading);
    } else groups.push([reading]);
  }
  return groups;
}

/** Mean of ln σ over some readings of one temperature. */
function average(readings: Reading[], branch: Branch | null): Reading {
  const errors = readings.map((reading) => reading.ln_standard_error);
  const known = errors.every((error) => error !== null);
  return {
    temperature_celsius: mean(readings.map((reading) => reading.temperature_celsius)),
    ln_conductivity: mean(readings.map((reading) => reading.ln_conductivity)),
    ln_standard_error: known ? Math.hypot(...(errors as number[])) / readings.length : null,
    branch,
  };
}

/** One point per nominal temperature and branch, from cold to hot. */
export function branchMeans(readings: Reading[]): Reading[] {
  return nominalTemperatures(readings).flatMap((group) => {
    const branches = [...new Set(group.map((reading) => reading.branch))];
    return branches.map((branch) =>
      average(
        group.filter((reading) => reading.branch === branch),
        branch,
      ),
    );
  });
}

/** One point per nominal temperature: the mean of its branches' means. */
export function temperatureMeans(readings: Reading[]): Reading[] {
  return nominalTemperatures(branchMeans(readings)).map((group) => average(group, null));
}

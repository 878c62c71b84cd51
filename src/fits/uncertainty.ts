import {
  type AssumedName,
  assumedComponent,
  assumedValues,
  declaredHalfWidth,
  statedOrAssumed,
  type UncertaintyComponent,
} from '../analysis/uncertainty/index.js';
import type { Message } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import type { CellRecord } from './cell-record.js';

/**
 * What the metadata of a cell state about the uncertainty of its numbers; what they do not state is assumed, never
 * zero.
 */

/** Relative uncertainty of the thickness. */
export const thicknessComponent = (cell: CellRecord): UncertaintyComponent =>
  statedOrAssumed('thickness', cell.thickness_relative_uncertainty);

/** Relative uncertainty of the contact area, as stated or from the diameter, whose square it follows. */
export const areaComponent = (cell: CellRecord): UncertaintyComponent =>
  cell.electrode_area_cm2 !== null
    ? statedOrAssumed('electrode_area', cell.electrode_area_relative_uncertainty)
    : statedOrAssumed('diameter', cell.diameter_relative_uncertainty, 2);

/** Relative uncertainties of thickness over area. */
export const cellConstantComponents = (cell: CellRecord): UncertaintyComponent[] => [
  thicknessComponent(cell),
  areaComponent(cell),
];

/** Half width of the temperatures of a cell, K: as stated, else assumed according to their source. */
export interface TemperatureHalfWidth {
  kelvin: number;
  /** Name in the table of assumed values; null: stated. */
  assumed: AssumedName | null;
}

/**
 * How accurately the temperatures of the spectra of a cell are known.
 *
 * @param sources where each temperature comes from: file, conditions.csv or file name
 */
export function temperatureHalfWidth(
  cell: CellRecord,
  sources: readonly (string | null)[],
): TemperatureHalfWidth {
  if (cell.temperature_half_width_kelvin !== null) {
    return { kelvin: cell.temperature_half_width_kelvin, assumed: null };
  }
  const inFiles = sources.length > 0 && sources.every((source) => source === 'file');
  const atSample = cell.temperature_at_sample ?? inFiles;
  const assumed = atSample ? 'temperature_at_sample' : 'temperature';
  return { kelvin: assumedValues[assumed].value, assumed };
}

/**
 * Uncertainty of the ratio of two charges or energies of a cell. With a current known to ±a the ratio may be wrong by
 * up to 2a, since the errors of the two directions may have opposite signs; a ratio that was calibrated itself, by ±a.
 * An accuracy stated for the range becomes one of the reading when multiplied by range over current.
 *
 * @param currentAmpere of the cycles, where the accuracy is of the range
 */
export function chargeRatioComponent(
  cell: CellRecord,
  currentAmpere: number | null = null,
): UncertaintyComponent {
  const name = 'charge_ratio';
  const {
    charge_ratio_half_width: ratio,
    current_accuracy_relative: accuracy,
    current_range_ma: range,
  } = cell;
  if (ratio !== null) return declaredHalfWidth(name, ratio);
  if (accuracy === null) return assumedComponent(name, name);
  if (cell.current_accuracy_of !== 'range') return declaredHalfWidth(name, 2 * accuracy);
  if (range === null || !currentAmpere) return assumedComponent(name, name);
  return declaredHalfWidth(name, (2 * accuracy * range) / (1000 * Math.abs(currentAmpere)));
}

/**
 * Relative uncertainty of a current or a charge, as stated; an accuracy stated for the range becomes one of the
 * reading when multiplied by range over current. Null where nothing is stated, or where it is stated for a range
 * (`isOfRange`) that is not known.
 *
 * @param currentAmpere of the measurement, where the accuracy is of the range
 */
export function currentComponent(
  cell: CellRecord,
  currentAmpere: number | null,
): UncertaintyComponent | null {
  const { current_accuracy_relative: accuracy, current_range_ma: range } = cell;
  if (accuracy === null) return null;
  if (cell.current_accuracy_of !== 'range') return declaredHalfWidth('current', accuracy);
  if (range === null || !currentAmpere) return null;
  return declaredHalfWidth('current', (accuracy * range) / (1000 * Math.abs(currentAmpere)));
}

/** Whether the accuracy of the current is stated for its range, so that it means nothing until the range is known. */
export const isOfRange = (cell: CellRecord): boolean =>
  cell.current_accuracy_relative !== null && cell.current_accuracy_of === 'range';

/** The same for the ratio of two charges; a calibrated ratio needs no range. */
export const ratioLacksRange = (cell: CellRecord): boolean =>
  cell.charge_ratio_half_width === null && isOfRange(cell) && cell.current_range_ma === null;

/** Why a cell whose range is not known is not judged, and what would change that. */
export const rangeNeeded: { reason: Message; needed: Message } = {
  reason: say('RANGE_NEEDED'),
  needed: say('RANGE_IN_CELLS'),
};

/**
 * Relative uncertainty of the active mass: as stated, else the larger of an assumed share and the uncertainty of an
 * ordinary balance.
 */
export function activeMassComponent(cell: CellRecord): UncertaintyComponent {
  const stated = cell.active_mass_relative_uncertainty;
  const mass = cell.active_mass_mg ?? Number.POSITIVE_INFINITY;
  return statedOrAssumed('active_mass', stated, 1, smallestShare(mass));
}

const smallestShare = (mass: number) =>
  Math.max(assumedValues.active_mass.value, assumedValues.smallest_active_mass_error.value / mass);

/** Both, as something that a cell lacks. */
export const rangeLacking: Message = say('BECAUSE_NEEDED', rangeNeeded);

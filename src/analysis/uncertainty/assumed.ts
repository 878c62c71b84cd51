/**
 * Values that are assumed where a laboratory does not state them. What is not stated is never taken as zero, and what
 * comes from here is printed as assumed. The values are policy, not from a standard; each has its reason.
 */
import { type Message, named } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';

export interface AssumedValue {
  /** Half width of a rectangular distribution, or the value itself where `of` is 'value'. */
  value: number;
  /** Unit of the value; `1` is a fraction. */
  unit: '1' | 'K' | 'mg' | 'eV';
  /** How a laboratory can state it instead: in words, and as a message. */
  stated_as: string;
  stated_in: Message;
  /** The reason for this value. */
  why: string;
}

const assumed = <const Table extends Record<string, AssumedValue>>(table: Table): Readonly<Table> =>
  Object.freeze(table);

/** How it is stated in one of these columns of a file. */
function statedBy(file: string, ...columns: string[]): Pick<AssumedValue, 'stated_as' | 'stated_in'> {
  const stated_in = say('STATED_IN', { columns, file });
  return { stated_as: stated_in.message, stated_in };
}

const measuredInstead = say('STATED_IN/readings');
const byReadings = { stated_as: measuredInstead.message, stated_in: measuredInstead };

/** The one table of assumed values; all are half widths except `activation_energy`. */
export const assumedValues = assumed({
  thickness: {
    value: 0.02,
    unit: '1',
    ...statedBy('cells.csv', 'thickness_relative_uncertainty'),
    why: '0.02 mm of a screw gauge on a pellet of 1 mm',
  },
  diameter: {
    value: 0.01,
    unit: '1',
    ...statedBy('cells.csv', 'diameter_relative_uncertainty'),
    why: '0.1 mm on a die of 10 mm: chipped rims, contacts off centre',
  },
  electrode_area: {
    value: 0.02,
    unit: '1',
    ...statedBy('cells.csv', 'electrode_area_relative_uncertainty'),
    why: 'twice the diameter: the area goes with its square',
  },
  active_mass: {
    value: 0.02,
    unit: '1',
    ...statedBy('cells.csv', 'active_mass_relative_uncertainty'),
    why: 'weighing of foil and coating, and the share of active material',
  },
  smallest_active_mass_error: {
    value: 0.05,
    unit: 'mg',
    ...statedBy('cells.csv', 'active_mass_relative_uncertainty'),
    why: 'readings of an ordinary balance; counts where it is more than the share',
  },
  cell_mass: {
    value: 0.005,
    unit: '1',
    ...statedBy('cells.csv', 'cell_mass_relative_uncertainty'),
    why: 'whole cells are heavy enough to weigh',
  },
  cell_volume: {
    value: 0.03,
    unit: '1',
    ...statedBy('cells.csv', 'cell_volume_relative_uncertainty'),
    why: 'thickness of a swollen pouch at end of charge',
  },
  areal_mass: {
    value: 0.02,
    unit: '1',
    ...statedBy('materials.csv', 'areal_mass_relative_uncertainty'),
    why: 'weighed coupons, and the area they were cut to',
  },
  reference_areal_mass: {
    value: 0.02,
    unit: '1',
    ...statedBy('materials.csv', 'reference_areal_mass_relative_uncertainty'),
    why: 'weighed coupons, and the area they were cut to',
  },
  cost: {
    value: 0.1,
    unit: '1',
    ...statedBy('materials.csv', 'cost_relative_uncertainty'),
    why: 'spread of quotes; a model estimate is seldom better',
  },
  reference_cost: {
    value: 0.1,
    unit: '1',
    ...statedBy('materials.csv', 'reference_cost_relative_uncertainty'),
    why: 'spread of quotes; a model estimate is seldom better',
  },
  temperature: {
    value: 2,
    unit: 'K',
    ...statedBy('cells.csv', 'temperature_half_width_kelvin'),
    why: 'a set point, a file name or conditions.csv: chambers differ from it by a kelvin or more at the sample',
  },
  temperature_at_sample: {
    value: 1,
    unit: 'K',
    ...statedBy('cells.csv', 'temperature_half_width_kelvin'),
    why: 'a thermocouple at the sample, not calibrated',
  },
  charge_ratio: {
    value: 0.001,
    unit: '1',
    ...statedBy('cells.csv', 'charge_ratio_half_width', 'current_accuracy_relative'),
    why: 'twice an accuracy of the current of 0.05 %: the errors of the two directions may oppose',
  },
  current: {
    value: 0.0005,
    unit: '1',
    ...statedBy('cells.csv', 'current_accuracy_relative'),
    why: 'of the reading, of an ordinary cycler; of a capacity it is nothing beside the mass',
  },
  capacity_wander: {
    value: 0.005,
    unit: '1',
    ...statedBy('cells.csv', 'capacity_wander_relative'),
    why: 'about 1 K at 0.5 %/K: season, chamber, a moved cell, drift of the calibration',
  },
  activation_energy: {
    value: 0.4,
    unit: 'eV',
    ...byReadings,
    why: 'middle of solid electrolytes near room temperature',
  },
  activation_energy_half_width: {
    value: 0.25,
    unit: 'eV',
    ...byReadings,
    why: 'nearly all solid electrolytes lie within it',
  },
});

export type AssumedName = keyof typeof assumedValues;

/** A value in words: `2 %`, `1 K`. */
function inWords(value: number, unit: AssumedValue['unit']): string {
  const digits = (x: number) => String(Number(x.toPrecision(3)));
  return unit === '1' ? `${digits(100 * value)} %` : `${digits(value)} ${unit}`;
}

/** A half width in the unit of an assumed value, in words. */
export const assumedHalfWidth = (name: AssumedName, value: number): string =>
  inWords(value, assumedValues[name].unit);

/** How a laboratory states an assumed value instead. */
export const statedIn = (name: AssumedName): Message => assumedValues[name].stated_in;

/**
 * What was assumed, as it is printed everywhere: `ASSUMED thickness = ±2 %`.
 *
 * @param value the value that was used, where it differs from the table, such as an absolute error divided by a small
 *   mass
 */
export function assumedMessage(name: AssumedName, value: number = assumedValues[name].value): Message {
  if (name === 'activation_energy') {
    return say('ASSUMED/activation_energy', {
      value,
      half: assumedValues.activation_energy_half_width.value,
    });
  }
  return say('ASSUMED', { name: named(name, name), half: inWords(value, assumedValues[name].unit) });
}

/** The same in words. */
export const assumedText = (name: AssumedName, value?: number): string => assumedMessage(name, value).message;

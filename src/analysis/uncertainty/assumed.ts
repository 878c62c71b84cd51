/**
 * What is taken where a laboratory does not state it. Nothing unstated is zero; whatever is taken from here is printed
 * as assumed. The values are policy, not from a standard: each says why.
 */

export interface AssumedValue {
  /** Half width of a rectangular distribution, or the value itself where `of` is 'value'. */
  value: number;
  /** Unit of the value; `1` is a fraction. */
  unit: '1' | 'K' | 'mg' | 'eV';
  /** How a laboratory states it instead. */
  stated_as: string;
  /** Why this value. */
  why: string;
}

const assumed = <const Table extends Record<string, AssumedValue>>(table: Table): Readonly<Table> =>
  Object.freeze(table);

/** The one table of assumed values. Half widths but for `activation_energy`. */
export const assumedValues = assumed({
  thickness: {
    value: 0.02,
    unit: '1',
    stated_as: 'thickness_relative_uncertainty in cells.csv',
    why: '0.02 mm of a screw gauge on a pellet of 1 mm',
  },
  diameter: {
    value: 0.01,
    unit: '1',
    stated_as: 'diameter_relative_uncertainty in cells.csv',
    why: '0.1 mm on a die of 10 mm: chipped rims, contacts off centre',
  },
  electrode_area: {
    value: 0.02,
    unit: '1',
    stated_as: 'electrode_area_relative_uncertainty in cells.csv',
    why: 'twice the diameter: the area goes with its square',
  },
  active_mass: {
    value: 0.02,
    unit: '1',
    stated_as: 'active_mass_relative_uncertainty in cells.csv',
    why: 'weighing of foil and coating, and the share of active material',
  },
  smallest_active_mass_error: {
    value: 0.05,
    unit: 'mg',
    stated_as: 'active_mass_relative_uncertainty in cells.csv',
    why: 'readings of an ordinary balance; counts where it is more than the share',
  },
  cell_mass: {
    value: 0.005,
    unit: '1',
    stated_as: 'cell_mass_relative_uncertainty in cells.csv',
    why: 'whole cells are heavy enough to weigh',
  },
  cell_volume: {
    value: 0.03,
    unit: '1',
    stated_as: 'cell_volume_relative_uncertainty in cells.csv',
    why: 'thickness of a swollen pouch at end of charge',
  },
  areal_mass: {
    value: 0.02,
    unit: '1',
    stated_as: 'areal_mass_relative_uncertainty in materials.csv',
    why: 'weighed coupons, and the area they were cut to',
  },
  reference_areal_mass: {
    value: 0.02,
    unit: '1',
    stated_as: 'reference_areal_mass_relative_uncertainty in materials.csv',
    why: 'weighed coupons, and the area they were cut to',
  },
  cost: {
    value: 0.1,
    unit: '1',
    stated_as: 'cost_relative_uncertainty in materials.csv',
    why: 'spread of quotes; a model estimate is seldom better',
  },
  reference_cost: {
    value: 0.1,
    unit: '1',
    stated_as: 'reference_cost_relative_uncertainty in materials.csv',
    why: 'spread of quotes; a model estimate is seldom better',
  },
  temperature: {
    value: 2,
    unit: 'K',
    stated_as: 'temperature_half_width_kelvin in cells.csv',
    why: 'a set point, a file name or conditions.csv: chambers differ from it by a kelvin or more at the sample',
  },
  temperature_at_sample: {
    value: 1,
    unit: 'K',
    stated_as: 'temperature_half_width_kelvin in cells.csv',
    why: 'a thermocouple at the sample, not calibrated',
  },
  charge_ratio: {
    value: 0.001,
    unit: '1',
    stated_as: 'charge_ratio_half_width or current_accuracy_relative in cells.csv',
    why: 'twice an accuracy of the current of 0.05 %: the errors of the two directions may oppose',
  },
  current: {
    value: 0.0005,
    unit: '1',
    stated_as: 'current_accuracy_relative in cells.csv',
    why: 'of the reading, of an ordinary cycler; of a capacity it is nothing beside the mass',
  },
  capacity_wander: {
    value: 0.005,
    unit: '1',
    stated_as: 'capacity_wander_relative in cells.csv',
    why: 'about 1 K at 0.5 %/K: season, chamber, a moved cell, drift of the calibration',
  },
  activation_energy: {
    value: 0.4,
    unit: 'eV',
    stated_as: 'conductivities at four temperatures or more',
    why: 'middle of solid electrolytes near room temperature',
  },
  activation_energy_half_width: {
    value: 0.25,
    unit: 'eV',
    stated_as: 'conductivities at four temperatures or more',
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

/**
 * How an assumed value is printed everywhere: `ASSUMED thickness = ±2 %`.
 *
 * @param value what was taken, where that differs from the table: an absolute error over a small mass
 */
export function assumedText(name: AssumedName, value: number = assumedValues[name].value): string {
  const { unit } = assumedValues[name];
  if (name === 'activation_energy') {
    const half = assumedValues.activation_energy_half_width.value;
    return `ASSUMED activation_energy = ${value} ± ${half} eV`;
  }
  return `ASSUMED ${name} = ±${inWords(value, unit)}`;
}

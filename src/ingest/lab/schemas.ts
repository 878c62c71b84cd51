import { z } from 'zod';
import { categories } from '../../store/vocabulary.js';
import { plausibleSection, uncertaintySection } from './for-the-whole-lab.js';
import { notifySection } from './notify-settings.js';

/** What the laboratory says about its materials, cells and files; these schemas check every cell of the tables. */

export const cellTypes = [
  'full',
  'anode_free',
  'cathode_half',
  'anode_half',
  'li_cu',
  'symmetric',
  'pellet',
] as const;

const text = z.string().nullable();

const number = (rule: (value: number) => boolean, message: string) =>
  z
    .string()
    .nullable()
    .transform((value, context) => {
      if (value === null) return null;
      const parsed = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN;
      if (Number.isFinite(parsed) && rule(parsed)) return parsed;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });

const positive = number((value) => value > 0, 'must be a number above 0, with a point as decimal mark');
const notNegative = number((value) => value >= 0, 'must be a number of at least 0');
const anyNumber = number(() => true, 'must be a number');
const share = number((value) => value >= 0 && value <= 1, 'must be a fraction between 0 and 1 (not percent)');
const wholeNumber = number((value) => Number.isInteger(value) && value >= 0, 'must be a whole number');

const yesOrNo = z
  .string()
  .nullable()
  .transform((value, context) => {
    if (value === null) return null;
    if (/^(yes|true)$/i.test(value)) return true;
    if (/^(no|false)$/i.test(value)) return false;
    context.addIssue({ code: 'custom', message: 'must be yes or no' });
    return z.NEVER;
  });

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { message: `must be one of ${values.join(', ')}` });

/** Text whose parts, separated by spaces or semicolons, each fit a pattern. */
const listOf = (part: RegExp, message: string) =>
  z
    .string()
    .nullable()
    .refine((value) => value === null || value.split(/[\s;]+/).every((item) => part.test(item)), { message });

const frequencies = listOf(
  /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  'must be frequencies in hertz, separated by spaces',
);

const arcRoles = listOf(
  /^[A-Z]+\d+(_R)?=(electrolyte|interface)$/,
  'must be such as R1=electrolyte R2=interface',
);

export const materialRow = z.object({
  material_id: z.string({ message: 'must not be empty' }),
  name: text,
  category: oneOf(categories),
  cost: positive,
  reference_cost: positive,
  cost_basis: oneOf(['kg', 'm2', 'kwh']).nullable(),
  cost_currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a three-letter currency code such as EUR')
    .nullable(),
  price_year: number((value) => Number.isInteger(value) && value > 1980 && value < 2200, 'must be a year'),
  cost_scale: text,
  cost_relative_uncertainty: share,
  reference_cost_relative_uncertainty: share,
  areal_mass_mg_per_cm2: positive,
  reference_areal_mass_mg_per_cm2: positive,
  areal_mass_relative_uncertainty: share,
  reference_areal_mass_relative_uncertainty: share,
  source: text,
  source_date: text,
  confirmed: text,
});

export const cellRow = z.object({
  cell_id: z.string({ message: 'must not be empty' }),
  former_ids: text,
  material_id: text,
  cell_type: oneOf(cellTypes).nullable(),
  batch: text,
  file_pattern: text,
  electrode_area_cm2: positive,
  thickness_um: positive,
  diameter_mm: positive,
  relative_density: positive,
  active_mass_mg: positive,
  cell_mass_g: positive,
  cell_volume_cm3: positive,
  nominal_capacity_mah: positive,
  diffusion_length_um: positive,
  lower_cutoff_volt: anyNumber,
  upper_cutoff_volt: anyNumber,
  current_accuracy_relative: share,
  current_accuracy_of: oneOf(['reading', 'range']).nullable(),
  current_range_ma: positive,
  charge_ratio_half_width: share,
  capacity_wander_relative: share,
  temperature_half_width_kelvin: notNegative,
  temperature_at_sample: yesOrNo,
  storage_temperature_celsius: number(
    (value) => value > -200 && value < 200,
    'must be a temperature in degree Celsius',
  ),
  lithium_excess_mah: notNegative,
  interface_count: wholeNumber,
  formation_cycles: wholeNumber,
  lead_resistance_ohm: notNegative,
  lead_file_pattern: text,
  circuit: text,
  electrodes: oneOf(['blocking', 'non_blocking']).nullable(),
  arc_roles: arcRoles,
  low_frequency_tail: oneOf(['diffusion']).nullable(),
  accept_open: yesOrNo,
  heating_branch: oneOf(['conditioning']).nullable(),
  excluded_reason: text,
  electrode_area_relative_uncertainty: share,
  thickness_relative_uncertainty: share,
  diameter_relative_uncertainty: share,
  active_mass_relative_uncertainty: share,
  cell_mass_relative_uncertainty: share,
  cell_volume_relative_uncertainty: share,
  confirmed: text,
});

/** No press of a laboratory holds a cell under more. */
const HIGHEST_PRESSURE_MPA = 10_000;

export const conditionRow = z.object({
  file_pattern: z.string({ message: 'must not be empty' }),
  temperature_celsius: number(
    (value) => value > -200 && value < 2000,
    'must be a temperature in degree Celsius',
  ),
  state_of_charge: share,
  pressure_mpa: number(
    (value) => value >= 0 && value <= HIGHEST_PRESSURE_MPA,
    'must be a pressure in megapascal, from 0 to 10000',
  ),
  branch: oneOf(['heating', 'cooling']).nullable(),
  min_hertz: positive,
  max_hertz: positive,
  exclude_hertz: frequencies,
  stationarity_relative: share,
});

const dateOrders = {
  mdy: 'month-first',
  dmy: 'day-first',
  'month-first': 'month-first',
  'day-first': 'day-first',
} as const;

const regularExpression = z.string().transform((value, context) => {
  try {
    return new RegExp(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const timeZone = z.string().refine(
  (zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  },
  { message: 'must be a time zone such as Europe/Berlin or UTC' },
);

/** `cellar.toml`. */
export const settingsFile = z.strictObject({
  date_order: z
    .enum(['mdy', 'dmy', 'month-first', 'day-first'])
    .transform((order) => dateOrders[order])
    .optional(),
  time_zone: timeZone.optional(),
  /** Named groups of a regular expression over the path below the ingested root. */
  file_name_patterns: z
    .array(z.strictObject({ files: z.string().default('**'), pattern: regularExpression }))
    .default([]),
  /** Globs of files that are not read. */
  ignore: z.array(z.string()).default([]),
  /**
   * Settings of the files that match a pattern; where several entries match a file, later ones add to or correct
   * earlier ones.
   */
  files: z
    .array(
      z.strictObject({
        pattern: z.string(),
        date_order: z
          .enum(['mdy', 'dmy', 'month-first', 'day-first'])
          .transform((order) => dateOrders[order])
          .optional(),
        time_zone: timeZone.optional(),
        format: z.string().optional(),
        ignore: z.boolean().optional(),
      }),
    )
    .default([]),
  /** Uncertainties for every line of the tables that leaves their column empty. */
  uncertainty: uncertaintySection.default({}),
  /** Whom `cellar notify` tells, and of what. */
  notify: notifySection.optional(),
  /** The laboratory's own plausible bounds by quantity, lower and upper. */
  plausible: plausibleSection.default({}),
});

/** What a stored row has in addition: the laboratory's own columns as JSON, and the folder of the table. */
interface Origin {
  own_columns?: string | null;
  lab_folder?: string | null;
}

export type Material = z.output<typeof materialRow> & Origin;
export type Cell = z.output<typeof cellRow> & Origin;
export type Condition = z.output<typeof conditionRow> & Origin;
export type Settings = z.output<typeof settingsFile>;

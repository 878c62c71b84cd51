import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Dimension } from './units.js';

/**
 * A format is data that describes the export of one vendor. Everything Cellar does with a file follows from its
 * declaration; a peculiarity that cannot be declared is one small hook beside its vendor.
 */

/** What a column of an export can mean, and the dimension its unit must have. */
export const roles = {
  vendor_record_index: 'none',
  test_time_second: 'time',
  step_time_second: 'time',
  /** Wall clock of the record, as text, Unix seconds or a spreadsheet's day number. */
  date_time: 'none',
  unix_time_second: 'time',
  vendor_cycle_count: 'none',
  /** Step of the schedule; repeats. */
  step_id: 'none',
  /** Running step number over the whole test. */
  vendor_step_count: 'none',
  /** State letter or step type in words. */
  vendor_step_type: 'none',
  current_ampere: 'current',
  voltage_volt: 'voltage',
  charging_capacity_ah: 'charge',
  discharging_capacity_ah: 'charge',
  /** One unsigned counter for both directions. */
  capacity_ah: 'charge',
  net_capacity_ah: 'charge',
  /** Signed charge since the previous record. */
  charge_increment_ah: 'charge',
  charging_energy_wh: 'energy',
  discharging_energy_wh: 'energy',
  energy_wh: 'energy',
  net_energy_wh: 'energy',
  ambient_temperature_celsius: 'temperature',
  frequency_hertz: 'frequency',
  real_impedance_ohm: 'impedance',
  imaginary_impedance_ohm: 'impedance',
  absolute_impedance_ohm: 'impedance',
  phase_degree: 'angle',
  // Other ways of writing an impedance (impedance-shapes.ts says which pairs make one).
  conductance_siemens: 'admittance',
  susceptance_siemens: 'admittance',
  absolute_admittance_siemens: 'admittance',
  admittance_phase_degree: 'angle',
  series_capacitance_farad: 'capacitance',
  series_inductance_henry: 'inductance',
  parallel_capacitance_farad: 'capacitance',
  parallel_resistance_ohm: 'impedance',
  loss_factor: 'none',
  quality_factor: 'none',
  real_resistivity_ohm_cm: 'resistivity',
  imaginary_resistivity_ohm_cm: 'resistivity',
  relative_permittivity: 'none',
  dielectric_loss: 'none',
  minimum_voltage_volt: 'voltage',
  maximum_voltage_volt: 'voltage',
  minimum_current_ampere: 'current',
  maximum_current_ampere: 'current',
  vendor_label: 'none',
} as const satisfies Record<string, Dimension>;

export type Role = keyof typeof roles;

const spelling = z.union([
  z.string(),
  z.instanceof(RegExp),
  z.strictObject({
    name: z.union([z.string(), z.instanceof(RegExp)]),
    unit: z.string().optional(),
    exact: z.boolean().optional(),
    needsUnit: z.boolean().optional(),
    negate: z.boolean().optional(),
    /** Known only from a description; no recorded file shows it. */
    assumed: z.boolean().optional(),
  }),
]);

const roleNames = Object.keys(roles) as [Role, ...Role[]];

const headerRule = z.discriminatedUnion('kind', [
  /** The first row in which the cells of `recognise.header` and the columns of `recognise.roles` are found. */
  z.strictObject({
    kind: z.literal('row'),
    /** Lines between the header and the data that are neither units nor blank, e.g. a count of points. */
    linesBelow: z.number().int().nonnegative().default(0),
    /** Whether lines of text may follow before the numbers begin, such as the names of a sample and its settings. */
    skipsText: z.boolean().default(false),
  }),
  /** A line of the preamble says how many lines the head has; the last of them is the header. */
  z.strictObject({ kind: z.literal('declared'), pattern: z.instanceof(RegExp) }),
  /** No header: columns are known by position. */
  z.strictObject({ kind: z.literal('none'), columns: z.array(z.string()) }),
]);

const declaration = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  vendor: z.string(),
  title: z.string(),
  /** `recorded`: a real file of this kind was read; `described`: only its description is known. */
  evidence: z.enum(['recorded', 'described']),
  /** Versions of the vendor's software whose files were seen. */
  software: z.array(z.string()).default([]),
  kind: z.enum(['timeseries', 'impedance', 'mixed', 'summary']),
  /** Signature: everything that is declared here must be found. */
  recognise: z.strictObject({
    lines: z
      .array(z.strictObject({ pattern: z.instanceof(RegExp), within: z.number().int().positive() }))
      .default([]),
    /** Patterns over the first lines as one text, where the order of lines is the signature. */
    block: z
      .array(z.strictObject({ pattern: z.instanceof(RegExp), within: z.number().int().positive() }))
      .default([]),
    /** Groups of alternative header cells; a header row has one of each group. */
    header: z.array(z.array(z.union([z.string(), z.instanceof(RegExp)]))).default([]),
    /** Groups of alternative columns; a header row has a declared spelling of one of each group. */
    roles: z.array(z.array(z.enum(roleNames))).default([]),
    /** Lines that only the preamble of this vendor has; they identify a file that ends before its table. */
    opens: z.array(z.instanceof(RegExp)).default([]),
    /** Header cells that indicate another format. */
    without: z.array(z.union([z.string(), z.instanceof(RegExp)])).default([]),
  }),
  header: headerRule.default({ kind: 'row', linesBelow: 0, skipsText: false }),
  delimiter: z.enum(['\t', ',', ';', 'whitespace']).optional(),
  /** Spellings of each column, the preferred one first. */
  columns: z.partialRecord(z.enum(roleNames), z.array(spelling)),
  /** Unit to assume for a dimension where the header gives none. */
  defaultUnits: z.record(z.string(), z.string()).default({}),
  /**
   * Potentials of the single electrodes of a cell with a reference. If the voltage is that of the working electrode
   * and that of the counter electrode is given, the voltage of the cell is their difference.
   */
  electrodes: z.strictObject({ working: z.array(spelling), counter: z.array(spelling) }).optional(),
  /** Columns that this format is known to have but Cellar does not need. */
  ignored: z.array(z.union([z.string(), z.instanceof(RegExp)])).default([]),
  /**
   * `signed`: positive charges. `state`: magnitudes, or signs that are settled by the state words. `undirected`:
   * magnitudes without state. `unstated`: the convention is not known.
   */
  sign: z.enum(['signed', 'state', 'undirected', 'unstated']).default('signed'),
  /** State words or letters by direction. */
  states: z
    .strictObject({
      charge: z.instanceof(RegExp),
      discharge: z.instanceof(RegExp),
      rest: z.instanceof(RegExp),
      /** Records that are no measurement (messages, stale records): rejected with this reason. */
      message: z.instanceof(RegExp).optional(),
    })
    .optional(),
  /** When the capacity counters reset, as far as the vendor states it; the data decide. */
  counters: z.enum(['step', 'half_cycle', 'cycle', 'test', 'net', 'increment', 'none']).default('none'),
  /** Order of day and month in slash dates where the column does not settle it; without it the clock stays NULL. */
  dateOrder: z.enum(['month-first', 'day-first', 'none']).default('none'),
  /** Meaning of a bare number in the test-time column where the clock can decide between these units. */
  bareTimeUnits: z.array(z.string()).default([]),
  /**
   * Whether the unit in the header of a time column is known to be wrong at times; the clock then decides, as for a
   * bare number.
   */
  doubtfulTimeUnit: z.boolean().default(false),
  /** Whether a record whose test time jumps back is a stale copy of an earlier one: rejected with that reason. */
  rejectsStaleRecords: z.boolean().default(false),
  /** Length over area of the sample (1/cm), where the columns are resistivity or permittivity. */
  lengthOverArea: z.number().positive().optional(),
  /** Lines inside the table that are not data. */
  comments: z.instanceof(RegExp).optional(),
  /** Text that begins a further export in the same file, with a preamble, header and rows of its own. */
  restartsAt: z.string().optional(),
  /** Preamble patterns; the groups of the first match, joined by a blank, are the value. */
  preamble: z
    .strictObject({
      started_at: z.array(z.instanceof(RegExp)).optional(),
      channel: z.array(z.instanceof(RegExp)).optional(),
      /** The instrument's own file or test, which distinguishes two exports with the same name. */
      source: z.array(z.instanceof(RegExp)).optional(),
      cell: z.array(z.instanceof(RegExp)).optional(),
      temperature_celsius: z.array(z.instanceof(RegExp)).optional(),
    })
    .default({}),
  /**
   * Whether a test starts at the clock of its first record or at the time in the preamble, where the file has both.
   */
  startsBy: z.enum(['clock', 'preamble']).default('clock'),
  /** Columns whose first value names the cell. */
  cellColumns: z.array(z.string()).default([]),
  /** Whether the whole file has to be searched for its tables (small, irregular exports). */
  hook: z.custom<FormatHook>((value) => typeof value === 'function').optional(),
  /** Interleaved cycle, step and record rows. */
  layered: z.boolean().default(false),
  /** Path of a small export below sample-data/formats. */
  sample: z.string().optional(),
});

/** A table inside a file, as found by a hook. Lines are physical, from 1. */
export interface FoundTable {
  kind: 'timeseries' | 'impedance' | 'mixed' | 'summary';
  /** Header fields, or names by position where there is no header. */
  header: string[];
  /** Units of the header's fields where they stand on a line of their own. */
  units?: string[];
  firstLine: number;
  /** Last data line; undefined: to the end of the file. */
  lastLine?: number;
  /** Facts from the preamble of this table. */
  started_at?: string;
  temperature_celsius?: number;
  cell?: string;
  /** Rows that the hook writes instead of reading lines, with the line that each is attributed to. */
  rows?: { line: number; fields: string[] }[];
}

/** What a hook sees: the whole text of a small file. */
export interface HookInput {
  lines: readonly string[];
  delimiter: string;
}

export type FormatHook = (input: HookInput) => FoundTable[];

export type FormatInput = z.input<typeof declaration>;
export type Format = z.output<typeof declaration> & { fingerprint: string };

/** Spellings that are known only from a description; no recorded file has them. */
export function described(...names: (string | RegExp)[]): { name: string | RegExp; assumed: true }[] {
  return names.map((name) => ({ name, assumed: true }));
}

function stable(value: unknown): unknown {
  if (value instanceof RegExp || typeof value === 'function') return String(value);
  return value;
}

/**
 * Checks a declaration and gives it a fingerprint, so that a file that failed is tried again when its format changes.
 * Throws where the declaration is not valid, which is a bug.
 */
export function defineFormat(input: FormatInput): Format {
  const format = declaration.parse(input);
  const text = JSON.stringify(format, (_key, value) => stable(value));
  return { ...format, fingerprint: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}

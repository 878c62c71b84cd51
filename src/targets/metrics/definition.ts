import { z } from 'zod';
import type { AnalysisWarning } from '../../analysis/result.js';
import type { Bounds } from '../../analysis/statistics/intervals.js';
import { boundsFrom, type UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import type { Estimate, Limit, OneSided, OtherChoice, Verdict } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import type { Coded, Message } from '../../messages/message.js';
import type { LabData, MaterialRecord } from '../lab-data.js';
import type { UnitScale } from '../units.js';

/** Where a number comes from, to find it again in the database and in the files. */
export interface Sources {
  spectrum_ids: number[];
  test_ids: number[];
}

/** Something left out of a cell's value. */
export interface Exclusion {
  /** The cycle or the spectrum, as in the database. */
  cycle?: number;
  spectrum_id?: number;
  reason: string;
  /** The reason as a code with values. */
  why?: Coded;
}

/** What a measured value may support. */
export type Support = 'verdict' | 'INCONCLUSIVE' | 'INSUFFICIENT DATA';

/** One metric of one cell, in the metric's own unit. */
export interface CellMeasurement extends Bounds {
  cell_id: string;
  value: number | null;
  /** Standard error from the cell's own data; null where it is unknown. */
  standard_error: number | null;
  /**
   * Where its uncertainty comes from, in its own unit; relative where the metric is pooled as logarithms. When several
   * cells are pooled, shared ones stay, and the others are part of the scatter between cells.
   */
  components: UncertaintyComponent[];
  /** Set where the value can lie only on one side of the truth; absent or null: on either side. */
  one_sided?: OneSided | null;
  /** What it would be under other defensible choices; in its own unit. */
  alternatives: OtherChoice[];
  n: number | null;
  dof: number | null;
  n_eff: number | null;
  method: string;
  /** The method as a code with values, where it is more than a name. */
  how?: Message;
  supports: Support;
  /** What prevents it from supporting a verdict, and what would change that; null where it supports one. */
  missing: Message | null;
  warnings: AnalysisWarning[];
  excluded: Exclusion[];
  conditions: Record<string, number | string | null>;
  goodness: Record<string, unknown>;
  sources: Sources;
}

/** A rule that judges one cell beyond its number. */
export interface CellRuling {
  /** Set where the cell fails by a rule, not by its bounds. */
  fails: Message | null;
  /** Set where the evidence of the cell cannot support a PASS. */
  blocks: { reason: Message; needed: Message } | null;
  /** What the evidence still lacks for this limit; absent where it is enough. */
  insufficient?: Message;
  /** What the sentence about this cell mentions whatever the verdict. */
  remark?: Message;
}

interface Common<Settings extends z.ZodObject> {
  id: string;
  /** What it is, for people. */
  title: string;
  /** How it is computed. */
  formula: string;
  /** Units a target may use; the first is the metric's own. */
  units: UnitScale;
  /** Conditions that a target of this metric may set. */
  settings: Settings;
}

/** A metric that is measured on cells and pooled over them. */
export interface CellMetric<Settings extends z.ZodObject = z.ZodObject> extends Common<Settings> {
  level: 'cell';
  /** Multiplicative quantities are pooled as logarithms. */
  pooling: 'plain' | 'log';
  /** Types of cells on which it can be measured; nothing is expected from others. */
  cellTypes: readonly (string | null)[];
  /** Probability of the one-sided bound that a PASS needs; absent: 0.95. */
  passProbability?: number;
  /** Share of the cells whose rule may object to a PASS; absent: none. */
  toleratedShare?: number;
  measure(lab: LabData, cell: CellRecord, settings: z.output<Settings>): CellMeasurement;
  /** Rules beyond the number; `limit` is in the metric's own unit. */
  rule?(lab: LabData, measurement: CellMeasurement, limit: Limit, settings: z.output<Settings>): CellRuling;
}

/** One metric of a material, in the metric's own unit. */
export interface MaterialMeasurement {
  value: number | null;
  /** Where its uncertainty comes from, in the unit of the value; its bounds are computed from them. */
  components: UncertaintyComponent[];
  missing: Message | null;
  inputs: object;
}

/** A metric of the material itself: bought or weighed, not pooled over cells. */
export interface MaterialMetric<Settings extends z.ZodObject = z.ZodObject> extends Common<Settings> {
  level: 'material';
  measure(material: MaterialRecord): MaterialMeasurement;
  /** The verdict on an estimate in the unit of the limit. */
  judge(material: MaterialRecord, estimate: Estimate | null, limit: Limit): Verdict;
}

export type Metric = CellMetric | MaterialMetric;

/** Keeps the type of the settings while the list of metrics forgets it. */
export function defineCellMetric<Settings extends z.ZodObject>(metric: CellMetric<Settings>): CellMetric {
  return metric as unknown as CellMetric;
}

export function defineMaterialMetric<Settings extends z.ZodObject>(
  metric: MaterialMetric<Settings>,
): MaterialMetric {
  return metric as unknown as MaterialMetric;
}

/** Metadata that a target may require. */
export const statedColumns = ['relative_density', 'pressure_mpa', 'temperature_celsius', 'batch'] as const;
export type StatedColumn = (typeof statedColumns)[number];

/** Conditions that every target measured on cells may set. */
export const cellConditions = {
  /** Smallest number of cells with a value, not counting excluded ones. */
  minimum_cells: z.int().min(1).optional(),
  /** Metadata without which a cell is not evidence. */
  requires: z.array(z.enum(statedColumns)).optional(),
};

const positiveNumber = z.number().positive();

/** Temperature at which the measurements must have been made. */
export const temperatureConditions = {
  temperature_celsius: z.number().min(-200).max(1000),
  temperature_tolerance_kelvin: positiveNumber.default(2),
};

const nothing = {
  value: null,
  ci95_low: null,
  ci95_high: null,
  bound95_low: null,
  bound95_high: null,
  standard_error: null,
  components: [],
  alternatives: [],
  n: null,
  dof: null,
  n_eff: null,
};

/** A measurement of a cell, with everything empty that is not given; on its own it supports nothing. */
export const measurementOf = (cell_id: string, said: Partial<CellMeasurement>): CellMeasurement => ({
  ...nothing,
  cell_id,
  method: '',
  supports: 'INSUFFICIENT DATA',
  missing: null,
  warnings: [],
  excluded: [],
  conditions: {},
  goodness: {},
  sources: { spectrum_ids: [], test_ids: [] },
  ...said,
});

/** A cell without a value: what is missing. */
export const unmeasured = (
  cell_id: string,
  missing: Message,
  rest: Partial<CellMeasurement> = {},
): CellMeasurement => measurementOf(cell_id, { missing, ...rest });

/** A method as a row has it, and as a message has it. */
export const methodOf = (how: Message): Pick<CellMeasurement, 'method' | 'how'> => ({
  method: how.message,
  how,
});

/** Something that is left out, with the reason. */
export const leftOut = (
  of: Pick<Exclusion, 'cycle' | 'spectrum_id'>,
  { message, ...why }: Message,
): Exclusion => ({ ...of, reason: message, why });

/** The value of a cell with the bounds from its components; it supports a verdict unless `rest` says otherwise. */
export function measured(
  cell_id: string,
  value: number,
  components: UncertaintyComponent[],
  rest: Partial<CellMeasurement>,
): CellMeasurement {
  const bounds = boundsFrom(value, components);
  return measurementOf(cell_id, { value, components, ...bounds, supports: 'verdict', ...rest });
}

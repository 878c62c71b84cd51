import {
  type CellType,
  type CoulombicEfficiencyFit,
  type CoulombicEfficiencyInput,
  type CoulombicEfficiencyOptions,
  detectSoftShort,
  fitCoulombicEfficiency,
  missesHalfCycle,
  type ReservoirTest,
  recogniseReservoir,
} from '../../analysis/coulombic-efficiency/index.js';
import type { Quantity } from '../../analysis/result.js';
import { median } from '../../analysis/statistics/descriptive.js';
import type { UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import type { SqlRow } from '../../store/connection.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, outcomeOf } from '../fit.js';
import { type FitSet, subjectsOfLives } from '../fit-set.js';
import { coulombicEfficiency } from '../kinds/coulombic-efficiency.js';
import { type CellLife, usualCurrent, withKnownDirection } from '../lives.js';
import { quantityRows } from '../quantity-rows.js';
import { chargeRatioComponent } from '../uncertainty.js';

/** Above this, counter and integral contradict each other, and the cycle does not count. */
const LARGEST_COUNTER_DEVIATION = 0.01;

/** Cells that have a coulombic efficiency. */
export const efficiencyTypes: readonly (string | null)[] = [
  'full',
  'anode_free',
  'cathode_half',
  'anode_half',
  'li_cu',
];

/** The series of a cell's efficiencies; cycles of unknown current direction are left out. */
export function efficiencyInput(life: CellLife): CoulombicEfficiencyInput {
  const { kept } = withKnownDirection(life);
  const pick = <T>(values: readonly T[]) => kept.map((i) => values[i] as T);
  const [charge, discharge] = [pick(life.charging_capacity_ah), pick(life.discharging_capacity_ah)];
  const misses = missesHalfCycle(charge, discharge);
  return {
    cycle: pick(life.cycle),
    charge,
    discharge,
    coulombic_efficiency: pick(life.coulombic_efficiency),
    label: pick(life.label),
    counter_conflict: pick(life.counter_deviation).map(
      (deviation) => deviation !== null && deviation > LARGEST_COUNTER_DEVIATION,
    ),
    objection: pick(life.efficiency_objection).map((code, i) =>
      code === null && misses[i] === true ? 'HALF_CYCLE_MISSING' : code,
    ),
  };
}

/** The smaller of the mean currents of the two directions, A; an accuracy stated for the range matters most there. */
export function smallestCurrent(life: CellLife): number | null {
  const currents = (['charging', 'discharging'] as const).flatMap((way) => usualCurrent(life, way) ?? []);
  return currents.length === 0 ? null : Math.min(...currents);
}

/** Half width of the ratio that a log without counters leaves open: the median over the cycles that count. */
function logHalfWidth(life: CellLife): number {
  const bounds = life.log_interval_bound.filter(
    (bound, i): bound is number => bound !== null && life.efficiency_objection[i] === null,
  );
  return bounds.length === 0 ? 0 : median(bounds);
}

/** How well the ratio of two charges of a cell is known: by its instrument, and by its log where it has no counters. */
export function ratioComponent(cell: CellRecord, life: CellLife): UncertaintyComponent {
  const instrument = chargeRatioComponent(cell, smallestCurrent(life));
  const u = instrument.standard_uncertainty + logHalfWidth(life) / Math.sqrt(3);
  return { ...instrument, standard_uncertainty: u };
}

/** What the plating voltage shows about a short; cycles are given by their number in the life. */
function softShort(cell: CellRecord, { plating }: CellLife) {
  if (plating === undefined) return null;
  const { found, reason, why, first } = detectSoftShort(plating.steps, cell.cell_type as CellType);
  return {
    found,
    reason,
    ...(why === undefined ? {} : { why }),
    first: first === null ? null : (plating.cycle[first] ?? null),
  };
}

/** The reservoir test of a Li‖Cu cell; null where the cell was not cycled in this way. */
export function reservoirTest(cell: CellRecord, life: CellLife): ReservoirTest | null {
  if (cell.cell_type !== 'li_cu') return null;
  const pairs = life.cycle.flatMap((cycle, i) => {
    const [plated, stripped] = [life.discharging_capacity_ah[i], life.charging_capacity_ah[i]];
    if (cycle < 1 || !life.direction_known[i] || plated == null || stripped == null) return [];
    return [{ plated, stripped, at_cutoff: life.is_return_at_limit[i] === true }];
  });
  return recogniseReservoir(pairs, ratioComponent(cell, life).standard_uncertainty * Math.sqrt(3));
}

/** Options for the efficiencies of a cell, without those that a target sets. */
export function efficiencyOptions(cell: CellRecord, life: CellLife): CoulombicEfficiencyOptions {
  return {
    cell_type: cell.cell_type as CellType,
    instrument_half_width: ratioComponent(cell, life).standard_uncertainty * Math.sqrt(3),
    soft_short: softShort(cell, life),
  };
}

/** Coulombic-efficiency statistics of every cell that has efficiencies. */
export function make(set: FitSet, known: KnownFits): Promise<Fit<CoulombicEfficiencyFit>[]> {
  const subjects = subjectsOfLives(set, efficiencyTypes, (cell, life) => ({
    series: efficiencyInput(life),
    options: efficiencyOptions(cell, life),
  }));
  return fitSubjects(coulombicEfficiency.kind, subjects, known, (inputs) =>
    inputs.map(({ series, options }) => outcomeOf(() => fitCoulombicEfficiency(series, options))),
  );
}

function efficiencyRows(set: FitSet): SqlRow[] {
  return set.of(coulombicEfficiency).flatMap(({ result, run_id, cell_id }) => {
    if (result === null) return [];
    const first = quantityRows(result.results, { run_id, cell_id, scope: 'first_n_eligible' }, result);
    const all = result.statistics_all;
    if (all === null) return first;
    const row = (name: string, value: number | null, more: Partial<Quantity> = {}): Quantity => ({
      quantity: name,
      value,
      unit: '1',
      standard_error: null,
      ci95_low: null,
      ci95_high: null,
      bound95_low: null,
      bound95_high: null,
      n: all.n,
      dof: null,
      n_eff: all.n_eff,
      method: 'every cycle that has an efficiency, whatever its label',
      status: 'ok',
      ...more,
    });
    const rows = [
      row('mean', all.mean, {
        standard_error: all.se_mean,
        ci95_low: all.ci95[0],
        ci95_high: all.ci95[1],
        bound95_low: all.lower95_one_sided,
        bound95_high: all.upper95_one_sided,
      }),
      row('median', all.median),
      row('minimum', all.minimum),
      row('maximum', all.maximum),
    ];
    return [...first, ...quantityRows(rows, { run_id, cell_id, scope: 'all' }, {})];
  });
}

export const rows = { coulombic_efficiency_fits: efficiencyRows };

import { cyclingMessages as say } from '../../messages/cycling.js';
import { type CycleLabel, labelMessage, normaliseLabels } from '../cycling/labels.js';
import { type ExcludedPoint, excludedPoint, NotComputable } from '../result.js';
import { fitLogLinear } from './log-linear.js';
import type { DecayInput, SelectionFit } from './types.js';

/** Capacities to fit. `n` counts from the first included cycle; `index` is the place in the input. */
export interface CapacitySeries {
  kind: 'ageing' | 'checkup';
  n: Float64Array;
  cycle: Float64Array;
  capacity: Float64Array;
  index: number[];
}

export interface SelectedSeries {
  primary: CapacitySeries;
  excluded: ExcludedPoint[];
  /** The protocol, not the cell, sets the capacity of the ageing cycles. */
  capacityLimited: boolean;
  selections: {
    ageing_only: (SelectionFit & { Q0_at_first_included: number }) | null;
    checkup_only: SelectionFit | null;
    naive_all_cycles: SelectionFit | null;
  };
}

const MINIMUM_POINTS = 3;

interface Row {
  index: number;
  cycle: number;
  capacity: number;
  label: CycleLabel | null;
}

/**
 * Chooses the cycles that measure capacity: the ageing cycles, or, where most of these are capacity-limited, the
 * check-ups over the number of ageing cycles before them.
 *
 * @throws NotComputable `FEW_CYCLES` or `CAPACITY_LIMITED` when fewer than three points are left
 */
export function selectSeries(input: DecayInput): SelectedSeries {
  const { rows, excluded } = usableRows(input);
  const ageing = rows.filter((row) => row.label === 'ageing');
  const limited = rows.filter((row) => row.label === 'capacity_limited');
  const checkups = rows.filter((row) => row.label === 'checkup');
  const capacityLimited = limited.length > ageing.length;
  const chosen = capacityLimited ? checkups : ageing;
  if (chosen.length < MINIMUM_POINTS) throw tooFew(capacityLimited, chosen.length);
  const primary = toSeries(chosen, capacityLimited ? 'checkup' : 'ageing');
  if (capacityLimited) {
    const done = primary.cycle.map((cycle) => countBefore([...ageing, ...limited], cycle));
    if (done[0] === done.at(-1)) {
      throw new NotComputable('CAPACITY_LIMITED', say('CAPACITY_LIMITED/none_between'));
    }
    primary.n = done.map((value) => value - (done[0] as number));
  }
  const wanted = capacityLimited ? 'checkup' : 'ageing';
  for (const row of rows) {
    if (row.label !== wanted) excluded.push(excludedPoint(row.index, labelMessage(row.label)));
  }
  excluded.sort((a, b) => a.index - b.index);
  const ageingFit = selectionFit([...ageing, ...limited], false);
  const mixed = rows.length > ageing.length;
  const selections = {
    ageing_only: mixed && ageingFit ? { ...ageingFit, Q0_at_first_included: ageingFit.Q0 } : null,
    checkup_only: selectionFit(checkups, true),
    naive_all_cycles: mixed ? selectionFit(rows, false) : null,
  };
  return { primary, excluded, capacityLimited, selections };
}

function usableRows(input: DecayInput): { rows: Row[]; excluded: ExcludedPoint[] } {
  const labels = normaliseLabels(input.label, input.cycle.length);
  const rows: Row[] = [];
  const excluded: ExcludedPoint[] = [];
  for (let index = 0; index < input.cycle.length; index++) {
    const cycle = input.cycle[index] as number;
    const capacity = input.capacity[index] ?? Number.NaN;
    if (!Number.isFinite(cycle)) excluded.push(excludedPoint(index, say('NO_CYCLE_NUMBER')));
    else if (!Number.isFinite(capacity)) excluded.push(excludedPoint(index, say('NO_CAPACITY')));
    else if (capacity <= 0) excluded.push(excludedPoint(index, say('CAPACITY_NOT_POSITIVE', { capacity })));
    else rows.push({ index, cycle, capacity, label: labels[index] ?? null });
  }
  rows.sort((a, b) => a.cycle - b.cycle || a.index - b.index);
  const unique = rows.filter((row, i) => {
    const repeated = i > 0 && rows[i - 1]?.cycle === row.cycle;
    if (repeated) excluded.push(excludedPoint(row.index, say('CYCLE_TWICE', { cycle: row.cycle })));
    return !repeated;
  });
  return { rows: unique, excluded };
}

function tooFew(capacityLimited: boolean, count: number): NotComputable {
  if (!capacityLimited) {
    return new NotComputable('FEW_CYCLES', say('FEW_CYCLES/decay', { n: count }));
  }
  return new NotComputable('CAPACITY_LIMITED', say('CAPACITY_LIMITED/few', { n: count }));
}

function toSeries(rows: Row[], kind: CapacitySeries['kind']): CapacitySeries {
  const first = (rows[0] as Row).cycle;
  return {
    kind,
    n: Float64Array.from(rows, (row) => row.cycle - first),
    cycle: Float64Array.from(rows, (row) => row.cycle),
    capacity: Float64Array.from(rows, (row) => row.capacity),
    index: rows.map((row) => row.index),
  };
}

function countBefore(rows: Row[], cycle: number): number {
  return rows.reduce((count, row) => count + (row.cycle < cycle ? 1 : 0), 0);
}

function selectionFit(rows: Row[], spaced: boolean): SelectionFit | null {
  if (rows.length < MINIMUM_POINTS) return null;
  const series = toSeries(rows, 'ageing');
  const fit = fitLogLinear(series.n, series.capacity, spaced);
  const { n, D, Q0, D_se_ols, D_ci95_ols, D_ci95_reported } = fit;
  return { n, dof: n - 2, D, D_se_ols, D_ci95_ols, D_ci95_reported, Q0 };
}

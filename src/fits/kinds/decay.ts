import { type DecayFit, type DecayInput, fitDecay, type OtherDecay } from '../../analysis/decay/index.js';
import { NotComputable, type Quantity, quantity } from '../../analysis/result.js';
import { boundsAround } from '../../analysis/statistics/intervals.js';
import { fitTrend } from '../../analysis/statistics/trend.js';
import { assumedValues } from '../../analysis/uncertainty/index.js';
import { cyclingMessages as say } from '../../messages/cycling.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, outcomeOf, type Subject } from '../fit.js';
import {
  type CellLife,
  OTHER_CHARGE,
  OTHER_ENERGY,
  withKnownDirection,
  withOtherCharge,
  withOtherEnergy,
} from '../lives.js';

/** Cells whose capacity fades; in Li‖Cu and symmetric cells the protocol sets it. */
const fadingTypes: readonly (string | null)[] = ['full', 'anode_free', 'cathode_half', 'anode_half', null];

/** Which capacity of a cycle is what the cell can still give: of an anode half cell the delithiation. */
export const usableCapacity = (cell: CellRecord) =>
  cell.cell_type === 'anode_half' ? ('charging_capacity_ah' as const) : ('discharging_capacity_ah' as const);

interface DecaySubjectInput {
  series: {
    cycle: number[];
    capacity: (number | null)[];
    energy: (number | null)[];
    label: (string | null)[];
  };
  /** The capacities that are not reported of counter and integral; null where the two agree. */
  other_capacity?: (number | null)[];
  unit: string;
  /** Half width of slow changes of the capacity: stated for the cell, else assumed. */
  wander: number;
  unknown_direction: number;
}

function decayInput(cell: CellRecord, life: CellLife): DecaySubjectInput {
  const { kept, unknown } = withKnownDirection(life);
  const pick = <T>(values: readonly T[]) => kept.map((i) => values[i] as T);
  const mass = cell.active_mass_mg;
  // Ah to mAh/g, or to mAh where the mass is not known: D is the same in both.
  const scale = mass === null ? 1000 : 1e6 / mass;
  const inUnit = (values: readonly (number | null)[]) =>
    pick(values).map((value) => (value === null ? null : value * scale));
  const other = withOtherCharge(life);
  return {
    ...(other === null ? {} : { other_capacity: inUnit(other[usableCapacity(cell)]) }),
    series: {
      cycle: pick(life.cycle),
      capacity: inUnit(life[usableCapacity(cell)]),
      energy: pick(life.discharging_energy_wh),
      label: pick(life.label),
    },
    unit: mass === null ? 'mAh' : 'mAh/g',
    wander: cell.capacity_wander_relative ?? assumedValues.capacity_wander.value,
    unknown_direction: unknown,
  };
}

function directionRefusal(count: number): NotComputable {
  return new NotComputable('CURRENT_DIRECTION_UNKNOWN', say('CURRENT_DIRECTION_UNKNOWN/decay', { n: count }));
}

/** Decay of capacity and energy of every cell that was cycled. */
export function fitDecays(
  cells: readonly CellRecord[],
  lives: ReadonlyMap<string, CellLife>,
  known: KnownFits,
): Promise<Fit<DecayFit>[]> {
  const subjects = cells.flatMap((cell): Subject<DecaySubjectInput>[] => {
    const life = lives.get(cell.cell_id);
    if (life === undefined || !fadingTypes.includes(cell.cell_type)) return [];
    return [{ subject: cell.cell_id, cell_id: cell.cell_id, input: decayInput(cell, life) }];
  });
  return fitSubjects('decay', subjects, known, (inputs) =>
    inputs.map((input) =>
      outcomeOf(() => {
        const { series, unknown_direction } = input;
        if (series.cycle.length === 0 && unknown_direction > 0) throw directionRefusal(unknown_direction);
        return fitWithBothCharges(input);
      }),
    ),
  );
}

/** The fit, and D as it is with the charges that are not reported. */
function fitWithBothCharges({ series, other_capacity, unit, wander }: DecaySubjectInput): DecayFit {
  // The bootstrap is information only and takes most of the time.
  const options = { capacity_unit: unit, capacity_wander_relative: wander, bootstrap_samples: 0 };
  const fit = fitDecay(series as DecayInput, options);
  if (other_capacity === undefined) return fit;
  const { result } = outcomeOf(() =>
    fitDecay({ ...series, capacity: other_capacity } as DecayInput, options),
  );
  if (result === null) return fit;
  const other: OtherDecay = {
    choice: 'charge',
    alternative: OTHER_CHARGE,
    estimate: result.verdict_D.window,
  };
  return { ...fit, alternatives: [...fit.alternatives, other] };
}

/** Trend of the mean discharging voltage: capacity alone hides the voltage fade of Li-rich cathodes. */
export interface VoltageFade {
  results: Quantity[];
  /** The trend from the other of counter and integral, mV/cycle, where the two differ. */
  other?: { alternative: string; trend: Pick<Quantity, 'value' | 'standard_error' | 'dof'> };
}

interface VoltageSeries {
  cycle: number[];
  voltage: number[];
}

interface VoltageInput extends VoltageSeries {
  other?: VoltageSeries;
}

const MINIMUM_CYCLES = 10;
const MILLIVOLT = 1000;

function voltageInput(life: CellLife): VoltageInput {
  const other = withOtherEnergy(life);
  return other === null ? voltageSeries(life) : { ...voltageSeries(life), other: voltageSeries(other) };
}

function voltageSeries(life: CellLife): VoltageSeries {
  const ageing = life.cycle
    .map((_, i) => i)
    .filter((i) => {
      const isAgeing = life.label[i] === 'ageing' || life.label[i] === 'capacity_limited';
      return isAgeing && life.direction_known[i] && life.mean_discharging_voltage_volt[i] != null;
    });
  return {
    cycle: ageing.map((i) => life.cycle[i] as number),
    voltage: ageing.map((i) => life.mean_discharging_voltage_volt[i] as number),
  };
}

/** Mean discharging voltage per cycle, mV/cycle, of every cell with a capacity that fades. */
export function fitVoltageFades(
  cells: readonly CellRecord[],
  lives: ReadonlyMap<string, CellLife>,
  known: KnownFits,
): Promise<Fit<VoltageFade>[]> {
  const subjects = cells.flatMap((cell): Subject<VoltageInput>[] => {
    const life = lives.get(cell.cell_id);
    if (life === undefined || !fadingTypes.includes(cell.cell_type)) return [];
    return [{ subject: cell.cell_id, cell_id: cell.cell_id, input: voltageInput(life) }];
  });
  return fitSubjects('voltage_fade', subjects, known, (inputs) =>
    inputs.map((input) => outcomeOf(() => voltageFade(input))),
  );
}

function voltageFade({ other, ...reported }: VoltageInput): VoltageFade {
  const results = [voltageTrend(reported)];
  if (other === undefined) return { results };
  const { result } = outcomeOf(() => voltageTrend(other));
  return result === null ? { results } : { results, other: { alternative: OTHER_ENERGY, trend: result } };
}

function voltageTrend({ cycle, voltage }: VoltageSeries): Quantity {
  if (cycle.length < MINIMUM_CYCLES) {
    throw new NotComputable(
      'FEW_CYCLES',
      say('FEW_CYCLES/voltage', { n: cycle.length, needed: MINIMUM_CYCLES }),
    );
  }
  const trend = fitTrend(cycle, voltage);
  const value = trend.line.slope * MILLIVOLT;
  const error = trend.slope_se * MILLIVOLT;
  return quantity({
    quantity: 'mean_voltage_trend',
    value,
    unit: 'mV/cycle',
    standard_error: Number.isFinite(error) ? error : null,
    ...boundsAround(value, error, trend.dof),
    n: cycle.length,
    dof: trend.dof,
    n_eff: trend.n_eff,
    method: 'straight line through E_dis/Q_dis over ageing cycles, largest of three errors',
  });
}

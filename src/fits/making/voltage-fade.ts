import { NotComputable, type Quantity, quantity } from '../../analysis/result.js';
import { boundsAround } from '../../analysis/statistics/intervals.js';
import { fitTrend } from '../../analysis/statistics/trend.js';
import { cyclingMessages as say } from '../../messages/cycling.js';
import { type Fit, fitSubjects, type KnownFits, outcomeOf } from '../fit.js';
import { type FitSet, subjectsOfLives } from '../fit-set.js';
import { voltageFade } from '../kinds/voltage-fade.js';
import { type CellLife, OTHER_ENERGY, withOtherEnergy } from '../lives.js';
import { fadingTypes } from './decay.js';

/** Trend of the mean discharging voltage: capacity alone hides the voltage fade of Li-rich cathodes. */
export interface VoltageFade {
  results: Quantity[];
  /** The trend, mV/cycle, from the source that is not reported (counter or integral), where the two differ. */
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
export function make(set: FitSet, known: KnownFits): Promise<Fit<VoltageFade>[]> {
  const subjects = subjectsOfLives(set, fadingTypes, (_cell, life) => voltageInput(life));
  return fitSubjects(voltageFade.kind, subjects, known, (inputs) =>
    inputs.map((input) => outcomeOf(() => fitVoltage(input))),
  );
}

function fitVoltage({ other, ...reported }: VoltageInput): VoltageFade {
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

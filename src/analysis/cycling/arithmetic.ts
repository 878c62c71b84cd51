/** Quantities computed from the charges and energies of a cycle. Null means that something required is not known. */
import { type Quantity, quantity } from '../result.js';
import { median } from '../statistics/descriptive.js';
import { boundsAround } from '../statistics/intervals.js';
import { fitTrend } from '../statistics/trend.js';
import type { CycleLabel } from './labels.js';

const SECONDS_PER_HOUR = 3600;

/**
 * Charge and energy of one step by the trapezoid rule, Ah and Wh, signed like the current; never across a step.
 *
 * @param test_time_second not decreasing, as long as the others
 */
export function integrateStep(
  test_time_second: ArrayLike<number>,
  current_ampere: ArrayLike<number>,
  voltage_volt: ArrayLike<number>,
): { capacity_ah: number; energy_wh: number } {
  let capacity_ah = 0;
  let energy_wh = 0;
  for (let i = 1; i < test_time_second.length; i++) {
    const hours = ((test_time_second[i] as number) - (test_time_second[i - 1] as number)) / SECONDS_PER_HOUR;
    const before = current_ampere[i - 1] as number;
    const after = current_ampere[i] as number;
    capacity_ah += ((before + after) / 2) * hours;
    energy_wh +=
      ((before * (voltage_volt[i - 1] as number) + after * (voltage_volt[i] as number)) / 2) * hours;
  }
  return { capacity_ah, energy_wh };
}

/** Energy out over energy in, DC, at the cell; null without a positive charge energy. */
export function energyEfficiency(
  dischargingWattHour: number | null,
  chargingWattHour: number | null,
): number | null {
  if (dischargingWattHour === null || chargingWattHour === null || !(chargingWattHour > 0)) return null;
  return dischargingWattHour / chargingWattHour;
}

/** Mean voltage of one direction, E/Q. */
export function meanVoltage(energyWattHour: number | null, capacityAmpereHour: number | null): number | null {
  if (energyWattHour === null || capacityAmpereHour === null || !(capacityAmpereHour > 0)) return null;
  return energyWattHour / capacityAmpereHour;
}

/** Mean charge voltage minus mean discharge voltage. */
export function voltageHysteresis(chargeVolt: number | null, dischargeVolt: number | null): number | null {
  return chargeVolt === null || dischargeVolt === null ? null : chargeVolt - dischargeVolt;
}

/** A charge or an energy divided by the amount of material that it belongs to. */
export interface PerAmount {
  value: number;
  /** Relative standard uncertainty √(u_Q² + u_amount²). */
  u_relative: number;
}

/**
 * Capacity per gram of active material (mAh/g) or per cm² of electrode (mAh/cm²). The resolution of a balance is often
 * 5 % of a milligram electrode, which alone can decide a claim.
 *
 * @param amount g or cm²; null where it was not stated: nothing is assumed
 */
export function capacityPer(
  capacityAmpereHour: number | null,
  amount: number | null,
  capacityRelativeUncertainty = 0,
  amountRelativeUncertainty = 0,
): PerAmount | null {
  if (capacityAmpereHour === null || amount === null || !(amount > 0)) return null;
  return {
    value: (1000 * capacityAmpereHour) / amount,
    u_relative: Math.hypot(capacityRelativeUncertainty, amountRelativeUncertainty),
  };
}

/**
 * The reported capacity: the median over the first five ageing cycles. The maximum is shown but never judged.
 *
 * @returns null when no ageing cycle has a capacity
 */
export function reportedCapacity(
  capacity: ArrayLike<number | null>,
  labels: ArrayLike<CycleLabel | null>,
): { value: number; n: number; maximum: number } | null {
  const ageing: number[] = [];
  for (let i = 0; i < capacity.length; i++) {
    const value = capacity[i] ?? null;
    if (labels[i] === 'ageing' && value !== null && Number.isFinite(value)) ageing.push(value);
  }
  if (ageing.length === 0) return null;
  const first = ageing.slice(0, 5);
  return { value: median(first), n: first.length, maximum: Math.max(...ageing) };
}

/**
 * Voltage fade: slope of the mean discharge voltage over the cycles, mV/cycle, with the error of a trend whose
 * residuals are correlated. In lithium-rich cathodes the capacity alone does not show it.
 *
 * @returns null below three cycles
 */
export function voltageFade(cycle: ArrayLike<number>, meanDischargeVolt: ArrayLike<number>): Quantity | null {
  if (cycle.length < 3) return null;
  const trend = fitTrend(
    cycle,
    Float64Array.from(meanDischargeVolt, (volt) => 1000 * volt),
  );
  return quantity({
    quantity: 'voltage_fade',
    value: trend.line.slope,
    unit: 'mV/cycle',
    standard_error: trend.slope_se,
    ...boundsAround(trend.line.slope, trend.slope_se, trend.dof),
    n: trend.line.n,
    dof: trend.dof,
    n_eff: trend.n_eff,
    method: 'least squares, largest of three errors',
    status: trend.n_eff < 5 ? 'warn' : 'ok',
  });
}

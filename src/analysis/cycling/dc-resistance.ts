/** Direct-current resistance at the change from rest to load. */
import type { AnalysisWarning } from '../result.js';
import { median } from '../statistics/descriptive.js';

/** Records of one test, arrays of one length. */
export interface Records {
  test_time_second: ArrayLike<number>;
  current_ampere: ArrayLike<number>;
  voltage_volt: ArrayLike<number>;
}

/** Resistance of one current step at one delay. */
export interface DcResistance {
  /** The requested time after the last record of the rest; null for the first record under load. */
  wanted_second: number | null;
  /** The time that the value belongs to; it must be given with every resistance. */
  delta_second: number | null;
  resistance_ohm: number | null;
  /** Why there is none. */
  reason: string | null;
}

/** Delays after the step that are usually reported, s; null stands for the first record under load. */
export const STANDARD_DELAYS_SECOND: readonly (number | null)[] = [null, 1, 10, 30];

const MINIMUM_REST_SECOND = 10;
const CURRENT_TOLERANCE = 0.02;

/**
 * R(Δt) = (V(t₀+Δt) − V(t₀⁻))/(I(t₀+Δt) − I(t₀⁻)) after at least 10 s of rest; the current must have its set value
 * within 2 %, and a record must lie within Δt/2 of the wanted time. Different Δt are different quantities.
 * Sources: IEC 62660-1:2018; IEC 61960-3:2017.
 *
 * @param rest records of the rest, at least one
 * @param load records of the load step that follows
 * @param setCurrent ampere; the median of the step when not given
 */
export function dcResistance(
  rest: Records,
  load: Records,
  delays: readonly (number | null)[] = STANDARD_DELAYS_SECOND,
  setCurrent: number = median(load.current_ampere),
): { resistances: DcResistance[]; warnings: AnalysisWarning[] } {
  const last = rest.test_time_second.length - 1;
  const none = (wanted: number | null, reason: string): DcResistance => ({
    wanted_second: wanted,
    delta_second: null,
    resistance_ohm: null,
    reason,
  });
  const start = rest.test_time_second[last] as number;
  const rested = start - (rest.test_time_second[0] as number);
  if (last < 0 || load.test_time_second.length === 0 || !(rested >= MINIMUM_REST_SECOND)) {
    const reason = `rested ${last < 0 ? 0 : rested} s; 10 s are needed`;
    return { resistances: delays.map((wanted) => none(wanted, reason)), warnings: [] };
  }
  const before = { volt: rest.voltage_volt[last] as number, ampere: rest.current_ampere[last] as number };
  const resistances = delays.map((wanted): DcResistance => {
    const after = wanted === null ? firstRecord(load, start) : recordAt(load, start, wanted);
    if (after === null) return none(wanted, 'no record near enough in time');
    if (Math.abs(after.ampere - setCurrent) > CURRENT_TOLERANCE * Math.abs(setCurrent)) {
      return none(wanted, 'the current has not reached its set value');
    }
    const step = after.ampere - before.ampere;
    if (step === 0) return none(wanted, 'the current does not change');
    const resistance_ohm = (after.volt - before.volt) / step;
    return { wanted_second: wanted, delta_second: after.delta, resistance_ohm, reason: null };
  });
  const unresolved = resistances.filter((row) => row.reason === 'no record near enough in time');
  const list = unresolved.map((row) => `${row.wanted_second} s`).join(', ');
  const message = `records are too far apart for the resistance after ${list}`;
  return { resistances, warnings: unresolved.length > 0 ? [{ code: 'DCIR_RESOLUTION', message }] : [] };
}

interface LoadPoint {
  delta: number;
  volt: number;
  ampere: number;
}

function firstRecord(load: Records, start: number): LoadPoint {
  return {
    delta: (load.test_time_second[0] as number) - start,
    volt: load.voltage_volt[0] as number,
    ampere: load.current_ampere[0] as number,
  };
}

/** Voltage and current interpolated inside the load step; null where no record lies within half the delay. */
function recordAt(load: Records, start: number, delay: number): LoadPoint | null {
  const time = start + delay;
  const times = load.test_time_second;
  const count = times.length;
  if ((times[0] as number) > time || (times[count - 1] as number) < time) return null;
  let right = 0;
  while ((times[right] as number) < time) right++;
  const left = Math.max(right - 1, 0);
  const nearest = Math.min(
    Math.abs((times[left] as number) - time),
    Math.abs((times[right] as number) - time),
  );
  if (nearest > delay / 2) return null;
  const span = (times[right] as number) - (times[left] as number);
  const share = span > 0 ? (time - (times[left] as number)) / span : 0;
  const between = (values: ArrayLike<number>) =>
    (values[left] as number) + share * ((values[right] as number) - (values[left] as number));
  return { delta: delay, volt: between(load.voltage_volt), ampere: between(load.current_ampere) };
}

import { exp, ln } from './arithmetic.js';

/**
 * One step of a cycler's program.
 * @typedef {object} Step
 * @property {'rest' | 'cc_charge' | 'cv_charge' | 'cc_discharge'} step_type
 * @property {number} step_id number of the step in the program; repeats every cycle
 * @property {number} duration_second
 * @property {number} current_ampere positive charges the cell; in a CV step the current at its start
 * @property {number} [end_current_ampere] CV step: the current decays exponentially to this
 * @property {(progress: number) => number} voltage volt over the step's progress, 0 to 1
 * @property {number} record_count at least 2
 * @property {boolean} [opens_cycle] the vendor's cycle counter rises here
 */

/**
 * One record as the cycler sees it. Counters are the exact integral of the current, as an instrument that
 * integrates at its internal rate has it; energies are the trapezoid over the records.
 * @typedef {object} CyclerRecord
 * @property {number} record_index from 1
 * @property {number} test_time_second
 * @property {number} step_time_second
 * @property {number} cycle the vendor's number, from 1
 * @property {number} step_id
 * @property {number} step_count running over the test, from 1
 * @property {Step['step_type']} step_type
 * @property {boolean} first_of_step
 * @property {boolean} last_of_step
 * @property {number} current_ampere
 * @property {number} voltage_volt
 * @property {number} temperature_celsius
 * @property {Counters} in_step counters since the step began
 * @property {Counters} in_cycle counters since the vendor's cycle began
 * @property {Counters} in_test counters since the test began
 */

/** @typedef {{charge_ah: number, discharge_ah: number, charge_wh: number, discharge_wh: number}} Counters */

/**
 * @typedef {object} Instrument
 * @property {number} time_resolution_second durations and record times are whole multiples of it
 * @property {number} first_record_second when in a step its first record is written
 * @property {number} [voltage_noise_volt] standard deviation
 * @property {number} [current_noise_relative] standard deviation
 */

/**
 * Runs a program and records it.
 * @param {Step[]} program
 * @param {Instrument} instrument
 * @param {import('./random.js').Random} random
 * @returns {CyclerRecord[]}
 */
export function runProgram(program, instrument, random) {
  /** @type {CyclerRecord[]} */
  const records = [];
  let stepStart = 0;
  let cycle = 1;
  let cycleBase = noCharge();
  let stepBase = noCharge();
  program.forEach((step, index) => {
    if (step.opens_cycle && index > 0) {
      cycle++;
      cycleBase = stepBase;
    }
    const times = recordTimes(step, instrument);
    let energy = { charge: 0, discharge: 0, time: 0, power: 0 };
    times.forEach((time, k) => {
      const first = k === 0;
      const last = k === times.length - 1;
      const progress = time / (times.at(-1) ?? 1);
      const current = currentAt(step, time, times.at(-1) ?? 1);
      const voltage =
        step.voltage(progress) + (first || last ? 0 : noise(random, instrument.voltage_noise_volt));
      const power = current * voltage;
      energy = advanceEnergy(energy, time, power, first);
      const charge = chargeAt(step, time, times.at(-1) ?? 1) / 3600;
      const inStep = {
        charge_ah: Math.max(charge, 0),
        discharge_ah: Math.max(-charge, 0),
        charge_wh: energy.charge / 3600,
        discharge_wh: energy.discharge / 3600,
      };
      const inTest = sum(stepBase, inStep);
      records.push({
        record_index: records.length + 1,
        test_time_second: stepStart + time,
        step_time_second: time,
        cycle,
        step_id: step.step_id,
        step_count: index + 1,
        step_type: step.step_type,
        first_of_step: first,
        last_of_step: last,
        current_ampere: current * (1 + noise(random, instrument.current_noise_relative)),
        voltage_volt: voltage,
        temperature_celsius: 25 + 0.05 * random.normal(),
        in_step: inStep,
        in_cycle: difference(inTest, cycleBase),
        in_test: inTest,
      });
    });
    stepBase = records.at(-1)?.in_test ?? stepBase;
    stepStart += times.at(-1) ?? 0;
  });
  return records;
}

/**
 * Times of a step's records in its own time; the last one is the step's (rounded) duration.
 * @param {Step} step @param {Instrument} instrument
 */
function recordTimes(step, instrument) {
  const { time_resolution_second: resolution, first_record_second: first } = instrument;
  const ticks = Math.round(step.duration_second / resolution);
  return Array.from({ length: step.record_count }, (_, k) =>
    k === 0 ? first : tidy(Math.round((ticks * k) / (step.record_count - 1)) * resolution),
  );
}

/** Takes away the binary dust of a product with 0.01 or 0.0001. @param {number} x */
function tidy(x) {
  return Math.round(x * 1e6) / 1e6;
}

/** @param {Step} step @param {number} time second @param {number} duration second */
function currentAt(step, time, duration) {
  if (step.end_current_ampere === undefined) return step.current_ampere;
  return step.current_ampere * exp((-time / duration) * ln(step.current_ampere / step.end_current_ampere));
}

/** Coulomb since the step began. @param {Step} step @param {number} time @param {number} duration */
function chargeAt(step, time, duration) {
  if (step.end_current_ampere === undefined) return step.current_ampere * time;
  const decay = duration / ln(step.current_ampere / step.end_current_ampere);
  return step.current_ampere * decay * (1 - exp(-time / decay));
}

/**
 * @param {{charge: number, discharge: number, time: number, power: number}} energy joule so far, and the last point
 * @param {number} time second @param {number} power watt @param {boolean} first
 */
function advanceEnergy(energy, time, power, first) {
  const joule = first ? power * time : ((energy.power + power) / 2) * (time - energy.time);
  return {
    charge: energy.charge + Math.max(joule, 0),
    discharge: energy.discharge + Math.max(-joule, 0),
    time,
    power,
  };
}

/** @param {import('./random.js').Random} random @param {number | undefined} standard_deviation */
function noise(random, standard_deviation) {
  return standard_deviation ? standard_deviation * random.normal() : 0;
}

/** @returns {Counters} */
function noCharge() {
  return { charge_ah: 0, discharge_ah: 0, charge_wh: 0, discharge_wh: 0 };
}

/** @param {Counters} a @param {Counters} b @returns {Counters} */
function sum(a, b) {
  return combine(a, b, 1);
}

/** @param {Counters} a @param {Counters} b @returns {Counters} */
function difference(a, b) {
  return combine(a, b, -1);
}

/** @param {Counters} a @param {Counters} b @param {1 | -1} sign @returns {Counters} */
function combine(a, b, sign) {
  return {
    charge_ah: a.charge_ah + sign * b.charge_ah,
    discharge_ah: a.discharge_ah + sign * b.discharge_ah,
    charge_wh: a.charge_wh + sign * b.charge_wh,
    discharge_wh: a.discharge_wh + sign * b.discharge_wh,
  };
}

/** Signed charge since the test began, positive after more charge than discharge. @param {CyclerRecord} r */
export function netAh(r) {
  return r.in_test.charge_ah - r.in_test.discharge_ah;
}

/** Signed energy since the test began. @param {CyclerRecord} r */
export function netWh(r) {
  return r.in_test.charge_wh - r.in_test.discharge_wh;
}

import { ln } from '../simulate/arithmetic.js';
import { runProgram } from '../simulate/cycling.js';
import { measureSpectrum } from '../simulate/impedance.js';
import { held, polyline, relaxation } from '../simulate/profiles.js';
import { randomStream } from '../simulate/random.js';
import { clockOf } from '../write/text.js';

/** All samples start here; the 20th proves which number is the month. */
export const STARTED_AT = clockOf('2026-01-20T09:15:00');

/** Charge in the first cycle; each cycle loses a little, so that cycles can be told apart. */
const CAPACITY_LOSS = 0.004;
const EFFICIENCY = 0.996;

/**
 * Two cycles of a full cell at C/2: rest, constant current, constant voltage, rest, discharge, rest.
 * @param {number} seed @param {string} name of the stream of random numbers
 * @param {{capacity_ah: number, resolution_second: number, first_record_second: number}} tester
 */
export function demoTest(seed, name, tester) {
  const program = [
    rest(1, 300, 3.31, 3.31),
    ...[0, 1].flatMap((cycle) => demoCycle(tester.capacity_ah, cycle)),
  ];
  const instrument = {
    time_resolution_second: tester.resolution_second,
    first_record_second: tester.first_record_second,
    voltage_noise_volt: 0.0002,
    current_noise_relative: 1e-5,
  };
  return runProgram(program, instrument, randomStream(seed, name));
}

/**
 * @param {number} capacity Ah @param {number} number from 0
 * @returns {import('../simulate/cycling.js').Step[]}
 */
function demoCycle(capacity, number) {
  const current = capacity / 2;
  const endCurrent = current / 8;
  const heldSecond = 1800;
  const charge = capacity * (1 - CAPACITY_LOSS * number);
  const heldAh = ((current - endCurrent) * heldSecond) / ln(8) / 3600;
  return [
    {
      step_type: 'cc_charge',
      step_id: 2,
      duration_second: (3600 * (charge - heldAh)) / current,
      current_ampere: current,
      voltage: polyline([
        [0, 3.42],
        [0.1, 3.58],
        [0.5, 3.76],
        [0.85, 4.05],
        [1, 4.2],
      ]),
      record_count: 10,
      // The first cycle opens with the rest before it.
      opens_cycle: number > 0,
    },
    {
      step_type: 'cv_charge',
      step_id: 3,
      duration_second: heldSecond,
      current_ampere: current,
      end_current_ampere: endCurrent,
      voltage: held(4.2),
      record_count: 9,
    },
    rest(4, 600, 4.19, 4.15),
    {
      step_type: 'cc_discharge',
      step_id: 5,
      duration_second: (3600 * charge * EFFICIENCY) / current,
      current_ampere: -current,
      voltage: polyline([
        [0, 4.08],
        [0.15, 3.92],
        [0.6, 3.62],
        [0.9, 3.38],
        [1, 3.0],
      ]),
      record_count: 10,
    },
    rest(6, 600, 3.08, 3.28),
  ];
}

/** @param {number} step_id @param {number} second @param {number} from volt @param {number} to volt @returns {import('../simulate/cycling.js').Step} */
function rest(step_id, second, from, to) {
  return {
    step_type: 'rest',
    step_id,
    duration_second: second,
    current_ampere: 0,
    voltage: relaxation(from, to),
    record_count: 3,
  };
}

/** @type {import('../simulate/impedance.js').Element[]} */
export const DEMO_CIRCUIT = [
  { kind: 'R', ohm: 12.5 },
  { kind: 'RCPE', ohm: 84, q: 3.2e-5, n: 0.88 },
  { kind: 'CPE', q: 0.021, n: 0.55 },
];

/** One sweep from 100 kHz to 0.1 Hz. @param {number} seed @param {string} name */
export function demoSpectrum(seed, name) {
  const sweep = { from_hertz: 1e5, to_hertz: 0.1, points_per_decade: 5, noise_relative: 0.002 };
  return measureSpectrum(DEMO_CIRCUIT, sweep, randomStream(seed, name));
}

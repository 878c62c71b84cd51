import { exp, ln, pow } from '../simulate/arithmetic.js';
import { runProgram } from '../simulate/cycling.js';
import { cpeOfArc, measureSpectrum } from '../simulate/impedance.js';
import { randomStream } from '../simulate/random.js';
import { circuitTruth, significant, spectrumTruth, timeSeriesTruth } from '../truth.js';
import { bdfMachineNames } from '../write/bdf.js';
import { encode } from '../write/encode.js';
import { clockOf, isoClock } from '../write/text.js';
import { zplot } from '../write/zplot.js';

/** NMC | graphite coin cell, logged as closely as a researcher would: what curves, dQ/dV, rates and pulses look like. */
const CELL = {
  cell_id: 'NMCG-01',
  material_id: 'NMCG',
  active_mass_mg: 12.1,
  capacity_ah: 0.002,
  area_cm2: 1.131,
};
const UPPER_VOLT = 4.2;
const LOWER_VOLT = 3.0;
const EFFICIENCY = 0.9991;
const FADE = 0.0008;
/** Ohmic and polarisation resistance, ohm, and the time constant of the latter, s. */
const OHMIC = 11;
const POLARISATION = 9;
const TIME_CONSTANT = 7;
const RATES = [0.2, 0.5, 1, 2];
const AGEING_CYCLES = 24;
const PULSE_SECOND = 10;

/** @typedef {import('../simulate/cycling.js').Step} Step */

/** tanh from exp. @param {number} x */
const tanh = (x) => 1 - 2 / (exp(2 * x) + 1);

/** Open-circuit voltage over the state of charge: slopes between the plateaus of graphite's stages. @param {number} s */
function restVoltage(s) {
  return (
    3.52 +
    0.6 * s +
    0.055 * tanh((s - 0.14) / 0.03) +
    0.04 * tanh((s - 0.53) / 0.025) +
    0.035 * tanh((s - 0.86) / 0.045) -
    0.42 * exp(-s / 0.022)
  );
}

/** Held at the upper limit the cell is full where it would nearly rest at it. */
const FULL = socAtRest(UPPER_VOLT - 0.004);

/** State of charge of a rest voltage. @param {number} volt */
function socAtRest(volt) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (restVoltage(middle) > volt) high = middle;
    else low = middle;
  }
  return low;
}

/** The cell on the cycler: where it stands, and what was done to it. */
class Life {
  /** @type {Step[]} */
  steps = [];
  soc = 0.02;
  cycle = 0;
  volt = 3.1;

  get capacity() {
    return CELL.capacity_ah * pow(1 - FADE, this.cycle);
  }

  /** Voltage under a current that has flowed for some time. @param {number} soc @param {number} ampere @param {number} second */
  under(soc, ampere, second) {
    const aged = 1 + 0.012 * this.cycle;
    return restVoltage(soc) + ampere * aged * (OHMIC + POLARISATION * (1 - exp(-second / TIME_CONSTANT)));
  }

  /** State of charge at which the voltage limit is reached at a current. @param {number} ampere */
  limitOf(ampere) {
    let [low, high] = [0.001, FULL];
    const limit = ampere > 0 ? UPPER_VOLT : LOWER_VOLT;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (this.under(middle, ampere, 1e4) > limit) high = middle;
      else low = middle;
    }
    return low;
  }

  /** @param {number} id @param {number} ampere @param {number} duration @param {number} records @param {boolean} [opens] */
  current(id, ampere, duration, records, opens = false) {
    const [from, capacity] = [this.soc, this.capacity];
    const share = ampere > 0 ? EFFICIENCY : 1;
    const socAt = (/** @type {number} */ second) => from + (share * ampere * second) / 3600 / capacity;
    this.steps.push({
      step_type: ampere > 0 ? 'cc_charge' : 'cc_discharge',
      step_id: id,
      duration_second: duration,
      current_ampere: ampere,
      voltage: (progress) => this.frozen(socAt(progress * duration), ampere, progress * duration, capacity),
      record_count: records,
      ...(opens ? { opens_cycle: true } : {}),
    });
    this.soc = socAt(duration);
    this.volt = this.under(this.soc, ampere, duration);
  }

  /** As `under`, whatever the life does later. @param {number} soc @param {number} ampere @param {number} second @param {number} capacity */
  frozen(soc, ampere, second, capacity) {
    const cycle = ln(capacity / CELL.capacity_ah) / ln(1 - FADE);
    const aged = 1 + 0.012 * cycle;
    return restVoltage(soc) + ampere * aged * (OHMIC + POLARISATION * (1 - exp(-second / TIME_CONSTANT)));
  }

  /** @param {number} id @param {number} duration @param {number} records */
  rest(id, duration, records) {
    const [from, to] = [this.volt, restVoltage(this.soc)];
    const after = to + 0.45 * (from - to);
    this.steps.push({
      step_type: 'rest',
      step_id: id,
      duration_second: duration,
      current_ampere: 0,
      voltage: (progress) => to + (after - to) * exp((-progress * duration) / 90),
      record_count: records,
    });
    this.volt = to + (after - to) * exp(-duration / 90);
  }

  /** Constant current to the limit, then constant voltage. @param {number} rate @param {number} records */
  charge(rate, records) {
    this.cycle++;
    const ampere = rate * CELL.capacity_ah;
    const end = this.limitOf(ampere);
    const toMove = (/** @type {number} */ soc) => (((soc - this.soc) * this.capacity) / EFFICIENCY) * 3600;
    this.current(1, ampere, toMove(end) / ampere, records, this.cycle > 1);
    const last = Math.min(0.05 * CELL.capacity_ah, 0.5 * ampere);
    const held = UPPER_VOLT;
    this.volt = held;
    this.steps.push({
      step_type: 'cv_charge',
      step_id: 2,
      duration_second: (toMove(FULL) * ln(ampere / last)) / (ampere - last),
      current_ampere: ampere,
      end_current_ampere: last,
      voltage: () => held,
      record_count: 60,
    });
    this.soc = FULL;
    this.rest(3, 600, 21);
  }

  /** @param {number} rate @param {number} records */
  discharge(rate, records) {
    const ampere = -rate * CELL.capacity_ah;
    const end = this.limitOf(ampere);
    this.current(4, ampere, ((end - this.soc) * this.capacity * 3600) / ampere, records);
    this.rest(5, 600, 21);
  }

  /** Pulses at ten states of charge (HPPC): 10 s out, 40 s of rest, 10 s in. */
  pulses() {
    this.charge(0.5, 300);
    const ampere = CELL.capacity_ah;
    for (let level = 10; level >= 1; level--) {
      const wanted = 0.098 * FULL * level;
      this.current(6, -0.5 * ampere, ((this.soc - wanted) * this.capacity * 3600) / (0.5 * ampere), 60);
      this.rest(7, 1800, 61);
      this.current(8, -ampere, PULSE_SECOND, 11);
      this.rest(9, 40, 41);
      this.current(10, 0.75 * ampere, PULSE_SECOND, 11);
      this.rest(11, 40, 41);
    }
    this.discharge(0.5, 60);
  }

  /** Titration by small charges with rests (GITT). */
  titration() {
    this.cycle++;
    const ampere = 0.1 * CELL.capacity_ah;
    for (let pulse = 0; pulse < 18; pulse++) {
      this.current(12, ampere, 1800, 61, pulse === 0);
      this.rest(13, 3600, 61);
    }
    this.discharge(0.2, 300);
  }
}

/** @returns {{steps: Step[], ends: number[]}} the program, and the steps after which spectra were taken */
function programOf() {
  const life = new Life();
  const ends = [];
  for (let i = 0; i < 2; i++) {
    life.charge(0.2, 700);
    life.discharge(0.2, 700);
  }
  ends.push(life.steps.length);
  for (const rate of RATES) {
    for (let i = 0; i < 2; i++) {
      life.charge(0.2, 300);
      life.discharge(rate, 300);
    }
  }
  ends.push(life.steps.length);
  life.pulses();
  life.titration();
  ends.push(life.steps.length);
  for (let i = 0; i < AGEING_CYCLES; i++) {
    life.charge(0.5, 110);
    life.discharge(1, 110);
  }
  ends.push(life.steps.length);
  return { steps: life.steps, ends };
}

const SWEEP = { from_hertz: 1e5, to_hertz: 0.01, points_per_decade: 7, noise_relative: 0.0025 };

/** What ages: the surface layer grows, the charge transfer slows down. @param {number} turn */
function circuitOf(turn) {
  const [layer, transfer] = [6.2 + 0.9 * turn, 21 + 4.4 * turn];
  return /** @type {import('../simulate/impedance.js').Element[]} */ ([
    { kind: 'R', ohm: 4.1 + 0.12 * turn },
    { kind: 'RCPE', ohm: layer, q: cpeOfArc(layer, 2.4e-6, 0.86), n: 0.86 },
    { kind: 'RCPE', ohm: transfer, q: cpeOfArc(transfer, 1.1e-3, 0.84), n: 0.84 },
    { kind: 'CPE', q: 0.32, n: 0.52 },
  ]);
}

/** The densely logged cell: one cycler export, and a spectrum after each part of its life. @param {number} seed */
export function denseCell(seed) {
  const random = randomStream(seed, CELL.cell_id);
  const started_at = clockOf('2026-02-02T09:00:00');
  const { steps, ends } = programOf();
  const instrument = { time_resolution_second: 0.01, first_record_second: 0.02, voltage_noise_volt: 0.00008 };
  const records = runProgram(steps, instrument, random);
  const common = { cell_id: CELL.cell_id, status: 'ingested', encoding: 'utf-8', temperature_celsius: 25 };
  const cycling = {
    path: `bdf/${CELL.cell_id}__NMC-graphite.bdf.csv`,
    bytes: encode(bdfMachineNames(records, { started_at })),
    truth: {
      kind: 'timeseries',
      format: 'bdf-csv',
      ...common,
      started_at: isoClock(started_at),
      started_at_is_utc: true,
      ...timeSeriesTruth(records),
    },
  };
  const spectra = ends.map((end, turn) => {
    const circuit = circuitOf(turn);
    const spectrum = measureSpectrum(circuit, SWEEP, random);
    const last = records.findLast(({ step_count }) => step_count <= end);
    // The analyser's clock is the laboratory's, an hour ahead of UTC.
    const at = started_at + 3_600_000 + 1000 * Math.round(last?.test_time_second ?? 0);
    return {
      path: `zplot/${CELL.cell_id}_after-cycle-${last?.cycle}.z`,
      bytes: encode(zplot(spectrum, { started_at: at, comment: 'NMC | graphite, discharged' })),
      truth: {
        kind: 'impedance',
        format: 'zplot-z',
        ...common,
        ...spectrumTruth(spectrum),
        ...circuitTruth(circuit),
      },
    };
  });
  return {
    cell: {
      cell_id: CELL.cell_id,
      material_id: CELL.material_id,
      cell_type: 'full',
      batch: 'NMCG-B1',
      file_pattern: `*/${CELL.cell_id}*`,
      electrode_area_cm2: CELL.area_cm2,
      active_mass_mg: CELL.active_mass_mg,
      nominal_capacity_mah: 1000 * CELL.capacity_ah,
      lower_cutoff_volt: LOWER_VOLT,
      upper_cutoff_volt: UPPER_VOLT,
      formation_cycles: 2,
    },
    conditions: [{ file_pattern: `*/${CELL.cell_id}*`, temperature_celsius: 25 }],
    files: [cycling, ...spectra],
    truth: {
      cell_type: 'full',
      ohmic_resistance_ohm: OHMIC,
      resistance_after_10_s_ohm: significant(
        OHMIC + POLARISATION * (1 - exp(-PULSE_SECOND / TIME_CONSTANT)),
        5,
      ),
      dq_dv_valleys_at_state_of_charge: [0.14, 0.53, 0.86],
      discharge_rates: RATES,
    },
  };
}

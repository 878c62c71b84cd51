import { ln, pow } from '../simulate/arithmetic.js';
import { runProgram } from '../simulate/cycling.js';
import { held, polyline, relaxation } from '../simulate/profiles.js';
import { randomStream } from '../simulate/random.js';
import { significant, timeSeriesTruth } from '../truth.js';
import { arbinCsv } from '../write/arbin.js';
import { biologicGcpl } from '../write/biologic.js';
import { encode } from '../write/encode.js';
import { newareFlat, newareLayered } from '../write/neware.js';
import { clockOf, isoClock } from '../write/text.js';

const UPPER_VOLT = 4.8;
const LOWER_VOLT = 2.0;
const FORMATION_CYCLES = 2;
/** A C/20 cycle comes before each ageing cycle whose number (from 0) is here. */
const CHECKUPS_BEFORE = [50, 100];
const AGEING_CYCLES = 124;
const COULOMBIC_EFFICIENCY = 0.9985;

/** Li | Li-rich layered oxide half cells: capacity of the first ageing cycle, loss per cycle of Q0 (1 - D)^n. */
const CELLS = [
  { cell_id: 'LRMO-01', active_mass_mg: 5.12, q0: 296.5, decay: 0.00028 },
  { cell_id: 'LRMO-02', active_mass_mg: 5.31, q0: 302.2, decay: 0.00031 },
  { cell_id: 'LRMO-03', active_mass_mg: 4.97, q0: 308.4, decay: 0.00026 },
  { cell_id: 'LRMO-04', active_mass_mg: 5.05, q0: 301.0, decay: 0.0003 },
];
const CAPACITY_SCATTER = 0.0005;
const CAPACITY_CORRELATION = 0.5;
const WHOLE_LIFE = { ageingCycles: AGEING_CYCLES, constantVoltage: false };

/** @typedef {(typeof CELLS)[number]} Cell */
/** @typedef {import('../simulate/cycling.js').Step} Step */

/**
 * The Li-rich cathode's half cells: Neware (a name that tells nothing), Arbin (charged CC-CV, still running, its last
 * line half written), BioLogic (one life over two files, cut by a power failure between charge and discharge) and a
 * shorted cell in Neware's layered export.
 * @param {number} seed
 */
export function cathodeCells(seed) {
  const [neware, arbin, biologic, shorted] = /** @type {[Cell, Cell, Cell, Cell]} */ (CELLS);
  return [
    newareCell(neware, seed),
    arbinCell(arbin, seed),
    biologicCell(biologic, seed),
    shortedCell(shorted, seed),
  ];
}

/** @param {Cell} cell @param {number} seed */
function newareCell(cell, seed) {
  const started_at = clockOf('2026-01-14T16:22:08');
  const random = randomStream(seed, cell.cell_id);
  const records = runProgram(lifeOf(cell, random, WHOLE_LIFE).flat(), instrument(1, 0), random);
  const bytes = encode(newareFlat(records, { started_at, active_mass_gram: cell.active_mass_mg / 1000 }));
  const path = 'neware/127.0.0.1_BTS85-3-5-2818575212.csv';
  const truth = { format: 'neware-flat', ...fileTruth(cell, started_at), ...timeSeriesTruth(records) };
  return labCell(cell, [{ path, bytes, truth }], { file_pattern: 'neware/127.0.0.1_BTS85-3-5-*.csv' });
}

/** @param {Cell} cell @param {number} seed */
function arbinCell(cell, seed) {
  const started_at = clockOf('2026-01-16T09:03:41');
  const random = randomStream(seed, cell.cell_id);
  const life = lifeOf(cell, random, { ageingCycles: AGEING_CYCLES, constantVoltage: true });
  const records = runProgram(life.flat(), instrument(0.0001, 0.0103), random);
  // Still running: the last discharge is under way, and the export caught its last record in the middle.
  const lastDischarge = records.filter((r) => r.step_type === 'cc_discharge').at(-1)?.step_count ?? 0;
  const written = records.filter(
    (r) => r.step_count < lastDischarge || (r.step_count === lastDischarge && r.step_time_second < 6000),
  );
  const complete = written.slice(0, -1);
  const csv = arbinCsv(written, { started_at });
  const lastLine = csv.lastIndexOf('\r\n', csv.length - 3) + 2;
  const bytes = encode(csv.slice(0, lastLine + 61), 'utf-8-bom');
  const truth = {
    format: 'arbin-csv',
    ...fileTruth(cell, started_at),
    encoding: 'utf-8 with byte order mark',
    ...timeSeriesTruth(complete),
    rejected_lines: [{ line_number: complete.length + 2, reason: 'incomplete last line', exit_code: 0 }],
  };
  return labCell(cell, [{ path: `arbin/${cell.cell_id}_Channel_4_Wb_1.CSV`, bytes, truth }], {});
}

/** @param {Cell} cell @param {number} seed */
function biologicCell(cell, seed) {
  const random = randomStream(seed, cell.cell_id);
  const cycles = lifeOf(cell, random, WHOLE_LIFE);
  const powerCut = 60;
  const [beforeCut, afterCut] = splitAfterCharge(cycles, powerCut);
  const starts = ['2026-01-15T11:40:12', '2026-02-02T08:15:50'].map(clockOf);
  const names = [
    `${cell.cell_id}_cycling_01_GCPL_C02.mpt`,
    `${cell.cell_id}_cycling-resumed_01_GCPL_C02.mpt`,
  ];
  const files = [beforeCut, afterCut].map((steps, part) => {
    const records = runProgram(/** @type {Step[]} */ (steps), instrument(0.0001, 0.0002), random);
    const started_at = /** @type {number} */ (starts[part]);
    const file_name = /** @type {string} */ (names[part]);
    const run = {
      started_at,
      file_name,
      channel: 2,
      mass_mg: cell.active_mass_mg,
      comment: 'Li-rich cathode, half cell',
    };
    const truth = {
      format: 'biologic-mpt',
      ...fileTruth(cell, started_at),
      encoding: 'latin-1',
      ...timeSeriesTruth(records),
      part_of_life: part + 1,
    };
    return { path: `biologic/${file_name}`, bytes: encode(biologicGcpl(records, run), 'latin-1'), truth };
  });
  return labCell(cell, files, {}, { cycle_split_over_two_files: powerCut });
}

/** @param {Cell} cell @param {number} seed */
function shortedCell(cell, seed) {
  const started_at = clockOf('2026-01-14T16:25:30');
  const random = randomStream(seed, cell.cell_id);
  const life = lifeOf(cell, random, { ageingCycles: 9, constantVoltage: false });
  const records = runProgram(life.flat(), instrument(1, 0), random);
  const bytes = encode(newareLayered(records, { started_at }));
  const truth = { format: 'neware-layered', ...fileTruth(cell, started_at), ...timeSeriesTruth(records) };
  return labCell(cell, [{ path: `neware/${cell.cell_id}_layer.csv`, bytes, truth }], {
    excluded_reason: 'internal short after cycle 11, separator pierced by the lithium disc',
  });
}

/**
 * @param {number} resolution second @param {number} firstRecord second
 * @returns {import('../simulate/cycling.js').Instrument}
 */
function instrument(resolution, firstRecord) {
  return {
    time_resolution_second: resolution,
    first_record_second: firstRecord,
    voltage_noise_volt: 0.0002,
    current_noise_relative: 1e-5,
  };
}

/**
 * The programs of all cycles of a cell's life, formation and check-ups included.
 * @param {Cell} cell @param {import('../simulate/random.js').Random} random
 * @param {{ageingCycles: number, constantVoltage: boolean}} protocol
 * @returns {Step[][]}
 */
function lifeOf(cell, random, protocol) {
  /** @type {('formation' | 'checkup' | 'ageing')[]} */
  const kinds = [...Array(FORMATION_CYCLES).fill('formation'), ...ageingKinds(protocol.ageingCycles)];
  const scatter = random.autoregressive(
    protocol.ageingCycles + CHECKUPS_BEFORE.length,
    CAPACITY_SCATTER,
    CAPACITY_CORRELATION,
  );
  const nominal = nominalAh(cell);
  const initial = (cell.q0 * cell.active_mass_mg) / 1e6;
  return kinds.map((kind, number) => {
    const sinceFirst = number - FORMATION_CYCLES;
    const capacity = initial * pow(1 - cell.decay, sinceFirst) * (1 + (scatter[sinceFirst] ?? 0));
    const slow = nominal / 20;
    const cycle = {
      formation: {
        discharge: initial * 1.06,
        charge: (initial * 1.06) / (number === 0 ? 0.86 : 0.975),
        current: slow,
      },
      checkup: {
        discharge: capacity * 1.045,
        charge: (capacity * 1.045) / COULOMBIC_EFFICIENCY,
        current: slow,
      },
      ageing: { discharge: capacity, charge: capacity / COULOMBIC_EFFICIENCY, current: nominal / 3 },
    }[kind];
    return cycleProgram(cycle, number, protocol.constantVoltage);
  });
}

/** What follows formation. @param {number} count of ageing cycles @returns {('checkup' | 'ageing')[]} */
function ageingKinds(count) {
  return Array.from({ length: count }, (_, n) => n).flatMap((n) =>
    CHECKUPS_BEFORE.includes(n)
      ? /** @type {const} */ (['checkup', 'ageing'])
      : /** @type {const} */ (['ageing']),
  );
}

/** C-rates refer to 300 mAh per gram of active mass. @param {Cell} cell */
function nominalAh(cell) {
  return (300 * cell.active_mass_mg) / 1e6;
}

/**
 * @param {{charge: number, discharge: number, current: number}} cycle Ah, Ah, A
 * @param {number} number from 0 @param {boolean} constantVoltage
 * @returns {Step[]}
 */
function cycleProgram(cycle, number, constantVoltage) {
  const fade = 0.0009 * number;
  const endCurrent = cycle.current / 5;
  const heldSecond = 1500;
  // Charge of the exponential decay from I to I/5 over the hold: (I - I/5) t / ln 5.
  const heldAh = constantVoltage ? ((cycle.current - endCurrent) * heldSecond) / ln(5) / 3600 : 0;
  /** @type {Step[]} */
  const program = [
    {
      step_type: 'cc_charge',
      step_id: 1,
      duration_second: (3600 * (cycle.charge - heldAh)) / cycle.current,
      current_ampere: cycle.current,
      voltage: chargeVoltage(fade),
      record_count: 13,
      opens_cycle: true,
    },
    ...(constantVoltage
      ? [
          /** @type {Step} */ ({
            step_type: 'cv_charge',
            step_id: 2,
            duration_second: heldSecond,
            current_ampere: cycle.current,
            end_current_ampere: endCurrent,
            voltage: held(UPPER_VOLT),
            record_count: 7,
          }),
        ]
      : []),
    rest(3, UPPER_VOLT, 4.61 - 0.3 * fade),
    {
      step_type: 'cc_discharge',
      step_id: 4,
      duration_second: (3600 * cycle.discharge) / cycle.current,
      current_ampere: -cycle.current,
      voltage: dischargeVoltage(fade),
      record_count: 13,
    },
    rest(5, LOWER_VOLT, 2.74),
  ];
  return program;
}

/** @param {number} step_id @param {number} from volt @param {number} to volt @returns {Step} */
function rest(step_id, from, to) {
  return {
    step_type: 'rest',
    step_id,
    duration_second: 600,
    current_ampere: 0,
    voltage: relaxation(from, to),
    record_count: 2,
  };
}

/** Li-rich layered oxide: sloping, a plateau near 4.45 V, then steep to the limit. @param {number} fade volt */
function chargeVoltage(fade) {
  return polyline([
    [0, 2.95],
    [0.05, 3.42],
    [0.2, 3.72 - 0.4 * fade],
    [0.45, 4.02 - 0.6 * fade],
    [0.7, 4.38],
    [0.9, 4.55],
    [1, UPPER_VOLT],
  ]);
}

/** The discharge voltage sinks with every cycle (voltage fade); its limits do not. @param {number} fade volt */
function dischargeVoltage(fade) {
  return polyline([
    [0, 4.58],
    [0.1, 4.22 - 0.5 * fade],
    [0.35, 3.78 - fade],
    [0.65, 3.38 - fade],
    [0.88, 2.98 - fade],
    [1, LOWER_VOLT],
  ]);
}

/** @param {Step[][]} cycles @param {number} number of the cycle (from 1) that is cut after its charge */
function splitAfterCharge(cycles, number) {
  const cut = /** @type {Step[]} */ (cycles[number - 1]);
  const discharge = cut.findIndex((step) => step.step_type === 'cc_discharge');
  return [
    [...cycles.slice(0, number - 1).flat(), ...cut.slice(0, discharge)],
    [...cut.slice(discharge), ...cycles.slice(number).flat()],
  ];
}

/** @param {Cell} cell @param {number} started_at */
function fileTruth(cell, started_at) {
  return { kind: 'timeseries', status: 'ingested', cell_id: cell.cell_id, started_at: isoClock(started_at) };
}

/**
 * @param {Cell} cell @param {import('../truth.js').SampleFile[]} files
 * @param {Record<string, string>} metadata @param {object} [extraTruth]
 */
function labCell(cell, files, metadata, extraTruth = {}) {
  const excluded = metadata.excluded_reason;
  return {
    cell: {
      cell_id: cell.cell_id,
      material_id: 'LRMO',
      cell_type: 'cathode_half',
      batch: cell.cell_id === 'LRMO-03' ? 'LRMO-B2' : 'LRMO-B1',
      electrode_area_cm2: 1.131,
      active_mass_mg: cell.active_mass_mg,
      nominal_capacity_mah: significant(1000 * nominalAh(cell), 6),
      lower_cutoff_volt: LOWER_VOLT,
      upper_cutoff_volt: UPPER_VOLT,
      current_accuracy_relative: 0.0005,
      formation_cycles: FORMATION_CYCLES,
      active_mass_relative_uncertainty: 0.012,
      electrode_area_relative_uncertainty: 0.005,
      ...metadata,
    },
    files,
    conditions: files.map(({ path }) => ({ file_pattern: path, temperature_celsius: 25 })),
    truth: {
      material_id: 'LRMO',
      cell_type: 'cathode_half',
      law: 'Q(n) = Q0 (1 - D)^n, n = 0 in the first ageing cycle, check-up cycles counted in n',
      Q0_mAh_g: cell.q0,
      Q0_Ah: significant((cell.q0 * cell.active_mass_mg) / 1e6),
      D: cell.decay,
      capacity_scatter_relative: CAPACITY_SCATTER,
      coulombic_efficiency: COULOMBIC_EFFICIENCY,
      formation_cycles: FORMATION_CYCLES,
      checkup_cycles: excluded ? [] : CHECKUPS_BEFORE.map((n, k) => n + k + FORMATION_CYCLES + 1),
      ageing_rate: 'C/3 of 300 mAh/g',
      excluded: Boolean(excluded),
      ...extraTruth,
    },
  };
}

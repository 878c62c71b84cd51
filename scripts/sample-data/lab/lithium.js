import { runProgram } from '../simulate/cycling.js';
import { polyline, relaxation } from '../simulate/profiles.js';
import { randomStream } from '../simulate/random.js';
import { significant, timeSeriesTruth } from '../truth.js';
import { arbinUnderscoreCsv } from '../write/arbin.js';
import { bdfMachineNames } from '../write/bdf.js';
import { encode } from '../write/encode.js';
import { maccorMinutes, maccorSeconds } from '../write/maccor.js';
import { newareFlat } from '../write/neware.js';
import { clockOf, isoClock } from '../write/text.js';

const AREA_CM2 = 1.131;
const PLATED_AH = AREA_CM2 / 1000;
const CURRENT_AMPERE = AREA_CM2 / 1000;
const STRIPPING_LIMIT_VOLT = 1.0;
/** Coulombic efficiency of the cycles that form the interphase. */
const FORMATION = [0.931, 0.978, 0.9895];

/** Li | Cu cells at 1 mA/cm2 and 1 mAh/cm2: mean and scatter of the coulombic efficiency after formation. */
const CELLS = {
  maccor: { cell_id: 'LISEI-01', material_id: 'LISEI', mean: 0.9962, scatter: 0.0004, cycles: 512 },
  arbin: { cell_id: 'LISEI-02', material_id: 'LISEI', mean: 0.9958, scatter: 0.0004, cycles: 508 },
  bdf: { cell_id: 'LISEI-03', material_id: 'LISEI', mean: 0.9965, scatter: 0.0004, cycles: 510 },
  neware: { cell_id: 'LI3D-01', material_id: 'LI3D', mean: 0.9905, scatter: 0.001, cycles: 110 },
  german: { cell_id: 'LI3D-02', material_id: 'LI3D', mean: 0.9917, scatter: 0.001, cycles: 96 },
};

/** @typedef {(typeof CELLS)[keyof typeof CELLS]} Cell */
/** @typedef {import('../simulate/cycling.js').Step} Step */

/**
 * Lithium metal: three long cells (Maccor over two files, Arbin with a bad row, BDF) and two short ones (Neware
 * exported night after night, Maccor from a computer with decimal comma).
 * @param {number} seed
 */
export function lithiumCells(seed) {
  return [
    maccorCell(CELLS.maccor, seed),
    arbinCell(CELLS.arbin, seed),
    bdfCell(CELLS.bdf, seed),
    newareCell(CELLS.neware, seed),
    germanCell(CELLS.german, seed),
  ];
}

/** @param {Cell} cell @param {number} seed */
function maccorCell(cell, seed) {
  const { random, efficiencies, life } = lifeOf(cell, seed);
  const moved = 262;
  const parts = [
    { steps: life.slice(0, moved), name: '0417.041', started_at: clockOf('2026-01-13T13:20:05') },
    { steps: life.slice(moved), name: '0431.017', started_at: clockOf('2026-02-05T10:02:44') },
  ];
  const files = parts.map(({ steps, name, started_at }, part) => {
    const records = runProgram(steps.flat(), instrument(0.01, 0.03), random);
    const run = {
      started_at,
      file_name: name,
      procedure: 'LiCu_1mAcm2_1mAhcm2.000',
      comment: `${cell.cell_id}, artificial interphase`,
    };
    return {
      path: `maccor/${name}`,
      bytes: encode(maccorSeconds(records, run)),
      truth: {
        format: 'maccor-text',
        ...fileTruth(cell, started_at),
        ...timeSeriesTruth(records),
        part_of_life: part + 1,
        unsigned_current: true,
      },
    };
  });
  return labCell(cell, efficiencies, files, { cycles_in_first_file: moved });
}

/** @param {Cell} cell @param {number} seed */
function arbinCell(cell, seed) {
  const { random, efficiencies, life } = lifeOf(cell, seed);
  const started_at = clockOf('2026-01-13T14:10:00');
  const records = runProgram(life.flat(), instrument(0.0001, 0.0102), random);
  const lines = arbinUnderscoreCsv(records, { started_at }).split('\r\n');
  // A record in the middle of a plating step, so that no counter is lost with it.
  const bad =
    records.findIndex((r) => r.cycle === 37 && r.step_type === 'cc_discharge' && !r.first_of_step) + 1;
  const column = 7;
  lines[bad] = /** @type {string} */ (lines[bad]).split(',').with(column, 'OVERRANGE').join(',');
  const truth = {
    format: 'arbin-csv',
    ...fileTruth(cell, started_at),
    started_at_is_utc: true,
    ...timeSeriesTruth(records),
    rows: records.length - 1,
    rejected_lines: [{ line_number: bad + 1, column_name: 'Voltage', raw_value: 'OVERRANGE', exit_code: 4 }],
  };
  return labCell(cell, efficiencies, [
    { path: `arbin/${cell.cell_id}.csv`, bytes: encode(lines.join('\r\n')), truth },
  ]);
}

/** @param {Cell} cell @param {number} seed */
function bdfCell(cell, seed) {
  const { random, efficiencies, life } = lifeOf(cell, seed);
  const started_at = clockOf('2026-01-12T17:30:00');
  const records = runProgram(life.flat(), instrument(0.001, 0.01), random);
  const truth = {
    format: 'bdf-csv',
    ...fileTruth(cell, started_at),
    started_at_is_utc: true,
    ...timeSeriesTruth(records),
  };
  const bytes = encode(bdfMachineNames(records, { started_at }));
  return labCell(cell, efficiencies, [{ path: `bdf/${cell.cell_id}__LiCu__25degC.bdf.csv`, bytes, truth }]);
}

/** @param {Cell} cell @param {number} seed */
function newareCell(cell, seed) {
  const { random, efficiencies, life } = lifeOf(cell, seed);
  const started_at = clockOf('2026-03-02T09:12:33');
  const records = runProgram(life.flat(), instrument(1, 0), random);
  const firstNight = records.filter((r) => r.cycle <= 71);
  const files = [
    { name: `${cell.cell_id}_20260308.csv`, written: firstNight, status: 'ingested' },
    { name: `${cell.cell_id}_20260311.csv`, written: records, status: 'appended' },
  ].map(({ name, written, status }) => ({
    path: `neware/${name}`,
    bytes: encode(newareFlat(written, { started_at })),
    truth: {
      format: 'neware-flat',
      ...fileTruth(cell, started_at),
      status,
      ...timeSeriesTruth(written),
      rows_new_when_read_in_order:
        status === 'appended' ? records.length - firstNight.length : written.length,
    },
  }));
  return labCell(cell, efficiencies, files);
}

/** @param {Cell} cell @param {number} seed */
function germanCell(cell, seed) {
  const { random, efficiencies, life } = lifeOf(cell, seed);
  const started_at = clockOf('2026-03-02T10:45:00');
  const records = runProgram(life.flat(), instrument(0.01, 0.03), random);
  const run = {
    started_at,
    file_name: `${cell.cell_id}.081`,
    procedure: 'LiCu.000',
    comment: 'Li in 3D copper host',
    channel: 81,
  };
  const truth = {
    format: 'maccor-text',
    ...fileTruth(cell, started_at),
    ...timeSeriesTruth(records),
    unsigned_current: true,
    decimal_comma: true,
    test_time_unit: 'minute, not stated in the file',
  };
  return labCell(cell, efficiencies, [
    { path: `maccor/${cell.cell_id}.txt`, bytes: encode(maccorMinutes(records, run)), truth },
  ]);
}

/** @param {number} resolution second @param {number} firstRecord second @returns {import('../simulate/cycling.js').Instrument} */
function instrument(resolution, firstRecord) {
  return {
    time_resolution_second: resolution,
    first_record_second: firstRecord,
    voltage_noise_volt: 0.0003,
    current_noise_relative: 1e-5,
  };
}

/** The coulombic efficiency of every cycle, and the steps that realise it. @param {Cell} cell @param {number} seed */
function lifeOf(cell, seed) {
  const random = randomStream(seed, cell.cell_id);
  const scatter = random.autoregressive(cell.cycles - FORMATION.length, cell.scatter, 0.4);
  const efficiencies = [...FORMATION, ...scatter.map((deviation) => cell.mean + deviation)];
  return { random, efficiencies, life: efficiencies.map(cycleProgram) };
}

/** Plates a fixed charge, strips to the voltage limit. @param {number} efficiency @returns {Step[]} */
function cycleProgram(efficiency) {
  const plating = (3600 * PLATED_AH) / CURRENT_AMPERE;
  return [
    {
      step_type: 'cc_discharge',
      step_id: 1,
      duration_second: plating,
      current_ampere: -CURRENT_AMPERE,
      voltage: polyline([
        [0, -0.118],
        [0.1, -0.052],
        [1, -0.044],
      ]),
      record_count: 5,
      opens_cycle: true,
    },
    {
      step_type: 'cc_charge',
      step_id: 2,
      duration_second: plating * efficiency,
      current_ampere: CURRENT_AMPERE,
      voltage: polyline([
        [0, 0.036],
        [0.75, 0.047],
        [0.985, 0.081],
        [1, STRIPPING_LIMIT_VOLT],
      ]),
      record_count: 5,
    },
    {
      step_type: 'rest',
      step_id: 3,
      duration_second: 300,
      current_ampere: 0,
      voltage: relaxation(0.92, 0.41),
      record_count: 2,
    },
  ];
}

/** @param {Cell} cell @param {number} started_at */
function fileTruth(cell, started_at) {
  return { kind: 'timeseries', status: 'ingested', cell_id: cell.cell_id, started_at: isoClock(started_at) };
}

/** @param {Cell} cell @param {number[]} efficiencies @param {import('../truth.js').SampleFile[]} files @param {object} [extraTruth] */
function labCell(cell, efficiencies, files, extraTruth = {}) {
  const judged = efficiencies.slice(FORMATION.length, FORMATION.length + 500);
  return {
    cell: {
      cell_id: cell.cell_id,
      material_id: cell.material_id,
      cell_type: 'li_cu',
      batch: cell.cell_id === 'LISEI-03' ? 'LISEI-B2' : `${cell.material_id}-B1`,
      electrode_area_cm2: AREA_CM2,
      nominal_capacity_mah: significant(1000 * PLATED_AH, 6),
      upper_cutoff_volt: STRIPPING_LIMIT_VOLT,
      lower_cutoff_volt: -0.5,
      current_accuracy_relative: 0.0002,
      lithium_excess_mah: 58,
      formation_cycles: FORMATION.length,
      electrode_area_relative_uncertainty: 0.005,
    },
    files,
    conditions: files.map(({ path }) => ({ file_pattern: path, temperature_celsius: 25 })),
    truth: {
      material_id: cell.material_id,
      cell_type: 'li_cu',
      coulombic_efficiency_mean_of_population: cell.mean,
      coulombic_efficiency_scatter: cell.scatter,
      coulombic_efficiency_lag1_correlation: 0.4,
      formation_cycles: FORMATION.length,
      cycles: efficiencies.length,
      eligible_cycles: efficiencies.length - FORMATION.length,
      coulombic_efficiency_mean_of_first_500_eligible: significant(
        judged.reduce((s, x) => s + x, 0) / judged.length,
      ),
      plated_mah_per_cycle: significant(1000 * PLATED_AH, 6),
      current_density_ma_per_cm2: 1,
      ...extraTruth,
    },
  };
}

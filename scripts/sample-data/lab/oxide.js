import { exp } from '../simulate/arithmetic.js';
import { cpeOfArc, measureSpectrum } from '../simulate/impedance.js';
import { randomStream } from '../simulate/random.js';
import { circuitTruth, significant, spectrumTruth } from '../truth.js';
import { encode } from '../write/encode.js';
import { gamryDta } from '../write/gamry.js';
import { genericImpedance } from '../write/generic-impedance.js';
import { clockOf, isoClock, later } from '../write/text.js';
import { zplot } from '../write/zplot.js';

const BOLTZMANN = 8.617333262145179e-5;
const AREA_CM2 = 0.785;
const SWEEP = { from_hertz: 3e6, to_hertz: 0.1, points_per_decade: 8, noise_relative: 0.0025 };
const PELLET_SWEEP = { from_hertz: 1e7, to_hertz: 1, points_per_decade: 8, noise_relative: 0.003 };

/** Li | garnet | Li: area-specific resistance of one interface, and where the spectra were taken. */
const SYMMETRIC_CELLS = [
  { cell_id: 'LLZO-01', instrument: 'zplot', asr: 36.2, bulk: 168, grain_boundary: 61, celsius: [25] },
  { cell_id: 'LLZO-02', instrument: 'gamry', asr: 41.7, bulk: 174, grain_boundary: 66, celsius: [25, 60] },
  { cell_id: 'LLZO-03', instrument: 'spreadsheet', asr: 38.9, bulk: 165, grain_boundary: 58, celsius: [25] },
];
/** Activation energies, eV: interface, and bulk and grain boundary, of a resistance ~ exp(Ea/kT). */
const INTERFACE_EA = 0.46;
const BULK_EA = 0.35;
const GRAIN_BOUNDARY_EA = 0.41;

/** Au | garnet | Au, conductivities at 25 degC. */
const PELLETS = [
  { cell_id: 'LLZO-11', thickness_um: 1180, sigma_bulk25: 5.2e-4, sigma_total25: 3.8e-4 },
  { cell_id: 'LLZO-12', thickness_um: 1225, sigma_bulk25: 5.0e-4, sigma_total25: 3.6e-4 },
];
const PELLET_TEMPERATURES = [-30, -15, 0, 10, 25, 40];

/** Garnet: symmetric lithium cells (the judged interface) and pellets between gold. @param {number} seed */
export function oxideCells(seed) {
  return [
    ...SYMMETRIC_CELLS.map((cell) => symmetricCell(cell, seed)),
    ...PELLETS.map((pellet) => goldPellet(pellet, seed)),
  ];
}

/** @param {number} ea eV @param {number} celsius */
function arrheniusFactor(ea, celsius) {
  return exp((ea / BOLTZMANN) * (1 / (celsius + 273.15) - 1 / 298.15));
}

/** @param {(typeof SYMMETRIC_CELLS)[number]} cell @param {number} seed */
function symmetricCell(cell, seed) {
  const random = randomStream(seed, cell.cell_id);
  const sweeps = cell.celsius.map((celsius, k) => {
    const asr = cell.asr * arrheniusFactor(INTERFACE_EA, celsius);
    const interfaces = (2 * asr) / AREA_CM2;
    const grainBoundary = cell.grain_boundary * arrheniusFactor(GRAIN_BOUNDARY_EA, celsius);
    /** @type {import('../simulate/impedance.js').Element[]} */
    const circuit = [
      { kind: 'L', henry: 4e-7 },
      { kind: 'R', ohm: cell.bulk * arrheniusFactor(BULK_EA, celsius) },
      { kind: 'RCPE', ohm: grainBoundary, q: significant(cpeOfArc(grainBoundary, 1.2e-9, 0.9), 6), n: 0.9 },
      { kind: 'RCPE', ohm: interfaces, q: significant(cpeOfArc(interfaces, 4.5e-7, 0.86), 6), n: 0.86 },
    ];
    const spectrum = measureSpectrum(circuit, SWEEP, random);
    const started_at = later(clockOf('2026-02-03T10:05:00'), k * 7200);
    const { path, bytes, format } = writeSymmetric(cell, celsius, spectrum, started_at);
    return {
      celsius,
      file: {
        path,
        bytes,
        truth: {
          format,
          kind: 'impedance',
          status: 'ingested',
          cell_id: cell.cell_id,
          temperature_celsius: celsius,
          started_at: format === 'generic-impedance' ? null : isoClock(started_at),
          ...spectrumTruth(spectrum),
          ...circuitTruth(circuit),
          interface_arc: 'R2',
          interface_resistance_ohm: significant(interfaces),
          area_specific_resistance_ohm_cm2: significant(asr),
        },
      },
    };
  });
  return {
    cell: {
      cell_id: cell.cell_id,
      material_id: 'LLZO',
      cell_type: 'symmetric',
      batch: 'LLZO-B1',
      electrode_area_cm2: AREA_CM2,
      thickness_um: 640,
      interface_count: 2,
      electrode_area_relative_uncertainty: 0.01,
      thickness_relative_uncertainty: 0.008,
    },
    files: sweeps.map(({ file }) => file),
    conditions: sweeps.map(({ celsius, file }) => ({
      file_pattern: `**/${file.path.split('/').at(-1)}`,
      temperature_celsius: celsius,
      pressure_mpa: 2,
    })),
    truth: {
      material_id: 'LLZO',
      cell_type: 'symmetric',
      interface_count: 2,
      area_specific_resistance_25_ohm_cm2: cell.asr,
      interface_activation_energy_eV: INTERFACE_EA,
    },
  };
}

/**
 * @param {(typeof SYMMETRIC_CELLS)[number]} cell @param {number} celsius
 * @param {import('../simulate/impedance.js').Spectrum} spectrum @param {number} started_at
 */
function writeSymmetric(cell, celsius, spectrum, started_at) {
  const name = `${cell.cell_id}_Li-Li_T${celsius}`;
  if (cell.instrument === 'zplot') {
    const bytes = encode(zplot(spectrum, { started_at, comment: 'Li | LLZO | Li' }));
    return { path: `zplot/${name}.z`, bytes, format: 'zplot-z' };
  }
  if (cell.instrument === 'gamry') {
    const run = { started_at, notes: 'Li | LLZO | Li, before stripping', area_cm2: AREA_CM2 };
    return {
      path: `gamry/${name}.DTA`,
      bytes: encode(gamryDta(spectrum, run), 'latin-1'),
      format: 'gamry-dta',
    };
  }
  // A spreadsheet's "Unicode text": UTF-16 with a byte order mark, TAB between columns.
  const table = genericImpedance([spectrum], {
    columns: ['f', 're', '-im'],
    header: ['f', "Z'", "-Z''"],
    delimiter: '\t',
  });
  return { path: `tables/${name}.txt`, bytes: encode(table, 'utf-16le-bom'), format: 'generic-impedance' };
}

/** @param {(typeof PELLETS)[number]} pellet @param {number} seed */
function goldPellet(pellet, seed) {
  const random = randomStream(seed, pellet.cell_id);
  const cellConstant = pellet.thickness_um / 1e4 / AREA_CM2;
  const bulk25 = cellConstant / pellet.sigma_bulk25;
  const boundary25 = cellConstant / pellet.sigma_total25 - bulk25;
  const files = PELLET_TEMPERATURES.map((celsius) => {
    const bulk = bulk25 * arrheniusFactor(BULK_EA, celsius);
    const boundary = boundary25 * arrheniusFactor(GRAIN_BOUNDARY_EA, celsius);
    /** @type {import('../simulate/impedance.js').Element[]} */
    const circuit = [
      { kind: 'RCPE', ohm: bulk, q: significant(cpeOfArc(bulk, 2.9e-11, 0.97), 6), n: 0.97 },
      { kind: 'RCPE', ohm: boundary, q: significant(cpeOfArc(boundary, 1.1e-9, 0.9), 6), n: 0.9 },
      { kind: 'CPE', q: 2.4e-6, n: 0.87 },
    ];
    const spectrum = measureSpectrum(circuit, PELLET_SWEEP, random);
    return {
      path: `tables/${pellet.cell_id}/${celsius < 0 ? `minus${-celsius}` : celsius}C.csv`,
      bytes: encode(
        genericImpedance([spectrum], {
          columns: ['f', 're', 'im'],
          header: ['frequency / Hz', "Z' / Ohm", "Z'' / Ohm"],
          delimiter: ',',
        }),
      ),
      truth: {
        format: 'generic-impedance',
        kind: 'impedance',
        status: 'ingested',
        cell_id: pellet.cell_id,
        temperature_celsius: celsius,
        started_at: null,
        ...spectrumTruth(spectrum),
        ...circuitTruth(circuit),
        pellet_resistance_ohm: significant(bulk + boundary),
        conductivity_siemens_per_centimeter: significant(cellConstant / (bulk + boundary)),
      },
    };
  });
  return {
    cell: {
      cell_id: pellet.cell_id,
      material_id: 'LLZO',
      cell_type: 'pellet',
      batch: 'LLZO-B1',
      electrode_area_cm2: AREA_CM2,
      thickness_um: pellet.thickness_um,
      relative_density: 0.95,
      electrode_area_relative_uncertainty: 0.01,
      thickness_relative_uncertainty: 0.008,
    },
    files,
    conditions: files.map(({ path, truth }) => ({
      file_pattern: path,
      temperature_celsius: truth.temperature_celsius,
    })),
    truth: {
      material_id: 'LLZO',
      cell_type: 'pellet',
      sigma25_S_cm: pellet.sigma_total25,
      sigma25_bulk_S_cm: pellet.sigma_bulk25,
      bulk_activation_energy_eV: BULK_EA,
      grain_boundary_activation_energy_eV: GRAIN_BOUNDARY_EA,
      law: 'bulk and grain-boundary resistance each ~ exp(Ea / kT); their sum is not a single Arrhenius law',
      cell_constant_per_centimeter: significant(cellConstant),
      temperatures_celsius: PELLET_TEMPERATURES,
    },
  };
}

import { exp } from '../simulate/arithmetic.js';
import { measureSpectrum } from '../simulate/impedance.js';
import { randomStream } from '../simulate/random.js';
import { circuitTruth, significant, spectrumTruth } from '../truth.js';
import { biologicPeis } from '../write/biologic.js';
import { encode } from '../write/encode.js';
import { gamryDta } from '../write/gamry.js';
import { clockOf, isoClock, later } from '../write/text.js';
import { zplot } from '../write/zplot.js';

/** Boltzmann constant, eV/K (exact SI). */
const BOLTZMANN = 8.617333262145179e-5;
const REFERENCE_KELVIN = 298.15;
const TEMPERATURES = [-10, 0, 10, 25, 40, 55, 70];
/** The way back down, which only the third pellet was measured on. */
const COOLING_TEMPERATURES = [55, 40, 25, 10];
/** Short-circuited holder: what `cells.csv` states, and what every spectrum of the pellets contains. */
const LEAD_OHM = 0.25;
const LEAD_HENRY = 3.5e-7;
const PRESSURE_MPA = 100;
const SWEEP = { from_hertz: 1e6, to_hertz: 1, points_per_decade: 8, noise_relative: 0.0025 };

/** Cold-pressed argyrodite pellets between steel: conductivity at 25 degC, activation energy of sigma = sigma0 exp(-Ea/kT). */
const PELLETS = [
  { cell_id: 'LPSC-01', instrument: 'biologic', thickness_um: 912, sigma25: 0.0126, ea: 0.286 },
  { cell_id: 'LPSC-02', instrument: 'biologic', thickness_um: 884, sigma25: 0.01315, ea: 0.283 },
  {
    cell_id: 'LPSC-03',
    instrument: 'gamry',
    thickness_um: 938,
    sigma25: 0.01245,
    ea: 0.288,
    cooling_gain: 1.09,
  },
  { cell_id: 'LPSC-04', instrument: 'zplot', thickness_um: 897, sigma25: 0.0129, ea: 0.284 },
];
const DIAMETER_MM = 10;

/**
 * Argyrodite pellets: 1/T series of impedance in EC-Lab, Gamry (decimal comma, temperature in the name only,
 * heating and cooling) and ZPlot dialects.
 * @param {number} seed
 */
export function sulfidePellets(seed) {
  return PELLETS.map((pellet) => {
    const random = randomStream(seed, pellet.cell_id);
    const branches = [
      ...TEMPERATURES.map((celsius) => ({ celsius, branch: 'heating', gain: 1 })),
      ...(pellet.cooling_gain
        ? COOLING_TEMPERATURES.map((celsius) => ({ celsius, branch: 'cooling', gain: pellet.cooling_gain }))
        : []),
    ];
    const sweeps = branches.map((at, k) => measurePellet(pellet, at, k, random));
    return {
      cell: {
        cell_id: pellet.cell_id,
        material_id: 'LPSC',
        cell_type: 'pellet',
        batch: `LPSC-B${pellet.cell_id === 'LPSC-04' ? 2 : 1}`,
        thickness_um: pellet.thickness_um,
        diameter_mm: DIAMETER_MM,
        relative_density: 0.91,
        lead_resistance_ohm: LEAD_OHM,
        thickness_relative_uncertainty: 0.006,
        diameter_relative_uncertainty: 0.002,
      },
      files: sweeps.map(({ file }) => file),
      conditions: conditionsOf(pellet, sweeps),
      truth: pelletTruth(pellet),
    };
  });
}

/** @typedef {(typeof PELLETS)[number]} Pellet */
/** @typedef {{celsius: number, branch: string, gain: number | undefined}} Setting */

/** S/cm by the Arrhenius law. @param {Pellet} pellet @param {number} celsius */
function conductivity(pellet, celsius) {
  return pellet.sigma25 * exp((-pellet.ea / BOLTZMANN) * (1 / (celsius + 273.15) - 1 / REFERENCE_KELVIN));
}

/** Thickness over area, 1/cm. @param {Pellet} pellet */
function cellConstant(pellet) {
  return pellet.thickness_um / 1e4 / (Math.PI * 0.25 * (DIAMETER_MM / 10) ** 2);
}

/**
 * @param {Pellet} pellet @param {Setting} at @param {number} index @param {import('../simulate/random.js').Random} random
 */
function measurePellet(pellet, at, index, random) {
  // The chamber reaches its set point to some 0.1 K, which scatters sigma by a few tenths of a percent.
  const sigma = conductivity(pellet, at.celsius) * (at.gain ?? 1) * (1 + 0.004 * random.normal());
  const pelletOhm = cellConstant(pellet) / sigma;
  /** @type {import('../simulate/impedance.js').Element[]} */
  const circuit = [
    { kind: 'L', henry: LEAD_HENRY },
    { kind: 'R', ohm: pelletOhm + LEAD_OHM },
    { kind: 'CPE', q: significant(6.5e-6 * (1 + 0.006 * (at.celsius - 25)), 4), n: 0.89 },
  ];
  const spectrum = measureSpectrum(circuit, SWEEP, random);
  const started_at = later(clockOf('2026-01-12T08:40:00'), index * 5400);
  const { path, bytes, format } = writeSweep(pellet, at, spectrum, started_at);
  return {
    at,
    file: {
      path,
      bytes,
      truth: {
        format,
        kind: 'impedance',
        status: 'ingested',
        cell_id: pellet.cell_id,
        temperature_celsius: at.celsius,
        temperature_from: pellet.instrument === 'gamry' ? 'file name' : 'conditions.csv',
        branch: pellet.cooling_gain ? at.branch : null,
        decimal_comma: pellet.instrument === 'gamry',
        started_at: isoClock(started_at),
        ...spectrumTruth(spectrum),
        ...circuitTruth(circuit),
        lead_resistance_ohm: LEAD_OHM,
        pellet_resistance_ohm: significant(pelletOhm),
        conductivity_siemens_per_centimeter: significant(sigma),
      },
    },
  };
}

/**
 * @param {Pellet} pellet @param {Setting} at @param {import('../simulate/impedance.js').Spectrum} spectrum @param {number} started_at
 */
function writeSweep(pellet, at, spectrum, started_at) {
  const name = `${pellet.cell_id}_${at.celsius}degC`;
  if (pellet.instrument === 'biologic') {
    const file_name = `${name}_02_PEIS_C03.mpt`;
    const run = {
      started_at,
      file_name,
      channel: 3,
      comment: `pellet ${pellet.cell_id}, ${PRESSURE_MPA} MPa`,
      area_cm2: 0.785,
    };
    return {
      path: `biologic/${file_name}`,
      bytes: encode(biologicPeis([spectrum], run), 'latin-1'),
      format: 'biologic-mpt',
    };
  }
  if (pellet.instrument === 'gamry') {
    const run = { started_at, notes: 'steel | argyrodite | steel', area_cm2: 0.785, decimal_comma: true };
    return {
      path: `gamry/${pellet.cell_id}/${name}_${at.branch}.DTA`,
      bytes: encode(gamryDta(spectrum, run), 'latin-1'),
      format: 'gamry-dta',
    };
  }
  const run = { started_at, comment: `${pellet.cell_id} at ${at.celsius} C` };
  return { path: `zplot/${name}.z`, bytes: encode(zplot(spectrum, run)), format: 'zplot-z' };
}

/**
 * One row per file where the file is silent; the Gamry files carry the temperature in their names, so that two
 * patterns give only pressure and branch.
 * @param {Pellet} pellet @param {{at: Setting, file: {path: string}}[]} sweeps
 */
function conditionsOf(pellet, sweeps) {
  if (pellet.instrument === 'gamry') {
    return ['heating', 'cooling'].map((branch) => ({
      file_pattern: `gamry/${pellet.cell_id}/*_${branch}.DTA`,
      pressure_mpa: PRESSURE_MPA,
      branch,
    }));
  }
  return sweeps.map(({ at, file }) => ({
    // A copy of the file in another folder is the same measurement.
    file_pattern: `**/${file.path.split('/').at(-1)}`,
    temperature_celsius: at.celsius,
    pressure_mpa: PRESSURE_MPA,
  }));
}

/** @param {Pellet} pellet */
function pelletTruth(pellet) {
  const sigma0 = pellet.sigma25 * exp(pellet.ea / (BOLTZMANN * REFERENCE_KELVIN));
  return {
    material_id: 'LPSC',
    cell_type: 'pellet',
    law: 'sigma = sigma0 exp(-Ea / kT)',
    Ea_eV: pellet.ea,
    sigma0_S_cm: significant(sigma0),
    sigma25_S_cm: pellet.sigma25,
    sigma25_cooling_S_cm: pellet.cooling_gain ? significant(pellet.sigma25 * pellet.cooling_gain) : null,
    hysteresis: Boolean(pellet.cooling_gain),
    cell_constant_per_centimeter: significant(cellConstant(pellet)),
    temperatures_celsius: TEMPERATURES,
  };
}

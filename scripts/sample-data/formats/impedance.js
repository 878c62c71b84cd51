import { circuitTruth, significant, spectrumTruth, timeSeriesTruth } from '../truth.js';
import * as analysers from '../write/analysers.js';
import { biologicModuloBat, biologicPeis } from '../write/biologic.js';
import { encode } from '../write/encode.js';
import { gamryDta, OPEN_CIRCUIT_ROWS } from '../write/gamry.js';
import { genericImpedance } from '../write/generic-impedance.js';
import { maccorFra } from '../write/maccor.js';
import { nrelRaw } from '../write/nrel.js';
import { isoClock } from '../write/text.js';
import { zplot, zviewText } from '../write/zplot.js';
import { DEMO_CIRCUIT, demoSpectrum, demoTest, STARTED_AT } from './demo.js';
import { runOf } from './time-series.js';

/** @typedef {import('../simulate/impedance.js').Spectrum} Spectrum */
/** @typedef {ReturnType<typeof runOf>} Run */

/**
 * @typedef {object} Sample
 * @property {string} path format id and file name
 * @property {number} [spectra] 1 unless said otherwise
 * @property {(spectra: Spectrum[], run: Run) => string} write
 * @property {import('../write/encode.js').Encoding} [encoding]
 * @property {object} [truth]
 */

const first = (/** @type {Spectrum[]} */ spectra) => /** @type {Spectrum} */ (spectra[0]);
const DATED = { started_at: isoClock(STARTED_AT) };

/** @type {Sample[]} */
const SAMPLES = [
  {
    path: 'biologic-mpt/peis-two-sweeps.mpt',
    spectra: 2,
    write: biologicPeis,
    encoding: 'latin-1',
    truth: { ...DATED, channel: '7' },
  },
  {
    path: 'gamry-dta/eispot.DTA',
    write: (spectra, run) => gamryDta(first(spectra), { ...run, notes: run.cell_id, area_cm2: 1 }),
    encoding: 'latin-1',
    truth: { ...DATED, cell_hint: 'FMT-01', open_circuit_rows: OPEN_CIRCUIT_ROWS },
  },
  {
    path: 'gamry-dta/eispot-decimal-comma.DTA',
    write: (spectra, run) =>
      gamryDta(first(spectra), { ...run, notes: run.cell_id, area_cm2: 1, decimal_comma: true }),
    encoding: 'latin-1',
    truth: { ...DATED, cell_hint: 'FMT-01', open_circuit_rows: OPEN_CIRCUIT_ROWS, decimal_comma: true },
  },
  {
    path: 'zplot-z/zplot.z',
    write: (spectra, run) => zplot(first(spectra), run),
    truth: { ...DATED, cell_hint: 'FMT-01' },
  },
  { path: 'zview-text/z60w.txt', write: (spectra) => zviewText(first(spectra)), encoding: 'utf-8-bom' },
  {
    path: 'autolab-dfr/autolab.dfr',
    write: (spectra, run) => analysers.autolabDfr(first(spectra), run),
    truth: DATED,
  },
  {
    path: 'versastudio-par/versastudio.par',
    write: (spectra, run) => analysers.versaStudioPar(first(spectra), run),
    truth: DATED,
  },
  {
    path: 'powersuite-txt/powersuite.txt',
    write: (spectra) => analysers.powerSuiteText(first(spectra)),
    truth: { order: 'low to high frequency' },
  },
  {
    path: 'chi-text/chi660e.txt',
    write: (spectra, run) => analysers.chInstrumentsText(first(spectra), run),
    truth: DATED,
  },
  {
    path: 'novocontrol-txt/windeta.txt',
    write: (spectra, run) => analysers.novocontrolText(first(spectra), run),
    truth: { ...DATED, date_order: 'dmy', temperature_celsius: 25 },
  },
  { path: 'elchemea-i2b/elchemea.i2b', write: (spectra, run) => analysers.elchemeaI2b(first(spectra), run) },
  { path: 'p00-text/sweep.P00', write: (spectra, run) => analysers.p00Text(first(spectra), run) },
  {
    path: 'ivium-idf/ivium.idf',
    write: (spectra, run) => analysers.iviumIdf(first(spectra), run),
    encoding: 'latin-1',
  },
  { path: 'zahner-text/thales.txt', write: (spectra) => analysers.zahnerText(first(spectra)) },
  {
    path: 'maccor-fra/FMT-01.EDA0001.041',
    write: (spectra, run) => maccorFra(first(spectra), run),
    truth: DATED,
  },
  {
    path: 'generic-impedance/minus-imaginary.csv',
    write: (spectra) =>
      genericImpedance(spectra, {
        columns: ['f', 're', '-im'],
        header: ['freq/Hz', 'Re(Z)/Ohm', '-Im(Z)/Ohm'],
        delimiter: ',',
      }),
  },
  {
    path: 'generic-impedance/two-spectra.csv',
    spectra: 2,
    write: (spectra) =>
      genericImpedance(spectra, { columns: ['f', 're', 'im'], header: ['f', "Z'", "Z''"], delimiter: ',' }),
  },
  {
    path: 'generic-impedance/modulus-phase.txt',
    write: (spectra) =>
      genericImpedance(spectra, {
        columns: ['f', 'modulus', 'phase'],
        header: ['Frequency (Hz)', '|Z| (Ohm)', 'Phase (deg)'],
        delimiter: '\t',
      }),
  },
  {
    path: 'headerless-impedance/three-columns.csv',
    write: (spectra) =>
      genericImpedance(spectra, { columns: ['f', 're', 'im'], header: null, delimiter: ',' }),
  },
];

/** Analysers' exports, each of sweeps of one circuit. @param {number} seed @returns {import('../truth.js').SampleFile[]} */
export function impedanceSamples(seed) {
  return [
    ...SAMPLES.map((sample) => impedanceSample(sample, seed)),
    moduloBatSample(seed),
    nrelRawSample(seed),
    parstatSample(seed),
  ];
}

/** @param {Sample} sample @param {number} seed */
function impedanceSample(sample, seed) {
  const spectra = Array.from({ length: sample.spectra ?? 1 }, (_, k) =>
    demoSpectrum(seed, `${sample.path}#${k}`),
  );
  return {
    path: sample.path,
    bytes: encode(sample.write(spectra, runOf(sample.path)), sample.encoding),
    truth: {
      kind: 'impedance',
      started_at: null,
      encoding: sample.encoding ?? 'utf-8',
      channel: null,
      cell_hint: null,
      ...sweepTruth(spectra),
      ...sample.truth,
    },
  };
}

/** @param {Spectrum[]} spectra */
function sweepTruth(spectra) {
  return {
    spectra: spectra.length,
    points: spectra.reduce((sum, { points }) => sum + points.length, 0),
    sweeps: spectra.map(spectrumTruth),
    ...circuitTruth(DEMO_CIRCUIT),
  };
}

/** Cycling rows and a sweep in one table. @param {number} seed */
function moduloBatSample(seed) {
  const path = 'biologic-mpt/modulo-bat.mpt';
  const records = demoTest(seed, path, {
    capacity_ah: 0.0024,
    resolution_second: 0.01,
    first_record_second: 0.01,
  });
  const spectrum = demoSpectrum(seed, path);
  const duration = spectrum.points.at(-1)?.time_second ?? 0;
  const truth = timeSeriesTruth(records);
  return {
    path,
    bytes: encode(biologicModuloBat(records, spectrum, runOf(path)), 'latin-1'),
    truth: {
      kind: 'both',
      ...truth,
      rows: truth.rows + 1,
      // The test stands still while the sweep runs; its clock does not.
      last_test_time_second: significant(truth.last_test_time_second + duration),
      ...DATED,
      encoding: 'latin-1',
      channel: '7',
      cell_hint: null,
      counter_scope: 'half cycle',
      counter_resolution_ah: 1e-15,
      ...sweepTruth([spectrum]),
    },
  };
}

/** @param {number} seed */
function nrelRawSample(seed) {
  const path = 'nrel-raw-csv/raw.csv';
  const records = demoTest(seed, path, {
    capacity_ah: 2.5,
    resolution_second: 0.01,
    first_record_second: 0.05,
  });
  const spectrum = demoSpectrum(seed, path);
  return {
    path,
    bytes: encode(nrelRaw(records, spectrum, runOf(path))),
    truth: {
      kind: 'both',
      ...timeSeriesTruth(records),
      ...DATED,
      encoding: 'utf-8',
      channel: null,
      cell_hint: null,
      counter_scope: 'step',
      counter_resolution_ah: 1e-8,
      ...sweepTruth([spectrum]),
    },
  };
}

/** A discharge at frequency 0, then a sweep. There is no counter: the ampere-hours are the trapezoid's. @param {number} seed */
function parstatSample(seed) {
  const path = 'parstat-txt/parstat.txt';
  const spectrum = demoSpectrum(seed, path);
  const direct = Array.from({ length: 21 }, (_, k) => ({
    time_second: 10 * (k + 1),
    voltage_volt: 3.4932 - 0.0004 * k,
    current_ampere: k < 3 || k > 17 ? 0 : k < 10 ? 0.15 : -0.15,
  }));
  const charge = (/** @type {1 | -1} */ sign) =>
    direct.reduce((sum, r, k) => {
      const previous = direct[k - 1];
      if (!previous) return sum;
      const mean = (Math.max(sign * r.current_ampere, 0) + Math.max(sign * previous.current_ampere, 0)) / 2;
      return sum + (mean * (r.time_second - previous.time_second)) / 3600;
    }, 0);
  return {
    path,
    bytes: encode(analysers.parstatText(spectrum, direct)),
    truth: {
      kind: 'both',
      rows: direct.length,
      charge_ah: significant(charge(1)),
      discharge_ah: significant(charge(-1)),
      ampere_hours_from: 'trapezoid over all rows; the file has no counter',
      started_at: null,
      encoding: 'utf-8',
      channel: null,
      cell_hint: null,
      ...sweepTruth([spectrum]),
    },
  };
}

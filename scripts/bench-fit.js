// Times of the impedance fits, on golden spectra where they are at hand, else on simulated ones. Run after a build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = async (path) => import(join(root, 'dist', 'analysis', ...path.split('/')));
const { fitImpedance, fitTemperatureSeries, parseCircuit, simulateImpedance, testKramersKronig } =
  await load('impedance/index.js');
const { circuitProblem } = await load('impedance/fit/problem.js');
const { initialGuesses } = await load('impedance/fit/initial-guess.js');
const { prepareSpectrum } = await load('impedance/spectrum.js');
const { levenbergMarquardt } = await load('linear-algebra/levenberg-marquardt.js');

function goldenSpectra() {
  const folder = join(process.env.CELLAR_SHARED ?? join(root, '..', 'shared'), 'golden', 'dev');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('eis-'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .filter(({ kind }) => kind === 'eis-fit')
    .map(({ id, circuit, weighting, data }) => ({
      id,
      circuit,
      weighting,
      spectrum: {
        frequency_hertz: data.freq_hz,
        real_impedance_ohm: data.z_re_ohm,
        imaginary_impedance_ohm: data.z_im_ohm,
      },
    }));
}

function simulatedSpectra() {
  const circuit = 'L0-R0-p(R1,CPE1)-p(R2,CPE2)-CPE3';
  const values = {
    L0: 1e-7,
    R0: 5,
    R1: 20,
    CPE1_Q: 1e-6,
    CPE1_n: 0.9,
    R2: 40,
    CPE2_Q: 5e-4,
    CPE2_n: 0.85,
    CPE3_Q: 0.5,
    CPE3_n: 0.8,
  };
  const frequency_hertz = Float64Array.from({ length: 70 }, (_, i) => 1e6 * 10 ** (-i / 8.7));
  const clean = simulateImpedance(circuit, values, frequency_hertz);
  // A fixed ripple of 0.3 % stands for noise, so that the search ends where one with real data does.
  const ripple = (part, step) => part.map((value, i) => value * (1 + 0.003 * Math.sin(step * (i + 1) ** 2)));
  const spectrum = {
    frequency_hertz,
    real_impedance_ohm: ripple(clean.real_impedance_ohm, 1.7),
    imaginary_impedance_ohm: ripple(clean.imaginary_impedance_ohm, 2.9),
  };
  return [{ id: 'simulated', circuit, weighting: 'modulus', spectrum }];
}

/** Median milliseconds of the processor of `repeats` runs, after as many to warm up: other programs matter less to it. */
function milliseconds(run, repeats) {
  const times = [];
  for (let i = 0; i < 2 * repeats; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    if (i >= repeats) times.push((user + system) / 1000);
  }
  return Number(times.sort((a, b) => a - b)[times.length >> 1].toFixed(2));
}

const golden = goldenSpectra();
const rows = (golden.length > 0 ? golden : simulatedSpectra()).map(({ id, circuit, weighting, spectrum }) => {
  const prepared = prepareSpectrum(spectrum);
  const parsed = parseCircuit(circuit);
  const problem = circuitProblem(parsed, prepared, weighting);
  const minimise = levenbergMarquardt(problem);
  const [guess] = initialGuesses(parsed, prepared);
  return {
    spectrum: id,
    points: prepared.frequency_hertz.length,
    parameters: parsed.parameters.length,
    'one start, ms': milliseconds(() => minimise(guess), 10),
    'fixed circuit, ms': milliseconds(
      () => fitImpedance(spectrum, { circuit, weighting, compare_circuits: false }),
      3,
    ),
    'automatic, ms': milliseconds(() => fitImpedance(spectrum), 1),
    'Kramers–Kronig, ms': milliseconds(() => testKramersKronig(spectrum), 5),
  };
});
console.table(rows);
const middle = (name) => rows.map((row) => row[name]).sort((a, b) => a - b)[rows.length >> 1];
console.log(`automatic choice: median ${middle('automatic, ms')} ms a spectrum`);

/** Seven temperatures of one pellet, whose grain boundary grows towards the cold, with a ripple of 0.3 %. */
function temperatureSeries() {
  return Array.from({ length: 7 }, (_, i) => {
    const temperature_celsius = 10 * i;
    const factor = Math.exp((0.4 / 8.617e-5) * (1 / (temperature_celsius + 273.15) - 1 / 298.15));
    const values = {
      R1: 800 * factor,
      CPE1_Q: 2e-10,
      CPE1_n: 0.95,
      R2: 600 * factor,
      CPE2_Q: 4e-8,
      CPE2_n: 0.88,
      CPE3_Q: 5e-6,
      CPE3_n: 0.9,
    };
    const frequency_hertz = Float64Array.from({ length: 61 }, (__, k) => 5e6 * 10 ** (-k / 9));
    const clean = simulateImpedance('p(R1,CPE1)-p(R2,CPE2)-CPE3', values, frequency_hertz);
    const ripple = (part, step) =>
      part.map((value, k) => value * (1 + 0.003 * Math.sin(step * (k + 1 + i) ** 2)));
    return {
      temperature_celsius,
      spectrum: {
        frequency_hertz,
        real_impedance_ohm: ripple(clean.real_impedance_ohm, 1.7),
        imaginary_impedance_ohm: ripple(clean.imaginary_impedance_ohm, 2.9),
      },
    };
  });
}

const readings = temperatureSeries();
const ofSeries = milliseconds(() => {
  const inputs = readings.map(({ temperature_celsius, spectrum }) => ({
    temperature_celsius,
    spectrum: prepareSpectrum(spectrum),
    alternatives: fitImpedance(spectrum).alternatives,
  }));
  fitTemperatureSeries(inputs);
}, 3);
console.log(`seven temperatures, choice and series on one core: ${ofSeries} ms`);

/** The same circuit by the packages for Python, where `CELLAR_BENCH_PYTHON` has them: one fit from the true values. */
function peers() {
  const python = process.env.CELLAR_BENCH_PYTHON;
  if (python === undefined) return 'impedance.py: set CELLAR_BENCH_PYTHON to a Python that has it';
  const { spectrum } = readings[2];
  const lists = Object.values(spectrum).map((list) => `[${[...list].join(',')}]`);
  const code = `
import time, warnings
warnings.filterwarnings('ignore')
import numpy as np
from impedance.models.circuits import CustomCircuit
f, re, im = (np.array(x) for x in (${lists.join(', ')}))
times = []
for _ in range(5):
    circuit = CustomCircuit('p(R1,CPE1)-p(R2,CPE2)-CPE3', initial_guess=[900, 2e-10, .93, 700, 4e-8, .9, 5e-6, .88])
    start = time.perf_counter()
    circuit.fit(f, re + 1j * im, weight_by_modulus=True)
    times.append(time.perf_counter() - start)
print(f'impedance.py: one start of 8 parameters {1000 * sorted(times)[2]:.1f} ms')`;
  const run = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return run.stdout?.trim() || `impedance.py: ${run.stderr?.trim().split('\n').at(-1) ?? run.error?.message}`;
}
console.log(peers());

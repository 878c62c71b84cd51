// Times of the impedance fits, on golden spectra where they are at hand, else on simulated ones. Run after a build.
// `--peers PYTHON` times the packages impedance.py and pyimpspec beside them, where that Python has them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = async (path) => import(join(root, 'dist', 'analysis', ...path.split('/')));
const { fitImpedance, fitTemperatureSeries, parseCircuit, simulateImpedance, testKramersKronig } =
  await load('impedance/index.js');
const { toTransformed } = await load('impedance/circuit/elements.js');
const { circuitProblem } = await load('impedance/fit/problem.js');
const { initialGuesses } = await load('impedance/fit/initial-guess.js');
const { MinimumSearch } = await load('impedance/fit/minimum.js');
const { bestGuesses } = await load('impedance/fit/multistart.js');
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
    'automatic, ms': milliseconds(() => fitImpedance(spectrum), 3),
    'Kramers–Kronig, ms': milliseconds(() => testKramersKronig(spectrum), 5),
  };
});
console.table(rows);
/** One start of ten parameters from the best guess, as a search follows it: down, then to the last digit. */
function tenParameters() {
  const [{ circuit, spectrum }] = simulatedSpectra();
  const prepared = prepareSpectrum(spectrum);
  const parsed = parseCircuit(circuit);
  const problem = circuitProblem(parsed, prepared, 'modulus');
  const [guess] = bestGuesses(problem, 1);
  return milliseconds(() => {
    const search = new MinimumSearch(problem);
    search.follow(guess, true);
    return search.settled;
  }, 101);
}
console.log(`one start of 10 parameters, 70 points, to the last digit: ${tenParameters()} ms`);

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

/** The same circuit by the packages for Python that are there: one start near the true values, in time of the processor, on one thread. */
function peers(python) {
  const { spectrum } = readings[2];
  const lists = Object.values(spectrum).map((list) => `[${[...list].join(',')}]`);
  const code = `
import os
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = '1'
import time, warnings
from importlib.metadata import version
warnings.filterwarnings('ignore')
import numpy as np
f, re, im = (np.array(x) for x in (${lists.join(', ')}))
z = re + 1j * im

def median_milliseconds(run):
    times = []
    for _ in range(6):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return 1000 * sorted(times[1:])[2]

def impedance_py():
    from impedance.models.circuits import CustomCircuit
    def run():
        start = [900, 2e-10, .93, 700, 4e-8, .9, 5e-6, .88]
        CustomCircuit('p(R1,CPE1)-p(R2,CPE2)-CPE3', initial_guess=start).fit(f, z, weight_by_modulus=True)
    return version('impedance'), run

def pyimpspec():
    import pyimpspec
    cdc = '(R{R=900}Q{Y=2e-10,n=0.93})(R{R=700}Q{Y=4e-8,n=0.9})Q{Y=5e-6,n=0.88}'
    data = pyimpspec.DataSet(frequencies=f, impedances=z)
    def run():
        circuit = pyimpspec.parse_cdc(cdc)
        pyimpspec.fit_circuit(circuit, data, method='least_squares', weight='modulus', num_procs=1)
    return version('pyimpspec'), run

for name, of in (('impedance.py', impedance_py), ('pyimpspec', pyimpspec)):
    try:
        found, run = of()
        print(f'{name} {found}: one start of 8 parameters {median_milliseconds(run):.1f} ms')
    except ImportError:
        print(f'{name}: not in this Python')
    except Exception as error:
        print(f'{name}: {error}')`;
  const run = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return run.stdout?.trim() || `${python}: ${run.stderr?.trim().split('\n').at(-1) ?? run.error?.message}`;
}

/** One start of the same circuit from the same values. */
function ownStart() {
  const prepared = prepareSpectrum(readings[2].spectrum);
  const circuit = parseCircuit('p(R1,CPE1)-p(R2,CPE2)-CPE3');
  const minimise = levenbergMarquardt(circuitProblem(circuit, prepared, 'modulus'));
  const values = [900, 2e-10, 0.93, 700, 4e-8, 0.9, 5e-6, 0.88];
  const start = Float64Array.from(circuit.parameters, ({ transform }, i) =>
    toTransformed(transform, values[i]),
  );
  return milliseconds(() => minimise(start), 25);
}

const asked = process.argv.indexOf('--peers');
const python = asked === -1 ? process.env.CELLAR_BENCH_PYTHON : process.argv[asked + 1];
if (python === undefined) console.log('peers: --peers PYTHON names a Python with impedance and pyimpspec');
else {
  console.log(`Cellar: one start of 8 parameters ${ownStart()} ms`);
  console.log(peers(python));
}

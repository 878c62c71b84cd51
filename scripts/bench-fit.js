// Times of the impedance fits, on golden spectra where they are at hand, else on simulated ones. Run after a build.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = async (path) => import(join(root, 'dist', 'analysis', ...path.split('/')));
const { fitImpedance, parseCircuit, simulateImpedance, testKramersKronig } = await load('impedance/index.js');
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

/** Median milliseconds of `repeats` runs, after as many to warm up. */
function milliseconds(run, repeats) {
  const times = [];
  for (let i = 0; i < 2 * repeats; i++) {
    const start = performance.now();
    run();
    if (i >= repeats) times.push(performance.now() - start);
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

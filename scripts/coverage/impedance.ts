/** Spectra of known circuits: which circuit is found, and how often the intervals of σ and of an interface hold the truth. */
import { fitImpedance, type ImpedanceFit, type Spectrum } from '../../src/analysis/impedance/index.js';
import { normal, type Random, type Simulation, uniform } from './simulation.js';

interface Complex {
  re: number;
  im: number;
}

const polar = (size: number, angle: number): Complex => ({
  re: size * Math.cos(angle),
  im: size * Math.sin(angle),
});

const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });

const inverse = ({ re, im }: Complex): Complex => {
  const square = re * re + im * im;
  return { re: re / square, im: -im / square };
};

interface Arc {
  R: number;
  tau: number;
  n: number;
}

/** What a spectrum is made of; the tail by its size at the lowest frequency. */
interface Truth {
  L: number;
  R0: number;
  arcs: Arc[];
  tail: { n: number; size: number } | null;
}

/** A depressed arc, R/(1 + (jωτ)ⁿ). */
function arcAt(omega: number, { R, tau, n }: Arc): Complex {
  const { re, im } = inverse(plus({ re: 1, im: 0 }, polar((omega * tau) ** n, (n * Math.PI) / 2)));
  return { re: R * re, im: R * im };
}

/** The spectrum with independent normal noise relative to |Z| on both parts. */
function spectrumOf(
  random: Random,
  { L, R0, arcs, tail }: Truth,
  hertz: readonly number[],
  noise: number,
): Spectrum {
  const last = 2 * Math.PI * hertz.at(-1)!;
  const z = hertz.map((f) => {
    const omega = 2 * Math.PI * f;
    const parts = arcs.map((arc) => arcAt(omega, arc));
    const end = tail
      ? polar(tail.size * (omega / last) ** -tail.n, (-tail.n * Math.PI) / 2)
      : { re: 0, im: 0 };
    const clean = [...parts, end].reduce(plus, { re: R0, im: omega * L });
    const size = noise * Math.hypot(clean.re, clean.im);
    return { re: clean.re + size * normal(random), im: clean.im + size * normal(random) };
  });
  return {
    frequency_hertz: [...hertz],
    real_impedance_ohm: z.map(({ re }) => re),
    imaginary_impedance_ohm: z.map(({ im }) => im),
  };
}

const band = (high: number, low: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => high * (low / high) ** (i / (count - 1)));

/** Series resistance, arcs and tail of the thirteen circuits that a spectrum may be. */
const shapes: readonly [series: boolean, arcs: number, tail: '' | 'CPE' | 'W'][] = [
  [true, 0, 'CPE'],
  [true, 1, 'CPE'],
  [false, 1, 'CPE'],
  [false, 2, 'CPE'],
  [false, 3, 'CPE'],
  [true, 1, ''],
  [true, 2, ''],
  [true, 3, ''],
  [true, 1, 'W'],
  [true, 2, 'W'],
  [true, 2, 'CPE'],
  [false, 2, ''],
];

/** Time constants inside the band, 1.2 decades apart or more. */
function timeConstants(random: Random, count: number, fast: number, slow: number): number[] {
  for (;;) {
    const logs = Array.from({ length: count }, () => uniform(random, fast, slow)).sort((a, b) => a - b);
    if (logs.every((log, i) => i === 0 || log - logs[i - 1]! >= 1.2)) return logs.map((log) => 10 ** log);
  }
}

function randomTruth(random: Random, inductive: boolean) {
  const [series, arcs, tail] = shapes[Math.floor(random() * shapes.length)]!;
  const high = 1e6;
  const low = 10 ** uniform(random, -2, 0);
  const size = 10 ** uniform(random, 0.5, 3);
  const fast = -Math.log10(2 * Math.PI * high) + 0.6;
  const slow = -Math.log10(2 * Math.PI * low) - (tail === '' ? 0.6 : 1.6);
  const ofArcs = timeConstants(random, arcs, fast, slow).map((tau) => ({
    R: size * 10 ** uniform(random, -0.5, 0.5),
    tau,
    n: uniform(random, 0.75, 0.98),
  }));
  const R0 = series ? size * uniform(random, 0.3, 2) : 0;
  const total = ofArcs.reduce((sum, { R }) => sum + R, R0);
  const exponent = tail === 'W' ? 0.5 : uniform(random, 0.75, 0.95);
  const truth: Truth = {
    L: inductive ? (size * uniform(random, 0.05, 0.5)) / (2 * Math.PI * high) : 0,
    R0,
    arcs: ofArcs,
    tail: tail === '' ? null : { n: exponent, size: total * 10 ** uniform(random, -0.3, 1.2) },
  };
  const blocks = ofArcs.map((_, i) => `p(R${i + 1},CPE${i + 1})`);
  const code = [...(series ? ['R0'] : []), ...blocks, ...(tail === '' ? [] : [`${tail}${arcs + 1}`])].join(
    '-',
  );
  return { truth, code, hertz: band(high, low, Math.round(uniform(random, 41, 91))) };
}

const value = (fit: ImpedanceFit, name: string) =>
  fit.results.find(({ quantity }) => quantity === name)?.value ?? Number.NaN;

/** Whether the resistances found are those of the truth, in the order of the arcs. */
function resistancesHold(fit: ImpedanceFit, { R0, arcs }: Truth): boolean {
  const wanted = arcs.map(({ R }, i) => [`R${i + 1}`, R] as const);
  const all = R0 > 0 ? [...wanted, ['R0', R0] as const] : wanted;
  return all.every(([name, R]) => Math.abs(value(fit, name) / R - 1) < 0.03);
}

/** Parameters of the true circuit, by the names of its code. */
function parametersOf({ L, R0, arcs, tail }: Truth, hertz: readonly number[]): Record<string, number> {
  const last = 2 * Math.PI * (hertz.at(-1) as number);
  const k = arcs.length + 1;
  const ofTail = tail && {
    [`CPE${k}_Q`]: last ** -tail.n / tail.size,
    [`CPE${k}_n`]: tail.n,
    // |A(1 − j)/√ω| = A·√(2/ω)
    [`W${k}`]: tail.size * Math.sqrt(last / 2),
  };
  const ofArcs = arcs.flatMap(({ R, tau, n }, i) => [
    [`R${i + 1}`, R],
    [`CPE${i + 1}_Q`, tau ** n / R],
    [`CPE${i + 1}_n`, n],
  ]);
  return { L0: L, R0, ...Object.fromEntries(ofArcs), ...ofTail };
}

/** Whether the fit leaves no more than the true circuit does whose search starts at the truth: the minimum there is. */
function isTheMinimum(fit: ImpedanceFit, fromTruth: ImpedanceFit): boolean {
  return Number(fit.goodness.ssr_weighted) < Number(fromTruth.goodness.ssr_weighted) * (1 + 1e-6);
}

const raises = (fit: ImpedanceFit, code: string) => fit.warnings.some((warning) => warning.code === code);

const circuits = (inductive: boolean, noise = 0.003): Simulation => ({
  table: 'choice of the circuit',
  situation: `${inductive ? 'with' : 'without'} inductance, twelve shapes, ${100 * noise} % noise`,
  aims: {
    'right circuit': { least: 0.95 },
    'every resistance within 3 %': { least: 0.95 },
    'every resistance within 3 %, true circuit fitted from the truth': {},
    'no minimum below it from the truth': { least: 0.99 },
    'KK_OUTLIERS raised': { most: 0.05 },
    'MISFIT raised': { most: 0.01 },
    'points trimmed': { most: 0.01 },
  },
  once(random) {
    const { truth, code, hertz } = randomTruth(random, inductive);
    const spectrum = spectrumOf(random, truth, hertz, noise);
    const fit = fitImpedance(spectrum, { check_robustly: false });
    const fromTruth = fitImpedance(spectrum, {
      circuit: `${inductive ? 'L0-' : ''}${code}`,
      start: parametersOf(truth, hertz),
      compare_circuits: false,
      check_robustly: false,
    });
    return {
      'right circuit': fit.circuit.replace(/^L0-/, '') === code,
      'every resistance within 3 %': resistancesHold(fit, truth),
      'every resistance within 3 %, true circuit fitted from the truth': resistancesHold(fromTruth, truth),
      'no minimum below it from the truth': isTheMinimum(fit, fromTruth),
      'KK_OUTLIERS raised': raises(fit, 'KK_OUTLIERS'),
      'MISFIT raised': raises(fit, 'MISFIT'),
      'points trimmed': raises(fit, 'END_POINTS_TRIMMED'),
    };
  },
});

/** An arc of capacitance C (F). */
const arcOf = (R: number, C: number, n: number): Arc => ({ R, tau: R * C, n });

const holds = (fit: ImpedanceFit, name: string, truth: number): boolean => {
  const row = fit.results.find(({ quantity }) => quantity === name);
  return row?.ci95_low != null && row.ci95_high != null && row.ci95_low <= truth && truth <= row.ci95_high;
};

const inside = { least: 0.93, most: 0.98 };

const pellet = (noise: number): Simulation => ({
  table: 'intervals of impedance',
  situation: `pellet, bulk and grain boundary before a blocking tail, ${100 * noise} % noise`,
  aims: { 'interval holds σ': inside, 'KK_OUTLIERS raised': { most: 0.05 } },
  once(random) {
    const [bulk, boundary] = [uniform(random, 300, 3000), uniform(random, 300, 3000)];
    const truth: Truth = {
      L: 0,
      R0: 0,
      arcs: [arcOf(bulk, 1e-9, 0.95), arcOf(boundary, 4e-8, 0.88)],
      tail: { n: 0.88, size: (bulk + boundary) * uniform(random, 3, 30) },
    };
    const cell = { cell_type: 'pellet', thickness_cm: 0.005, area_cm2: 0.785 };
    const fit = fitImpedance(spectrumOf(random, truth, band(5e6, 1, 61), noise), {
      cell,
      check_robustly: false,
    });
    return {
      'interval holds σ': holds(fit, 'sigma_total_S_cm', 0.005 / ((bulk + boundary) * 0.785)),
      'KK_OUTLIERS raised': raises(fit, 'KK_OUTLIERS'),
    };
  },
});

const symmetric = (inductive: boolean, noise = 0.003): Simulation => ({
  table: 'intervals of impedance',
  situation: `symmetric cell, two interface arcs ${inductive ? 'with' : 'without'} inductance, ${100 * noise} % noise`,
  aims: { 'interval holds the interface': inside, 'arc called open': { most: 0.02 } },
  once(random) {
    const [one, two] = [uniform(random, 10, 60), uniform(random, 10, 60)];
    const truth: Truth = {
      L: inductive ? 4e-7 : 0,
      R0: uniform(random, 10, 60),
      arcs: [arcOf(one, 2e-6, 0.88), arcOf(two, 8e-4, 0.85)],
      tail: null,
    };
    const cell = { cell_type: 'symmetric', thickness_cm: 0.05, area_cm2: 0.785, interface_count: 2 };
    const fit = fitImpedance(spectrumOf(random, truth, band(1e6, 0.01, 65), noise), {
      cell,
      check_robustly: false,
    });
    return {
      'interval holds the interface': holds(fit, 'interfacial_asr_ohm_cm2', ((one + two) * 0.785) / 2),
      'arc called open': raises(fit, 'ARC_NOT_CLOSED'),
    };
  },
});

/** All rows on impedance. */
export const impedanceSimulations: readonly Simulation[] = [
  circuits(false),
  circuits(true),
  pellet(0.001),
  pellet(0.003),
  pellet(0.01),
  symmetric(false),
  symmetric(true),
  symmetric(false, 0.01),
  symmetric(true, 0.01),
];

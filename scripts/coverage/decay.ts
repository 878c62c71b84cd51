/** Decay rates of known truth: how often the interval holds it, and what passes. */
import { judgeSeries } from '../../src/analysis/decay/fit.js';
import { autoregressive, normal, type Random, type Simulation, uniform } from './simulation.js';

const LIMIT = 0.0005;
/** Half width of the wander that a laboratory does not state. */
const WANDER = 0.005;

type Noise = (random: Random, n: number) => number[];

/** Stretches of cycles at levels of their own, off the first by `sd`: a cell moved, a chamber set anew. */
function levels(random: Random, n: number, length: number, sd: number): number[] {
  const of = Array.from({ length: Math.ceil(n / length) }, (_, k) => (k === 0 ? 0 : sd * normal(random)));
  return Array.from({ length: n }, (_, i) => of[Math.floor(i / length)] as number);
}

function wave(random: Random, n: number, period: number, amplitude: number): number[] {
  const phase = uniform(random, 0, 2 * Math.PI);
  return Array.from({ length: n }, (_, i) => amplitude * Math.sin((2 * Math.PI * i) / period + phase));
}

function walk(random: Random, n: number, step: number): number[] {
  let at = 0;
  return Array.from({ length: n }, () => {
    at += step * normal(random);
    return at;
  });
}

const plus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + (b[i] as number));
const reading: Noise = (random, n) => autoregressive(random, n, 0, 0.001);

const noises = {
  white: (random, n) => autoregressive(random, n, 0, 0.003),
  'AR 0.5': (random, n) => autoregressive(random, n, 0.5, 0.003),
  'AR 0.9': (random, n) => autoregressive(random, n, 0.9, 0.003),
  'AR 0.97': (random, n) => autoregressive(random, n, 0.97, 0.003),
  'random walk 0.03 %/cycle': (random, n) => walk(random, n, 0.0003),
  'periodic, 20 to 80 cycles': (random, n) =>
    plus(reading(random, n), wave(random, n, uniform(random, 20, 80), 0.003)),
  'slow wave 0.4 %': (random, n) =>
    plus(reading(random, n), wave(random, n, n * uniform(random, 0.7, 2), 0.004)),
  'three levels, 0.4 % off the first': (random, n) =>
    plus(reading(random, n), levels(random, n, Math.ceil(n / 3), 0.004)),
} satisfies Record<string, Noise>;

type NoiseName = keyof typeof noises;

function fade(random: Random, n: number, rate: number, noise: Noise) {
  const error = noise(random, n);
  return {
    cycle: Array.from({ length: n }, (_, i) => i + 1),
    capacity: error.map((e, i) => 200 * (1 - rate) ** i * Math.exp(e)),
  };
}

const policy = { capacity_wander_relative: WANDER };

function judged(data: ReturnType<typeof fade>) {
  const { verdict_D } = judgeSeries(data, policy);
  const [low, high] = verdict_D.window.ci95;
  return {
    verdict: verdict_D.verdict,
    holds: (truth: number) => low !== null && high !== null && low <= truth && truth <= high,
  };
}

/**
 * Least coverage, most PASS at the limit and least PASS at 0.035 % for 120, 300 and 800 cycles. Of 800 cycles at 0.035 % the
 * 637 to 80 % are judged: of them a walk has to pass as often as of 300 at least.
 */
const intervalAims: Record<NoiseName, [least: number, most: number, power: [number, number, number]]> = {
  white: [0.99, 0.01, [0.98, 0.98, 0.98]],
  'AR 0.5': [0.99, 0.01, [0.97, 0.98, 0.98]],
  'AR 0.9': [0.99, 0.01, [0.35, 0.98, 0.98]],
  'AR 0.97': [0.98, 0.01, [0.2, 0.7, 0.98]],
  'random walk 0.03 %/cycle': [0.9, 0.01, [0.25, 0.4, 0.47]],
  'periodic, 20 to 80 cycles': [0.99, 0.01, [0, 0.98, 0.98]],
  'slow wave 0.4 %': [0.99, 0.01, [0.4, 0.98, 0.98]],
  'three levels, 0.4 % off the first': [0.94, 0.01, [0.6, 0.95, 0.98]],
};

const intervalRows: Simulation[] = (Object.keys(noises) as NoiseName[]).flatMap((name) =>
  [120, 300, 800].map((n, i): Simulation => {
    const [least, most, power] = intervalAims[name];
    return {
      table: 'decay rate',
      cost: 1.5,
      situation: `${name}, ${n} cycles`,
      aims: {
        'interval holds D': { least },
        'PASS at the limit': { most },
        'PASS at 0.7 of the limit': { least: power[i] as number },
      },
      once(random) {
        const atLimit = judged(fade(random, n, LIMIT, noises[name]));
        const below = judged(fade(random, n, 0.7 * LIMIT, noises[name]));
        return {
          'interval holds D': atLimit.holds(LIMIT),
          'PASS at the limit': atLimit.verdict === 'PASS',
          'PASS at 0.7 of the limit': below.verdict === 'PASS',
        };
      },
    };
  }),
);

/**
 * Both ends of a window at levels of their own, each 0.4 % (SD) off: they differ by 0.57 %, more than ±0.5 % of wander
 * holds. A straight line through three such levels errs by 4/3·√2·0.4 % a window, the term is 1.96·0.5 %·2/√3: 87 % by it alone.
 */
const beyondRow: Simulation = {
  table: 'decay rate',
  situation: 'three levels, each 0.4 % off, 300 cycles: more than is assumed',
  cost: 1.5,
  aims: { 'interval holds D': {}, 'PASS at the limit': {} },
  once(random) {
    const noise: Noise = (_, n) => {
      const of = [0, 1, 2].map(() => 0.004 * normal(random));
      return plus(
        reading(random, n),
        Array.from({ length: n }, (_, i) => of[Math.floor((3 * i) / n)] as number),
      );
    };
    const { verdict, holds } = judged(fade(random, 300, LIMIT, noise));
    return { 'interval holds D': holds(LIMIT), 'PASS at the limit': verdict === 'PASS' };
  },
};

/** Check-ups of a cell whose ageing cycles measure no capacity. */
function checkups(random: Random, count: number, rate: number, rho: number) {
  const spacing = 50;
  const error = autoregressive(random, count, rho, rho === 0 ? 0.002 : 0.004);
  const rows = error.flatMap((e, k) => [
    { label: 'checkup', capacity: 200 * (1 - rate) ** (k * spacing) * Math.exp(e) },
    ...Array.from({ length: spacing }, () => ({ label: 'capacity_limited', capacity: 150 })),
  ]);
  return {
    cycle: rows.map((_, i) => i + 1),
    capacity: rows.map(({ capacity }) => capacity),
    label: rows.map(({ label }) => label),
  };
}

const checkupRows: Simulation[] = [0, 0.5, 0.8].flatMap((rho) =>
  [4, 6, 10].map(
    (count): Simulation => ({
      table: 'decay rate from check-ups',
      situation: `${count} check-ups, AR ${rho}`,
      aims: { 'interval holds D': { least: 0.95 }, 'PASS at the limit': { most: 0.01 } },
      once(random) {
        const { verdict, holds } = judged(checkups(random, count, LIMIT, rho));
        return { 'interval holds D': holds(LIMIT), 'PASS at the limit': verdict === 'PASS' };
      },
    }),
  ),
);

/** Most that may ever pass at the limit, least that pass within 500 cycles at 0.7 of it, and most that fail there. */
const looking: Record<string, [Noise, most: number, least: number, fails?: number]> = {
  white: [noises.white, 0, 1],
  'AR 0.5': [noises['AR 0.5'], 0, 1],
  'AR 0.9': [noises['AR 0.9'], 0, 1],
  'AR 0.97': [noises['AR 0.97'], 0, 0.94],
  'random walk 0.03 %/cycle': [noises['random walk 0.03 %/cycle'], 0.06, 0.41],
  'slow wave, period 80 to 2000': [
    (random, n) => plus(reading(random, n), wave(random, n, uniform(random, 80, 2000), 0.004)),
    0,
    1,
  ],
  // As short as the first looks: half of it, seen at 100 or 150 cycles, bends like a knee.
  'slow wave, period 80 to 140': [
    (random, n) => plus(reading(random, n), wave(random, n, uniform(random, 80, 140), 0.004)),
    0,
    0,
    1,
  ],
  'levels, one per 300 cycles, 0.4 % off the first': [
    (random, n) => plus(reading(random, n), levels(random, n, 300, 0.004)),
    0.04,
    1,
  ],
};

/** Whether a series passes at any look, every 50 cycles from 100 to its last; and whether it fails at any. */
function looks(data: ReturnType<typeof fade>) {
  const verdicts: string[] = [];
  for (let n = 100; n <= data.cycle.length; n += 50) {
    const upTo = { cycle: data.cycle.slice(0, n), capacity: data.capacity.slice(0, n) };
    verdicts.push(judged(upTo).verdict);
  }
  return { everPass: verdicts.includes('PASS'), everFail: verdicts.includes('FAIL') };
}

const lookRows: Simulation[] = Object.entries(looking).map(([name, [noise, most, least, fails = 0]]) => ({
  table: 'decay rate, looked at every 50 cycles from 100 on',
  situation: name,
  cost: 2,
  aims: {
    'ever PASS at the limit, 1000 cycles': { most },
    'ever PASS at 0.7 of the limit, 500 cycles': { least },
    'ever FAIL at 0.7 of the limit, 500 cycles': { most: fails },
  },
  once(random) {
    const atLimit = looks(fade(random, 1000, LIMIT, noise));
    const below = looks(fade(random, 500, 0.7 * LIMIT, noise));
    return {
      'ever PASS at the limit, 1000 cycles': atLimit.everPass,
      'ever PASS at 0.7 of the limit, 500 cycles': below.everPass,
      'ever FAIL at 0.7 of the limit, 500 cycles': below.everFail,
    };
  },
}));

/** Share of the capacity left after a fraction x of the window of n cycles. */
interface Shape {
  name: string;
  share(x: number, n: number): number;
  /** Aims of PASS and FAIL for 150, 300 and 600 cycles. */
  pass: [number, number][];
  fail: [number, number][];
}

const always: [number, number][] = [
  [1, 1],
  [1, 1],
  [1, 1],
];
const never: [number, number][] = [
  [0, 0],
  [0, 0],
  [0, 0],
];
const exponential = (rate: number) => (x: number, n: number) => (1 - rate) ** (x * n);
/**
 * Minus ln Q that grows with a power z of the cycles. The average is the slope of the straight line through it, which is
 * 6z/((z + 1)(z + 2)) of the slope from the first to the last cycle.
 */
const power = (average: number, z: number) => (x: number, n: number) =>
  Math.exp((-average / ((6 * z) / ((z + 1) * (z + 2)))) * n * x ** z);
/** Rate 0.02 %/cycle that rises smoothly to 0.12 % about 80 % of the window. */
function smoothKnee(x: number, n: number): number {
  const soft = (y: number) => 0.05 * Math.log1p(Math.exp((y - 0.8) / 0.05));
  return Math.exp(-n * (0.0002 * x + 0.001 * (soft(x) - soft(0))));
}

const shapes: Shape[] = [
  { name: 'exponential 0.035 %', share: exponential(0.00035), pass: always, fail: never },
  {
    name: 'exponential 0.045 %',
    share: exponential(0.00045),
    pass: [
      [0, 0],
      [1, 1],
      [1, 1],
    ],
    fail: never,
  },
  { name: 'exponential 0.06 %', share: exponential(0.0006), pass: never, fail: always },
  {
    name: 'n², average 0.035 %',
    share: power(0.00035, 2),
    pass: never,
    fail: [
      [0, 0],
      [0, 0.01],
      [1, 1],
    ],
  },
  {
    name: 'n³, average 0.027 %',
    share: power(0.00027, 3),
    pass: never,
    fail: [
      [0, 0],
      [1, 1],
      [1, 1],
    ],
  },
  { name: 'smooth knee 0.02 to 0.12 %', share: smoothKnee, pass: never, fail: always },
  { name: '√n, average 0.035 %', share: power(0.00035, 0.5), pass: always, fail: never },
  {
    name: '√n, average 0.06 %',
    share: power(0.0006, 0.5),
    pass: never,
    fail: [
      [0.92, 1],
      [0.92, 1],
      [0.92, 1],
    ],
  },
  { name: '√n, average 0.08 %', share: power(0.0008, 0.5), pass: never, fail: always },
];

/** Aims are in whole percent. */
const ROUNDING = 0.005;

function shapeRow(
  situation: string,
  n: number,
  share: (x: number) => number,
  aims: [number, number][],
): Simulation {
  const aim = ([least, most] = [0, 1]) => ({ least: least - ROUNDING, most: most + ROUNDING });
  return {
    table: 'shape of the fade',
    cost: 2,
    situation,
    aims: { PASS: aim(aims[0]), FAIL: aim(aims[1]) },
    once(random) {
      const error = autoregressive(random, n, 0.3, 0.001);
      const capacity = error.map((e, k) => 200 * share(k / (n - 1)) * Math.exp(e));
      const { verdict } = judged({ cycle: capacity.map((_, k) => k + 1), capacity });
      return { PASS: verdict === 'PASS', FAIL: verdict === 'FAIL' };
    },
  };
}

/** Rate 0.02 %/cycle that rises to 0.13 %/cycle, ever faster. */
const acceleratingLoss = (x: number) => Math.exp(-308 * (0.0002 * x + (0.0011 * x ** 3) / 3));

const shapeRows: Simulation[] = [
  ...shapes.flatMap(({ name, share, pass, fail }) =>
    [150, 300, 600].map((n, i) =>
      shapeRow(`${name}, ${n} cycles`, n, (x) => share(x, n), [pass[i], fail[i]] as [number, number][]),
    ),
  ),
  shapeRow('16 % loss in 308 cycles, 0.02 to 0.13 %/cycle', 308, acceleratingLoss, [
    [0, 0],
    [0.99, 1],
  ]),
];

/** All rows on decay rates. */
export const decaySimulations: readonly Simulation[] = [
  ...intervalRows,
  beyondRow,
  ...checkupRows,
  ...lookRows,
  ...shapeRows,
];

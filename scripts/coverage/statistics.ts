/** Conductivities, pooled cells and stated numbers of known truth: how often the interval holds it, and what passes. */
import { conductivityFromReading, fitArrhenius } from '../../src/analysis/arrhenius/index.js';
import { assumedValues, boundsFrom, statedOrAssumed } from '../../src/analysis/uncertainty/index.js';
import { judge, judgeMaterial, poolSamples } from '../../src/analysis/verdict/index.js';
import { normal, type Random, type Simulation, uniform } from './simulation.js';

const BOLTZMANN_EV = 8.617333262145179e-5;
const LIMIT = 0.01;
const above = { comparison: '>', threshold: LIMIT } as const;

/** What a chamber does to the temperature that is written down: true minus written, K. */
type Chamber = (random: Random) => (celsius: number) => number;

const exact: Chamber = () => () => 0;
const uniformOffset: Chamber = (random) => {
  const offset = uniform(random, -1, 1);
  return () => offset;
};
const normalOffset: Chamber = (random) => {
  const offset = normal(random);
  return () => offset;
};
const withLag: Chamber = (random) => {
  const offset = uniform(random, -1, 1);
  const lag = uniform(random, -0.02, 0.02);
  return (celsius) => offset + lag * (celsius - 25);
};

interface Series {
  chamber: Chamber;
  /** Half width that is stated for it, K. */
  halfWidth: number;
  /** True σ at 25 °C over the limit. */
  factor: number;
}

/** σ of a pellet at 4 to 12 temperatures between 0 and 80 °C, each with its own scatter. */
function pellet(random: Random, { chamber, halfWidth, factor }: Series) {
  const n = 4 + Math.floor(9 * random());
  const Ea = uniform(random, 0.2, 0.5);
  const scatter = uniform(random, 0.005, 0.03);
  const off = chamber(random);
  const temperature_celsius = Array.from({ length: n }, (_, i) => (80 * i) / (n - 1));
  const sigma = temperature_celsius.map((celsius) => {
    const kelvin = celsius + off(celsius) + 273.15;
    const ln = Math.log(factor * LIMIT) - (Ea / BOLTZMANN_EV) * (1 / kelvin - 1 / 298.15);
    return Math.exp(ln + scatter * normal(random));
  });
  const fit = fitArrhenius(
    { temperature_celsius, conductivity_siemens_per_centimeter: sigma },
    { temperature_half_width_kelvin: halfWidth },
  );
  // A line through points that lie on no line by chance may be taken for curved; the verdict is by what is selected.
  const row = (name: string) => fit.results.find(({ quantity }) => quantity === name);
  const within = (name: string, truth: number) => {
    const found = row(name);
    return (found?.ci95_low as number) <= truth && truth <= (found?.ci95_high as number);
  };
  const sigma25 = row('sigma25_S_cm');
  return {
    'interval holds σ25': within('sigma25_S_cm', factor * LIMIT),
    'interval holds Ea': within('Ea_eV', Ea),
    PASS: (sigma25?.bound95_low as number) > LIMIT,
  };
}

const series = (situation: string, given: Series, aims: Simulation['aims']): Simulation => ({
  table: 'σ(25 °C) and Ea from a series, 0 to 80 °C',
  situation,
  aims,
  once: (random) => pellet(random, given),
});

const atLimit = (most: number): Simulation['aims'] => ({
  'interval holds σ25': { least: 0.95 },
  'interval holds Ea': { least: 0.94 },
  PASS: { most },
});

const arrhenius: readonly Simulation[] = [
  series('scatter 0.5 to 3 %, no offset, ±1 K', { chamber: exact, halfWidth: 1, factor: 1 }, atLimit(0.05)),
  series('offset uniform ±1 K, ±1 K', { chamber: uniformOffset, halfWidth: 1, factor: 1 }, atLimit(0.05)),
  series('offset normal, SD 1 K, ±2 K', { chamber: normalOffset, halfWidth: 2, factor: 1 }, atLimit(0.05)),
  series(
    'offset ±1 K and lag of 2 % of T − 25, ±1 K',
    { chamber: withLag, halfWidth: 1, factor: 1 },
    atLimit(0.05),
  ),
  series(
    'offset uniform ±1 K, no term for it',
    { chamber: uniformOffset, halfWidth: 0, factor: 1 },
    { PASS: {} },
  ),
  series(
    '1.25 times the limit, ±1 K',
    { chamber: uniformOffset, halfWidth: 1, factor: 1.25 },
    { PASS: { least: 0.97 } },
  ),
  series(
    '1.25 times the limit, ±2 K',
    { chamber: normalOffset, halfWidth: 2, factor: 1.25 },
    { PASS: { least: 0.9 } },
  ),
];

/** One reading near 25 °C, Ea unknown to who reads; the temperature is off by up to the half width. */
const reading = (celsius: number): Simulation => ({
  table: 'σ(25 °C) from one reading',
  situation: `at ${celsius} °C, Ea 0.25 to 0.6 eV, ±2 K`,
  aims: { 'interval holds σ25': { least: 0.95 }, PASS: { most: 0.06 } },
  once(random) {
    const Ea = uniform(random, 0.25, 0.6);
    const kelvin = celsius + uniform(random, -2, 2) + 273.15;
    const sigma = LIMIT * Math.exp((-Ea / BOLTZMANN_EV) * (1 / kelvin - 1 / 298.15) + 0.005 * normal(random));
    const found = conductivityFromReading(
      {
        temperature_celsius: [celsius],
        conductivity_siemens_per_centimeter: [sigma],
        conductivity_standard_error: [0.005 * sigma],
      },
      { temperature_half_width_kelvin: 2 },
    )?.quantity;
    return {
      'interval holds σ25': (found?.ci95_low as number) <= LIMIT && LIMIT <= (found?.ci95_high as number),
      PASS: (found?.bound95_low as number) > LIMIT,
    };
  },
});

interface Cells {
  m: number;
  /** Between cells, and between batches of `perBatch` cells each. */
  sd: number;
  batchSd?: number;
  perBatch?: number;
  /** Relative standard uncertainty of what all cells share, and what of it is stated. */
  shared?: number;
  factor?: number;
}

function pooled(random: Random, { m, sd, batchSd = 0, perBatch = m, shared = 0, factor = 1 }: Cells) {
  const common = shared * normal(random);
  const level = Array.from({ length: Math.ceil(m / perBatch) }, () => batchSd * normal(random));
  const batches = Array.from({ length: m }, (_, i) => String(Math.floor(i / perBatch)));
  const values = batches.map(
    (batch) => factor * LIMIT * Math.exp(common + (level[Number(batch)] as number) + sd * normal(random)),
  );
  const pool = poolSamples(values, {
    log: true,
    ...(batchSd > 0 ? { batches } : {}),
    shared: shared > 0 ? [statedOrAssumed('thickness', shared)] : [],
  });
  const truth = factor * LIMIT;
  return {
    'interval holds the material': (pool.ci95_low as number) <= truth && truth <= (pool.ci95_high as number),
    PASS: judgeMaterial(pool, above).verdict === 'PASS',
  };
}

const cells = (situation: string, given: Cells, aims?: Simulation['aims']): Simulation => ({
  table: 'pooled conductivity',
  situation,
  aims: aims ?? { 'interval holds the material': { least: 0.95 }, PASS: { most: 0.05 } },
  once: (random) => pooled(random, given),
});

const pooling: readonly Simulation[] = [
  ...[3, 4, 6, 8].map((m) => cells(`${m} cells, SD 5 %, shared 3.1 %`, { m, sd: 0.05, shared: 0.031 })),
  ...[2, 3, 4].map((perBatch) =>
    cells(`2 batches of ${perBatch}, SD 10 %, within 5 %`, {
      m: 2 * perBatch,
      sd: 0.05,
      batchSd: 0.1,
      perBatch,
    }),
  ),
  cells('3 batches of 3, SD 10 %, within 5 %', { m: 9, sd: 0.05, batchSd: 0.1, perBatch: 3 }),
  cells('5 batches of 2, SD 10 %, within 5 %', { m: 10, sd: 0.05, batchSd: 0.1, perBatch: 2 }),
  cells(
    '6 cells, SD 5 %, shared 3.1 %, 1.25 times the limit',
    { m: 6, sd: 0.05, shared: 0.031, factor: 1.25 },
    {
      PASS: { least: 0.97 },
    },
  ),
];

/** A number of materials.csv or cells.csv without a stated uncertainty; the truth lies anywhere within the assumed. */
const unstated = (
  situation: string,
  once: (random: Random, factor: number) => boolean,
  factor: number,
  aim: { least?: number; most?: number },
): Simulation => ({
  table: 'nothing stated',
  situation,
  aims: { PASS: aim },
  once: (random) => ({ PASS: once(random, factor) }),
});

function conductivityPasses(random: Random, factor: number): boolean {
  const thickness = uniform(random, -1, 1) * assumedValues.thickness.value;
  const diameter = uniform(random, -1, 1) * assumedValues.diameter.value;
  const value = factor * LIMIT * Math.exp(thickness - 2 * diameter);
  const components = [statedOrAssumed('thickness', null), statedOrAssumed('diameter', null, 2)];
  return judge({ value, ...boundsFrom(value, components, 'ln') }, above).verdict === 'PASS';
}

function costPasses(random: Random, factor: number): boolean {
  const error = () => 1 + uniform(random, -1, 1) * assumedValues.cost.value;
  const ratio = ((0.5 / factor) * error()) / error();
  const components = [statedOrAssumed('cost', null, ratio), statedOrAssumed('reference_cost', null, ratio)];
  const limit = { comparison: '<', threshold: 0.5 } as const;
  return judge({ value: ratio, ...boundsFrom(ratio, components) }, limit).verdict === 'PASS';
}

function massPasses(random: Random, factor: number): boolean {
  const value = factor * 300 * (1 + uniform(random, -1, 1) * assumedValues.active_mass.value);
  const bounds = boundsFrom(value, [statedOrAssumed('active_mass', null, value)]);
  return judge({ value, ...bounds }, { comparison: '>', threshold: 300 }).verdict === 'PASS';
}

const nothingStated: readonly Simulation[] = [
  unstated('σ at the limit: thickness, diameter', conductivityPasses, 1, { most: 0.06 }),
  unstated('σ 1.1 times the limit', conductivityPasses, 1.1, { least: 0.98 }),
  unstated('mAh/g at the limit: mass', massPasses, 1, { most: 0.05 }),
  unstated('mAh/g 1.05 times the limit', massPasses, 1.05, { least: 0.98 }),
  unstated('cost at the limit: both sides', costPasses, 1, { most: 0.06 }),
  unstated('cost 1.25 times better than the limit', costPasses, 1.25, { least: 0.8 }),
];

/** All rows on conductivities, pooling and what is not stated. */
export const statisticsSimulations: readonly Simulation[] = [
  ...arrhenius,
  ...[24, 25, 25.5, 26].map(reading),
  ...pooling,
  ...nothingStated,
];

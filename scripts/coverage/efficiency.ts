/** Efficiencies of known truth: what an error of the charge ratio does to interval and verdict, and what a short shows. */
import {
  detectSoftShort,
  fitCoulombicEfficiency,
  platingStep,
  reservoirEfficiency,
} from '../../src/analysis/coulombic-efficiency/index.js';
import { autoregressive, normal, type Random, type Simulation, uniform } from './simulation.js';

const LIMIT = 0.995;
const CYCLES = 500;
/** Accuracy of the current, of the reading; the ratio of two charges may be wrong by twice that. */
const ACCURACY = 0.0005;

/** Factors on the charge that goes in and on the charge that comes back. */
type Instrument = (random: Random) => { into: number; out: number };

const instruments = {
  'no error': () => ({ into: 1, out: 1 }),
  'ratio wrong by up to ±a': (random) => ({ into: 1, out: 1 + uniform(random, -ACCURACY, ACCURACY) }),
  'gains of the two directions wrong by up to ±a each': (random) => ({
    into: 1 + uniform(random, -ACCURACY, ACCURACY),
    out: 1 + uniform(random, -ACCURACY, ACCURACY),
  }),
  'offset of up to ±a, against each other': (random) => {
    const offset = uniform(random, -ACCURACY, ACCURACY);
    return { into: 1 - offset, out: 1 + offset };
  },
} satisfies Record<string, Instrument>;

/** A Li‖Cu cell over 500 cycles of an average efficiency, as the instrument shows it. */
function cycled(random: Random, mean: number, instrument: Instrument) {
  const sd = uniform(random, 0.0005, 0.002);
  const noise = autoregressive(random, CYCLES, uniform(random, 0, 0.7), sd);
  const { into, out } = instrument(random);
  return fitCoulombicEfficiency(
    {
      cycle: noise.map((_, i) => i + 1),
      coulombic_efficiency: noise.map((error) => ((mean + error) * out) / into),
    },
    { cell_type: 'li_cu', instrument_half_width: 2 * ACCURACY },
  );
}

const limitRows = (Object.entries(instruments) as [string, Instrument][]).map(
  ([situation, instrument]): Simulation => ({
    table: 'coulombic efficiency over 500 cycles, a = 0.05 % of the current stated',
    situation,
    aims: {
      'interval holds the mean': { least: 0.95 },
      'PASS at the limit': { most: 0.04 },
    },
    once(random) {
      const fit = cycled(random, LIMIT, instrument);
      const [low, high] = fit.statistics_first_500_eligible?.ci95 ?? [null, null];
      return {
        'interval holds the mean': low !== null && high !== null && low <= LIMIT && LIMIT <= high,
        'PASS at the limit': fit.verdict === 'PASS',
      };
    },
  }),
);

const powerRows = [
  { better: 0.0008, least: 0, most: 0.4 },
  { better: 0.0015, least: 0.91, most: 1 },
  { better: 0.003, least: 0.99, most: 1 },
].map(
  ({ better, least, most }): Simulation => ({
    table: 'coulombic efficiency over 500 cycles, a = 0.05 % of the current stated',
    situation: `${(100 * better).toFixed(2)} points above the limit, ratio wrong by up to ±a`,
    aims: { PASS: { least, most } },
    once: (random) => ({
      PASS: cycled(random, LIMIT + better, instruments['ratio wrong by up to ±a']).verdict === 'PASS',
    }),
  }),
);

const reservoirRow: Simulation = {
  table: 'average efficiency by the reservoir method',
  situation: 'ten cycles, ratio wrong by up to ±a',
  aims: { 'interval holds the efficiency': { least: 0.98 } },
  once(random) {
    const truth = uniform(random, 0.97, 0.998);
    const { into, out } = instruments['ratio wrong by up to ±a'](random);
    const [plated, stripped, reservoir] = [1, 1, 4];
    const lost = (1 - truth) * (10 * plated + reservoir);
    const { coulombic_efficiency: found, u_gain_mismatch } = reservoirEfficiency({
      reservoir: reservoir * into,
      plated: Array.from({ length: 10 }, () => plated * into),
      stripped: Array.from({ length: 10 }, () => stripped * out),
      final_strip: (reservoir - lost) * out,
      relative_uncertainty: ACCURACY / Math.sqrt(3),
    });
    return {
      'interval holds the efficiency': Math.abs(found - truth) <= 1.96 * (u_gain_mismatch as number),
    };
  },
};

const PLATING_CYCLES = 120;
const RECORDS = 60;

/** Plating voltages of a Li‖Cu cell, V; from cycle 60 on the voltage falls by a share and recovers, three times a cycle. */
function plating(random: Random, noise: number, { depth, spikes }: { depth: number; spikes: boolean }) {
  const steps = Array.from({ length: PLATING_CYCLES }, (_, cycle) => {
    const shorted = depth > 0 && cycle >= PLATING_CYCLES / 2;
    const from = Array.from({ length: 3 }, () => Math.floor(uniform(random, 8, RECORDS - 10)));
    const spike = spikes && random() < 0.2 ? Math.floor(uniform(random, 8, RECORDS - 8)) : -1;
    const voltage = Array.from({ length: RECORDS }, (_, i) => {
      const isShort = shorted && from.some((first) => i >= first && i < first + 3);
      const level = -0.03 * (isShort ? 1 - depth : 1);
      return level + noise * normal(random) + (i === spike ? 0.02 : 0);
    });
    return platingStep(
      voltage.map((_, i) => 60 * i),
      voltage,
    );
  });
  return detectSoftShort(steps, 'li_cu').found === true;
}

const shortRow = (
  situation: string,
  noise: number,
  how: { depth: number; spikes: boolean },
  aim: { least?: number; most?: number },
): Simulation => ({
  table: 'soft shorts in the plating voltage of 120 cycles',
  situation,
  aims: { raised: aim },
  once: (random) => ({ raised: plating(random, noise, how) }),
});

/** All rows on coulombic efficiency. */
export const efficiencySimulations: readonly Simulation[] = [
  ...limitRows,
  ...powerRows,
  reservoirRow,
  shortRow(
    'none, noise 0.1 mV, single spikes in a fifth of the steps',
    1e-4,
    { depth: 0, spikes: true },
    { most: 0 },
  ),
  shortRow('none, noise 1 mV', 1e-3, { depth: 0, spikes: false }, { most: 0 }),
  shortRow('half of the voltage, noise 0.1 mV', 1e-4, { depth: 0.5, spikes: false }, { least: 1 }),
  shortRow('half of the voltage, noise 1 mV', 1e-3, { depth: 0.5, spikes: false }, { least: 0.95 }),
];

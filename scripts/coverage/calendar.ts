/** Stored cells with a known law of loss. */
import { fitCalendar } from '../../src/analysis/calendar/index.js';
import { autoregressive, normal, type Random, type Simulation } from './simulation.js';

const BOLTZMANN_EV = 8.617333262145179e-5;
const DAYS = [30, 60, 90, 120, 180, 270, 360, 450, 540];
const ENERGY = 0.45;

interface Scatter {
  /** Between cells, of ln A and of n. */
  lnA: number;
  exponent: number;
}

function stored(random: Random, copies: number, exponent: number, scatter: Scatter) {
  const rows = [25, 40, 55].flatMap((celsius) =>
    Array.from({ length: copies }, (_, k) => {
      const amplitude = Math.exp(scatter.lnA * normal(random));
      const z = exponent + scatter.exponent * normal(random);
      const error = autoregressive(random, DAYS.length, 0.5, 0.0007);
      const arrhenius = Math.exp((-ENERGY / BOLTZMANN_EV) * (1 / (celsius + 273.15) - 1 / 298.15));
      return DAYS.map((day, i) => ({
        cell: `${celsius}-${k}`,
        celsius,
        day,
        loss: 0.02 * amplitude * arrhenius * (day / 180) ** z + (error[i] as number),
      }));
    }).flat(),
  );
  return {
    cell: rows.map(({ cell }) => cell),
    temperature_celsius: rows.map(({ celsius }) => celsius),
    time_day: rows.map(({ day }) => day),
    loss: rows.map(({ loss }) => loss),
  };
}

const scatters: Record<string, Scatter> = {
  'cells alike': { lnA: 0, exponent: 0 },
  'SD ln A 10 %, n 0.03': { lnA: 0.1, exponent: 0.03 },
  'SD ln A 20 %, n 0.05': { lnA: 0.2, exponent: 0.05 },
};

/** All rows on the calendar law. */
export const calendarSimulations: readonly Simulation[] = Object.entries(scatters).flatMap(
  ([name, scatter]) =>
    [2, 3, 4].map(
      (copies): Simulation => ({
        table: 'calendar law',
        situation: `${name}, ${copies} cells at each of three temperatures`,
        aims: {
          'interval holds n': { least: 0.94 },
          'interval holds Ea': { least: 0.9 },
          'PASS at n = 0.5': { most: 0.06 },
        },
        once(random) {
          const fit = fitCalendar(stored(random, copies, 0.5, scatter));
          const holds = (name: string, truth: number) => {
            const row = fit.results.find(({ quantity }) => quantity === name);
            return (row?.ci95_low as number) <= truth && truth <= (row?.ci95_high as number);
          };
          return {
            'interval holds n': holds('n', 0.5),
            'interval holds Ea': holds('Ea_eV', ENERGY),
            'PASS at n = 0.5': fit.verdict_n.verdict === 'PASS',
          };
        },
      }),
    ),
);

import { describe, expect, it } from 'vitest';
import { calendarSimulations } from '../../../scripts/coverage/calendar.js';
import { decaySimulations } from '../../../scripts/coverage/decay.js';
import { lifeSimulations } from '../../../scripts/coverage/life.js';
import { type Simulation, simulate } from '../../../scripts/coverage/simulation.js';

// Every row with so many data sets on request (CELLAR_COVERAGE=300), a few telling ones in the ordinary run.
const asked = process.env.CELLAR_COVERAGE;

/** Rows of the ordinary run, each with as many data sets as a wrong quantile or a missing term needs to show. */
const short: [Simulation[], situation: string, dataSets: number][] = [
  [[...calendarSimulations], 'SD ln A 10 %, n 0.03, 3 cells', 500],
  [[...decaySimulations], 'slow wave 0.4 %, 120 cycles', 25],
  [[...decaySimulations], 'n³, average 0.027 %, 300 cycles', 10],
  [[...lifeSimulations], 'life just below the claim, 80 % observed', 30],
];

const rows: [string, Simulation, number][] =
  asked === undefined
    ? short.flatMap(([all, situation, dataSets]) =>
        all
          .filter((row) => row.situation.startsWith(situation))
          .map((row): [string, Simulation, number] => [`${row.table}: ${row.situation}`, row, dataSets]),
      )
    : [...decaySimulations, ...lifeSimulations, ...calendarSimulations].map((row) => [
        `${row.table}: ${row.situation}`,
        row,
        Number(asked),
      ]);

describe('simulated fades of known truth', () => {
  it.each(rows)('%s', { timeout: 1_800_000 }, (name, row, dataSets) => {
    const outcome = simulate(row, dataSets);
    if (asked !== undefined) console.table(outcome);
    for (const [what, { share, error, holds }] of Object.entries(outcome)) {
      expect(holds, `${name}: ${what} in ${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)} %`).toBe(
        true,
      );
    }
    expect(Object.keys(outcome).length).toBeGreaterThan(0);
  });

  it('are as many as meant in the ordinary run', () => {
    expect(rows.length).toBeGreaterThanOrEqual(short.length);
  });
});

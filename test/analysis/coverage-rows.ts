import { describe, expect, it } from 'vitest';
import { type Simulation, simulate } from '../../scripts/coverage/simulation.js';

/** Rows of the ordinary run by the beginning of their situation, each with as many data sets as it needs. */
export type ShortRows = readonly (readonly [situation: string, dataSets: number])[];

/**
 * Holds the shares of simulated outcomes to their aims, within twice their binomial error: of a few telling rows. All of
 * them, with more data sets: `npm run bench:coverage`.
 */
export function holdsCoverage(what: string, all: readonly Simulation[], short: ShortRows): void {
  const rows = short.flatMap(([situation, dataSets]) =>
    all
      .filter((row) => row.situation.startsWith(situation))
      .map((row): [string, Simulation, number] => [`${row.table}: ${row.situation}`, row, dataSets]),
  );

  describe(what, () => {
    it.each(rows)('%s', (name, row, dataSets) => {
      const outcome = simulate(row, dataSets);
      for (const [which, { share, error, holds }] of Object.entries(outcome)) {
        const found = `${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)} %`;
        expect(holds, `${name}: ${which} in ${found}`).toBe(true);
      }
    });

    it('are as many as meant in the ordinary run', () => {
      expect(rows.length).toBeGreaterThanOrEqual(short.length);
    });
  });
}

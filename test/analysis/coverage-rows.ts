import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Simulation, simulate } from '../../scripts/coverage/simulation.js';

/** Every row with so many data sets (CELLAR_COVERAGE=300), a few telling ones in the ordinary run. */
const asked = process.env.CELLAR_COVERAGE;
/** Where `npm run bench:coverage` collects what its tables print. */
const tableFile = process.env.CELLAR_COVERAGE_TABLE;

/** Rows of the ordinary run by the beginning of their situation, each with as many data sets as it needs. */
export type ShortRows = readonly (readonly [situation: string, dataSets: number])[];

/** Holds the shares of simulated outcomes to their aims, within twice their binomial error. */
export function holdsCoverage(what: string, all: readonly Simulation[], short: ShortRows): void {
  const rows: [string, Simulation, number][] =
    asked === undefined
      ? short.flatMap(([situation, dataSets]) =>
          all
            .filter((row) => row.situation.startsWith(situation))
            .map((row): [string, Simulation, number] => [`${row.table}: ${row.situation}`, row, dataSets]),
        )
      : all.map((row) => [`${row.table}: ${row.situation}`, row, Number(asked)]);

  describe(what, () => {
    it.each(rows)('%s', { timeout: 1_800_000 }, (name, row, dataSets) => {
      const outcome = simulate(row, dataSets);
      if (tableFile !== undefined) {
        const { table, situation } = row;
        appendFileSync(tableFile, `${JSON.stringify({ table, situation, dataSets, outcome })}\n`);
      }
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

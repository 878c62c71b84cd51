import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultTable } from '../../src/cli/support/result-table.js';
import { createStyle } from '../../src/cli/support/style.js';
import { documentedSchema } from '../../src/query/documentation.js';
import { openForQueries } from '../../src/query/open.js';
import { runQuery } from '../../src/query/run.js';
import { cookbook } from '../../src/serve/cookbook.js';
import { type Database, select } from '../../src/store/connection.js';
import { temporaryFolder } from '../cli/run.js';
import { sampleLaboratory } from '../sample-laboratory.js';
import { projectRoot } from '../shared-data.js';

/**
 * The cookbook's queries on the sample laboratory. The result below a query is what `cellar query` prints;
 * `npm run generate` writes the results anew.
 */

const file = join(projectRoot, 'docs', 'queries.md');
const isUpdate = process.env.CELLAR_UPDATE_DOCS === '1';
const folder = temporaryFolder();

interface Recipe {
  whole: string;
  question: string;
  sql: string;
  result: string | undefined;
}

const pattern =
  /### (\d+\. [^\n]+)\n(?:(?!###)[\s\S])*?```sql\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/g;
const text = readFileSync(file, 'utf8');
const recipes: Recipe[] = [...text.matchAll(pattern)].map(([whole, question, sql, result]) => ({
  whole: whole!,
  question: question!,
  sql: sql!,
  result,
}));

/** Fits and verdicts are made by later commands, and no sample cell was weighed: these queries only have to run. */
const needsFits = (sql: string) =>
  /FROM (verdicts|arrhenius_fits|cell_fits)\b|cell_mass_g IS NOT NULL/.test(sql);

let database: Database;

beforeAll(async () => {
  database = await openForQueries(sampleLaboratory(folder).database);
  return () => database.close();
}, 300_000);

/** What `cellar query --format table` prints. */
async function answer(sql: string): Promise<string> {
  const options = {
    width: Number.POSITIVE_INFINITY,
    style: createStyle(false),
    maximumRows: Number.POSITIVE_INFINITY,
  };
  let text = '';
  for await (const piece of resultTable(await runQuery(database.connection, sql), options)) text += piece;
  return text;
}

describe('docs/queries.md', () => {
  it('answers at least fifteen questions', () => {
    expect(recipes.length).toBeGreaterThanOrEqual(15);
    expect(recipes.map(({ question }) => Number.parseInt(question, 10))).toEqual(
      recipes.map((_, index) => index + 1),
    );
    // What the page opens under the link is the question it stands below.
    for (const [index, { whole }] of recipes.entries()) {
      expect(whole).toContain(`](http://127.0.0.1:4280/query?example=${index + 1})`);
      expect(cookbook()[index]).toMatchObject({ number: index + 1, sql: recipes[index]!.sql.trim() });
    }
  });

  it.skipIf(!isUpdate)('is written anew', async () => {
    let updated = text;
    for (const { whole, sql } of recipes) {
      const query = whole.slice(0, whole.indexOf('```sql\n') + 7) + sql;
      const result = needsFits(sql) ? '' : `\n\`\`\`text\n${await answer(sql)}\`\`\`\n`;
      updated = updated.replace(whole, () => `${query}\`\`\`\n${result}`);
    }
    writeFileSync(file, updated);
  });

  it.each(recipes)('$question', async ({ sql, result }) => {
    const printed = await answer(sql);
    if (needsFits(sql)) expect(result).toBeUndefined();
    else if (!isUpdate) {
      expect(printed.split('\n').length).toBeGreaterThan(3);
      expect(printed).toBe(result);
    }
  });

  it('answers the questions whose values were computed by hand from the raw files', async () => {
    const value = async (sql: string) => {
      const { connection } = database;
      const [row] = await select<{ value: number }>(connection, sql);
      return row!.value;
    };
    // From the exports of LRMO-01: capacities of cycles 100 and 3, and the efficiencies of cycles 10 to 60.
    const retention = recipes.find(({ question }) => question.startsWith('27.'))!.sql;
    expect(
      await value(`SELECT retention AS value FROM (${retention}) WHERE cell_id = 'LRMO-01'`),
    ).toBeCloseTo(0.9740421558815, 12);
    const efficiency = recipes.find(({ question }) => question.startsWith('28.'))!.sql;
    const ofOne = efficiency.replace("material_id = 'LRMO'", "cell_id = 'LRMO-01'");
    expect(await value(`SELECT mean AS value FROM (${ofOne})`)).toBeCloseTo(0.99851040835, 10);
  });

  /** Rows of the query under a number of the cookbook. */
  const rowsOf = <Row>(number: number) =>
    select<Row>(database.connection, recipes.find(({ question }) => question.startsWith(`${number}.`))!.sql);

  describe('questions of researchers, beside what the raw files say', () => {
    interface Raw {
      second: number;
      volt: number;
      ampere: number;
      cycle: number;
      step: number;
    }
    /** The export of the densely logged cell, read without Cellar. */
    const raw = readFileSync(join(projectRoot, 'sample-data/lab/bdf/NMCG-01__NMC-graphite.bdf.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line): Raw => {
        const [second = 0, volt = 0, ampere = 0, , cycle = 0, step = 0] = line.split(',').map(Number);
        return { second, volt, ampere, cycle, step };
      });

    it('capacity against C-rate, in the order of the test', async () => {
      const blocks = await rowsOf<{ first_cell_cycle: number; c_rate: number; capacity_share: number }>(26);
      expect(blocks.map(({ c_rate }) => c_rate)).toEqual([0.2, 0.5, 1, 2, 1]);
      // Each record's current times the time since the one before it.
      const dischargedIn = (cycle: number) =>
        raw.reduce((sum, { second, ampere, cycle: of }, i) => {
          const before = raw[i - 1];
          return of === cycle && ampere < 0 && before !== undefined && before.ampere < 0
            ? sum - (ampere * (second - before.second)) / 3600
            : sum;
        }, 0);
      const slowest = dischargedIn(1);
      // The last block is the median of a life that fades.
      for (const { first_cell_cycle, capacity_share } of blocks.slice(0, 4))
        expect(Math.abs(dischargedIn(first_cell_cycle) / slowest - capacity_share)).toBeLessThan(0.003);
    });

    it('resistance after 1 s at half of the charge', async () => {
      const found = await rowsOf<{ step_type: string; resistance_ohm: number }>(30);
      // The sixth of ten pulses out; its rest ends with the record before it.
      const starts = raw.flatMap(({ ampere }, i) =>
        ampere === -0.002 && raw[i - 1]?.ampere === 0 ? [i] : [],
      );
      const pulses = starts.filter((i) => (raw[i + 10]?.second ?? 0) - (raw[i]?.second ?? 0) < 10.5);
      const at = pulses[5]!;
      const second = raw.findIndex(({ second: time }, i) => i > at && time - raw[at - 1]!.second >= 0.9);
      const expected = (raw[second]!.volt - raw[at - 1]!.volt) / raw[second]!.ampere;
      expect(pulses).toHaveLength(10);
      expect(found.find(({ step_type }) => step_type === 'discharge')!.resistance_ohm).toBeCloseTo(
        expected,
        6,
      );
    });

    it('conductivity at 25 °C against relative density, heating and cooling side by side', async () => {
      const rows = await rowsOf<Record<string, number | string | null>>(35);
      const { cells } = JSON.parse(
        readFileSync(join(projectRoot, 'sample-data', 'lab-truth.json'), 'utf8'),
      ) as { cells: Record<string, Record<'sigma25_S_cm' | 'sigma25_cooling_S_cm', number | null>> };
      expect(rows.map(({ cell_id }) => cell_id).sort()).toEqual(['LPSC-01', 'LPSC-02', 'LPSC-03', 'LPSC-04']);
      for (const { cell_id, heating_or_only, cooling } of rows) {
        const truth = cells[String(cell_id)]!;
        expect(Number(heating_or_only) / truth.sigma25_S_cm!).toBeCloseTo(1, 1);
        if (truth.sigma25_cooling_S_cm === null) expect(cooling).toBeNull();
        else expect(Number(cooling) / truth.sigma25_cooling_S_cm).toBeCloseTo(1, 1);
      }
    });

    it('the last spectrum before and the first after some cycles', async () => {
      const points = await rowsOf<{ spectrum: string; after_cell_cycle: number }>(33);
      const of = (name: string) => [
        ...new Set(points.filter(({ spectrum }) => spectrum === name).map((one) => one.after_cell_cycle)),
      ];
      // As the files are called: NMCG-01_after-cycle-2.z and NMCG-01_after-cycle-12.z.
      expect([of('before'), of('after')]).toEqual([[2], [12]]);
      expect(points.length).toBeGreaterThan(6);
    });
  });

  it('finds the resistances that the sample cell was simulated with', async () => {
    const rows = await select<{ soc: number; ohmic: number; whole: number }>(
      database.connection,
      `SELECT state_of_charge AS soc, ohmic_resistance_ohm AS ohmic, resistance_ohm AS whole FROM pulses
       WHERE cell_id = 'NMCG-01' AND kind = 'pulse' AND step_type = 'discharge' ORDER BY soc DESC`,
    );
    const truth = JSON.parse(readFileSync(join(projectRoot, 'sample-data', 'lab-truth.json'), 'utf8')) as {
      cells: Record<string, { ohmic_resistance_ohm: number; resistance_after_10_s_ohm: number }>;
    };
    const { ohmic_resistance_ohm, resistance_after_10_s_ohm } = truth.cells['NMCG-01']!;
    // By the eleventh cycle both have grown by 1.2 % a cycle; the slope of the rest voltage adds a little at the end.
    const aged = 1 + 0.012 * 11;
    expect(rows.length).toBe(10);
    for (const { ohmic, whole } of rows) {
      expect(Math.abs(ohmic / (ohmic_resistance_ohm * aged) - 1)).toBeLessThan(0.005);
      expect(whole / (resistance_after_10_s_ohm * aged)).toBeGreaterThan(1);
      expect(whole / (resistance_after_10_s_ohm * aged)).toBeLessThan(1.15);
    }
    // Ten equal steps of 9.8 % of the capacity from full.
    for (const [index, { soc }] of rows.entries())
      expect(Math.abs(soc - 0.098 * (10 - index))).toBeLessThan(0.01);
  });

  it('holds the keys that are documented', async () => {
    const relations = await documentedSchema();
    // Tables of a connection of their own: views are computed once, and only what is a key of them.
    const connection = await database.instance.connect();
    const rows = async (sql: string) => select<Record<string, unknown>>(connection, sql);
    const computed = new Set<string>();
    const held = (name: string) => (computed.has(name) ? `keys_${name}` : name);
    const referenced = (name: string) =>
      relations.flatMap(({ keys }) => keys.foreign.flatMap((key) => (key.references === name ? key.of : [])));
    for (const { name, kind, keys } of relations) {
      const names = [...keys.primary, ...keys.foreign.flatMap((key) => key.columns), ...referenced(name)];
      if (kind !== 'view' || names.length === 0) continue;
      computed.add(name);
      await rows(`CREATE TEMP TABLE keys_${name} AS SELECT ${[...new Set(names)].join(', ')} FROM ${name}`);
    }
    for (const { name, keys, columns } of relations) {
      const { primary, foreign } = keys;
      const known = columns.map((column) => column.name);
      expect(
        [...primary, ...foreign.flatMap((key) => key.columns)].filter((key) => !known.includes(key)),
        name,
      ).toEqual([]);
      if (primary.length > 0) {
        const twice = `SELECT ${primary.join(', ')} FROM ${held(name)} GROUP BY ALL HAVING count(*) > 1 LIMIT 1`;
        expect(await rows(twice), `${name}: ${primary.join()}`).toEqual([]);
      }
      for (const { columns: from, references, of } of foreign) {
        // What a test has of a cell that no table names leads nowhere.
        if (references === 'cells' || references === 'materials') continue;
        const condition = from.map((column, at) => `t.${column} = o.${of[at]}`).join(' AND ');
        const stray = `SELECT ${from.join(', ')} FROM ${held(name)} t WHERE ${from.map((column) => `${column} IS NOT NULL`).join(' AND ')}
          AND NOT EXISTS (SELECT 1 FROM ${held(references)} o WHERE ${condition}) LIMIT 1`;
        expect(await rows(stray), `${name}: ${from.join()} → ${references}`).toEqual([]);
      }
    }
    connection.closeSync();
  });
});

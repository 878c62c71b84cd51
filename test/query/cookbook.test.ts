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
    const rows = async (sql: string) => select<Record<string, unknown>>(database.connection, sql);
    for (const { name, keys, columns } of relations) {
      const { primary, foreign } = keys;
      const known = columns.map((column) => column.name);
      expect(
        [...primary, ...foreign.flatMap((key) => key.columns)].filter((key) => !known.includes(key)),
        name,
      ).toEqual([]);
      if (primary.length > 0) {
        const twice = `SELECT ${primary.join(', ')} FROM ${name} GROUP BY ALL HAVING count(*) > 1 LIMIT 1`;
        expect(await rows(twice), `${name}: ${primary.join()}`).toEqual([]);
      }
      for (const { columns: from, references, of } of foreign) {
        // What a test has of a cell that no table names leads nowhere.
        if (references === 'cells' || references === 'materials') continue;
        const condition = from.map((column, at) => `t.${column} = o.${of[at]}`).join(' AND ');
        const stray = `SELECT ${from.join(', ')} FROM ${name} t WHERE ${from.map((column) => `${column} IS NOT NULL`).join(' AND ')}
          AND NOT EXISTS (SELECT 1 FROM ${references} o WHERE ${condition}) LIMIT 1`;
        expect(await rows(stray), `${name}: ${from.join()} → ${references}`).toEqual([]);
      }
    }
  });
});

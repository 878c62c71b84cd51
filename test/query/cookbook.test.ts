import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultTable } from '../../src/cli/support/result-table.js';
import { createStyle } from '../../src/cli/support/style.js';
import { openForQueries } from '../../src/query/open.js';
import { runQuery } from '../../src/query/run.js';
import type { Database } from '../../src/store/connection.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

/**
 * The cookbook's queries on the sample laboratory. The result below a query is what `cellar query` prints;
 * `npm run generate` writes the results anew.
 */

const file = join(projectRoot, 'docs', 'queries.md');
const isUpdate = process.env.CELLAR_UPDATE_DOCS === '1';
const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');

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

/** Fits and verdicts are made by later commands; these queries only have to run. */
const needsFits = (sql: string) => /FROM (verdicts|arrhenius_fits|cell_fits)\b/.test(sql);

let database: Database;

beforeAll(async () => {
  const { status, stderr } = cellar([
    'ingest',
    join(projectRoot, 'sample-data', 'lab'),
    '--db',
    db,
    '--quiet',
  ]);
  if (status !== 0 && status !== 4) throw new Error(stderr);
  database = await openForQueries(db);
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
});

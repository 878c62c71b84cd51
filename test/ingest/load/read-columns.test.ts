import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInMemory, pathLiteral, run } from '../../../src/store/connection.js';
import { type PlaceCount, rejectCountsSql, rejectsInWords } from '../../../src/store/place.js';
import { Laboratory, unreconciledSql } from '../laboratory.js';

/**
 * A long Parquet file is read from its columns, one behind gzip from a text of all its records: both have to give the same,
 * down to the last bit of a number and the words of a reject.
 */

const records = 9000;

/** Records of all types that a column may have, some of them without what they need. */
const rows = `
  SELECT CAST(i * 10 AS DOUBLE) / 3 AS "Total Time",
    CASE i WHEN 8800 THEN NULL WHEN 8801 THEN 'inf'::FLOAT ELSE CAST(3 + random() AS FLOAT) END AS "Voltage(V)",
    CASE WHEN i = 10 THEN NULL ELSE CAST(random() - 0.5 AS DECIMAL(18, 9)) END AS "Current(A)",
    TIMESTAMP '2026-03-29 00:00:00.123456' + to_milliseconds(i * 3333) AS "Date",
    CAST(i // 3000 AS BIGINT) AS "Cycle Index", CAST(i // 1000 AS DOUBLE) AS "Step Index",
    [' CC Chg ', 'R"est', 'n/a', NULL][1 + (i // 1000) % 4] AS "Step Type",
    CAST(i AS HUGEINT) * 1000000007 AS "Chg. Cap.(Ah)", i % 2 = 0 AS "DChg. Cap.(Ah)", 'x' || i AS "Remark"
  FROM range(${records}) t(i)
  UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  UNION ALL SELECT NULL, 3.5, 0.1, NULL, 3, 9, 'Rest' || chr(10) || 'again', 1, true, 'no time'`;

/** Cellar's tables of what was read from a file. */
async function readingOf(lab: Laboratory, name: string, bytes: Buffer) {
  lab.write('cellar.toml', 'time_zone = "Europe/Berlin"\n');
  lab.write(name, bytes);
  const { outcomes } = await lab.ingest();
  expect(outcomes.map(({ row }) => `${row.status}: ${row.message}`)).toEqual(['ingested: stored']);
  expect(await lab.rows(unreconciledSql)).toEqual([]);
  return {
    measurements: await lab.rows('SELECT * FROM measurements ORDER BY record_index'),
    tests: await lab.rows('SELECT * EXCLUDE (part_name) FROM tests'),
    rejects: await lab.rows('SELECT * FROM rejects ORDER BY line_number'),
    findings: await lab.rows('SELECT code, line_number, message FROM findings ORDER BY ALL'),
    files: await lab.rows(
      "SELECT format, status, unit_of_lines, COLUMNS('lines_.*|rows_.*'), unmapped_columns FROM files",
    ),
  };
}

describe('a Parquet file', () => {
  const labs = [new Laboratory(), new Laboratory()];
  const [lab, other] = labs as [Laboratory, Laboratory];
  let [columns, text]: Awaited<ReturnType<typeof readingOf>>[] = [];
  const path = join(lab.folder, 'source');

  beforeAll(async () => {
    const { connection, close } = await openInMemory();
    await run(connection, `SELECT setseed(0.5)`);
    await run(connection, `COPY (${rows}) TO ${pathLiteral(path)} (FORMAT parquet, ROW_GROUP_SIZE 4096)`);
    close();
    columns = await readingOf(lab, 'a.parquet', readFileSync(path));
    text = await readingOf(other, 'a.parquet.gz', gzipSync(readFileSync(path)));
  });
  afterAll(() => {
    for (const each of labs) each.remove();
  });

  it.each(['measurements', 'tests', 'rejects', 'findings', 'files'] as const)(
    'gives the same %s',
    (table) => {
      expect(columns![table].length).toBeGreaterThan(0);
      expect(columns![table]).toEqual(text![table]);
    },
  );

  it('is refused for damage behind its beginning, and nothing of it is stored', async () => {
    const bytes = readFileSync(path);
    bytes.fill(0xff, Math.floor(bytes.length * 0.7), Math.floor(bytes.length * 0.75));
    lab.write('damaged.parquet', bytes);
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row)).toMatchObject([{ status: 'rejected', rows_loaded: 0 }]);
    expect(outcomes[0]!.row.message).toMatch(/^damaged Parquet file: /);
    expect((await lab.ingest()).outcomes).toEqual([]);
    expect(await lab.rows('SELECT count(DISTINCT test_id) AS tests FROM measurements')).toEqual([
      { tests: 1 },
    ]);
  });

  it('gives its records their places and says of those that cannot be stored why', async () => {
    expect(columns!.measurements).toHaveLength(records - 3);
    expect(await lab.rows('SELECT max(line_number) AS last FROM measurements')).toEqual([{ last: records }]);
    expect(columns!.rejects.map(({ line_number, reason }) => `${line_number}: ${reason}`)).toEqual([
      '11: current ampere is empty',
      '8801: voltage volt is empty',
      '8802: voltage volt is not a number that can be stored: inf',
      `${records + 2}: test time second is empty`,
    ]);
    const counts = await lab.rows<PlaceCount>(rejectCountsSql());
    expect(rejectsInWords(counts)).toBe('4 rejected records');
    expect(rejectsInWords([...counts, { unit: 'row', n: 1 }])).toBe('4 rejected records and 1 rejected row');
    expect(rejectsInWords([])).toBe('0 rejected lines');
  });
});

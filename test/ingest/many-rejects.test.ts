import { expect, it } from 'vitest';
import { Laboratory, unreconciledSql } from './laboratory.js';

/** More bad rows than are kept in memory are on record all the same, each with its line, however they came in. */

const bad = 20_500;
const header = 'Test Time / s,Voltage / V,Current / A\n';
const badRows = (from: number) => Array.from({ length: bad }, (_, at) => `${from + at},n/a,0.1\n`).join('');
const goodRows = (from: number) =>
  Array.from({ length: 10 }, (_, at) => `${from + at},3.${100 + at},0.1\n`).join('');

const rejectsSql = `SELECT file_id, count(*) AS n, count(DISTINCT line_number) AS lines, min(line_number) AS first,
    max(line_number) AS last, count(DISTINCT reason) AS reasons
  FROM rejects JOIN files USING (file_id) WHERE status <> 'superseded' GROUP BY file_id ORDER BY file_id`;

it('in a file, in what it grows by, and in one that has nothing else', { timeout: 120_000 }, async () => {
  const lab = new Laboratory();
  try {
    const begun = header + goodRows(0) + badRows(10);
    lab.write('good.csv', begun);
    lab.write('bad.csv', header + badRows(0));
    const first = await lab.ingest();
    expect(first.outcomes.map(({ row }) => [row.status, row.rows_rejected]).sort()).toEqual([
      ['ingested', bad],
      ['rejected', bad],
    ]);
    const refused = first.outcomes.find(({ row }) => row.status === 'rejected');
    expect(refused?.row.message).toContain(`none of ${bad} lines could be read`);
    expect(await lab.rows(rejectsSql)).toMatchObject(
      first.outcomes.map(({ row }) => {
        const before = row.status === 'rejected' ? 1 : 11;
        return { n: bad, lines: bad, first: before + 1, last: before + bad, reasons: 1 };
      }),
    );
    expect(await lab.rows(unreconciledSql)).toEqual([]);

    lab.write('good.csv', begun + goodRows(30_000) + badRows(40_000));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => [row.status, row.rows_loaded, row.rows_rejected])).toEqual([
      ['appended', 20, 2 * bad],
    ]);
    const [grown] = await lab.rows(`${rejectsSql} DESC`);
    expect(grown).toMatchObject({ n: 2 * bad, lines: 2 * bad, first: 12, last: 21 + 2 * bad });
    expect(await lab.rows(unreconciledSql)).toEqual([]);
  } finally {
    lab.remove();
  }
});

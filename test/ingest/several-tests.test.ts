import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { projectRoot } from '../shared-data.js';
import { type SharedLaboratory, testsOfOneDatabase } from '../shared-laboratory.js';

/** One table may hold several cells, channels or tests: each is a test of its own, never one that jumps between them. */

const it = testsOfOneDatabase();

/** Current (A) that no other test has. */
const ownCurrent = ({ number }: SharedLaboratory) => 0.1 + number / 1000;
const record = (k: number, cell: string, lab: SharedLaboratory) =>
  `${cell},${k * 10},${3 + 0.01 * k + (cell === 'A1' ? 0 : 0.5)},${ownCurrent(lab)}`;
const indexes = Array.from({ length: 12 }, (_, k) => k);

it.concurrent.for([
  ['taking turns', (of: (cell: string) => string[]) => indexes.flatMap((k) => [of('A1')[k], of('B2')[k]])],
  ['one after the other', (of: (cell: string) => string[]) => [...of('A1'), ...of('B2')]],
] as const)('cells %s become tests of their own', async ([, order], { lab }) => {
  const rows = order((cell) => indexes.map((k) => record(k, cell, lab)));
  lab.write('cells.csv', 'cell_id\nA1\nB2\n');
  lab.write(
    'both.csv',
    `${['Cell ID,time_s,voltage_V,current_A', ...rows, 'A1,120,broken,0.1'].join('\n')}\n`,
  );
  const { outcomes } = await lab.ingest();
  expect(outcomes[0]!.findings.map(({ code }) => code)).toContain('SEVERAL_TESTS');
  expect(outcomes[0]!.rejects).toMatchObject([{ line_number: 26 }]);
  expect(
    await lab.rows(
      `SELECT channel, cell_hint AS cell, record_count AS n, min(voltage_volt) AS v FROM tests JOIN measurements USING (test_id)
       GROUP BY ALL ORDER BY cell`,
    ),
  ).toEqual([
    { channel: 'Cell ID A1', cell: 'A1', n: 12, v: 3 },
    { channel: 'Cell ID B2', cell: 'B2', n: 12, v: 3.5 },
  ]);
});

it.concurrent('names tell tests apart where there are few records of each, and are no unknown column', async ({
  lab,
}) => {
  const rows = indexes.map((k) => `B${k % 3},${Math.floor(k / 3) * 10},${3 + 0.01 * k},${ownCurrent(lab)}`);
  lab.write(
    'few.csv',
    `${['battery;time_s;voltage_V;current_A', ...rows].join('\n').replaceAll(',', ';')}\n`,
  );
  const { outcomes } = await lab.ingest();
  expect(outcomes[0]!.findings.map(({ code }) => code)).not.toContain('UNKNOWN_COLUMN');
  expect(await lab.rows('SELECT cell_hint AS cell, record_count AS n FROM tests ORDER BY cell')).toEqual([
    { cell: 'B0', n: 4 },
    { cell: 'B1', n: 4 },
    { cell: 'B2', n: 4 },
  ]);
});

it.concurrent('a column with one value is part of what the test is, and one that counts is none', async ({
  lab,
}) => {
  const rows = indexes.map((k) => `7,${k},${k * 10},${3 + 0.01 * k},${ownCurrent(lab)}`);
  lab.write('one.csv', `${['Channel,Position,time_s,voltage_V,current_A', ...rows].join('\n')}\n`);
  lab.write(
    'two.csv',
    `${['Channel,time_s,voltage_V,current_A', ...indexes.map((k) => `7,${k},3.${k + 10},${ownCurrent(lab)}`)].join('\n')}\n`,
  );
  await lab.ingest();
  expect(await lab.rows('SELECT channel, record_count AS n FROM tests ORDER BY channel')).toEqual([
    { channel: 'Channel 7', n: 12 },
    { channel: 'Channel 7', n: 12 },
  ]);
});

it.concurrent('a sweep behind the record of its cell at rest is one spectrum beside one test, not two tests', async ({
  lab,
}) => {
  const sample = join(projectRoot, 'sample-data', 'lab', 'gamry', 'LLZO-02_Li-Li_T25.DTA');
  const { outcomes } = await lab.ingest(lab.write('rest.DTA', readFileSync(sample)));
  expect(outcomes[0]!.findings.map(({ code }) => code)).not.toContain('SEVERAL_TESTS');
  expect(
    await lab.rows('SELECT (SELECT count(*) FROM tests) AS tests, (SELECT count(*) FROM spectra) AS spectra'),
  ).toEqual([{ tests: 1, spectra: 1 }]);
});

it.concurrent('that begin alike at the same time are two tests of one file, neither of them stored before', async ({
  lab,
}) => {
  const rows = indexes.flatMap((k) =>
    ['1', '2'].map(
      (channel) =>
        `${channel},2026-03-01 10:00:${10 + k},${k},${3 + (k * Number(channel)) / 100},${ownCurrent(lab)}`,
    ),
  );
  lab.write('both.csv', `${['Channel,date_time,time_s,voltage_V,current_A', ...rows].join('\n')}\n`);
  const { outcomes } = await lab.ingest();
  expect(outcomes.map(({ row }) => `${row.status}: ${row.message}`)).toEqual(['ingested: stored']);
  expect(await lab.rows('SELECT channel, record_count AS n FROM tests ORDER BY channel')).toEqual([
    { channel: 'Channel 1', n: 12 },
    { channel: 'Channel 2', n: 12 },
  ]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasRealData, projectRoot, realData, sayIfAbsent } from '../shared-data.js';
import { Laboratory } from './laboratory.js';

/** A file that is exported again each night, longer every time, gives what one reading of the last export gives. */

/** How often they grow; ten times with `npm run test:portions`, where recorded files grow as often. */
const isLong = process.env.CELLAR_PORTIONS !== undefined;
const many = Number(process.env.CELLAR_PORTIONS ?? 3);

/** A repeatable source of numbers in [0, 1). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lengths at which a file of `size` bytes is cut: anywhere behind its head, in the middle of lines and numbers too. */
function cuts(size: number, head: number, portions: number): number[] {
  const next = numbers(size);
  const lengths = Array.from({ length: portions - 1 }, () => Math.floor(head + next() * (size - head)));
  return [...new Set(lengths), size].sort((a, b) => a - b);
}

const tables = {
  measurements: 'SELECT * EXCLUDE (test_id) FROM measurements ORDER BY test_id, record_index',
  steps: 'SELECT * EXCLUDE (test_id) FROM steps ORDER BY test_id, step_count',
  cycles: 'SELECT * EXCLUDE (test_id, warnings) FROM cycles ORDER BY test_id, cycle_count',
  tests:
    'SELECT part_index, channel, started_at, current_direction, counter_scope, record_count FROM tests ORDER BY test_id',
  impedance: 'SELECT * EXCLUDE (spectrum_id) FROM impedance ORDER BY spectrum_id, point_index',
};

type TableName = keyof typeof tables;
const tableNames = Object.keys(tables) as TableName[];
type Contents = Map<TableName, Record<string, unknown>[]>;

async function contentsOf(lab: Laboratory, names: readonly TableName[] = tableNames): Promise<Contents> {
  const found: Contents = new Map();
  for (const name of names) found.set(name, await lab.rows(tables[name]));
  return found;
}

/** Whether two stored values agree; sums may differ in what their order of addition rounds. */
function agree(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return JSON.stringify(a) === JSON.stringify(b);
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;
}

function expectSame(found: Contents, wanted: Contents): void {
  for (const [name, rows] of wanted) {
    expect(found.get(name)?.length, name).toBe(rows.length);
    for (const [index, row] of rows.entries()) {
      for (const [column, value] of Object.entries(row)) {
        const other = found.get(name)![index]![column];
        if (!agree(other, value))
          expect.fail(`${name}, row ${index + 1}, ${column}: ${other} is not ${value}`);
      }
    }
  }
}

interface GrowingFile {
  name: string;
  content: Buffer;
  /** Bytes that are there from the beginning. */
  head: number;
}

/** Ingests all files as they are; then, in a new laboratory, night after night as they grow. Both have to end alike. */
async function inPortions(files: readonly GrowingFile[], portions: number): Promise<Map<string, number>> {
  const [whole, growing] = [new Laboratory(), new Laboratory()];
  const tails = new Map(files.map(({ name }) => [name, 0]));
  try {
    for (const { name, content } of files) whole.write(name, content);
    await whole.ingest();
    const lengths = files.map(({ content, head }) => cuts(content.length, head, portions));
    for (let night = 0; night < portions; night++) {
      for (const [index, { name, content }] of files.entries()) {
        const length = lengths[index]![night];
        if (length !== undefined) growing.write(name, content.subarray(0, length));
      }
      for (const { row, openSteps } of (await growing.ingest()).outcomes) {
        expect(row.status, `${row.path}: ${row.message}`).not.toBe('rejected');
        const name = basename(row.path);
        if (openSteps !== undefined) tails.set(name, tails.get(name)! + 1);
      }
    }
    expectSame(await contentsOf(growing), await contentsOf(whole));
  } finally {
    whole.remove();
    growing.remove();
  }
  return tails;
}

const samples = join(projectRoot, 'sample-data', 'formats');

/** One plain table of records: its growth needs nothing of what stands before it. */
const tailed = [
  'arbin-csv',
  'bdf-csv',
  'landt-csv',
  'maccor-text',
  'novonix-csv',
  'basytec-text',
  'digatron-csv',
  'pec-csv',
];
/** Layered or mixed: read again as a whole. */
const reread = ['neware-layered', 'biologic-mpt'];

function sampleOf(format: string, head: number): GrowingFile {
  const name = readdirSync(join(samples, format)).find((file) => extname(file) !== '.md')!;
  const content = readFileSync(join(samples, format, name));
  return { name, content, head: Math.floor(content.length * head) };
}

describe('a long file', () => {
  /** Records of charge and discharge by turns; enough of them that scans are cut into parts. */
  function longExport(records: number): Buffer {
    const lines = ['Test_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity'];
    for (let index = 0; index < records; index++) {
      const [step, within] = [Math.floor(index / 1000), index % 1000];
      const isCharge = step % 2 === 0;
      const moved = (within * 10) / 3600;
      lines.push(
        `${index * 10},${(step % 2) + 1},${Math.floor(step / 2) + 1},${isCharge ? 1 : -1},${(isCharge ? 3.5 + within / 2000 : 4 - within / 2000).toFixed(4)},${isCharge ? moved.toFixed(6) : 0},${isCharge ? 0 : moved.toFixed(6)}`,
      );
    }
    return Buffer.from(`${lines.join('\n')}\n`);
  }

  it('grows by a little, and by a lot', { timeout: 120_000 }, async () => {
    const content = longExport(700_000);
    const name = 'long.csv';
    const [whole, growing] = [new Laboratory(), new Laboratory()];
    try {
      await whole.ingest(whole.write(name, content));
      for (const share of [0.5, 0.51, 1]) {
        const file = growing.write(name, content.subarray(0, Math.floor(content.length * share)));
        const { outcomes } = await growing.ingest(file);
        expect(outcomes[0]?.row.status, outcomes[0]?.row.message).toMatch(/ingested|appended/);
      }
      const summed = `SELECT count(*) AS records, max(record_index) AS last, sum(step_count) AS steps, round(sum(charging_capacity_ah), 6) AS charge FROM measurements`;
      expect(await growing.rows(summed)).toEqual(await whole.rows(summed));
      const derived = ['steps', 'cycles', 'tests'] as const;
      expectSame(await contentsOf(growing, derived), await contentsOf(whole, derived));
    } finally {
      whole.remove();
      growing.remove();
    }
  });
});

describe('samples', () => {
  it('in two portions: of a plain table only the new part is read', { timeout: 120_000 }, async () => {
    const plain = tailed.map((format) => sampleOf(format, 0.5));
    const others = reread.map((format) => sampleOf(format, 0.5));
    const tails = await inPortions([...plain, ...others], 2);
    expect(plain.map(({ name }) => [name, tails.get(name)])).toEqual(plain.map(({ name }) => [name, 1]));
  });

  it.runIf(isLong)(`in ${many} portions`, { timeout: 240_000 }, async () => {
    await inPortions(
      ['arbin-csv', 'maccor-text', 'neware-layered'].map((format) => sampleOf(format, 0.25)),
      many,
    );
  });
});

it('a file that grows behind another header is read by that header', async () => {
  const records = (from: number, current: number) =>
    Array.from({ length: 40 }, (_, k) => `${from + k},3.${100 + k},${current}\n`).join('');
  const header = 'Test Time / s,Voltage / V,Current / A\n';
  // At rest both units say the same, and what was stored last does not tell them apart.
  const resting = header + records(0, 0.1) + header.replace('/ A', '/ mA') + records(50, 0);
  const lab = new Laboratory();
  try {
    for (const content of [resting, resting + records(100, 200)]) {
      const { outcomes } = await lab.ingest(lab.write('restarted.csv', content));
      expect(outcomes[0]!.row.status).toMatch(/ingested|appended/);
    }
    expect(
      await lab.rows(
        'SELECT count(*) AS n, max(current_ampere) AS highest FROM measurements WHERE test_time_second >= 100',
      ),
    ).toEqual([{ n: 40, highest: 0.2 }]);
  } finally {
    lab.remove();
  }
});

sayIfAbsent(hasRealData, 'recorded exports');
describe.skipIf(!hasRealData)('recorded exports', () => {
  const recorded = (path: string): GrowingFile => {
    const content = readFileSync(join(realData, path));
    return { name: basename(path), content, head: Math.floor(Math.min(40_000, content.length / 2)) };
  };

  const paths = [
    'arbin/arbin_example.csv',
    'maccor/maccor_three.txt',
    'maccor/xTESLADIAG_000038con.078',
    'biologic/bcd.issue_241.mpt',
    'neware/nw_regular_export_ife_example.csv',
    'generic/custom_data_001.csv',
    'novonix/test_Nova_Form-CH01-01_short.csv',
    'bdf/DLR__LiLNMOHydra0b__20221125__POCV__25degC__Basytec.bdf.csv',
    'pec/Test25205.csv',
  ];

  it(`in ${isLong ? many : 2} portions`, { timeout: 300_000 }, async () => {
    await inPortions(paths.map(recorded), isLong ? many : 2);
  });
});

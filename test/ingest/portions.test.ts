import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasRealData, projectRoot, realData, sayIfAbsent } from '../shared-data.js';
import { Laboratory } from './laboratory.js';

/** A file that is exported again each night, longer every time, gives what one reading of the last export gives. */

/** How often the long ones grow; ten times with `npm run test:portions`. */
const many = Number(process.env.CELLAR_PORTIONS ?? 4);

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

type Contents = Record<keyof typeof tables, Record<string, unknown>[]>;

async function contentsOf(lab: Laboratory): Promise<Contents> {
  const read = async (name: keyof typeof tables) => [name, await lab.rows(tables[name])] as const;
  const pairs = [];
  for (const name of Object.keys(tables) as (keyof typeof tables)[]) pairs.push(await read(name));
  return Object.fromEntries(pairs) as Contents;
}

/** Whether two stored values agree; sums may differ in what their order of addition rounds. */
function agree(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return JSON.stringify(a) === JSON.stringify(b);
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;
}

function expectSame(found: Contents, wanted: Contents): void {
  for (const name of Object.keys(tables) as (keyof typeof tables)[]) {
    expect(found[name].length, name).toBe(wanted[name].length);
    for (const [index, row] of wanted[name].entries()) {
      for (const [column, value] of Object.entries(row)) {
        const other = found[name][index]![column];
        if (!agree(other, value))
          expect.fail(`${name}, row ${index + 1}, ${column}: ${other} is not ${value}`);
      }
    }
  }
}

async function atOnce(name: string, content: Buffer): Promise<Contents> {
  const lab = new Laboratory();
  try {
    await lab.ingest(lab.write(name, content));
    return await contentsOf(lab);
  } finally {
    lab.remove();
  }
}

/** Ingests a file as it grows and compares the end; gives how often only the new part was read. */
async function inPortions(name: string, content: Buffer, head: number, portions: number): Promise<number> {
  const wanted = await atOnce(name, content);
  const lab = new Laboratory();
  let tails = 0;
  try {
    for (const length of cuts(content.length, head, portions)) {
      const { outcomes } = await lab.ingest(lab.write(name, content.subarray(0, length)));
      if (outcomes[0]?.openSteps !== undefined) tails++;
      expect(outcomes[0]?.row.status, outcomes[0]?.row.message).not.toBe('rejected');
    }
    expectSame(await contentsOf(lab), wanted);
  } finally {
    lab.remove();
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

function sampleOf(format: string): { name: string; content: Buffer } {
  const file = readdirSync(join(samples, format)).find((name) => extname(name) !== '.md')!;
  return { name: file, content: readFileSync(join(samples, format, file)) };
}

describe('samples in two portions', () => {
  it.each(tailed)('%s: only the new part is read', { timeout: 120_000 }, async (format) => {
    const { name, content } = sampleOf(format);
    expect(await inPortions(name, content, Math.floor(content.length / 2), 2)).toBe(1);
  });

  it.each(reread)('%s: the same end', { timeout: 120_000 }, async (format) => {
    const { name, content } = sampleOf(format);
    await inPortions(name, content, Math.floor(content.length / 2), 2);
  });
});

describe(`samples in ${many} portions`, () => {
  it.each(['arbin-csv', 'maccor-text', 'neware-layered'])('%s', { timeout: 240_000 }, async (format) => {
    const { name, content } = sampleOf(format);
    await inPortions(name, content, Math.floor(content.length / 4), many);
  });
});

sayIfAbsent(hasRealData, 'recorded exports');
describe.skipIf(!hasRealData)('recorded exports', () => {
  const files = [
    ['arbin/arbin_example.csv', 2],
    ['arbin/arbin_example.csv', many],
    ['maccor/maccor_three.txt', 2],
    ['maccor/maccor_three.txt', many],
    ['maccor/xTESLADIAG_000038con.078', 2],
    ['generic/custom_data_001.csv', many],
    ['novonix/test_Nova_Form-CH01-01_short.csv', many],
    ['biologic/bcd.issue_241.mpt', 2],
    ['neware/nw_regular_export_ife_example.csv', 2],
    ['bdf/DLR__LiLNMOHydra0b__20221125__POCV__25degC__Basytec.bdf.csv', many],
    ['pec/Test25205.csv', many],
  ] as const;
  it.each(files)('%s in %i portions', { timeout: 300_000 }, async (path, portions) => {
    const content = readFileSync(join(realData, path));
    await inPortions(path.split('/').at(-1)!, content, Math.min(40_000, content.length / 2), portions);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portionBytes } from '../../src/ingest/bytes/portions.js';
import { forwardSlashes } from '../../src/store/path-patterns.js';
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
  measurements: 'SELECT * EXCLUDE (test_id) FROM measurements WHERE $own ORDER BY test_id, record_index',
  steps: 'SELECT * EXCLUDE (test_id) FROM steps WHERE $own ORDER BY test_id, step_count',
  cycles: 'SELECT * EXCLUDE (test_id, warnings) FROM cycles WHERE $own ORDER BY test_id, cycle_count',
  tests: `SELECT part_index, channel, started_at, current_direction, counter_scope, record_count FROM tests
    WHERE $own ORDER BY test_id`,
  impedance: `SELECT i.* EXCLUDE (spectrum_id) FROM impedance i JOIN spectra USING (spectrum_id)
    WHERE file_id IN ($files) ORDER BY spectrum_id, point_index`,
};

type TableName = keyof typeof tables;
const tableNames = Object.keys(tables) as TableName[];
type Contents = Map<TableName, Record<string, unknown>[]>;

/** What is stored of the files of a folder of the laboratory, or of all. */
async function contentsOf(
  lab: Laboratory,
  { names = tableNames, folder = '' }: { names?: readonly TableName[]; folder?: string } = {},
): Promise<Contents> {
  const files = `SELECT file_id FROM files WHERE contains(replace(path, '\\', '/'), '/exports/${folder}')`;
  const found: Contents = new Map();
  for (const name of names) {
    const sql = tables[name].replace(
      '$own',
      `test_id IN (SELECT test_id FROM test_files WHERE file_id IN (${files}))`,
    );
    found.set(name, await lab.rows(sql.replace('$files', files)));
  }
  return found;
}

/** Whether two stored values agree; sums may differ in what their order of addition rounds. */
function agree(a: unknown, b: unknown): boolean {
  if (a === b) return true;
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
  /** Its lengths in bytes, night by night; the last is all of it. */
  lengths: readonly number[];
}

/** Files that grow in a folder of their own. */
interface GrowingFolder {
  folder: string;
  files: readonly GrowingFile[];
}

/** A file that is there from its beginning to `head` bytes at least. */
const growing = (name: string, content: Buffer, head: number, portions: number): GrowingFile => ({
  name,
  content,
  lengths: cuts(content.length, head, portions),
});

/** The same files read once as they are at the end, and night after night as they grow. */
class Nights {
  private readonly folders: readonly GrowingFolder[];
  readonly whole = new Laboratory();
  readonly growing = new Laboratory();
  /** How often what was new in a file was all that was read of it, by path below the exports. */
  readonly tails = new Map<string, number>();
  /** What became of a file each night, by path below the exports. */
  readonly statuses = new Map<string, string[]>();

  constructor(folders: readonly GrowingFolder[]) {
    this.folders = folders;
  }

  async run(): Promise<this> {
    const files = this.folders.flatMap(({ folder, files: inIt }) =>
      inIt.map((file) => ({ ...file, path: `${folder}/${file.name}` })),
    );
    for (const { path, content } of files) this.whole.write(path, content);
    await this.whole.ingest();
    for (let night = 0; night < Math.max(...files.map(({ lengths }) => lengths.length)); night++) {
      for (const { path, content, lengths } of files) {
        const length = lengths[night];
        if (length !== undefined) this.growing.write(path, content.subarray(0, length));
      }
      for (const { row, openSteps } of (await this.growing.ingest()).outcomes) {
        expect(row.status, `${row.path}: ${row.message}`).not.toBe('rejected');
        const path = forwardSlashes(row.path.slice(this.growing.exports.length + 1));
        this.statuses.set(path, [...(this.statuses.get(path) ?? []), row.status]);
        if (openSteps !== undefined) this.tails.set(path, (this.tails.get(path) ?? 0) + 1);
      }
    }
    return this;
  }

  /** Both have to end alike. */
  async expectSameIn(folder: string): Promise<void> {
    const wanted = await contentsOf(this.whole, { folder });
    expect(wanted.get('measurements')!.length).toBeGreaterThan(0);
    expectSame(await contentsOf(this.growing, { folder }), wanted);
  }

  remove(): void {
    this.whole.remove();
    this.growing.remove();
  }
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

function sampleOf(format: string, head: number, portions: number): GrowingFile {
  const name = readdirSync(join(samples, format)).find((file) => extname(file) !== '.md')!;
  const content = readFileSync(join(samples, format, name));
  return growing(name, content, Math.floor(content.length * head), portions);
}

describe('a long file', () => {
  /**
   * Records of charge and discharge by turns, with more digits than they need: their bytes decide into how many parts
   * a scan is cut, their number how long the test takes.
   */
  function longExport(records: number): Buffer {
    const lines = ['Test_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity'];
    for (let index = 0; index < records; index++) {
      const [step, within] = [Math.floor(index / 1000), index % 1000];
      const isCharge = step % 2 === 0;
      const moved = `${((within * 10) / 3600).toFixed(6)}00000000`;
      const none = '0.00000000000000';
      const volt = isCharge ? 3.5 + within / 2000 : 4 - within / 2000;
      lines.push(
        [
          `${index * 10}.000000`,
          (step % 2) + 1,
          Math.floor(step / 2) + 1,
          isCharge ? 1 : -1,
          `${volt.toFixed(4)}0000000000`,
          isCharge ? moved : none,
          isCharge ? none : moved,
        ].join(','),
      );
    }
    return Buffer.from(`${lines.join('\n')}\n`);
  }

  it('grows by a little, and by a lot', { timeout: 120_000 }, async () => {
    const content = longExport(250_000);
    // What comes last is more than one portion, and so is what was there before.
    expect(0.49 * content.length).toBeGreaterThan(portionBytes);
    const name = 'long.csv';
    const [whole, grown] = [new Laboratory(), new Laboratory()];
    try {
      await whole.ingest(whole.write(name, content));
      for (const share of [0.5, 0.51, 1]) {
        const file = grown.write(name, content.subarray(0, Math.floor(content.length * share)));
        const { outcomes } = await grown.ingest(file);
        expect(outcomes[0]?.row.status, outcomes[0]?.row.message).toMatch(/ingested|appended/);
      }
      const summed = `SELECT count(*) AS records, max(record_index) AS last, sum(step_count) AS steps, round(sum(charging_capacity_ah), 6) AS charge FROM measurements`;
      expect(await grown.rows(summed)).toEqual(await whole.rows(summed));
      const derived = { names: ['steps', 'cycles', 'tests'] as const };
      expectSame(await contentsOf(grown, derived), await contentsOf(whole, derived));
    } finally {
      whole.remove();
      grown.remove();
    }
  });
});

/** A file that grows behind another header: at rest both units say the same, and do not tell the columns apart. */
function restarted(): GrowingFile {
  const records = (from: number, current: number) =>
    Array.from({ length: 40 }, (_, k) => `${from + k},3.${100 + k},${current}\n`).join('');
  const header = 'Test Time / s,Voltage / V,Current / A\n';
  const resting = header + records(0, 0.1) + header.replace('/ A', '/ mA') + records(50, 0);
  const content = Buffer.from(resting + records(100, 200));
  return { name: 'restarted.csv', content, lengths: [resting.length, content.length] };
}

sayIfAbsent(hasRealData, 'recorded exports');
const recordedPaths = [
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
const recordedPortions = isLong ? many : 2;

function recorded(path: string): GrowingFile {
  const content = readFileSync(join(realData, path));
  return growing(basename(path), content, Math.floor(Math.min(40_000, content.length / 2)), recordedPortions);
}

describe('files of several kinds', () => {
  const plain = tailed.map((format) => sampleOf(format, 0.5, 2));
  let nights: Nights;
  beforeAll(async () => {
    nights = await new Nights([
      { folder: 'samples', files: [...plain, ...reread.map((format) => sampleOf(format, 0.5, 2))] },
      { folder: 'restarted', files: [restarted()] },
      ...(hasRealData ? [{ folder: 'recorded', files: recordedPaths.map(recorded) }] : []),
    ]).run();
  }, 300_000);
  afterAll(() => nights.remove());

  it('in two portions: of a plain table only the new part is read', async () => {
    await nights.expectSameIn('samples');
    expect(plain.map(({ name }) => [name, nights.tails.get(`samples/${name}`)])).toEqual(
      plain.map(({ name }) => [name, 1]),
    );
  });

  it('a file that grows behind another header is read by that header', async () => {
    await nights.expectSameIn('restarted');
    for (const status of nights.statuses.get('restarted/restarted.csv')!)
      expect(status).toMatch(/ingested|appended/);
    expect(
      await nights.growing.rows(
        `SELECT count(*) AS n, max(current_ampere) AS highest
         FROM measurements JOIN tests USING (test_id) JOIN files USING (file_id)
         WHERE test_time_second >= 100 AND parse_filename(path) = 'restarted.csv'`,
      ),
    ).toEqual([{ n: 40, highest: 0.2 }]);
  });

  it.runIf(hasRealData)(`recorded exports in ${recordedPortions} portions`, () =>
    nights.expectSameIn('recorded'),
  );

  it.runIf(isLong)(`in ${many} portions`, { timeout: 240_000 }, async () => {
    const files = ['arbin-csv', 'maccor-text', 'neware-layered'].map((format) =>
      sampleOf(format, 0.25, many),
    );
    const more = await new Nights([{ folder: 'samples', files }]).run();
    await more.expectSameIn('samples');
    more.remove();
  });
});

import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodes } from '../../../src/errors.js';
import { Laboratory } from '../laboratory.js';

/** Metadata of several folders live together, and nothing that happens to a file of them wipes what it said. */

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const table = (value: number) =>
  `Test Time / s,Voltage / V,Current / A\n${[0, 1, 2, 3].map((at) => `${at * 10},${3 + value + at / 100},0.1`).join('\n')}\n`;
const cellIds = async () =>
  (await lab.rows<{ cell_id: string }>('SELECT cell_id FROM cells ORDER BY 1')).map(({ cell_id }) => cell_id);
const cellOfFiles = async () =>
  Object.fromEntries(
    (
      await lab.rows<{ path: string; cell_id: string | null }>(
        'SELECT path, t.cell_id FROM tests t JOIN files USING (file_id)',
      )
    ).map(({ path, cell_id }) => [path.slice(lab.exports.length + 1), cell_id]),
  );
const below = (name: string) => join(lab.exports, name);

describe('two folders', () => {
  beforeEach(() => {
    lab.write('A/cells.csv', 'cell_id,file_pattern\nLP-04,*.csv\n');
    lab.write('A/x.csv', table(0));
    lab.write('B/cells.csv', 'cell_id,file_pattern\nB-01,*.csv\n');
    lab.write('B/y.csv', table(0.1));
  });

  it('ingested one after the other live side by side, each with its own files', async () => {
    await lab.ingest(below('A'));
    await lab.ingest(below('B'));
    expect(await cellIds()).toEqual(['B-01', 'LP-04']);
    expect(await cellOfFiles()).toEqual({ 'A/x.csv': 'LP-04', 'B/y.csv': 'B-01' });
  });

  it('below one root: each file belongs to the nearest one above it', async () => {
    lab.write('cells.csv', 'cell_id\nx\n');
    lab.write('x.csv', table(0.2));
    lab.write('C/x.csv', table(0.3));
    await lab.ingest();
    expect(await cellOfFiles()).toEqual({
      'A/x.csv': 'LP-04',
      'B/y.csv': 'B-01',
      'x.csv': 'x',
      'C/x.csv': 'x',
    });
  });

  it('that define one cell differently are refused, and both are named', async () => {
    lab.write('B/cells.csv', 'cell_id,thickness_um\nLP-04,900\n');
    await lab.ingest(below('A'));
    const refused = lab.ingest(below('B'));
    await expect(refused).rejects.toMatchObject({ exitCode: exitCodes.usage });
    await expect(refused).rejects.toThrow(/LP-04[\s\S]*A.cells\.csv[\s\S]*B.cells\.csv/);
  });

  it('settings are those of the nearest folder that has some', async () => {
    lab.write('cellar.toml', `[[file_name_patterns]]\npattern = '_(?<temperature_celsius>\\d+)C'\n`);
    lab.write('A/x_40C.csv', table(0.4));
    await lab.ingest();
    expect(
      await lab.rows('SELECT temperature_celsius AS t FROM tests WHERE temperature_celsius IS NOT NULL'),
    ).toEqual([{ t: 40 }]);
  });

  it('that define one cell alike give it once', async () => {
    lab.write('B/cells.csv', 'cell_id,file_pattern\nLP-04,*.csv\n');
    await lab.ingest(below('A'));
    await lab.ingest(below('B'));
    expect(await cellIds()).toEqual(['LP-04']);
  });

  it('--lab holds for its root, and goes on to hold', async () => {
    mkdirSync(join(lab.folder, 'lab'));
    writeFileSync(join(lab.folder, 'lab', 'cells.csv'), 'cell_id,file_pattern\nC-9,*.csv\n');
    await lab.ingest(below('A'), { lab: join(lab.folder, 'lab') });
    expect(await cellOfFiles()).toEqual({ 'A/x.csv': 'C-9' });
    await lab.ingest(below('B'));
    expect(await cellOfFiles()).toEqual({ 'A/x.csv': 'C-9', 'B/y.csv': 'B-01' });
  });
});

describe('metadata that give nothing', () => {
  beforeEach(async () => {
    lab.write('cells.csv', 'cell_id\nLP-04\n');
    lab.write('LP-04.csv', table(0));
    await lab.ingest();
  });

  it.each([
    ['a file of zero bytes', () => writeFileSync(below('cells.csv'), '')],
    ['a header alone', () => writeFileSync(below('cells.csv'), 'cell_id,thickness_um\n')],
    ['a file that is gone', () => rmSync(below('cells.csv'))],
  ])('%s leaves the cells as they are, and is told', async (_what, spoil) => {
    spoil();
    const { notices } = await lab.ingest();
    expect(await cellIds()).toEqual(['LP-04']);
    expect(await cellOfFiles()).toEqual({ 'LP-04.csv': 'LP-04' });
    expect(notices.join()).toMatch(/cells\.csv.*stay as they are/);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'nor does one that cannot be read',
    async () => {
      chmodSync(below('cells.csv'), 0);
      const { notices } = await lab.ingest();
      expect(await cellIds()).toEqual(['LP-04']);
      expect(notices.join()).toContain('cannot be read');
    },
  );

  it('a folder that is gone is told in the runs of others', async () => {
    lab.write('B/y.csv', table(0.1));
    renameSync(lab.exports, `${lab.exports}-away`);
    const { notices } = await lab.ingest(join(`${lab.exports}-away`, 'B'));
    expect(await cellIds()).toEqual(['LP-04']);
    expect(notices.join()).toContain('not there any more');
    renameSync(`${lab.exports}-away`, lab.exports);
  });

  it('a line that is taken out takes its cell out', async () => {
    writeFileSync(below('cells.csv'), 'cell_id\nLP-05\n');
    await lab.ingest();
    expect(await cellIds()).toEqual(['LP-05']);
  });
});

it('a pattern over file names that takes for ever is refused in seconds', async () => {
  lab.write('cellar.toml', `[[file_name_patterns]]\npattern = '(?<cell_id>(a+)+)$'\n`);
  lab.write(`${'a'.repeat(60)}!.csv`, table(0));
  await expect(lab.ingest()).rejects.toThrow('takes more than');
});

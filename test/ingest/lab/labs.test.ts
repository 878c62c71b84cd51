import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it as itAlone } from 'vitest';
import { exitCodes } from '../../../src/errors.js';
import { type SharedLaboratory, testsOfOneDatabase } from '../../shared-laboratory.js';
import { Laboratory } from '../laboratory.js';

/** Metadata of several folders live together, and nothing that happens to a file of them wipes what it said. */

const it = testsOfOneDatabase();

const table = (value: number, { number } = { number: 0 }) =>
  `Test Time / s,Voltage / V,Current / A\n${[0, 1, 2, 3].map((at) => `${at * 10},${3 + value + at / 100},${0.1 + number / 1000}`).join('\n')}\n`;
const cellIds = async (lab: SharedLaboratory) =>
  (await lab.rows<{ cell_id: string }>('SELECT cell_id FROM cells ORDER BY 1')).map(({ cell_id }) => cell_id);
const cellOfFiles = async (lab: SharedLaboratory) =>
  Object.fromEntries(
    (
      await lab.rows<{ path: string; cell_id: string | null }>(
        'SELECT path, t.cell_id FROM tests t JOIN files USING (file_id)',
      )
    ).map(({ path, cell_id }) => [path.slice(lab.exports.length + 1), cell_id]),
  );
const below = (lab: Pick<SharedLaboratory, 'exports'>, name: string) => join(lab.exports, name);

describe.concurrent('two folders', () => {
  /** Writes two folders with metadata; names of the cells. */
  function writeTwo(lab: SharedLaboratory): [LP: string, B: string] {
    const [LP, B] = [lab.own('LP-04'), lab.own('B-01')];
    lab.write('A/cells.csv', `cell_id,file_pattern\n${LP},*.csv\n`);
    lab.write('A/x.csv', table(0, lab));
    lab.write('B/cells.csv', `cell_id,file_pattern\n${B},*.csv\n`);
    lab.write('B/y.csv', table(0.1, lab));
    return [LP, B];
  }

  it('ingested one after the other live side by side, each with its own files', async ({ lab }) => {
    const [LP, B] = writeTwo(lab);
    await lab.ingest(below(lab, 'A'));
    await lab.ingest(below(lab, 'B'));
    expect(await cellIds(lab)).toEqual([B, LP]);
    expect(await cellOfFiles(lab)).toEqual({ 'A/x.csv': LP, 'B/y.csv': B });
  });

  it('below one root: each file belongs to the nearest one above it', async ({ lab }) => {
    const [LP, B] = writeTwo(lab);
    const x = lab.own('x');
    lab.write('cells.csv', `cell_id\n${x}\n`);
    lab.write(`${x}.csv`, table(0.2, lab));
    lab.write(`C/${x}.csv`, table(0.3, lab));
    await lab.ingest();
    expect(await cellOfFiles(lab)).toEqual({
      'A/x.csv': LP,
      'B/y.csv': B,
      [`${x}.csv`]: x,
      [`C/${x}.csv`]: x,
    });
  });

  itAlone('that define one cell differently are refused, and both are named', async () => {
    const lab = new Laboratory();
    lab.write('A/cells.csv', 'cell_id,file_pattern\nLP-04,*.csv\n');
    lab.write('A/x.csv', table(0));
    lab.write('B/cells.csv', 'cell_id,thickness_um\nLP-04,900\n');
    lab.write('B/y.csv', table(0.1));
    await lab.ingest(below(lab, 'A'));
    const refused = lab.ingest(below(lab, 'B'));
    await expect(refused).rejects.toMatchObject({ exitCode: exitCodes.usage });
    await expect(refused).rejects.toThrow(/LP-04[\s\S]*A.cells\.csv[\s\S]*B.cells\.csv/);
    lab.remove();
  });

  it('settings are those of the nearest folder that has some', async ({ lab }) => {
    writeTwo(lab);
    lab.write('cellar.toml', `[[file_name_patterns]]\npattern = '_(?<temperature_celsius>\\d+)C'\n`);
    lab.write('A/x_40C.csv', table(0.4, lab));
    await lab.ingest();
    expect(
      await lab.rows('SELECT temperature_celsius AS t FROM tests WHERE temperature_celsius IS NOT NULL'),
    ).toEqual([{ t: 40 }]);
  });

  it('that define one cell alike give it once', async ({ lab }) => {
    const [LP] = writeTwo(lab);
    lab.write('B/cells.csv', `cell_id,file_pattern\n${LP},*.csv\n`);
    await lab.ingest(below(lab, 'A'));
    await lab.ingest(below(lab, 'B'));
    expect(await cellIds(lab)).toEqual([LP]);
  });

  it('--lab holds for its root, and goes on to hold', async ({ lab }) => {
    const [, B] = writeTwo(lab);
    const C = lab.own('C-9');
    mkdirSync(join(lab.folder, 'lab'));
    writeFileSync(join(lab.folder, 'lab', 'cells.csv'), `cell_id,file_pattern\n${C},*.csv\n`);
    await lab.ingest(below(lab, 'A'), { lab: join(lab.folder, 'lab') });
    expect(await cellOfFiles(lab)).toEqual({ 'A/x.csv': C });
    await lab.ingest(below(lab, 'B'));
    expect(await cellOfFiles(lab)).toEqual({ 'A/x.csv': C, 'B/y.csv': B });
  });
});

describe.concurrent('metadata that give nothing', () => {
  /** Ingests a file of a cell; the name of the cell. */
  async function ingestOne(lab: SharedLaboratory): Promise<string> {
    const LP = lab.own('LP-04');
    lab.write('cells.csv', `cell_id\n${LP}\n`);
    lab.write(`${LP}.csv`, table(0, lab));
    await lab.ingest();
    return LP;
  }

  it.for<[string, (path: string) => void]>([
    ['a file of zero bytes', (path) => writeFileSync(path, '')],
    ['a header alone', (path) => writeFileSync(path, 'cell_id,thickness_um\n')],
    ['a file that is gone', rmSync],
  ])('%s leaves the cells as they are, and is told', async ([, spoil], { lab }) => {
    const LP = await ingestOne(lab);
    spoil(below(lab, 'cells.csv'));
    const { notices } = await lab.ingest();
    expect(await cellIds(lab)).toEqual([LP]);
    expect(await cellOfFiles(lab)).toEqual({ [`${LP}.csv`]: LP });
    expect(notices.join()).toMatch(/cells\.csv.*stay as they are/);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'nor does one that cannot be read',
    async ({ lab }) => {
      const LP = await ingestOne(lab);
      chmodSync(below(lab, 'cells.csv'), 0);
      const { notices } = await lab.ingest();
      expect(await cellIds(lab)).toEqual([LP]);
      expect(notices.join()).toContain('cannot be read');
    },
  );

  it('a folder that is gone is told in the runs of others', async ({ lab }) => {
    const LP = await ingestOne(lab);
    lab.write('B/y.csv', table(0.1, lab));
    renameSync(lab.exports, `${lab.exports}-away`);
    const { notices } = await lab.ingest(join(`${lab.exports}-away`, 'B'));
    expect(await cellIds(lab)).toEqual([LP]);
    expect(notices.join()).toContain('not there any more');
    renameSync(`${lab.exports}-away`, lab.exports);
  });

  it('a line that is taken out takes its cell out', async ({ lab }) => {
    const LP = await ingestOne(lab);
    const other = `${LP}-5`;
    writeFileSync(below(lab, 'cells.csv'), `cell_id\n${other}\n`);
    await lab.ingest();
    expect(await cellIds(lab)).toEqual([other]);
  });
});

itAlone('a pattern over file names that takes for ever is refused in seconds', async () => {
  const lab = new Laboratory();
  lab.write('cellar.toml', `[[file_name_patterns]]\npattern = '(?<cell_id>(a+)+)$'\n`);
  lab.write(`${'a'.repeat(60)}!.csv`, table(0));
  await expect(lab.ingest()).rejects.toThrow('takes more than');
  lab.remove();
});

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBundle } from '../../src/bundle/make.js';
import { type Verification, verifyBundle } from '../../src/bundle/verify.js';
import { ingest } from '../../src/ingest/ingest.js';
import type { Language } from '../../src/messages/message.js';
import { openWriter } from '../../src/store/writer.js';
import { analyzeAndStore, analyzeOnly } from '../../src/targets/check.js';
import { excludeCell } from '../../src/targets/exclusions.js';
import { loadTargets } from '../../src/targets/load.js';
import { projectRoot } from '../shared-data.js';

const folder = mkdtempSync(join(tmpdir(), 'cellar-bundle-test-'));
const database = join(folder, 'lab.duckdb');
const path = join(folder, 'evidence.zip');
const minutes = 60_000;

/** The sample laboratory with the three symmetric cells of its oxide alone: what is judged from one spectrum each. */
function smallLab(): string {
  const lab = join(folder, 'lab');
  cpSync(join(projectRoot, 'sample-data', 'lab'), lab, {
    recursive: true,
    filter: (file) =>
      !/\.\w+$/.test(file) ||
      /(LLZO-0\d_Li-Li_T25\.\w+|(cells|materials|conditions)\.csv|cellar\.toml)$/.test(file),
  });
  writeFileSync(
    join(lab, 'cellar.toml'),
    `${readFileSync(join(lab, 'cellar.toml'), 'utf8')}\n[notify.mail]\nhost = "mail.example.org"\nfrom = "a@example.org"\nto = ["b@example.org"]\n`,
  );
  return lab;
}

async function bundleTo(file: string, language: Language = 'en'): Promise<void> {
  const { judged } = await analyzeOnly(await loadTargets('rd-fund'), { database, command: 'cellar report' });
  const asked = { targets: 'rd-fund', material: null, as_of: '2026-11-30' };
  await makeBundle(file, { database, ...asked, language, judged, raw: true });
}

/** The bundle with some members rewritten; with `rehash` the manifest is made to agree, as a forger would. */
async function verifyChanged(
  changes: Record<string, (text: string) => string>,
  rehash: boolean,
  stated: object = {},
): Promise<Verification> {
  const members = unzipSync(readFileSync(path));
  const manifest = { ...JSON.parse(strFromU8(members['manifest.json'] as Uint8Array)), ...stated };
  for (const [name, change] of Object.entries(changes)) {
    const before = strFromU8(members[name] as Uint8Array, true);
    const after = change(before);
    expect(after, name).not.toBe(before);
    members[name] = strToU8(after, true);
    const entry = manifest.files.find((one: { path: string }) => one.path === name);
    if (rehash) entry.sha256 = createHash('sha256').update(members[name]).digest('hex');
  }
  members['manifest.json'] = strToU8(JSON.stringify(manifest));
  const changed = join(folder, 'changed.zip');
  writeFileSync(changed, zipSync(members));
  return verifyBundle(changed, { raw: undefined });
}

const withoutExclusion = (text: string) => JSON.stringify({ ...JSON.parse(text), exclusions: [] });
const thicker = (text: string) =>
  text.replace('LLZO-01,LLZO,symmetric,LLZO-B1,,0.785', 'LLZO-01,LLZO,symmetric,LLZO-B1,,0.795');

describe('an evidence bundle', () => {
  beforeAll(async () => {
    await ingest([smallLab()], { database });
    const writer = await openWriter(database, { command: 'cellar exclude' });
    await excludeCell(writer.connection, 'LLZO-03', 'cracked at mounting');
    await writer.publish();
    await writer.end();
    // The bundles below take their fits from here.
    await analyzeAndStore(await loadTargets('rd-fund'), { database, command: 'cellar check' });
    await bundleTo(path);
  }, 5 * minutes);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds page, limits, metadata and raw bytes, and no address of a person', () => {
    const members = unzipSync(readFileSync(path));
    expect(Object.keys(members)).toEqual(
      expect.arrayContaining(['README.txt', 'report.html', 'records.json', 'targets/rd-fund.toml']),
    );
    expect(members['raw/lab/zplot/LLZO-01_Li-Li_T25.z']).toEqual(
      new Uint8Array(readFileSync(join(folder, 'lab', 'zplot', 'LLZO-01_Li-Li_T25.z'))),
    );
    expect(strFromU8(members['raw/lab/cellar.toml'] as Uint8Array)).toContain('file_name_patterns');
    for (const bytes of Object.values(members)) expect(strFromU8(bytes, true)).not.toContain('example.org');
  });

  it(
    'gives the same verdicts and page from its raw files, and the same bytes when it is made again',
    async () => {
      const found = await verifyBundle(path, { raw: undefined });
      expect(found.differences).toEqual([]);
      expect(found.verdicts).toBeGreaterThan(5);
      const zone = process.env.TZ;
      process.env.TZ = 'Asia/Tokyo';
      try {
        const again = join(folder, 'again.zip');
        await bundleTo(again);
        expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
      } finally {
        if (zone === undefined) delete process.env.TZ;
        else process.env.TZ = zone;
      }
    },
    5 * minutes,
  );

  it(
    'names a changed byte of a raw file, a changed number of the metadata and a removed exclusion',
    async () => {
      const { differences } = await verifyChanged(
        {
          'raw/lab/zplot/LLZO-01_Li-Li_T25.z': (text) =>
            text.replace(/(\d)(?=\s*$)/, (digit) => String((Number(digit) + 1) % 10)),
          'raw/lab/cells.csv': thicker,
          'records.json': withoutExclusion,
        },
        false,
      );
      for (const name of ['raw/lab/zplot/LLZO-01_Li-Li_T25.z', 'raw/lab/cells.csv', 'records.json']) {
        expect(differences).toContain(`${name} was changed: its SHA-256 is not that of the manifest`);
      }
      expect(differences.join('\n')).toMatch(
        /LLZO-03 left_out: stated "cracked at mounting", recomputed null/,
      );
    },
    5 * minutes,
  );

  it(
    'names what a change does where the manifest was made to agree',
    async () => {
      const { differences } = await verifyChanged({ 'raw/lab/cells.csv': thicker }, true);
      expect(differences.join('\n')).not.toContain('SHA-256');
      expect(differences.join('\n')).toMatch(/^LLZO\/\S+ .*value: stated [\d.]+, recomputed [\d.]+$/m);
      expect(differences).toContain('report.html: materials, cells or exclusions');
    },
    5 * minutes,
  );

  it('is compared to seven digits where the engine computes otherwise than the one that made it', async () => {
    const found = await verifyChanged({}, false, { arithmetic: 'of another engine' });
    expect(found).toMatchObject({ is_exact: false, differences: [] });
  });

  it(
    'has its page in the language that was asked for, and is verified in it',
    async () => {
      const chinese = join(folder, 'chinese.zip');
      await bundleTo(chinese, 'zh');
      const members = unzipSync(readFileSync(chinese));
      expect(JSON.parse(strFromU8(members['manifest.json'] as Uint8Array)).language).toBe('zh');
      expect(strFromU8(members['report.html'] as Uint8Array)).toContain('<html lang="zh-CN">');
      expect(members['verdicts.json']).toEqual(unzipSync(readFileSync(path))['verdicts.json']);
      expect((await verifyBundle(chinese, { raw: undefined })).differences).toEqual([]);
    },
    5 * minutes,
  );

  it('refuses paths that lead out of it', async () => {
    const members = unzipSync(readFileSync(path));
    const manifest = JSON.parse(strFromU8(members['manifest.json'] as Uint8Array));
    manifest.files[0].path = '../outside.txt';
    const evil = join(folder, 'evil.zip');
    writeFileSync(evil, zipSync({ 'manifest.json': strToU8(JSON.stringify(manifest)) }));
    await expect(verifyBundle(evil, { raw: undefined })).rejects.toThrow(/not a path inside the bundle/);
  });
});

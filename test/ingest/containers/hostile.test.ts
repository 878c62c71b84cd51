import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { hostileFiles } from '../../../scripts/fuzz/hostile.js';
import { runningSample } from '../../../scripts/sample-data/native/native.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';

/** Files that were made, or have rotted, so as to fill memory or never to end: each is refused with a sentence. */

const folder = mkdtempSync(join(tmpdir(), 'cellar-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function refusalOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const sniffed = await sniffFile(path);
  return sniffed.kind === 'refused' ? sniffed.refusal.message : `read as ${sniffed.recognition.format.id}`;
}

/** The generated workbook with some of its members changed. */
function workbookWith(changes: Record<string, (text: string) => string>): Uint8Array {
  const members = unzipSync(runningSample('neware-btsda.xlsx'));
  for (const [name, change] of Object.entries(changes)) {
    members[name] = strToU8(change(Buffer.from(members[name]!).toString('utf8')));
  }
  return zipSync(members, { level: 1 });
}

describe('archives', () => {
  it('that unpack without bounds', async () => {
    const bomb = zipSync({ 'xl/workbook.xml': new Uint8Array(66 << 20) }, { level: 1 });
    expect(await refusalOf(bomb)).toMatch(/unpacks to more than 100 times its size/);
  });

  it('of more files than an instrument writes', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`${at}`, new Uint8Array(0)]));
    expect(await refusalOf(zipSync(many, { level: 0 }))).toMatch(/more than 10000 files/);
  });

  it('with a member that is longer than it says', async () => {
    const bytes = Buffer.from(runningSample('neware.ndax'));
    const directory = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    bytes.writeUInt32LE(10, directory + 24);
    expect(await refusalOf(bytes)).toMatch(/damaged zip archive/);
  });
});

describe('workbooks', () => {
  it('that declare entities', async () => {
    const declared = (text: string) =>
      text.replace('<workbook', '<!DOCTYPE w [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook');
    expect(await refusalOf(workbookWith({ 'xl/workbook.xml': declared }))).toMatch(
      /declares its own entities/,
    );
  });

  it('with rows and cells that no sheet has', async () => {
    const sheet = 'xl/worksheets/sheet2.xml';
    const far = (text: string) => text.replace('<row r="3">', '<row r="4294967295">');
    expect(await refusalOf(workbookWith({ [sheet]: far }))).toMatch(/damaged: row 4294967295/);
    const wide = (text: string) => text.replace('r="A3"', 'r="ZZZZ3"');
    expect(await refusalOf(workbookWith({ [sheet]: wide }))).toMatch(/damaged: a cell named ZZZZ3/);
  });

  it('whose rows reach to the last column are not written out to it', async () => {
    const sheet = 'xl/worksheets/sheet2.xml';
    const reach = '<c r="XFD1"><v>1</v></c></row>';
    const rows = (text: string) => text.replaceAll('</row>', reach).replace(reach, '</row>');
    const path = join(folder, 'wide');
    writeFileSync(path, workbookWith({ [sheet]: rows }));
    const sniffed = await sniffFile(path);
    expect(sniffed.kind === 'readable' && sniffed.head.lines.join('').length).toBeLessThan(20_000);
    const all = (text: string) => text.replaceAll('</row>', reach);
    expect(await refusalOf(workbookWith({ [sheet]: all }))).toMatch(/has 16384 columns/);
  });
});

describe('disk', () => {
  it('is not filled by cells that repeat a long shared text', async () => {
    const members = unzipSync(runningSample('neware-btsda.xlsx'));
    const shared = Buffer.from(members['xl/sharedStrings.xml']!).toString('utf8');
    const count = shared.split('<si>').length - 1;
    const long = `<si><t>${'x'.repeat(1 << 20)}</t></si></sst>`;
    const row = `<row><c t="s"><v>${count}</v></c></row>`;
    const bytes = workbookWith({
      'xl/sharedStrings.xml': (text) => text.replace('</sst>', long),
      'xl/worksheets/sheet2.xml': (text) => text.replace('</sheetData>', `${row.repeat(100)}</sheetData>`),
    });
    expect(await refusalOf(bytes)).toMatch(/repeat a long text/);
  });
});

describe('memory', () => {
  const before = process.resourceUsage().maxRSS;

  it.each(hostileFiles(80))('$what', async ({ make, says }) => {
    expect(await refusalOf(make())).toMatch(says);
  });

  it('is taken by none of them without bounds', () => {
    // The largest is made here as well, of which a part stays.
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(450);
  });
});

describe('records', () => {
  it('with rows that point outside their page (arbin.res)', async () => {
    const bytes = Buffer.from(runningSample('arbin.res'));
    bytes.writeUInt16LE(0x1fff, 6 * 4096 + 14);
    expect(await refusalOf(bytes)).toMatch(/damaged/);
  });
});

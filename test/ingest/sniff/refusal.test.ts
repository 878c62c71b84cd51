import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { looksBinary, refusalOf } from '../../../src/ingest/sniff/refusal.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { temporaryFolder } from '../../cli/run.js';
import { projectRoot } from '../../shared-data.js';

/** A file that is no text is named, with what to do. */

it.each([
  ['raw Maccor', Buffer.concat([Buffer.from([0, 0, 0xa1, 1]), Buffer.alloc(400)])],
  ['MATLAB', Buffer.from('MATLAB 5.0 MAT-file, Platform: GLNXA64')],
  ['MATLAB', Buffer.from('MATLAB 7.3 MAT-file, Platform: PCWIN64')],
  ['SQLite', Buffer.from('SQLite format 3\0')],
  ['DuckDB', Buffer.from('\x01\x02\x03\x04\x05\x06\x07\x08DUCK@')],
  ['TDMS', Buffer.from('TDSm\x0e\0\0\0')],
  ['NumPy', Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])],
  ['7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
])('%s', (name, head) => {
  expect(refusalOf(head)).toMatchObject({ status: 'rejected', message: expect.stringContaining(name) });
});

it('zeros with a few numbers between them are no text; text padded with zeros is', () => {
  expect(looksBinary(`\u0001\0\u000e\0\u0001${'\0'.repeat(4000)}ab${'\0'.repeat(200)}`)).toBe(true);
  expect(
    looksBinary(`${'\0'.repeat(4000)}Time;Voltage;Current;Temperature;Capacity;Energy\n1;2;3;4;5;6\n`),
  ).toBe(false);
  expect(looksBinary('Time,Voltage\n1,2\n')).toBe(false);
});

const samples = join(projectRoot, 'sample-data', 'formats');

it.each([
  // sample, line of its header, what the vendor is called
  ['biologic-mpt/gcpl.mpt', 39, 'EC-Lab'],
  ['biologic-mpt/peis-two-sweeps.mpt', 48, 'EC-Lab'],
  ['biologic-mpt/bt-lab-timestamped.txt', 17, 'BT-Lab'],
  ['maccor-text/days.txt', 4, 'Maccor'],
  ['maccor-text/milliampere.txt', 5, 'Maccor'],
  ['maccor-text/seconds.041', 2, 'Maccor'],
  ['maccor-csv/client.csv', 3, 'Maccor'],
  ['maccor-fra/FMT-01.EDA0001.041', 11, 'Maccor'],
  ['digatron-csv/units-row.csv', 9, 'Digatron'],
  ['pec-csv/pec.csv', 16, 'PEC'],
  ['landt-csv/landt.csv', 7, 'LANDT'],
  ['basytec-text/basytec.txt', 11, 'Basytec'],
  ['novonix-csv/uhpc.csv', 20, 'Novonix'],
  ['chi-text/chi660e.txt', 14, 'CH Instruments'],
  ['gamry-dta/eispot.DTA', 12, 'Gamry'],
  ['autolab-dfr/autolab.dfr', 4, 'Autolab'],
  ['versastudio-par/versastudio.par', 17, 'VersaStudio'],
  ['zplot-z/zplot.z', 22, 'ZPlot'],
  ['novocontrol-txt/windeta.txt', 4, 'WinDETA'],
])('%s cut in its preamble is rejected by its name', async (sample, header, vendor) => {
  const lines = readFileSync(join(samples, sample), 'latin1').split('\n');
  const cut = join(temporaryFolder(), 'cut.txt');
  const isEnough = header > 3 ? [header - 1, Math.ceil(header / 2)] : [header - 1];
  for (const length of isEnough) {
    writeFileSync(cut, lines.slice(0, length).join('\n'), 'latin1');
    const found = await sniffFile(cut);
    expect(found).toMatchObject({ kind: 'refused', refusal: { status: 'rejected' } });
    expect(found.kind === 'refused' && found.refusal.message).toMatch(
      new RegExp(`${vendor}.*(ends before|no table)`, 'i'),
    );
  }
});

it('a text that only speaks of an instrument is ignored', async () => {
  const path = join(temporaryFolder(), 'notes.txt');
  writeFileSync(
    path,
    'Notes on the EC-Lab ASCII FILE of Monday\nThe Battery Name was wrong.\nBattery Name: 7\n',
  );
  expect(await sniffFile(path)).toMatchObject({ kind: 'refused', refusal: { status: 'ignored' } });
});

import { encode } from '../write/encode.js';
import { text } from '../write/text.js';

/** @typedef {import('../truth.js').SampleFile} SampleFile */

/**
 * What else lies in a laboratory's folders: a copy of an export, a log, notes.
 * @param {SampleFile[]} files the exports made so far
 * @returns {SampleFile[]}
 */
export function awkwardFiles(files) {
  return [secondExport(files), ecLabLog(), notes()];
}

/** The same bytes under another path. @param {SampleFile[]} files @returns {SampleFile} */
function secondExport(files) {
  const original = files.find(({ path }) => path === 'zplot/LPSC-04_25degC.z');
  if (!original) throw new Error('the export to copy is not there');
  return {
    path: 'zplot/usb-stick/LPSC-04_25degC.z',
    bytes: original.bytes,
    truth: { format: 'zplot-z', kind: 'impedance', status: 'duplicate', duplicate_of: original.path },
  };
}

/** @returns {SampleFile} */
function ecLabLog() {
  const lines = [
    'EC-Lab LOG FILE',
    '',
    'Potentio Electrochemical Impedance Spectroscopy',
    '',
    'Run on channel : 3 (SN 15265)',
    'Saved on :',
    '\tFile : LPSC-01_25degC_02_PEIS_C03.mpl',
    '2026-01-12 13:10:00 start of technique',
    '2026-01-12 13:11:14 end of technique',
  ];
  return {
    path: 'biologic/LPSC-01_25degC_02_PEIS_C03.mpl',
    bytes: encode(text(lines, '\r\n')),
    truth: { kind: 'log', status: 'ignored' },
  };
}

/** @returns {SampleFile} */
function notes() {
  const lines = [
    'Glove box 2, January: water 0.4 ppm, oxygen 0.3 ppm.',
    'LRMO-04 shorted, see cells.csv. Channel 5 recalibrated before LRMO-01.',
  ];
  return { path: 'notes.txt', bytes: encode(text(lines)), truth: { kind: 'notes', status: 'ignored' } };
}

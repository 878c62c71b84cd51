import { defineFormat, described, type FormatHook, type FoundTable } from './definition.js';

const tableLine = /^(ZCURVE|OCVCURVE|CURVE\d*|FRACURVE)\tTABLE/;

/** Finds the tables of an EXPLAIN file: a title line, the header, the units, then rows that begin with a TAB. */
const findTables: FormatHook = ({ lines }) => {
  const tables: FoundTable[] = [];
  const value = (tag: string) =>
    lines
      .find((line) => line.startsWith(`${tag}\t`))
      ?.split('\t')[2]
      ?.trim();
  const started = [value('DATE'), value('TIME')].filter((part) => part !== undefined).join(' ');
  const notes = lines.findIndex((line) => line.startsWith('NOTES\t'));
  const note = notes === -1 ? '' : (/^\t(.*\S)/.exec(lines[notes + 1] ?? '')?.[1] ?? '');
  for (let index = 0; index < lines.length; index++) {
    const title = tableLine.exec(lines[index]!);
    if (title === null) continue;
    const first = index;
    let last = first + 3;
    while (last < lines.length && lines[last]!.startsWith('\t')) last++;
    // The raw wave of one frequency, which an aborted run leaves after its spectrum, holds neither records nor
    // points.
    const isWave = title[1] === 'FRACURVE' && !lines[index + 1]!.includes('Zreal');
    const isImpedance = title[1] === 'ZCURVE' || title[1] === 'FRACURVE';
    index = last - 1;
    if (isWave) continue;
    tables.push({
      kind: isImpedance ? 'impedance' : 'timeseries',
      header: lines[first + 1]!.split('\t'),
      units: (lines[first + 2] ?? '').split('\t'),
      firstLine: first + 4,
      lastLine: last,
      ...(started === '' ? {} : { started_at: started }),
      ...(note === '' ? {} : { cell: note.trim() }),
    });
  }
  return tables;
};

/** Gamry Framework `.DTA`: settings, then one or more tables. */
export const gamryDta = defineFormat({
  id: 'gamry-dta',
  vendor: 'Gamry',
  title: 'Gamry Framework DTA (EIS, with its OCV curve)',
  evidence: 'recorded',
  software: ['Framework 7.05', 'Framework 7.9'],
  kind: 'mixed',
  delimiter: '\t',
  recognise: {
    lines: [
      { pattern: /^EXPLAIN\s*$/, within: 1 },
      { pattern: /^TAG\t/, within: 3 },
    ],
  },
  hook: findTables,
  defaultUnits: { time: 's', voltage: 'V', current: 'A', frequency: 'Hz', impedance: 'ohm' },
  columns: {
    vendor_record_index: ['Pt'],
    test_time_second: ['T', 'Time'],
    voltage_volt: ['Vf', 'Vdc'],
    current_ampere: [...described('Im'), 'Idc'],
    frequency_hertz: ['Freq'],
    real_impedance_ohm: ['Zreal'],
    imaginary_impedance_ohm: ['Zimag'],
  },
  ignored: [
    /^(Vm|Vu|Vsig|Ach|Over|Temp|Sig|IERange|Zsig|Zmod|Zphz|Z(real|imag|mod|phz)DrCor|VERange|Pwr|Q|Vfwd)/,
  ],
  dateOrder: 'month-first',
  sample: 'gamry-dta',
});

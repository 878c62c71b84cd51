import { defineFormat, type FormatHook, type FoundTable } from './definition.js';

const units = { time: 's', voltage: 'V', current: 'A', frequency: 'Hz', impedance: 'ohm', angle: 'deg' };

/** PARSTAT text: rows with frequency 0 are a direct-current time series, the others impedance points. */
export const parstatTxt = defineFormat({
  id: 'parstat-txt',
  vendor: 'Princeton Applied Research',
  title: 'PARSTAT / VersaStudio text table',
  evidence: 'recorded',
  kind: 'mixed',
  recognise: { header: [['Elapsed Time'], ['Frequency'], ['Zre'], ['Zim']] },
  defaultUnits: units,
  columns: {
    vendor_record_index: [{ name: 'Point', assumed: true }],
    test_time_second: ['Elapsed Time'],
    voltage_volt: ['Potential', { name: 'E', assumed: true }],
    current_ampere: ['Current', { name: 'I', assumed: true }],
    frequency_hertz: ['Frequency'],
    real_impedance_ohm: ['Zre'],
    imaginary_impedance_ohm: ['Zim'],
  },
  ignored: [/^\|[VIZ](ac)?\|/, /^Phase/, 'Segment', 'Status', /^[YCEI][ _]?(re|im|real|imag)\b/i],
  sign: 'signed',
  sample: 'parstat-txt',
});

/** Tables of a VersaStudio file: `Definition=` names the columns of the rows up to the end of its segment. */
const segmentTables: FormatHook = ({ lines }) => {
  const value = (key: string) =>
    lines
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .trim() ?? '';
  const started = `${value('DateAcquired')} ${value('TimeAcquired')}`.trim();
  const tables: FoundTable[] = [];
  for (let index = 0; index < lines.length; index++) {
    const columns = /^Definition=(.+)$/.exec(lines[index]!)?.[1];
    if (columns === undefined) continue;
    const end = lines.findIndex((line, at) => at > index && /^<\/?\w+>/.test(line));
    const lastLine = end === -1 ? lines.length : end;
    if (lastLine > index + 1) {
      tables.push({
        kind: 'mixed',
        header: columns.split(','),
        firstLine: index + 2,
        lastLine,
        ...(started === '' ? {} : { started_at: started }),
      });
    }
    index = lastLine - 1;
  }
  return tables;
};

/** VersaStudio `.par`: a tree of settings with one table in each segment. */
export const versastudioPar = defineFormat({
  id: 'versastudio-par',
  vendor: 'Princeton Applied Research',
  title: 'VersaStudio .par',
  evidence: 'described',
  kind: 'mixed',
  delimiter: ',',
  recognise: {
    lines: [
      { pattern: /^<Application>/, within: 5 },
      { pattern: /^Name=VersaStudio/, within: 10 },
    ],
  },
  hook: segmentTables,
  defaultUnits: units,
  columns: {
    vendor_record_index: ['Point #'],
    step_id: ['Segment #'],
    test_time_second: ['Elapsed Time'],
    voltage_volt: ['E'],
    current_ampere: ['I'],
    frequency_hertz: ['Frequency'],
    real_impedance_ohm: ['Z Real'],
    imaginary_impedance_ohm: ['Z Imag'],
  },
  ignored: [
    /^(E|I|Y|C) (Real|Imag)/,
    'Status',
    /^(ADC|Current Range|E Applied|E2|Aux|Sync)/i,
    /Status/,
    /^[ZYEI]2? /,
    /^[ZEI]2\b/,
    'ActionId',
    'AC Amplitude',
  ],
  sign: 'signed',
  dateOrder: 'month-first',
  sample: 'versastudio-par',
});

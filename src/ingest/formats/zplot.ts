import { defineFormat, type FormatHook } from './definition.js';

/** Z' and Z'' differ by one quote only, so their patterns are anchored. */
const impedanceColumns = {
  frequency_hertz: ['Freq'],
  real_impedance_ohm: [{ name: /^Z'\(a\)$/, unit: 'ohm' }],
  imaginary_impedance_ohm: [{ name: /^Z''\(b\)$/, unit: 'ohm' }],
  test_time_second: ['Time'],
};

const ignored = [/^(Ampl|Bias|GD|Err|Range)$/];

/** Header line, then rows until the file or the block ends. */
const zplotTables: FormatHook = ({ lines }) => {
  const end = lines.findIndex((line) => /^\s*End Comments/.test(line));
  if (end < 1) return [];
  const value = (key: string) =>
    lines
      .find((line) => line.trim().startsWith(key))
      ?.split(key)[1]
      ?.trim();
  const started = [value('Date:'), value('Time:')].filter((part) => part !== undefined).join(' ');
  const comments = lines.findIndex((line) => /^\s*Begin User Comments/.test(line));
  const comment = comments === -1 ? '' : (lines[comments + 1] ?? '').trim();
  return [
    {
      kind: 'impedance',
      header: lines[end - 1]!.split('\t'),
      firstLine: end + 2,
      lastLine: lines.length,
      ...(started === '' ? {} : { started_at: started }),
      ...(comment === '' || comment.startsWith('End User Comments') ? {} : { cell: comment }),
    },
  ];
};

/** ZView text: a quoted header line that contains Freq; the line above it declares the number of points. */
const zviewTables: FormatHook = ({ lines }) => {
  const at = lines.findIndex((line) => /Freq/.test(line) && /Z'/.test(line));
  if (at === -1) return [];
  const header = lines[at]!.replaceAll('"', '')
    .split(/\s*[,\t]\s*|\s{2,}/)
    .filter((name) => name !== '');
  return [{ kind: 'impedance', header, firstLine: at + 2, lastLine: lines.length }];
};

/** Scribner ZPlot `.z`: a comment block ended by "End Comments", the header just before that line. */
export const zplotZ = defineFormat({
  id: 'zplot-z',
  vendor: 'Scribner',
  title: 'ZPlot .z',
  evidence: 'recorded',
  software: ['ZPlot 3.2c'],
  kind: 'impedance',
  delimiter: '\t',
  recognise: { lines: [{ pattern: /^\s*ZPLOT2 ASCII/, within: 1 }] },
  hook: zplotTables,
  columns: impedanceColumns,
  defaultUnits: { time: 's', frequency: 'Hz' },
  ignored,
  dateOrder: 'month-first',
  sample: 'zplot-z',
});

/** ZView and Z60W text, which Autolab also writes. */
export const zviewText = defineFormat({
  id: 'zview-text',
  vendor: 'Scribner',
  title: 'ZView / Z60W text (also written by Autolab)',
  evidence: 'recorded',
  software: ['Metrohm Autolab Z60W export'],
  kind: 'impedance',
  delimiter: ',',
  recognise: { lines: [{ pattern: /^\s*"?(ZPlotW|Z60W) Data File/i, within: 1 }] },
  hook: zviewTables,
  columns: impedanceColumns,
  defaultUnits: { time: 's', frequency: 'Hz' },
  ignored,
  dateOrder: 'month-first',
  sample: 'zview-text',
});

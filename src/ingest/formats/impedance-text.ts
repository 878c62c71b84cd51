import { defineFormat, type FormatHook } from './definition.js';

const units = { time: 's', frequency: 'Hz', impedance: 'ohm', angle: 'deg' };

/** CH Instruments: the technique in line 2, a header with units after slashes, values separated by comma and blank. */
export const chiText = defineFormat({
  id: 'chi-text',
  vendor: 'CH Instruments',
  title: 'CH Instruments A.C. impedance text',
  evidence: 'recorded',
  software: ['CHI660E'],
  kind: 'impedance',
  delimiter: ',',
  recognise: {
    lines: [
      { pattern: /^\s*A\.C\. Impedance/i, within: 3 },
      { pattern: /^\s*Instrument Model:\s*CHI/, within: 12 },
    ],
    header: [[/^Freq\/Hz$/i]],
  },
  defaultUnits: units,
  columns: {
    frequency_hertz: ['Freq'],
    real_impedance_ohm: ["Z'"],
    imaginary_impedance_ohm: ['Z"', { name: "Z''", assumed: true }],
  },
  ignored: ['Z', 'Phase'],
  preamble: { started_at: [/^\s*([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\s+\d{1,2}:\d{2}:\d{2}.*)$/] },
  sample: 'chi-text',
});

/** Novocontrol WinDETA: sample and day-first date in line 1, the header within four lines. */
export const novocontrolTxt = defineFormat({
  id: 'novocontrol-txt',
  vendor: 'Novocontrol',
  title: 'Novocontrol WinDETA text',
  evidence: 'recorded',
  kind: 'impedance',
  recognise: {
    header: [[/^Freq\. ?\[Hz\]$/i], [/^Zs'+ ?\[/i]],
    opens: [/^Diameter ?\[mm\]:.*Thickness ?\[mm\]:/i, /^Fixed value\(s\)\s*:/i],
  },
  defaultUnits: units,
  columns: {
    frequency_hertz: ['Freq.'],
    real_impedance_ohm: ["Zs'"],
    imaginary_impedance_ohm: ["Zs''"],
  },
  ignored: [/^(Eps|Tan|Sig|Cp|Cs|M|Yp|Phase|\|Zs\|)/i],
  dateOrder: 'day-first',
  preamble: {
    started_at: [/,\s*(\d{1,2}\.\d{1,2}\.\d{4}, ?\d{1,2}:\d{2}(?::\d{2})?)/],
    temperature_celsius: [/Fixed value\(s\).*Temp\.?\s*\[.C\]\s*=\s*([-+\d.eE]+)/i],
  },
  sample: 'novocontrol-txt',
});

/** PowerSuite: three columns, ascending frequency, line ends CR CR LF. */
export const powersuiteTxt = defineFormat({
  id: 'powersuite-txt',
  vendor: 'Princeton Applied Research',
  title: 'PowerSuite text',
  evidence: 'described',
  kind: 'impedance',
  recognise: { header: [[/^Frequency$/], [/^Zre$/], [/^Zimg$/]] },
  defaultUnits: units,
  columns: {
    frequency_hertz: ['Frequency'],
    real_impedance_ohm: ['Zre'],
    imaginary_impedance_ohm: ['Zimg'],
  },
  sample: 'powersuite-txt',
});

/** `.P00`: the line below the header is the count of points. */
export const p00Text = defineFormat({
  id: 'p00-text',
  vendor: 'unknown',
  title: '.P00 impedance text',
  evidence: 'described',
  kind: 'impedance',
  recognise: { header: [[/^f\/Hz$/], [/^Z'\/Ohm$/i, /^-Z''\/Ohm$/i], [/^Edc\/V$/]] },
  header: { kind: 'row', linesBelow: 1 },
  defaultUnits: units,
  columns: {
    frequency_hertz: ['f'],
    real_impedance_ohm: ["Z'"],
    imaginary_impedance_ohm: [{ name: "-Z''", negate: true }],
    test_time_second: ['time'],
  },
  ignored: ['Edc', 'Idc'],
  dateOrder: 'day-first',
  preamble: { started_at: [/^\s*(\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}(?::\d{2})?)\s*$/] },
  sample: 'p00-text',
});

/** Zahner Thales text: modulus and phase, or real and imaginary part. */
export const zahnerText = defineFormat({
  id: 'zahner-text',
  vendor: 'Zahner',
  title: 'Zahner Thales impedance text',
  evidence: 'described',
  kind: 'impedance',
  recognise: { header: [[/^Number$/], [/^Frequency\/Hz$/i], [/^Impedance\/ohm$/i, /^R\/ohm$/i]] },
  defaultUnits: units,
  columns: {
    vendor_record_index: ['Number'],
    frequency_hertz: ['Frequency'],
    real_impedance_ohm: [{ name: 'R', assumed: true }],
    imaginary_impedance_ohm: [{ name: 'I', assumed: true }],
    absolute_impedance_ohm: ['Impedance'],
    phase_degree: ['Phase'],
    test_time_second: [{ name: 'time', assumed: true }],
  },
  ignored: [/^(Significance|Time|Potential|Current|U|E)\b/i],
  sample: 'zahner-text',
});

/** RelaxIS: names of columns after `Data:`, a line about the sample and its fit, then the numbers. */
export const relaxisTxt = defineFormat({
  id: 'relaxis-txt',
  vendor: 'rhd instruments',
  title: 'RelaxIS spectrum export',
  evidence: 'described',
  kind: 'impedance',
  recognise: {
    header: [[/^(Data: ?)Freq(uency)?\b/i], [/^(Data: ?)(-?Z'|Z_?re|Re ?\(?Z|\|Z\||Z''|Z\b)/i]],
    opens: [/^RelaxIS \d/i],
  },
  header: { kind: 'row', skipsText: true },
  defaultUnits: units,
  columns: {
    frequency_hertz: [{ name: /^Data: ?Freq(uency)?$/i, assumed: true }],
    real_impedance_ohm: [{ name: /^Data: ?(Z'|Z_?re|Re ?\(?Z\)?)$/i, assumed: true }],
    imaginary_impedance_ohm: [
      { name: /^Data: ?(Z''|Z_?im|Im ?\(?Z\)?)$/i, assumed: true },
      { name: /^Data: ?-(Z''|Z_?im|Im ?\(?Z\)?)$/i, negate: true, assumed: true },
    ],
    absolute_impedance_ohm: [{ name: /^Data: ?\|Z\|$/i, assumed: true }],
    phase_degree: [{ name: /^Data: ?(Theta|Phase) ?(\(Z\))?$/i, assumed: true }],
  },
  ignored: [/^(Data|Fit|Residuals?|Model)\b/i],
  dateOrder: 'month-first',
  preamble: { started_at: [/^Date:\s*(.+?)\s*$/i] },
});

const value = '[+-]?(?:\\d+[.,]?\\d*|[.,]\\d+)(?:[eE][+-]?\\d+)?';
const threeNumbers = new RegExp(`^\\s*${value}\\s+${value}\\s+${value}\\s*$`);

/** Text lines, the count of points, then rows of three numbers. */
const countedRows: FormatHook = ({ lines }) => {
  const at = lines.findIndex(
    (line, index) => /^\s*\d+\s*$/.test(line) && threeNumbers.test(lines[index + 1] ?? ''),
  );
  if (at === -1) return [];
  const header = ['f/Hz', "Z'/ohm", "Z''/ohm"];
  return [{ kind: 'impedance', header, firstLine: at + 2, lastLine: lines.length }];
};

/** Elchemea `.i2b`: a few lines of free text, the count of points, three columns without names. */
export const elchemeaI2b = defineFormat({
  id: 'elchemea-i2b',
  vendor: 'Elchemea',
  title: 'Elchemea .i2b',
  evidence: 'recorded',
  kind: 'impedance',
  delimiter: 'whitespace',
  recognise: {
    block: [
      {
        pattern: new RegExp(
          `^(?:[^\\n]*\\n){1,19}?[ \\t]*\\d+[ \\t]*\\n[ \\t]*${value}[ \\t]+${value}[ \\t]+${value}[ \\t]*(?:\\n|$)`,
        ),
        within: 22,
      },
    ],
  },
  hook: countedRows,
  columns: {
    frequency_hertz: ['f'],
    real_impedance_ohm: ["Z'"],
    imaginary_impedance_ohm: ["Z''"],
  },
  sample: 'elchemea-i2b',
});

import { dateParts, general, scientific, text, timeOfDay, two } from './text.js';

/** @typedef {import('../simulate/impedance.js').Spectrum} Spectrum */
/** @typedef {{started_at: number, comment?: string}} Run */

/** Scribner ZPlot .z. @param {Spectrum} spectrum @param {Run} run */
export function zplot(spectrum, run) {
  const { year, month, day } = dateParts(run.started_at);
  const head = [
    'ZPLOT2 ASCII',
    '  Measured Data, ZPlot:       3.2c',
    '  Experiment Type:            Sweep Frequency, Control Voltage',
    `  Date:                       ${two(month)}-${two(day)}-${year}`,
    `  Time:                       ${timeOfDay(run.started_at)}`,
    '  Open Circuit Potential (V): 0.0033',
    '  Begin User Comments:        1',
    `    ${run.comment ?? ''}`,
    '  End User Comments:          1',
    '  Begin Experiment:           0',
    '    Potential-DC:             0',
    '    Potential-AC:             10',
    `    vs Freq-Initial:          ${general(spectrum.points[0]?.frequency_hertz ?? 0, 7)}`,
    `    vs Freq-Final:            ${general(spectrum.points.at(-1)?.frequency_hertz ?? 0, 7)}`,
    '    vs Freq-Log Interval:     8',
    '  End Experiment:             0',
    '  Begin Information:          Cell Information',
    '    Surface Area:             1',
    '  End Information:            Cell Information',
    `  Data Points:                ${spectrum.points.length}`,
    "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange",
    'End Comments',
  ];
  const rows = spectrum.points.map((p) =>
    [
      scientific(p.frequency_hertz, 6, 2),
      scientific(0.01, 4, 2),
      scientific(0, 4, 2),
      scientific(p.time_second, 6, 2),
      scientific(p.real_impedance_ohm, 6, 2),
      scientific(p.imaginary_impedance_ohm, 6, 2),
      scientific(0, 4, 2),
      0,
      4,
    ].join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}

/** ZView text as Autolab writes it: quoted head, the number of points, then comma-separated rows. @param {Spectrum} spectrum */
export function zviewText(spectrum) {
  const head = [
    '"Z60W Data File: Version 1.1"',
    ...Array.from({ length: 7 }, () => '""'),
    `0,2,0,1,${general(spectrum.points.at(-1)?.frequency_hertz ?? 0, 5)},${general(spectrum.points[0]?.frequency_hertz ?? 0, 5)}`,
    String(spectrum.points.length),
    `"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range"`,
  ];
  const rows = spectrum.points.map((p) =>
    [
      general(p.frequency_hertz, 6),
      0,
      0,
      0,
      general(p.real_impedance_ohm, 15),
      general(p.imaginary_impedance_ohm, 15),
      0,
      0,
      0,
    ].join(','),
  );
  return text([...head, ...rows], '\r\n');
}

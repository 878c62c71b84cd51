/** Impedance exports of the rarer analysers. Imaginary parts have their real sign unless a header starts with a minus. */
import {
  dateParts,
  dayFirst,
  fixed,
  general,
  scientific,
  shortMonthFirstDate,
  text,
  timeOfDay,
  two,
} from './text.js';

/** @typedef {import('../simulate/impedance.js').Spectrum} Spectrum */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * Autolab .dfr: nine lines per point (frequency, Z', -Z'', potential, current, time, three more), dates after the data.
 * @param {Spectrum} spectrum @param {Run} run
 */
export function autolabDfr(spectrum, run) {
  const points = spectrum.points.flatMap((p) =>
    [
      p.frequency_hertz,
      p.real_impedance_ohm,
      -p.imaginary_impedance_ohm,
      0.0012,
      1.3e-7,
      p.time_second,
      0.01,
      0,
      0,
    ].map((x) => ` ${scientific(x, 6, 4)}`),
  );
  return text(
    [
      'VERSION8.0',
      String(spectrum.points.length),
      ' 1',
      ...points,
      shortMonthFirstDate(run.started_at),
      timeOfDay(run.started_at),
      run.cell_id,
    ],
    '\r\n',
  );
}

/**
 * PARSTAT text: a DC discharge (frequency 0) before the sweep in the same table.
 * @param {Spectrum} spectrum @param {{time_second: number, voltage_volt: number, current_ampere: number}[]} direct
 */
export function parstatText(spectrum, direct) {
  const header =
    'Potential (V)\tCurrent (A)\tElapsed Time (s)\tFrequency (Hz)\tZre (ohms)\tZim (ohms)\t|Vac| (V)\t|Iac| (A)\t';
  const dc = direct.map(
    (r) =>
      `${general(r.voltage_volt, 15)}\t${general(r.current_ampere, 15)}\t${general(r.time_second, 10)}\t0\t0\t0\t0\t0\t`,
  );
  const start = direct.at(-1)?.time_second ?? 0;
  const sweep = spectrum.points.map((p) =>
    [
      '3.49',
      '0',
      general(start + p.time_second, 10),
      general(p.frequency_hertz, 10),
      general(p.real_impedance_ohm, 15),
      general(p.imaginary_impedance_ohm, 15),
      general(0.005, 15),
      general(0.005 / p.modulus_ohm, 15),
      '',
    ].join('\t'),
  );
  return text([header, ...dc, ...sweep], '\r\n');
}

/** VersaStudio .par: the columns are listed in `Definition=` of a segment. @param {Spectrum} spectrum @param {Run} run */
export function versaStudioPar(spectrum, run) {
  const head = [
    '<Application>',
    'Name=VersaStudio',
    'Version=2.62.2',
    '</Application>',
    '<Instrument>',
    'Model=PARSTAT MC',
    '</Instrument>',
    '<Experiment>',
    `DateAcquired=${shortMonthFirstDate(run.started_at)}`,
    `TimeAcquired=${timeOfDay(run.started_at)}`,
    `Title=${run.cell_id}`,
    '</Experiment>',
    '<Segment1>',
    'Type=3',
    'Version=200',
    'Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), E Real, E Imag, I Real, I Imag, Z Real, Z Imag, Status',
  ];
  const rows = spectrum.points.map((p, k) =>
    [
      1,
      k,
      scientific(0.0012, 6, 3),
      scientific(1.2e-8, 6, 3),
      scientific(p.time_second, 6, 3),
      scientific(p.frequency_hertz, 6, 3),
      scientific(0.01, 6, 3),
      scientific(0, 6, 3),
      scientific((0.01 * p.real_impedance_ohm) / (p.modulus_ohm * p.modulus_ohm), 6, 3),
      scientific((-0.01 * p.imaginary_impedance_ohm) / (p.modulus_ohm * p.modulus_ohm), 6, 3),
      scientific(p.real_impedance_ohm, 9, 3),
      scientific(p.imaginary_impedance_ohm, 9, 3),
      0,
    ].join(','),
  );
  return text([...head, ...rows, '</Segment1>'], '\r\n');
}

/** PowerSuite text: low to high frequency, each line ended by CR CR LF. @param {Spectrum} spectrum */
export function powerSuiteText(spectrum) {
  const rows = [...spectrum.points]
    .reverse()
    .map((p) =>
      [p.frequency_hertz, p.real_impedance_ohm, p.imaginary_impedance_ohm]
        .map((x) => scientific(x, 6, 3))
        .join('\t '),
    );
  return text(['Frequency\t Zre\t Zimg', ...rows], '\r\r\n');
}

/** CH Instruments text. @param {Spectrum} spectrum @param {Run} run */
export function chInstrumentsText(spectrum, run) {
  const { day, monthName, year } = dateParts(run.started_at);
  const digits = (/** @type {number} */ x, /** @type {number} */ n) => x.toExponential(n);
  const head = [
    `${monthName?.slice(0, 3)}. ${day}, ${year}   ${timeOfDay(run.started_at)}`,
    'A.C. Impedance',
    `File: c:\\data\\${run.cell_id}.bin`,
    'Data Source:  Experiment',
    'Instrument Model:  CHI660E',
    'Header: ',
    'Note: ',
    '',
    'Init E (V) = 0',
    `High Frequency (Hz) = ${digits(spectrum.points[0]?.frequency_hertz ?? 0, 0)}`,
    'Amplitude (V) = 0.01',
    'Quiet Time (sec) = 2',
    '',
    'Freq/Hz, Z\'/ohm, Z"/ohm, Z/ohm, Phase/deg',
    '',
  ];
  const rows = spectrum.points.map((p) =>
    [
      digits(p.frequency_hertz, 3),
      digits(p.real_impedance_ohm, 4),
      digits(p.imaginary_impedance_ohm, 4),
      digits(p.modulus_ohm, 4),
      fixed(p.phase_degree, 1),
    ].join(', '),
  );
  return text([...head, ...rows], '\r\n');
}

/** Novocontrol WinDETA text: name and day-first date in line 1, padded numbers. @param {Spectrum} spectrum @param {Run} run */
export function novocontrolText(spectrum, run) {
  const head = [
    `${run.cell_id}_25deg, ${dayFirst(run.started_at).slice(0, 10)}, ${timeOfDay(run.started_at).slice(0, 5)}`,
    'Diameter[mm]: 1.000e+01  Thickness[mm]: 7.500e-01  Spacer Capacity[pF]: 0.000e+00  Edge Correction On',
    'Fixed value(s) :  AC Volt  [Vrms]=7.1000e-03  ',
    "     Freq.[Hz]\t      Zs'[ohm]\t     Zs''[ohm]",
  ];
  const rows = spectrum.points.map((p) =>
    [p.frequency_hertz, p.real_impedance_ohm, p.imaginary_impedance_ohm]
      .map((x) => scientific(x, 7, 2).replace('E', 'e').padStart(14))
      .join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}

/** Elchemea .i2b: five lines of text, the number of points, three columns between blanks. @param {Spectrum} spectrum @param {Run} run */
export function elchemeaI2b(spectrum, run) {
  const rows = spectrum.points.map((p) =>
    [p.frequency_hertz, p.real_impedance_ohm, p.imaginary_impedance_ohm].map((x) => general(x, 15)).join(' '),
  );
  return text([
    'Elchemea export',
    `cell ${run.cell_id}`,
    'two electrodes',
    'air',
    '',
    String(rows.length),
    ...rows,
  ]);
}

/** .P00: the number of points on the line after the header, exponents not normalised. @param {Spectrum} spectrum @param {Run} run */
export function p00Text(spectrum, run) {
  const engineering = (/** @type {number} */ x) => {
    const exponent = x === 0 ? 0 : Number(x.toExponential(0).split('e')[1]) - 1;
    const mantissa = exponent >= 0 ? x / Number(`1e${exponent}`) : x * Number(`1e${-exponent}`);
    return `${fixed(mantissa, 3)}e${exponent < 0 ? '-' : '+'}${two(Math.abs(exponent))}`.padStart(13);
  };
  const { year, month, day } = dateParts(run.started_at);
  const head = [
    `${run.cell_id}`,
    `${two(day)}-${two(month)}-${year} ${timeOfDay(run.started_at)}`,
    'amplitude 10 mV',
    '',
    " f/Hz\t Z'/Ohm\t -Z''/Ohm\t time/s\t Edc/V\t Idc/A",
    ` ${spectrum.points.length}`,
  ];
  const rows = spectrum.points.map((p) =>
    [p.frequency_hertz, p.real_impedance_ohm, -p.imaginary_impedance_ohm, p.time_second, 0.0012, 0]
      .map(engineering)
      .join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}

/** Ivium .idf: NUL bytes at both ends, settings, then `primary_data` with real, imaginary, frequency. @param {Spectrum} spectrum @param {Run} run */
export function iviumIdf(spectrum, run) {
  const nul = '\0'.repeat(12);
  const frequencies = spectrum.points.flatMap((p, k) => [
    `Frequencies.freq[${k + 1}]=${general(p.frequency_hertz, 7)}`,
    `Frequencies.amp[${k + 1}]=0.01`,
  ]);
  const rows = spectrum.points.map(
    (p) =>
      `${scientific(p.real_impedance_ohm, 5, 2)}  ${scientific(p.imaginary_impedance_ohm, 5, 2)}\t${scientific(p.frequency_hertz, 5, 2)} `,
  );
  return text(
    [
      `${nul}\u0007`,
      'Corrosion=false',
      `starttime=${shortMonthFirstDate(run.started_at)} ${timeOfDay(run.started_at)}`,
      'Method=Impedance',
      'Technique=Constant E',
      `Title=${run.cell_id}`,
      `Frequencies=${spectrum.points.length}`,
      ...frequencies,
      'Mconfig=0',
      '2         ',
      'Data Objects    ',
      '0         ',
      'primary_data    ',
      '3         ',
      `${String(spectrum.points.length).padEnd(10)}`,
      ...rows,
      '7         ',
      'osc_data        ',
      '2         ',
      '3         ',
      '1.00000E+05  4.11584E-05  3.71661E-04 ',
      '4.00000E+00  7.44146E-05  3.68467E-03 ',
      nul,
    ],
    '\r\n',
  );
}

/** Zahner text: modulus and phase. @param {Spectrum} spectrum */
export function zahnerText(spectrum) {
  const rows = spectrum.points.map((p, k) =>
    [
      k + 1,
      general(p.frequency_hertz, 7),
      scientific(p.modulus_ohm, 7, 2),
      scientific(p.phase_degree, 7, 2),
    ].join('\t'),
  );
  return text(['Number\tFrequency/Hz\tImpedance/ohm\tPhase/deg', ...rows], '\r\n');
}

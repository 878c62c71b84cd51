import {
  fixed,
  general,
  scientific,
  shortMonthFirstDate,
  text,
  timeOfDay,
  withDecimalComma,
} from './text.js';

/**
 * Gamry Framework .DTA of a potentiostatic sweep: explained settings, a short open-circuit curve, then ZCURVE.
 * On a computer with decimal comma every number of the file has one.
 *
 * @param {import('../simulate/impedance.js').Spectrum} spectrum
 * @param {{started_at: number, notes: string, area_cm2: number, decimal_comma?: boolean}} run
 */
export function gamryDta(spectrum, run) {
  const localised = run.decimal_comma ? withDecimalComma : (/** @type {string} */ line) => line;
  const first = spectrum.points[0]?.frequency_hertz ?? 0;
  const last = spectrum.points.at(-1)?.frequency_hertz ?? 0;
  const head = [
    'EXPLAIN',
    'TAG\tEISPOT',
    'TITLE\tLABEL\tPotentiostatic EIS\tTest &Identifier',
    `DATE\tLABEL\t${shortMonthFirstDate(run.started_at)}\tDate`,
    `TIME\tLABEL\t${timeOfDay(run.started_at)}\tTime`,
    'NOTES\tNOTES\t1\t&Notes...',
    `\t${run.notes}`,
    'PSTAT\tPSTAT\tREF600-12047\tPotentiostat',
    localised(`VDC\tPOTEN\t${scientific(0, 5)}\tT\tDC &Voltage (V)`),
    localised(`FREQINIT\tQUANT\t${scientific(first, 5)}\tInitial Fre&q. (Hz)`),
    localised(`FREQFINAL\tQUANT\t${scientific(last, 5)}\tFinal Fre&q. (Hz)`),
    localised(`PTSPERDEC\tQUANT\t${scientific(8, 5)}\tPoints/&decade`),
    localised(`VAC\tQUANT\t${scientific(10, 5)}\tAC &Voltage (mV rms)`),
    localised(`AREA\tQUANT\t${scientific(run.area_cm2, 5)}\t&Area (cm^2)`),
    localised(
      `DELAY\tTWOPARAM\tT\t${scientific(10, 5)}\t${scientific(0, 5)}\tInit. De&lay\tTime(s)\tStab.(mV/s)`,
    ),
    'SPEED\tSELECTOR\t1\t&Optimize for:',
    'DRIFTCOR\tSELECTOR\t0\t&Drift Correction',
    localised(`ZGUESS\tQUANT\t${scientific(100, 5)}\tE&stimated Z (ohms)`),
  ];
  const openCircuit = Array.from({ length: 4 }, (_, k) =>
    localised(
      `\t${k}\t${general(0.25 * (k + 1), 6)}\t${scientific(0.00118 + 1e-6 * k, 5)}\t${scientific(0.00118, 5)}\t${scientific(0.0003, 5)}\t...........\t-327.67`,
    ),
  );
  const sweep = spectrum.points.map((p, k) =>
    localised(
      [
        '',
        k,
        fixed(p.time_second, 0),
        general(p.frequency_hertz, 7),
        general(p.real_impedance_ohm, 7),
        general(p.imaginary_impedance_ohm, 7),
        1,
        general(p.modulus_ohm, 7),
        general(p.phase_degree, 7),
        scientific(2.2e-9, 6),
        general(0.0011872, 7),
        9,
      ].join('\t'),
    ),
  );
  return text(
    [
      ...head,
      'OCVCURVE\tTABLE\t4',
      '\tPt\tT\tVf\tVm\tAch\tOver\tTemp',
      '\t#\ts\tV vs. Ref.\tV\tV\tbits\tdeg C',
      ...openCircuit,
      localised(`EOC\tQUANT\t${general(0.0011832, 7)}\tOpen Circuit (V)`),
      'PSTATMODEL\tIQUANT\t87\tPstat Model',
      'CTRLMODE\tIQUANT\t1\tControl Mode',
      'FRAMEWORKVERSION\tLABEL\t7.9.0\tFramework Version',
      'ZCURVE\tTABLE',
      '\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange',
      '\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#',
      ...sweep,
    ],
    '\r\n',
  );
}

/** Rows of the open-circuit curve that precedes each sweep. */
export const OPEN_CIRCUIT_ROWS = 4;

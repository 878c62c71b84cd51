import { halfCycles } from './half-cycles.js';
import { monthFirst, scientific, text, withDecimalComma } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {import('../simulate/impedance.js').Spectrum} Spectrum */
/** @typedef {{started_at: number, file_name: string, channel: number, comment?: string, mass_mg?: number, area_cm2?: number,
 *   decimal_comma?: boolean}} Run */

const LINE_END = '\r\n';

/**
 * EC-Lab text: two fixed lines, the settings, the column header on the line whose number the second line gives.
 * The header line ends with a TAB, so it names one column more than there are values. Where the computer has a decimal
 * comma, settings and data have it too; dates and versions keep their points.
 * @param {string} technique @param {Run} run @param {string[]} settings @param {string[]} columns @param {string[][]} rows
 */
function ecLab(technique, run, settings, columns, rows) {
  const localised = run.decimal_comma ? withDecimalComma : (/** @type {string} */ line) => line;
  const preamble = [
    '',
    technique,
    '',
    `Run on channel : ${run.channel} (SN 15265)`,
    'User : ',
    'Electrode connection : standard',
    'Potential control : Ewe',
    localised('Ewe ctrl range : min = -5.00 V, max = 5.00 V'),
    'Safety Limits :',
    '\tDo not start on E overload',
    `Acquisition started on : ${monthFirst(run.started_at, 3)}`,
    `Technique started on : ${monthFirst(run.started_at, 3)}`,
    'Loaded Setting File :  NONE',
    'Saved on :',
    `\tFile : ${run.file_name.replace(/\.mpt$/, '.mpr')}`,
    '\tDirectory : C:\\Users\\lab\\Documents\\EC-Lab\\Data\\',
    '\tHost : 192.168.0.17',
    'Device : VMP-300 (SN 1083)',
    'Address : 192.168.0.18',
    'EC-Lab for windows v11.50 (software)',
    'Internet server v11.50 (firmware)',
    'Command interpretor v11.50 (firmware)',
    'Electrode material : ',
    'Initial state : ',
    'Electrolyte : ',
    `Comments : ${run.comment ?? ''}`,
    localised(`Electrode surface area : ${(run.area_cm2 ?? 0.001).toFixed(3)} cm²`),
    localised(`Characteristic mass : ${((run.mass_mg ?? 1) / 1000).toFixed(5)} g`),
    localised('Volume (V) : 0.001 cm³'),
    'Cycle Definition : Charge/Discharge alternance',
    ...settings.map(localised),
    '',
  ];
  const head = [
    'EC-Lab ASCII FILE',
    `Nb header lines : ${String(preamble.length + 3).padEnd(28)}`,
    ...preamble,
  ];
  return text(
    [...head, `${columns.join('\t')}\t`, ...rows.map((row) => localised(row.join('\t')))],
    LINE_END,
  );
}

/** Double precision column. @param {number} x */
const long = (x) => scientific(x, 15);
/** Single precision column. @param {number} x */
const short = (x) => scientific(x, 7);

/** @param {CyclerRecord} r */
const modeOf = (r) => ({ rest: 3, cv_charge: 2, cc_charge: 1, cc_discharge: 1 })[r.step_type];

/** Settings table of a sequence per program step, as wide as EC-Lab prints it. @param {CyclerRecord[]} records */
function sequenceTable(records) {
  const sequences = [...new Set(records.map((r) => r.step_id))].sort((a, b) => a - b);
  const row = (/** @type {string} */ name, /** @type {(n: number) => string} */ value) =>
    name.padEnd(20) + sequences.map((n) => value(n).padEnd(20)).join('');
  const typeOf = (/** @type {number} */ n) => records.find((r) => r.step_id === n)?.step_type;
  return [
    row('Ns', (n) => String(n - 1)),
    row('Set I/C', () => 'I'),
    row('I sign', (n) => (typeOf(n) === 'cc_discharge' ? '< 0' : '> 0')),
    row('I Range', () => '10 mA'),
    row('Bandwidth', () => '5'),
  ];
}

/**
 * Galvanostatic cycling. The current column is the mean since the previous record; energies follow the half cycle.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function biologicGcpl(records, run) {
  const columns =
    'mode,ox/red,error,Ns changes,Ns,time/s,dq/mA.h,(Q-Qo)/mA.h,Ewe/V,<I>/mA,half cycle,Q discharge/mA.h,Q charge/mA.h,cycle number';
  const rows = halfCycles(records).map(({ r, ...charge }, k) =>
    [
      modeOf(r),
      r.current_ampere > 0 ? 1 : 0,
      0,
      r.first_of_step && k > 0 ? 1 : 0,
      r.step_id - 1,
      long(r.test_time_second),
      long(1000 * charge.dq_ah),
      long(1000 * charge.net_ah),
      short(r.voltage_volt),
      short(1000 * r.current_ampere),
      charge.half,
      long(1000 * charge.discharge_ah),
      long(1000 * charge.charge_ah),
      long(r.cycle - 1),
    ].map(String),
  );
  return ecLab(
    'Galvanostatic Cycling with Potential Limitation',
    run,
    sequenceTable(records),
    columns.split(','),
    rows,
  );
}

/**
 * Potentiostatic impedance, one sweep or several (`cycle number` counts them from 1).
 * @param {Spectrum[]} spectra @param {Run} run
 */
export function biologicPeis(spectra, run) {
  const columns =
    'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,|Z|/Ohm,Phase(Z)/deg,time/s,<Ewe>/V,<I>/mA,Cs/µF,Cp/µF,cycle number,I Range,|Ewe|/V,|I|/A';
  const settings = [
    'Mode                Single sine         ',
    'E (V)               0.0000              ',
    'vs.                 Eoc                 ',
    'fi                  1.000               ',
    'unit fi             MHz                 ',
    'ff                  1.000               ',
    'unit ff             Hz                  ',
    'Nd                  8                   ',
    'Points              per decade          ',
    'spacing             Logarithmic         ',
    'Va (mV)             10.0                ',
    'pw                  0.10                ',
    'Na                  3                   ',
    `nc cycles           ${String(spectra.length - 1).padEnd(20)}`,
  ];
  let start = 0;
  const rows = spectra.flatMap((spectrum, sweep) => {
    const sweepStart = start;
    start += (spectrum.points.at(-1)?.time_second ?? 0) + 5;
    return spectrum.points.map((p) => {
      const omega = 2 * Math.PI * p.frequency_hertz;
      const reactance = -p.imaginary_impedance_ohm;
      return [
        short(p.frequency_hertz),
        short(p.real_impedance_ohm),
        short(reactance),
        short(p.modulus_ohm),
        short(p.phase_degree),
        long(sweepStart + p.time_second),
        short(0.0012),
        short(0),
        short(1e6 / (omega * reactance)),
        short((1e6 * reactance) / (omega * p.modulus_ohm * p.modulus_ohm)),
        long(sweep + 1),
        '41',
        short(0.01),
        short(0.01 / p.modulus_ohm),
      ];
    });
  });
  return ecLab('Potentio Electrochemical Impedance Spectroscopy', run, settings, columns.split(','), rows);
}

/**
 * Modulo Bat: cycling and a sweep in one table; `freq/Hz` = 0 marks the cycling rows, and one more row, right after
 * the sweep, shows I = 0 although current flows. The sweep goes into the first rest that follows a charge.
 * @param {CyclerRecord[]} records @param {Spectrum} spectrum @param {Run} run
 */
export function biologicModuloBat(records, spectrum, run) {
  const columns =
    'mode,ox/red,error,control changes,Ns changes,counter inc.,Ns,I Range,time/s,control/V/mA,Ewe/V,I/mA,dq/mA.h,(Q-Qo)/mA.h,freq/Hz,|Z|/Ohm,Phase(Z)/deg,' +
    'half cycle,z cycle,Re(Z)/Ohm,-Im(Z)/Ohm,Q discharge/mA.h,Q charge/mA.h,cycle number,P/W,R/Ohm';
  const sweepAfter = records.findIndex(
    (r) => r.step_type === 'rest' && r.last_of_step && r.in_test.charge_ah > 0,
  );
  const duration = spectrum.points.at(-1)?.time_second ?? 0;
  const rows = halfCycles(records).flatMap((charged, k) => {
    const after = k > sweepAfter;
    const time = charged.r.test_time_second + (after ? duration : 0);
    const sequence = charged.r.step_id - 1 + (after && charged.r.cycle === 1 ? 1 : 0);
    const row = moduloBatRow({ charged, sequence, time });
    if (k === sweepAfter + 1) {
      const switchedOn = moduloBatRow({
        charged: { ...charged, dq_ah: 0 },
        sequence,
        time: time - charged.r.step_time_second,
        current_hidden: true,
      });
      return [switchedOn, row];
    }
    if (k !== sweepAfter) return [row];
    const sweep = spectrum.points.map((point) =>
      moduloBatRow({
        charged: { ...charged, dq_ah: 0 },
        sequence: sequence + 1,
        time: time + point.time_second,
        point,
      }),
    );
    return [row, ...sweep];
  });
  return ecLab('Modulo Bat', run, sequenceTable(records), columns.split(','), rows);
}

/**
 * @param {{charged: import('./half-cycles.js').HalfCycleRecord, sequence: number, time: number, current_hidden?: boolean,
 *   point?: import('../simulate/impedance.js').SpectrumPoint}} row with a point: a row of the sweep
 */
function moduloBatRow({ charged: { r, ...charge }, sequence, time, current_hidden, point }) {
  const current = current_hidden || point ? 0 : 1000 * r.current_ampere;
  return [
    point ? 2 : modeOf(r),
    r.current_ampere > 0 ? 1 : 0,
    0,
    r.first_of_step ? 1 : 0,
    r.first_of_step ? 1 : 0,
    0,
    sequence,
    41,
    long(time),
    short(point ? 0.01 : 1000 * r.current_ampere),
    short(r.voltage_volt),
    short(current),
    long(1000 * charge.dq_ah),
    long(1000 * charge.net_ah),
    short(point?.frequency_hertz ?? 0),
    short(point?.modulus_ohm ?? 0),
    short(point?.phase_degree ?? 0),
    charge.half,
    point ? 1 : 0,
    short(point?.real_impedance_ohm ?? 0),
    short(point ? -point.imaginary_impedance_ohm : 0),
    long(1000 * charge.discharge_ah),
    long(1000 * charge.charge_ah),
    long(r.cycle - 1),
    short((current * r.voltage_volt) / 1000),
    short(0),
  ].map(String);
}

import {
  dateParts,
  daysHoursMinutesSeconds,
  fixed,
  later,
  monthFirst,
  monthFirstDate,
  text,
  timeOfDay,
  twelveHour,
  two,
  withDecimalComma,
} from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, file_name: string, procedure: string, comment?: string, channel?: number}} Run */

/** Letters of the state column. Current and counters are magnitudes: the letter alone tells the direction. */
const STATE = { rest: 'R', cc_charge: 'C', cv_charge: 'C', cc_discharge: 'D' };

/** Unsigned charge and energy since the step began. @param {CyclerRecord} r */
function inStep(r) {
  return {
    ah: r.in_step.charge_ah + r.in_step.discharge_ah,
    wh: r.in_step.charge_wh + r.in_step.discharge_wh,
  };
}

/** End status: 0 opens a step, 129 to 133 close it by time, current or voltage, 193 closes the test. */
function endStatus(/** @type {CyclerRecord} */ r, /** @type {boolean} */ lastOfTest) {
  if (lastOfTest) return 193;
  if (r.last_of_step) return r.step_type === 'rest' ? 129 : r.step_type === 'cv_charge' ? 132 : 133;
  return r.first_of_step ? 0 : 1;
}

/**
 * The export with a one-line preamble and times in seconds.
 * @param {CyclerRecord[]} records @param {Run} run @returns {string}
 */
export function maccorSeconds(records, run) {
  const head =
    `Today's Date ${monthFirstDate(later(run.started_at, 90 * 86400))}  Date of Test:\t${monthFirstDate(run.started_at)}\t` +
    ` Filename:\tC:\\Maccor\\Backup\\LAB-4\\${run.file_name} Procedure: ${run.procedure}\tComment/Barcode: ${run.comment ?? ''}`;
  const header =
    'Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time';
  const rows = records.map((r, k) =>
    [
      r.record_index,
      r.cycle - 1,
      r.step_id,
      fixed(r.test_time_second, 4),
      fixed(r.step_time_second, 4),
      fixed(inStep(r).ah, 10),
      fixed(inStep(r).wh, 10),
      fixed(Math.abs(r.current_ampere), 10),
      fixed(r.voltage_volt, 8),
      STATE[r.step_type],
      endStatus(r, k === records.length - 1),
      monthFirst(later(run.started_at, r.test_time_second)),
    ].join('\t'),
  );
  return text([head, header, ...rows], '\r\n');
}

/**
 * The export with a three-line preamble, times as days and clock, and signed current.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function maccorDays(records, run) {
  const { day, monthName, year } = dateParts(run.started_at);
  const head = [
    `Today's Date:\t14 December ${year}\tDate of Test:\t${two(day)} ${monthName} ${year}, ${twelveHour(run.started_at)}`,
    `    Filename:\t${run.file_name}\tTester Channel:\t${run.channel ?? 1}`,
    `Procedure:\t${run.procedure}\tDescription:`,
    'Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tACImp/Ohms\tDCIR/Ohms',
  ];
  const rows = records.map((r, k) =>
    [
      r.record_index,
      r.cycle - 1,
      r.step_id,
      daysHoursMinutesSeconds(r.test_time_second, 2),
      daysHoursMinutesSeconds(r.step_time_second, 2),
      fixed(inStep(r).ah, 5),
      fixed(inStep(r).wh, 5),
      fixed(r.current_ampere, 5),
      fixed(r.voltage_volt, 5),
      STATE[r.step_type],
      endStatus(r, k === records.length - 1),
      monthFirst(later(run.started_at, r.test_time_second)),
      '0.00000',
      '0.00000',
    ].join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}

/**
 * The re-saved export of a low-current tester: mA, mAh, millivolt under "Volts", 12-hour clock, a trailing TAB.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function maccorMilli(records, run) {
  const head = [
    `Today''s Date\t${monthFirstDate(run.started_at + 86400000 * 40)} 12:50:27 PM`,
    '',
    `Date of Test:\t${monthFirstDate(run.started_at)} ${twelveHour(run.started_at)}`,
    '',
    'Rec#\tCyc#\tStep\tTestTime\tStepTime\tmAmp-hr\tmWatt-hr\tmAmps\tVolts\tState\tES\tDPt Time\tUnnamed: 12',
  ];
  const rows = records.map((r, k) => {
    const clock = later(run.started_at, r.test_time_second);
    return [
      r.record_index,
      r.cycle - 1,
      r.step_id,
      daysHoursMinutesSeconds(r.test_time_second, 2),
      daysHoursMinutesSeconds(r.step_time_second, 2),
      fixed(inStep(r).ah * 1000, 6),
      fixed(inStep(r).wh * 1000, 6),
      fixed(r.current_ampere * 1000, 4),
      fixed(r.voltage_volt * 1000, 4),
      STATE[r.step_type],
      endStatus(r, k === records.length - 1),
      `${monthFirstDate(clock)} ${twelveHour(clock)}`,
      '',
    ].join('\t');
  });
  return text([...head, ...rows]);
}

/**
 * The export of a German computer: key and value lines, decimal comma, test time in minutes without saying so,
 * unsigned current, blank lines round the header.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function maccorMinutes(records, run) {
  const head = [
    `Name:\t${run.file_name}`,
    `Channel:\t${run.channel ?? 1}`,
    'Tester\tMaccor #4',
    `Procedure\t${run.procedure}`,
    `Description\t${run.comment ?? ''}`,
    `Started\t${monthFirst(run.started_at)}`,
    'SCap\t0,001',
    'C Rate\t0,001',
    'Ch. max. V\t6,00 V',
    'DisCh. min. V\t-5,00 V',
    'Ch. max. I\t0,150 A',
    'DisCh. max. I\t0,150 A',
    '',
    'Rec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\tVoltage [V]\tMd\tES\tDPT Time\tVAR1\tVAR2',
    '',
  ];
  const rows = records.map((r, k) =>
    [
      r.record_index,
      0,
      r.cycle,
      r.step_id,
      comma(r.test_time_second / 60, 6),
      comma(r.step_time_second / 60, 6),
      comma(inStep(r).ah, 8),
      comma(inStep(r).wh, 8),
      comma(Math.abs(r.current_ampere), 8),
      comma(r.voltage_volt, 4),
      STATE[r.step_type],
      endStatus(r, k === records.length - 1),
      monthFirst(later(run.started_at, r.test_time_second)),
      '0,0000',
      '0,0000',
    ].join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}

/** @param {number} x @param {number} decimals */
function comma(x, decimals) {
  return withDecimalComma(fixed(x, decimals));
}

/**
 * The MIMS client's csv: no state column, so the direction shows only in the sign of the current.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function maccorClientCsv(records, run) {
  const head = [
    `Today's Date ,${shortDate(run.started_at + 5 * 86400000)}`,
    `Date of Test:,${shortDate(run.started_at)} ${twelveHour(run.started_at)}`,
    'Rec,Cycle C,Step,Test Time (sec),Step Time (sec),Capacity,Energy,Current,Voltage,DPT Time,Temp 1',
  ];
  const rows = records.map((r) => {
    const clock = later(run.started_at, r.test_time_second);
    return [
      r.record_index,
      r.cycle,
      r.step_id,
      fixed(r.test_time_second, 4),
      fixed(r.step_time_second, 4),
      fixed(inStep(r).ah, 6),
      fixed(inStep(r).wh, 6),
      fixed(r.current_ampere, 5),
      fixed(r.voltage_volt, 5),
      `${shortDate(clock)} ${twelveHour(clock)}`,
      fixed(r.temperature_celsius, 4),
    ].join(',');
  });
  return text([...head, ...rows], '\r\n');
}

/** `23-Nov-23` @param {number} clock */
function shortDate(clock) {
  const { day, monthName, year } = dateParts(clock);
  return `${two(day)}-${monthName?.slice(0, 3)}-${two(year % 100)}`;
}

/**
 * The frequency response analyser's file beside a cycling file. "Polar(V)" holds the angular frequency, and rows
 * are shorter than the header.
 * @param {import('../simulate/impedance.js').Spectrum} spectrum @param {Run} run
 */
export function maccorFra(spectrum, run) {
  const { day, monthName, weekday, year } = dateParts(run.started_at);
  const head = [
    'MACCOR, INC.    AC Impedance Test',
    'Frequency Sweep:   Open Circut Voltage',
    `${run.procedure}FRA default`,
    run.file_name,
    'Line 4',
    'Line 5',
    `Start Date:  ${weekday}, ${monthName} ${day}, ${year} Start Time:   ${timeOfDay(run.started_at).slice(0, 5)}`,
    'Line 7',
    '0.0005  2  0  0  0  0  0  10  1000  1  10  0  0.1  1  0  3000  0  1  191  20  10  10  5  10000',
    '',
    "Freq(Hz)\tPolar(V)\ttime(sec)\tZ'(a)\tZ''(b)\tPhase_Angle\tZ-Mag\tC(F)\tStatus\tirg\tVMag\tIMag\tV-DC\tisg\trc\tvsc\tvsg\tvsp\tbl\tbf\tbhc\tufl\tufh\tblh",
    '',
  ];
  const rows = spectrum.points.map((p) =>
    [
      fixed(p.frequency_hertz, 5),
      fixed(2 * Math.PI * p.frequency_hertz, 6),
      fixed(p.time_second, 6),
      fixed(p.real_impedance_ohm, 6),
      fixed(p.imaginary_impedance_ohm, 6),
      fixed(p.phase_degree, 6),
      fixed(p.modulus_ohm, 6),
      '0.000000',
      '10.000000',
      '',
      '',
      '',
      '3.909893',
    ].join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}

import { fixed, general, hoursMinutesSeconds, isoDateTime, later, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, active_mass_gram?: number}} Run */

const STEP_WORDS = { rest: 'Rest', cc_charge: 'CC Chg', cv_charge: 'CV Chg', cc_discharge: 'CC DChg' };
const CHINESE_STEP_WORDS = {
  rest: '搁置',
  cc_charge: '恒流充电',
  cv_charge: '恒压充电',
  cc_discharge: '恒流放电',
};

/**
 * The flat record table; counters per step, times in whole seconds.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function newareFlat(records, run) {
  const header =
    'DataPoint,Cycle Index,Step Index,Step Type,Time,Cumulative Time,Current(A),Voltage(V),Capacity(Ah),' +
    'Spec. Cap.(mAh/g),Chg. Cap.(Ah),DChg. Cap.(Ah),Energy(Wh),Chg. Energy(Wh),DChg. Energy(Wh),Date,Power(W)';
  const rows = records.map((r) =>
    [
      r.record_index,
      r.cycle,
      r.step_id,
      STEP_WORDS[r.step_type],
      hoursMinutesSeconds(r.step_time_second),
      hoursMinutesSeconds(r.test_time_second),
      fixed(r.current_ampere, 8),
      fixed(r.voltage_volt, 4),
      general(inStep(r).ah, 9),
      run.active_mass_gram ? fixed((1000 * inStep(r).ah) / run.active_mass_gram, 2) : '0.00',
      fixed(r.in_step.charge_ah, 9),
      fixed(r.in_step.discharge_ah, 9),
      fixed(inStep(r).wh, 9),
      fixed(r.in_step.charge_wh, 9),
      fixed(r.in_step.discharge_wh, 9),
      isoDateTime(later(run.started_at, r.test_time_second)),
      fixed(r.current_ampere * r.voltage_volt, 8),
    ].join(','),
  );
  return text([header, ...rows]);
}

/**
 * The Chinese client's flat table in mA and mAh, one trailing comma per line.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function newareChinese(records, run) {
  const header =
    '数据序号,循环号,工步号,工步类型,时间,总时间,电流(mA),电压(V),容量(mAh),充电容量(mAh),放电容量(mAh),能量(mWh),绝对时间,';
  const rows = records.map((r) =>
    [
      r.record_index,
      r.cycle,
      r.step_id,
      CHINESE_STEP_WORDS[r.step_type],
      hoursMinutesSeconds(r.step_time_second),
      hoursMinutesSeconds(r.test_time_second),
      fixed(1000 * r.current_ampere, 5),
      fixed(r.voltage_volt, 4),
      fixed(1000 * inStep(r).ah, 6),
      fixed(1000 * r.in_step.charge_ah, 6),
      fixed(1000 * r.in_step.discharge_ah, 6),
      fixed(1000 * inStep(r).wh, 6),
      isoDateTime(later(run.started_at, r.test_time_second)),
      '',
    ].join(','),
  );
  return text([header, ...rows], '\r\n');
}

/**
 * The layered export: cycle rows, step rows and record rows interleaved, a cycle's first step row glued to its cycle row.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function newareLayered(records, run) {
  const lines = [
    'Cycle Index,Chg. Cap.(Ah),DChg. Cap.(Ah),Chg.-DChg. Eff(%),Chg. Energy(Wh),DChg. Energy(Wh),Chg. Time,DChg. Time',
    ',Step Index,Step Number,Step Type,Step Time,Capacity(Ah),Energy(Wh),Oneset Volt.(V),End Voltage(V)',
    ',,DataPoint,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Energy(Wh),Date,Power(W)',
  ];
  for (const steps of groupBy(
    groupBy(records, (r) => r.step_count),
    (step) => step[0]?.cycle,
  )) {
    steps.forEach((step, k) => {
      const stepRow = layeredStepRow(step);
      lines.push(k === 0 ? `${layeredCycleRow(steps.flat())},${stepRow}` : `,${stepRow}`);
      for (const r of step) lines.push(layeredRecordRow(r, run));
    });
  }
  return text(lines, '\r\n');
}

/** @param {CyclerRecord[]} records of one cycle */
function layeredCycleRow(records) {
  const last = /** @type {CyclerRecord} */ (records.at(-1));
  const { charge_ah, discharge_ah, charge_wh, discharge_wh } = last.in_cycle;
  const time = (/** @type {string} */ direction) =>
    records.reduce(
      (s, r) => s + (r.last_of_step && r.step_type.endsWith(direction) ? r.step_time_second : 0),
      0,
    );
  return [
    last.cycle,
    fixed(charge_ah, 9),
    fixed(discharge_ah, 9),
    fixed(charge_ah > 0 ? (100 * discharge_ah) / charge_ah : 0, 2),
    fixed(charge_wh, 9),
    fixed(discharge_wh, 9),
    hoursMinutesSeconds(time('_charge')),
    hoursMinutesSeconds(time('_discharge')),
  ].join(',');
}

/** @param {CyclerRecord[]} step */
function layeredStepRow(step) {
  const first = /** @type {CyclerRecord} */ (step[0]);
  const last = /** @type {CyclerRecord} */ (step.at(-1));
  return [
    last.step_id,
    last.step_count,
    STEP_WORDS[last.step_type],
    hoursMinutesSeconds(last.step_time_second),
    fixed(inStep(last).ah, 9),
    fixed(inStep(last).wh, 9),
    fixed(first.voltage_volt, 4),
    fixed(last.voltage_volt, 4),
  ].join(',');
}

/** @param {CyclerRecord} r @param {Run} run */
function layeredRecordRow(r, run) {
  return [
    '',
    '',
    r.record_index,
    hoursMinutesSeconds(r.step_time_second),
    hoursMinutesSeconds(r.test_time_second),
    fixed(r.current_ampere, 8),
    fixed(r.voltage_volt, 4),
    fixed(inStep(r).ah, 9),
    fixed(inStep(r).wh, 9),
    isoDateTime(later(run.started_at, r.test_time_second)),
    fixed(r.current_ampere * r.voltage_volt, 8),
  ].join(',');
}

/** @param {CyclerRecord} r */
function inStep(r) {
  return {
    ah: r.in_step.charge_ah + r.in_step.discharge_ah,
    wh: r.in_step.charge_wh + r.in_step.discharge_wh,
  };
}

/**
 * Runs of equal key, in order.
 * @template T
 * @param {T[]} items @param {(item: T) => unknown} keyOf @returns {T[][]}
 */
function groupBy(items, keyOf) {
  /** @type {T[][]} */
  const groups = [];
  items.forEach((item, k) => {
    const previous = items[k - 1];
    if (previous === undefined || keyOf(previous) !== keyOf(item)) groups.push([]);
    groups.at(-1)?.push(item);
  });
  return groups;
}

import { defineFormat, described, type FormatInput } from './definition.js';

const states = {
  charge: /(\bChg\b|Charge$|充电)(?!.*DChg)/i,
  discharge: /(\bDChg\b|Discharge$|放电)/i,
  rest: /^(Rest|Pause|End|OCV|搁置|静置|暂停)$/i,
};

const ignored = [
  /Spec\. /,
  /比容量/,
  /^Power/,
  /功率/,
  /^dQm?\/dV/,
  /Contact resistance/,
  /接触电阻/,
  /Module start-stop switch/,
  /模块启停开关/,
  'SOC/DOD',
  'LgD',
  /Step start and end identification/,
  /工步开始结束标识/,
  /^Accumulated/,
  /^V\d+\(/,
  /^[TC]\d*(PU\d*)?\(/,
  /^CPU/,
  /^Aux\./,
  /DCIR/,
  /^Temperature/,
  /^温度/,
];

const units = { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' };

/** Neware BTSDA flat record table, English or Chinese header. */
const flat = {
  id: 'neware-flat',
  vendor: 'Neware',
  title: 'Neware CSV, one record per line (BTSDA)',
  evidence: 'recorded',
  software: ['BTSDA 8.0', 'Chinese header (described)'],
  kind: 'timeseries',
  recognise: {
    header: [
      ['DataPoint', 'Data Point', '数据序号', '记录序号'],
      ['Step Type', '工步类型', 'Step Index', '工步号'],
      [/^Current ?\(/, /^电流/, 'Capacity', '容量', 'Total Time', 'Cumulative Time', '总时间'],
    ],
    without: ['channel_index', 'Charge_Capacity', /^Test[_ ]Time/],
  },
  defaultUnits: units,
  columns: {
    vendor_record_index: ['DataPoint', '数据序号', { name: '记录序号', assumed: true }],
    vendor_cycle_count: ['Cycle Index', '循环号', { name: '循环序号', assumed: true }],
    step_id: ['Step Index', '工步号'],
    vendor_step_count: ['Step Count', ...described('Step Number', '工步序号')],
    vendor_step_type: ['Step Type', '工步类型'],
    test_time_second: ['Total Time', 'Cumulative Time', '总时间', { name: '测试时间', assumed: true }],
    step_time_second: [{ name: /^Time$/, unit: 's' }, '时间'],
    date_time: ['Date', '绝对时间'],
    current_ampere: ['Current', '电流'],
    voltage_volt: ['Voltage', '电压'],
    charging_capacity_ah: ['Chg. Cap.', '充电容量'],
    discharging_capacity_ah: ['DChg. Cap.', '放电容量'],
    capacity_ah: ['Capacity', '容量'],
    charging_energy_wh: ['Chg. Energy', ...described('充电能量')],
    discharging_energy_wh: ['DChg. Energy', ...described('放电能量')],
    energy_wh: ['Energy', '能量'],
    ambient_temperature_celsius: [
      { name: /^T1 ?\(.{1,3}\)$/, unit: '°C' },
      { name: 'Temperature', assumed: true },
      { name: '温度', assumed: true },
    ],
  },
  ignored,
  sign: 'signed',
  states,
  counters: 'step',
  dateOrder: 'none',
  sample: 'neware-flat',
} satisfies FormatInput;

export const newareFlat = defineFormat(flat);

/** The same columns without record numbers, as in tables that were made from those of BTSDA. */
export const newareTable = defineFormat({
  ...flat,
  id: 'neware-table',
  title: 'Neware table without record numbers (Parquet of a BTSDA export)',
  software: [],
  recognise: { header: [['Cycle Index'], ['Step Type'], ['Total Time'], ['Voltage'], ['Current']] },
  sample: undefined,
});

const duration = (name: string) => ({
  name: new RegExp(`^${name}\\((h:min:s\\.ms|hh?:mm:ss(\\.[sf]+)?)\\)$`),
  unit: 's',
  assumed: true,
});

/** Record tables of older Neware software: `Record ID`, `Realtime`, `Capacitance_Chg(mAh)` and their kin. */
export const newareOlder = defineFormat({
  id: 'neware-older',
  vendor: 'Neware',
  title: 'Neware CSV of older software (Record ID, Realtime, Capacitance_Chg)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: {
    header: [
      ['Record ID', 'Record number', 'DataPoint', 'Data Point', '记录序号', '数据序号'],
      ['Step ID', 'Status', 'Step Type', 'Step', 'Cycle ID', 'Cycle', '工步号', '工步类型', '步次'],
      [/^Cur(rent)? ?\(/, /^电流/, /^Capa/i, '容量', /^(Relative )?Time\(/, /^总时间/],
    ],
    without: ['channel_index', 'Charge_Capacity', /^Test[_ ]Time/, 'Step State'],
  },
  defaultUnits: units,
  columns: {
    vendor_record_index: described('Record ID', 'Record number', 'DataPoint', 'Data Point', '记录序号'),
    vendor_cycle_count: described('Cycle ID', 'Cycle Index', 'Cycle', '循环'),
    step_id: described('Step ID', 'Step Index', 'Step', 'Steps', '工步号', '步次'),
    vendor_step_type: described('Step Type', 'Status', 'State', '工步类型', '状态'),
    test_time_second: described('Total Time', 'Cumulative Time', 'Test Time', '总时间'),
    step_time_second: [
      duration('Time'),
      duration('Relative Time'),
      duration('相对时间'),
      ...described('Relative Time', 'Step Time', '时间', '相对时间'),
      { name: /^Time$/, unit: 's', assumed: true },
    ],
    date_time: described(
      'Realtime',
      /^Real ?[Tt]ime ?\(/,
      'Real Time',
      /^Date ?\(h:min:s\.ms\)$/,
      'Absolute Time',
      'DateTime',
      'Date',
      '绝对时间',
    ),
    current_ampere: described('Current', 'Cur', '电流'),
    voltage_volt: described('Voltage', 'Volt', '电压'),
    charging_capacity_ah: described('Capacitance_Chg', 'Charge Capacity', 'Chg. Cap.', 'Capacity_Chg'),
    discharging_capacity_ah: described(
      'Capacitance_DChg',
      'Discharge Capacity',
      'DChg. Cap.',
      'Capacity_DChg',
    ),
    capacity_ah: described('CapaCity', '容量'),
    charging_energy_wh: described('Engy_Chg', 'Charge Energy', 'Chg. Energy'),
    discharging_energy_wh: described('Engy_DChg', 'Discharge Energy', 'DChg. Energy'),
    energy_wh: described('Energy', '能量'),
    ambient_temperature_celsius: described('Temperature', 'Temperature 1', '温度', /^T1 ?\(.{1,3}\)$/),
  },
  ignored: [...ignored, /Density|CmpEng|^(Min|Max|Avg)-T/, 'Jump', '跳转'],
  sign: 'signed',
  states,
  counters: 'step',
  dateOrder: 'none',
});

const ownRecords = {
  vendor: 'Neware',
  evidence: 'recorded' as const,
  kind: 'timeseries' as const,
  delimiter: '\t' as const,
  defaultUnits: units,
  columns: {
    vendor_record_index: ['DataPoint'],
    vendor_cycle_count: ['Cycle Index'],
    step_id: ['Step Index'],
    vendor_step_count: ['Step Number'],
    vendor_step_type: ['Step Type'],
    test_time_second: ['Total Time'],
    step_time_second: [{ name: /^Time$/, unit: 's' }],
    unix_time_second: ['Unix Time'],
    date_time: ['Date'],
    current_ampere: ['Current'],
    voltage_volt: ['Voltage'],
    charging_capacity_ah: ['Chg. Cap.'],
    discharging_capacity_ah: ['DChg. Cap.'],
    charging_energy_wh: ['Chg. Energy'],
    discharging_energy_wh: ['DChg. Energy'],
    ambient_temperature_celsius: [{ name: /^T1 ?\(°C\)$/, unit: '°C' }],
  },
  ignored: [...ignored, /^[VTIH]\d+/],
  sign: 'signed' as const,
  states,
  counters: 'step' as const,
  dateOrder: 'none' as const,
  preamble: { started_at: [/^Started: (.+)$/], channel: [/^Channel: (.+)$/] },
};

/** `.nda`: the stored cycle number counts loops of the programme; BTSDA may show its own recount. */
export const newareNda = defineFormat({
  ...ownRecords,
  id: 'neware-nda',
  title: 'Neware .nda (BTS 5 to 9)',
  software: ['nda 8, 22, 23, 26, 29, 130'],
  recognise: {
    lines: [{ pattern: /^Records of a Neware \.nda file$/, within: 1 }],
    header: [['DataPoint'], ['Step Type']],
  },
});

/** `.ndax`, with clock and counters filled between the entries of times as BTSDA does. */
export const newareNdax = defineFormat({
  ...ownRecords,
  id: 'neware-ndax',
  title: 'Neware .ndax (BTS 8 and others)',
  software: ['ndc 2, 5, 14, 16, 17', 'ndc 4, 8, 11, 12 (described)'],
  recognise: {
    lines: [{ pattern: /^Records of a Neware \.ndax file$/, within: 1 }],
    header: [['DataPoint'], ['Step Type']],
  },
});

/** Repower: Neware's layout with a step state and a relative time in seconds or hours. */
export const repowerCsv = defineFormat({
  id: 'repower-csv',
  vendor: 'Repower',
  title: 'Repower CSV (Step State, System Time)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: { header: [['Record ID', 'Cycle ID'], ['Step State'], ['System Time', 'Relative Time']] },
  defaultUnits: units,
  columns: {
    vendor_record_index: described('Record ID'),
    vendor_cycle_count: described('Cycle ID'),
    step_id: described('Step ID'),
    vendor_step_type: described('Step State'),
    step_time_second: described('Relative Time'),
    date_time: described('System Time'),
    current_ampere: described('Current'),
    voltage_volt: described('Voltage'),
    capacity_ah: described('Capacity'),
    energy_wh: described('Energy'),
    ambient_temperature_celsius: [{ name: /^MTV\S*/, unit: '°C', assumed: true }],
  },
  ignored: [...ignored, /^MTV/, /Resistance|Power|SCapacity|SEnergy/i],
  sign: 'signed',
  states,
  counters: 'step',
  dateOrder: 'none',
});

const records = ['DataPoint', 'Data Point', '数据序号', '记录序号', 'Record ID', 'Record number'];
const sheet = {
  vendor: 'Neware',
  evidence: 'described' as const,
  kind: 'summary' as const,
  defaultUnits: units,
  columns: {
    vendor_cycle_count: described('Cycle Index', 'Cycle ID', '循环号', '循环序号'),
    step_id: described('Step Index', 'Step ID', '工步号'),
    charging_capacity_ah: described('Chg. Cap.', 'Charge Capacity', '充电容量'),
    discharging_capacity_ah: described('DChg. Cap.', 'Discharge Capacity', '放电容量'),
    charging_energy_wh: described('Chg. Energy', 'Charge Energy', '充电能量'),
    discharging_energy_wh: described('DChg. Energy', 'Discharge Energy', '放电能量'),
  },
  ignored: [/./],
  counters: 'cycle' as const,
};

/** The cycle sheet of a BTSDA workbook, saved as a file of its own. */
export const newareCycles = defineFormat({
  ...sheet,
  id: 'neware-cycles',
  title: 'Neware cycle sheet (summary)',
  recognise: {
    header: [
      [/^Cycle (Index|ID)$/, '循环号', '循环序号'],
      ['Chg. Cap.', '充电容量', 'Chg. Spec. Cap.', '充电比容量'],
      ['DChg. Cap.', '放电容量', 'DChg. Spec. Cap.', '放电比容量'],
    ],
    without: [...records, 'Step Index', 'Step ID', 'Step Type', '工步号', '工步类型', 'Voltage', '电压'],
  },
});

/** The step sheet of a BTSDA workbook: one line per step, from its onset to its end. */
export const newareSteps = defineFormat({
  ...sheet,
  id: 'neware-steps',
  title: 'Neware step sheet (summary)',
  recognise: {
    header: [
      ['Step Index', 'Step Number', 'Step ID', '工步号', '工步序号'],
      ['Step Type', '工步类型'],
      [/^(Ones?et|Onset|Start|End) ?(Date|Volt|Time|Current)/i, /^(起始|结束)/],
    ],
    without: records,
  },
});

/** Neware layered export: cycle rows, step rows and record rows interleaved; the first step row may be glued to its cycle row. */
export const newareLayered = defineFormat({
  id: 'neware-layered',
  vendor: 'Neware',
  title: 'Neware CSV, cycle, step and record rows interleaved (BTSDA)',
  evidence: 'recorded',
  software: ['BTSDA 8.0'],
  kind: 'timeseries',
  layered: true,
  recognise: {
    lines: [
      { pattern: /^"?(Cycle Index|循环号|循环序号)/, within: 1 },
      { pattern: /^,"?(Step Index|工步号)/, within: 3 },
      { pattern: /^,,"?(DataPoint|数据序号|记录序号)/, within: 4 },
    ],
    header: [['DataPoint', '数据序号', '记录序号']],
  },
  defaultUnits: units,
  columns: {
    vendor_record_index: ['DataPoint', '数据序号', ...described('记录序号')],
    test_time_second: ['Total Time', 'Cumulative Time', '总时间'],
    step_time_second: [{ name: /^Time$/, unit: 's' }, '时间'],
    date_time: ['Date', '绝对时间'],
    current_ampere: ['Current', '电流'],
    voltage_volt: ['Voltage', '电压'],
    charging_capacity_ah: ['Chg. Cap.', '充电容量'],
    discharging_capacity_ah: ['DChg. Cap.', '放电容量'],
    capacity_ah: ['Capacity', '容量'],
    charging_energy_wh: ['Chg. Energy', ...described('充电能量')],
    discharging_energy_wh: ['DChg. Energy', ...described('放电能量')],
    energy_wh: ['Energy', '能量'],
    ambient_temperature_celsius: [{ name: /^T1\(.{1,3}\)$/, unit: '°C' }],
  },
  ignored,
  sign: 'signed',
  states,
  counters: 'step',
  dateOrder: 'none',
  sample: 'neware-layered',
});

import { defineFormat, described } from './definition.js';
import { stateWords } from './states.js';

const units = { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' };

/** LANDT / LAND table as published: the record number is called `channel_index`, the "ISO" date is month-first. */
export const landtCsv = defineFormat({
  id: 'landt-csv',
  vendor: 'LANDT',
  title: 'LANDT CSV as published (channel_index, step_name)',
  evidence: 'recorded',
  kind: 'timeseries',
  recognise: {
    header: [['channel_index'], ['step_name', 'date_time_iso_string'], ['cycle_index', 'step_index']],
    opens: [/^"?cell model:/i],
  },
  defaultUnits: units,
  columns: {
    vendor_record_index: ['channel_index'],
    vendor_cycle_count: ['cycle_index'],
    step_id: ['step_index'],
    vendor_step_type: ['step_name'],
    date_time: ['date_time_iso_string'],
    test_time_second: ['test_time'],
    step_time_second: ['step_time'],
    current_ampere: ['current'],
    voltage_volt: ['voltage'],
    charging_capacity_ah: ['charge_capacity'],
    discharging_capacity_ah: ['discharge_capacity'],
    charging_energy_wh: ['charge_energy'],
    discharging_energy_wh: ['discharge_energy'],
    ambient_temperature_celsius: ['temperature_1'],
  },
  ignored: [/^Pressure/i, /^temperature_\d/],
  sign: 'signed',
  states: stateWords,
  counters: 'step',
  dateOrder: 'month-first',
  preamble: { cell: [/^"?cell id:\s*([^,;"]+)/i] },
  sample: 'landt-csv',
});

/** LANDT text in Maccor's layout; `DPt-Time` with a hyphen distinguishes them. */
export const landtText = defineFormat({
  id: 'landt-text',
  vendor: 'LANDT',
  title: 'LANDT text export (DPt-Time)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: { header: [[/^DPt-Time$/], ['Rec#', 'Cyc#', /^Step$/]] },
  defaultUnits: units,
  columns: {
    vendor_record_index: [{ name: 'Rec#', assumed: true }],
    vendor_cycle_count: [{ name: 'Cyc#', assumed: true }],
    test_time_second: [{ name: 'Test', needsUnit: true, assumed: true }],
    step_time_second: [{ name: 'Step', needsUnit: true, assumed: true }],
    step_id: [{ name: 'Step', assumed: true }],
    vendor_step_type: [{ name: 'State', assumed: true }],
    date_time: [{ name: 'DPt-Time', assumed: true }],
    capacity_ah: [
      { name: 'Amp-hr', unit: 'Ah', assumed: true },
      { name: 'mAmp-hr', unit: 'mAh', assumed: true },
    ],
    energy_wh: [
      { name: 'Watt-hr', unit: 'Wh', assumed: true },
      { name: 'mWatt-hr', unit: 'mWh', assumed: true },
    ],
    current_ampere: [
      { name: 'Amps', unit: 'A', assumed: true },
      { name: 'mAmps', unit: 'mA', assumed: true },
    ],
    voltage_volt: [{ name: 'Volts', unit: 'V', assumed: true }],
  },
  ignored: ['ES'],
  sign: 'state',
  states: stateWords,
  counters: 'step',
  dateOrder: 'month-first',
});

/** LANDT table export, English or Chinese header, units after a slash. */
export const landtTable = defineFormat({
  id: 'landt-table',
  vendor: 'LANDT',
  title: 'LANDT table export (TestTime/Sec, SysTime; English or Chinese)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: {
    header: [
      [/^TestTime\/\w+$/, /^StepTime\/\w+$/, /^测试时间\/\w+$/, /^步骤时间/],
      ['SysTime', 'Cycle-Index', 'Step-Index', '电压', '电流', '容量'],
    ],
  },
  defaultUnits: units,
  columns: {
    vendor_record_index: [
      { name: 'Record', assumed: true },
      { name: '记录', assumed: true },
    ],
    vendor_cycle_count: [
      { name: 'Cycle-Index', assumed: true },
      { name: 'CycleNo', assumed: true },
      { name: '循环', assumed: true },
      { name: '循环序号', assumed: true },
    ],
    step_id: [
      { name: 'Step-Index', assumed: true },
      { name: '步骤', assumed: true },
      { name: '步骤序号', assumed: true },
    ],
    vendor_step_type: [
      { name: 'Step-State', assumed: true },
      { name: '步骤状态', assumed: true },
      { name: '工作模式', assumed: true },
      { name: 'Step-Name', assumed: true },
      { name: 'State', assumed: true },
      { name: 'Mode', assumed: true },
    ],
    test_time_second: [
      { name: 'TestTime', assumed: true },
      { name: '测试时间', assumed: true },
    ],
    step_time_second: [
      { name: 'StepTime', assumed: true },
      { name: '步骤时间', assumed: true },
    ],
    date_time: [
      { name: 'SysTime', assumed: true },
      { name: '系统时间', assumed: true },
    ],
    current_ampere: [
      { name: 'Current', assumed: true },
      { name: '电流', assumed: true },
    ],
    voltage_volt: [
      { name: 'Voltage', assumed: true },
      { name: '电压', assumed: true },
    ],
    capacity_ah: [
      { name: 'Capacity', assumed: true },
      { name: '容量', assumed: true },
    ],
    energy_wh: [
      { name: 'Energy', assumed: true },
      { name: '能量', assumed: true },
    ],
  },
  ignored: [
    /SCapacity|SEnergy|SpeCap|SpeEnergy|SOC\|DOD|^Aux|比容量|比能量|中压|dQ|Resistance|内阻|功率|Power/,
  ],
  sign: 'signed',
  states: stateWords,
  counters: 'step',
  dateOrder: 'month-first',
});

/** Sheets without units in their header: mA and mAh, which is assumed; times as day fractions or `d-hh:mm:ss`. */
export const landtSheet = defineFormat({
  id: 'landt-sheet',
  vendor: 'LANDT',
  title: 'LANDT workbook without units (mA, mAh assumed)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: {
    header: [['TestTime'], ['StepTime'], ['SOC|DOD', 'Step Mode', 'Step-State', 'CycleNo', 'Cycle Count']],
  },
  defaultUnits: { time: 's', current: 'mA', voltage: 'V', charge: 'mAh', energy: 'mWh', temperature: '°C' },
  columns: {
    vendor_record_index: described('Record'),
    vendor_cycle_count: described('Cycle Count', 'CycleNo', 'Cycle-Index'),
    step_id: described('Step', 'Step-Index', 'StepNo'),
    vendor_step_type: described('Step Mode', 'Step-State'),
    test_time_second: described('TestTime'),
    step_time_second: described('StepTime'),
    date_time: described('SysTime'),
    current_ampere: described('Current'),
    voltage_volt: described('Voltage'),
    capacity_ah: described('Capacity'),
    energy_wh: described('Energy'),
  },
  ignored: [/^(SCap|SpeCap|SEnergy|SpeEnergy|SOC\|DOD|Aux|dQ|Power|Resistance)/],
  sign: 'signed',
  states: stateWords,
  counters: 'step',
  dateOrder: 'month-first',
});

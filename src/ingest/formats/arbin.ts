import { defineFormat, described, type FormatInput } from './definition.js';

/** Arbin MITS Pro and console CSV, with units in the header or without (underscored script exports). */
const table = {
  id: 'arbin-csv',
  vendor: 'Arbin',
  title: 'Arbin CSV (MITS Pro, console, SQL export)',
  evidence: 'recorded',
  software: ['MITS Pro 8', 'MITS table export with underscores'],
  kind: 'timeseries',
  recognise: {
    header: [
      ['Test Time', 'Test_Time', 'TestTime'],
      ['Cycle Index', 'Cycle_Index', 'Cycle_ID', 'Cycle ID'],
      ['Step Index', 'Step_Index', 'Step_ID', 'Step ID'],
      ['Charge Capacity', 'Charge_Capacity'],
    ],
    without: ['channel_index', 'Min_Current', 'Step Type', 'Record ID'],
  },
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' },
  columns: {
    vendor_record_index: ['Data Point', 'Data_Point'],
    test_time_second: ['Test Time'],
    step_time_second: ['Step Time'],
    date_time: ['Date Time', 'DateTime', 'Date_Time'],
    vendor_cycle_count: ['Cycle Index', ...described('Cycle ID')],
    step_id: ['Step Index', ...described('Step ID')],
    current_ampere: ['Current'],
    voltage_volt: ['Voltage'],
    charging_capacity_ah: ['Charge Capacity'],
    discharging_capacity_ah: ['Discharge Capacity'],
    charging_energy_wh: ['Charge Energy'],
    discharging_energy_wh: ['Discharge Energy'],
    ambient_temperature_celsius: [
      'Aux Temperature 1',
      'Temperature',
      { name: /^Temperature \(C\)_1$/, unit: '°C', assumed: true },
    ],
  },
  ignored: [
    /^TC_Counter\d+$/,
    'Power',
    'Capacity',
    'mAh/g',
    'ACR',
    'Internal Resistance',
    /^d[VQ]\/d[tQV]/,
    /^Aux[_ ]/i,
    /^Is[_ ]FC[_ ]Data$/i,
    /^AC[_ ]Impedance/i,
    /^ACI[_ ]Phase[_ ]Angle/i,
    'Reference Voltage',
    'Sub Step Index',
    'Test ID',
    'Test Name',
    'Channel ID',
    'Data Flags',
    /^Temperature/,
    'Environment Temperature',
  ],
  sign: 'signed',
  counters: 'cycle',
  dateOrder: 'month-first',
  preamble: { started_at: [/^Start DateTime: (.+)$/] },
  startsBy: 'preamble',
  sample: 'arbin-csv',
} satisfies FormatInput;

export const arbinCsv = defineFormat(table);

/** `.res`, each of whose tests is one of its own; records in the order of their numbers. */
export const arbinRes = defineFormat({
  ...table,
  id: 'arbin-res',
  title: 'Arbin .res (MITS Pro, an Access database)',
  software: ['Results File 5.23', 'Results File 5.26', 'Results File 20171213'],
  delimiter: '\t',
  recognise: {
    lines: [{ pattern: /^Records of an Arbin \.res file$/, within: 1 }],
    header: [['Data_Point'], ['Test_Time']],
  },
  restartsAt: 'Records of an Arbin .res file',
  preamble: { started_at: [/^Started: (.+)$/], channel: [/^Channel: (.+)$/] },
  sample: undefined,
});

const statistics = {
  vendor: 'Arbin',
  evidence: 'described' as const,
  kind: 'summary' as const,
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh' },
  columns: {
    vendor_cycle_count: described('Cycle Index', 'Cycle ID'),
    step_id: described('Step Index', 'Step ID'),
    test_time_second: described('Test Time'),
    charging_capacity_ah: described('Charge Capacity'),
    discharging_capacity_ah: described('Discharge Capacity'),
    charging_energy_wh: described('Charge Energy'),
    discharging_energy_wh: described('Discharge Energy'),
    maximum_voltage_volt: described('Vmax On Cycle', 'V_Max_On_Cycle', 'Max Voltage On Cycle'),
  },
  ignored: [/./],
  counters: 'cycle' as const,
};
/** Columns that only a whole cycle or step has. */
const ofTheWhole = [
  /^V_?max[_ ]On[_ ](Cycle|Step)/i,
  /^(Max|Min)[_ ]Voltage[_ ]On[_ ](Cycle|Step)/i,
  /^(DisC|C)harge[_ ]Time/i,
  /^Coulombic[_ ]Efficiency/i,
];

/**
 * The companion files `_StatisticByCycle` and `_StatisticByStep`, distinguished from a time series by columns that
 * only a cycle or step has.
 */
export const arbinCycles = defineFormat({
  ...statistics,
  id: 'arbin-cycles',
  title: 'Arbin StatisticByCycle CSV (summary)',
  recognise: {
    header: [['Cycle_Index', 'Cycle Index', 'Cycle ID'], ['Charge_Capacity', 'Charge Capacity'], ofTheWhole],
  },
});

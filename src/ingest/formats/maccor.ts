import { defineFormat, described } from './definition.js';

const states = {
  charge: /^(C|CHA|Charge)$/i,
  discharge: /^(D|DCH|Discharge)$/i,
  rest: /^(R|P|S|O|PAU|Rest|FRA)$/i,
  message: /^MSG$/i,
};

const ignored = [
  /^ES$/,
  /^Loop\d$/,
  /^(ACImp|DCIR)(\/Ohms)?$/,
  /^WF (Chg|Dis) (Cap|E)$/,
  'Range',
  /^VAR\d+$/,
  /^Aux #\d+$/,
  'Units',
  /^Temp \d+$/,
  /^EV ?Temp/,
  /^LogTemp\d+/,
  /^Unnamed: \d+$/,
  'Cycle P',
  /^Temperature/,
  'Prog Time',
];

const columns = {
  vendor_record_index: ['Rec#', 'Rec'],
  test_time_second: [{ name: 'Test', needsUnit: true }, 'TestTime', 'Test Time'],
  step_time_second: [{ name: 'Step', needsUnit: true }, 'StepTime', 'Step Time'],
  date_time: ['DPt Time', 'DPT Time', ...described('DPT')],
  vendor_cycle_count: ['Cyc#', 'Cycle C', ...described('Cycle', 'Cycle ID')],
  step_id: ['Step', ...described('Step ID')],
  vendor_step_type: ['State', 'Md', 'MD', 'Status'],
  capacity_ah: [{ name: 'Amp-hr', unit: 'Ah' }, { name: 'mAmp-hr', unit: 'mAh' }, 'Cap.', 'Capacity'],
  charging_capacity_ah: [{ name: 'Chg Capacity', assumed: true }],
  discharging_capacity_ah: [{ name: 'DChg Capacity', assumed: true }],
  energy_wh: [{ name: 'Watt-hr', unit: 'Wh' }, { name: 'mWatt-hr', unit: 'mWh' }, 'Ener.', 'Energy'],
  charging_energy_wh: [{ name: 'Chg Energy', assumed: true }],
  discharging_energy_wh: [{ name: 'DChg Energy', assumed: true }],
  current_ampere: [{ name: 'Amps', unit: 'A' }, { name: 'mAmps', unit: 'mA' }, 'Current'],
  voltage_volt: [{ name: 'Volts', unit: 'V' }, 'Voltage'],
  ambient_temperature_celsius: [
    { name: /^Temp 1$/, unit: '°C' },
    { name: 'LogTemp001', unit: '°C', assumed: true },
  ],
};

/** Maccor MIMS "ASCII" text. The current is a magnitude in some exports; `State` or `Md` says which way it flows. */
export const maccorText = defineFormat({
  id: 'maccor-text',
  vendor: 'Maccor',
  title: 'Maccor text export (MIMS ASCII)',
  evidence: 'recorded',
  software: ['one-line preamble', 'three-line preamble', 'key: value preamble', 're-saved'],
  kind: 'timeseries',
  delimiter: '\t',
  recognise: {
    header: [['Rec#', 'Rec', 'Cyc#'], [/^Step$/], ['State', 'Md', 'MD', 'Status']],
    without: [/^DPt-Time$/],
    opens: [/^"?Today'{1,2}s Date\b/, /^"?Date of Test:/],
  },
  defaultUnits: { time: 'min', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh' },
  bareTimeUnits: ['min', 's', 'h'],
  columns,
  ignored,
  sign: 'state',
  states,
  counters: 'step',
  dateOrder: 'month-first',
  preamble: {
    started_at: [/Date of Test:\t([^\t]+)/, /^Started\t(.+)$/],
    channel: [/Tester Channel:\t(\S+)/, /^Channel:?\t(\S+)/],
    cell: [/Comment\/Barcode:\s*([^\t,]+)/],
    source: [/Filename:\s*([^\t]*?[^\t\s])\s*(?:\t|Procedure:|$)/, /^Name:?\t(.+)$/],
  },
  sample: 'maccor-text',
});

/** Maccor CSV of the MIMS client: it has no state column, so the direction of a current without sign is unknown. */
export const maccorCsv = defineFormat({
  id: 'maccor-csv',
  vendor: 'Maccor',
  title: 'Maccor CSV (MIMS client, re-saved tables)',
  evidence: 'recorded',
  software: ['MIMS client'],
  kind: 'timeseries',
  recognise: {
    header: [
      ['Rec', 'Rec#', 'Cyc#', 'Cycle C'],
      [/^Step$/],
      ['Test Time', 'TestTime'],
      ['Voltage', 'Volts', 'Current', 'Amps', 'DPT Time', 'DPt Time'],
    ],
    without: [/^DPt-Time$/, 'channel_index'],
  },
  defaultUnits: { time: 'min', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh' },
  bareTimeUnits: ['min', 's', 'h'],
  columns,
  ignored,
  sign: 'undirected',
  states,
  counters: 'step',
  dateOrder: 'month-first',
  preamble: {
    started_at: [/Date of Test:,\s*"?([^"]+)"?/],
  },
  sample: 'maccor-csv',
});

/** Maccor impedance file of a FRA step. `Polar(V)` holds 2πf, and rows are shorter than the header. */
export const maccorFra = defineFormat({
  id: 'maccor-fra',
  vendor: 'Maccor',
  title: 'Maccor FRA impedance text (EDA file)',
  evidence: 'recorded',
  kind: 'impedance',
  delimiter: '\t',
  recognise: {
    lines: [{ pattern: /^"?MACCOR, INC\..*AC Impedance/i, within: 2 }],
    header: [[/^Freq\(Hz\)$/i]],
  },
  columns: {
    frequency_hertz: ['Freq'],
    real_impedance_ohm: [{ name: /^Z'\(a\)$/, unit: 'ohm' }],
    imaginary_impedance_ohm: [{ name: /^Z''\(b\)$/, unit: 'ohm' }],
    test_time_second: ['time'],
  },
  ignored: [
    /^(Polar\(V\)|Phase_Angle|Z-Mag|C\(F\)|Status|VMag|IMag|V-DC)$/,
    /^(irg|isg|rc|vsc|vsg|vsp|bl|bf|bhc|ufl|ufh|blh)$/,
  ],
  dateOrder: 'month-first',
  preamble: { started_at: [/^Start Date:\s*(.+?)\s+Start Time:\s*(\S+)/] },
  sample: 'maccor-fra',
});

/** `NAME [STATS].txt`: what the client shows for each cycle. */
export const maccorStatistics = defineFormat({
  id: 'maccor-stats',
  vendor: 'Maccor',
  title: 'Maccor statistics of cycles (summary)',
  evidence: 'described',
  kind: 'summary',
  recognise: {
    header: [
      ['Cycle', 'Cycle#', 'Cyc#'],
      ['AH-IN', 'AH IN'],
      ['AH-OUT', 'AH OUT'],
    ],
  },
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh' },
  columns: {
    vendor_cycle_count: described('Cycle', 'Cycle#', 'Cyc#'),
    test_time_second: described('Test Time'),
    charging_capacity_ah: described('AH-IN', 'AH IN'),
    discharging_capacity_ah: described('AH-OUT', 'AH OUT'),
    charging_energy_wh: described('WH-IN', 'WH IN'),
    discharging_energy_wh: described('WH-OUT', 'WH OUT'),
  },
  ignored: [/./],
  counters: 'cycle',
});

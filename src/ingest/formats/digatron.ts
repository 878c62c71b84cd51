import { defineFormat } from './definition.js';

const states = {
  charge: /^(CHA|LAD)/i,
  discharge: /^(DCH|DIS|ELA|ENTL)/i,
  rest: /^(PAU|pause|rest|STO|stop)/i,
  message: /^MSG$/i,
};

const ignored = [
  /^(Cycle Level|Procedure|Cnt|Proc|Prog|Zyklus Ebene)\b/i,
  /^Ah(Prev|Step|Bal|Set)/,
  /^Wh(Prev|Step|Bal|Set)/,
  /^(Watt|Power|Leistung|Energy)\b/i,
  /^(LogTemp|T|Tenv|T_)\w*/,
  /^Temperature/,
];

/**
 * Digatron Battery Manager csv: a units row below the header, or units behind a hash; English or German. One known
 * export writes milliseconds under a header that says seconds, which its clock shows.
 */
export const digatronCsv = defineFormat({
  id: 'digatron-csv',
  vendor: 'Digatron',
  title: 'Digatron CSV (units row, units with #, German)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: {
    header: [
      ['Prog Time', 'Program Duration', 'Progr. Zeit', 'Prog. Zeit', 'Programmdauer'],
      ['Time Stamp', 'Timestamp', 'Zeitstempel', 'Status', 'Step', 'Schritt Nr.', 'Schritt'],
    ],
    without: ['DataPoint', 'Rec#', /^DPt.Time$/i],
    opens: [/^"?Measurement ID[,;\t]/i, /^"?Battery Name[,;\t]/i, /^"?Batteriename[,;\t]/i],
  },
  doubtfulTimeUnit: true,
  bareTimeUnits: ['s', 'ms', 'min', 'h'],
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' },
  columns: {
    test_time_second: [
      'Prog Time',
      'Program Duration',
      { name: 'Progr. Zeit', assumed: true },
      { name: 'Prog. Zeit', assumed: true },
      { name: 'Programmdauer', assumed: true },
    ],
    step_time_second: [
      'Step Time',
      'Step Duration',
      { name: 'Schritt Zeit', assumed: true },
      { name: 'Schrittdauer', assumed: true },
    ],
    date_time: ['Time Stamp', 'Timestamp', { name: 'Zeitstempel', assumed: true }],
    vendor_cycle_count: ['Cycle', { name: 'Zyklus', assumed: true }],
    step_id: ['Step', { name: 'Schritt Nr.', assumed: true }, { name: 'Schritt', assumed: true }],
    vendor_step_type: ['Status', { name: 'Zustand', assumed: true }],
    current_ampere: ['Current', { name: 'Strom', assumed: true }],
    voltage_volt: ['Voltage', { name: 'Spannung', assumed: true }],
    charging_capacity_ah: ['AhCha', { name: 'AhLad', assumed: true }],
    discharging_capacity_ah: ['AhDch', { name: 'AhEla', assumed: true }],
    net_capacity_ah: ['AhAccu', 'Capacity', { name: 'AhAkku', assumed: true }],
    charging_energy_wh: ['WhCha', { name: 'WhLad', assumed: true }],
    discharging_energy_wh: ['WhDch', { name: 'WhEla', assumed: true }],
    net_energy_wh: ['WhAccu', { name: 'WhAkku', assumed: true }],
    ambient_temperature_celsius: [
      { name: 'Tenv', assumed: true },
      'T1',
      'Temperature',
      { name: 'LogTemp001', assumed: true },
      { name: 'T_Batt', assumed: true },
    ],
  },
  ignored,
  sign: 'state',
  states,
  counters: 'test',
  dateOrder: 'month-first',
  preamble: {
    started_at: [/^"?Start Time[,;]"?([^,;"]+)/i],
    cell: [/^"?Battery Name[,;]"?([^,;"]+)/i],
    channel: [/^"?Circuit[,;]"?([^,;"]+)/i],
    source: [/^"?Measurement ID[,;]"?([^,;"]+)/i],
  },
  sample: 'digatron-csv',
});

/** Impedance table of the same software. */
export const digatronImpedance = defineFormat({
  id: 'digatron-eis',
  vendor: 'Digatron',
  title: 'Digatron impedance CSV (Zreal1, Zimg1)',
  evidence: 'described',
  kind: 'impedance',
  recognise: { header: [[/^Zreal1\b/], [/^Zimg1\b/]] },
  defaultUnits: { time: 's', frequency: 'Hz', impedance: 'ohm' },
  columns: {
    test_time_second: [
      { name: 'Prog Time', assumed: true },
      { name: 'Progr. Zeit', assumed: true },
    ],
    frequency_hertz: ['Frequency', 'ActFreq', 'Freq', 'Frequenz', 'Frequency1', 'Freq1', 'Frequenz1'].map(
      (name) => ({ name, assumed: true }),
    ),
    real_impedance_ohm: [{ name: 'Zreal1', assumed: true }],
    imaginary_impedance_ohm: [{ name: 'Zimg1', assumed: true }],
    vendor_cycle_count: [{ name: 'Cycle', assumed: true }],
  },
  ignored: [
    ...ignored,
    /^(Time Stamp|Timestamp|Zeitstempel|Step|Schritt|Status|Voltage|Current|Spannung|Strom|Zustand)/i,
    /^(Ah|Wh|Z(mod|phase|real|img)?\d)/,
  ],
});

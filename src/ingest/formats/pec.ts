import { defineFormat } from './definition.js';

const durationText = '\\((Hours in hh:mm:ss(\\.x+)?)\\)$';

/** PEC LifeTest csv. In 2019 the energy columns were named `Charge Capacity (mWh)`; the unit shows what they are. */
export const pecCsv = defineFormat({
  id: 'pec-csv',
  vendor: 'PEC',
  title: 'PEC LifeTest CSV',
  evidence: 'recorded',
  software: ['LifeTest export of 2019', 'LifeTest export of 2026'],
  kind: 'timeseries',
  delimiter: ',',
  recognise: {
    header: [[/^Test$/], [/^Cell$/], [/^Rack$/], [/^Shelf$/], [/^Position$/]],
    opens: [/^"?Request Year:/i, /^"?TestRegime Name:/i],
  },
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' },
  columns: {
    test_time_second: [
      'Total Time',
      { name: new RegExp(`^Total Time ${durationText}`), unit: 's' },
      { name: /^Total Time \(Decimal Hours\)$/, unit: 'h', assumed: true },
    ],
    step_time_second: [
      'Step Time',
      { name: new RegExp(`^Step Time ${durationText}`), unit: 's', assumed: true },
    ],
    date_time: ['Real Time'],
    vendor_cycle_count: ['Cycle'],
    step_id: ['Step'],
    vendor_step_type: ['Instruction Name'],
    current_ampere: ['Current'],
    voltage_volt: ['Voltage'],
    charging_capacity_ah: ['Charge Capacity'],
    discharging_capacity_ah: ['Discharge Capacity'],
    charging_energy_wh: ['Charge Energy', 'Charge Capacity'],
    discharging_energy_wh: ['Discharge Energy', 'Discharge Capacity'],
    ambient_temperature_celsius: [
      'Ambient temperature',
      'Temp',
      'Cell surface temperature',
      'Station Temperature',
    ],
  },
  ignored: [
    /^(Test|Cell|Rack|Shelf|Position|Cell ID|ReasonCode|Position Start Time|Coulombic Efficiency)$/,
    /^(Load On Time|Cycle (Disc|C)harge Time)/,
    /^PeakPower|^Open Circuit Voltage|Internal Resistance|% DoD|Energy Density/,
    /temperature/i,
    /^Temp/,
  ],
  sign: 'signed',
  states: { charge: /^charge/i, discharge: /^discharge/i, rest: /^(idle|rest|wait|ocv|pause)/i },
  counters: 'cycle',
  dateOrder: 'month-first',
  cellColumns: ['Cell ID'],
  sample: 'pec-csv',
});

import { defineFormat } from './definition.js';

const shared = {
  vendor: 'Battery Archive',
  evidence: 'recorded' as const,
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' },
  counters: 'cycle' as const,
};

/** Time series as Battery Archive publishes them: one table for every cycler, counters per cycle. */
export const batteryArchiveCsv = defineFormat({
  ...shared,
  id: 'battery-archive-csv',
  title: 'Battery Archive time series',
  kind: 'timeseries',
  recognise: {
    header: [['Test_Time'], ['Cycle_Index'], ['Charge_Capacity', 'Discharge_Capacity'], ['Date_Time']],
    without: ['Step_Index', 'Min_Current', 'Max_Voltage', /_On_Cycle/],
  },
  columns: {
    test_time_second: ['Test_Time'],
    date_time: ['Date_Time'],
    vendor_cycle_count: ['Cycle_Index'],
    current_ampere: ['Current'],
    voltage_volt: ['Voltage'],
    charging_capacity_ah: ['Charge_Capacity'],
    discharging_capacity_ah: ['Discharge_Capacity'],
    charging_energy_wh: ['Charge_Energy'],
    discharging_energy_wh: ['Discharge_Energy'],
    ambient_temperature_celsius: ['Environment_Temperature', 'Cell_Temperature'],
  },
  ignored: [/Temperature/],
  sign: 'signed',
  sample: 'battery-archive-csv',
});

/** Cycle data of the same archive: one row per cycle, distinguished from a time series by minima and maxima. */
export const batteryArchiveCycles = defineFormat({
  ...shared,
  id: 'battery-archive-cycles',
  title: 'Battery Archive cycle data (summary)',
  kind: 'summary',
  recognise: { header: [['Cycle_Index'], ['Min_Current', 'Max_Current', 'Min_Voltage', 'Max_Voltage']] },
  columns: {
    test_time_second: ['Test_Time'],
    vendor_cycle_count: ['Cycle_Index'],
    charging_capacity_ah: ['Charge_Capacity'],
    discharging_capacity_ah: ['Discharge_Capacity'],
    charging_energy_wh: ['Charge_Energy'],
    discharging_energy_wh: ['Discharge_Energy'],
    minimum_current_ampere: ['Min_Current'],
    maximum_current_ampere: ['Max_Current'],
    minimum_voltage_volt: ['Min_Voltage'],
    maximum_voltage_volt: ['Max_Voltage'],
  },
  ignored: ['Start_Time', 'End_Time', /Temperature/],
  sample: 'battery-archive-cycles',
});

import { column, type TableDefinition } from './definition.js';

export const measurements: TableDefinition = {
  name: 'measurements',
  row: 'one record of a test',
  columns: [
    column('test_id', 'INTEGER', 'The test.'),
    column(
      'record_index',
      'BIGINT',
      '1…n over the complete data rows in file order, running on over appended files.',
    ),
    column(
      'line_number',
      'BIGINT',
      'Physical line of the file it was read from (test_files says which), counted from 1.',
    ),
    column('vendor_record_index', 'BIGINT', 'Record number as the vendor wrote it.'),
    column(
      'test_time_second',
      'DOUBLE',
      'Time since the start of the test as written; a clock in the time column counts from its first row.',
      { unit: 's' },
    ),
    column('unix_time_second', 'DOUBLE', 'Absolute time (UTC); null while the time zone is unknown.', {
      unit: 's',
    }),
    column('step_count', 'BIGINT', 'Running number of the step within the test, from 1.'),
    column('step_id', 'VARCHAR', 'Step of the schedule as the vendor wrote it; repeats.'),
    column('vendor_step_type', 'VARCHAR', 'State or step type as the vendor wrote it.'),
    column('vendor_cycle_count', 'DOUBLE', 'Cycle number as the vendor wrote it.'),
    column(
      'current_ampere',
      'DOUBLE',
      'Current; positive charges the test object. Null where the file has none.',
      { unit: 'A' },
    ),
    column('voltage_volt', 'DOUBLE', 'Voltage of the test object.', { unit: 'V' }),
    column(
      'charging_capacity_ah',
      'DOUBLE',
      "The vendor's counter of charge in the charging direction as written; tests.counter_scope says when it resets.",
      { unit: 'Ah' },
    ),
    column(
      'discharging_capacity_ah',
      'DOUBLE',
      "The vendor's counter in the discharging direction, ≥ 0, as written.",
      { unit: 'Ah' },
    ),
    column(
      'net_capacity_ah',
      'DOUBLE',
      "The vendor's signed counter (rises on charge), where it writes one.",
      { unit: 'Ah' },
    ),
    column(
      'charging_energy_wh',
      'DOUBLE',
      "The vendor's energy counter in the charging direction as written.",
      { unit: 'Wh' },
    ),
    column(
      'discharging_energy_wh',
      'DOUBLE',
      "The vendor's energy counter in the discharging direction as written.",
      { unit: 'Wh' },
    ),
    column('net_energy_wh', 'DOUBLE', "The vendor's signed energy counter, where it writes one.", {
      unit: 'Wh',
    }),
    column('ambient_temperature_celsius', 'DOUBLE', 'Temperature sensor reading.', { unit: '°C' }),
    column(
      'auxiliary',
      'DOUBLE[]',
      'Readings of the auxiliary channels as written, in the order of auxiliary_channels; null where the test has none.',
    ),
  ],
};

export const auxiliaryChannels: TableDefinition = {
  name: 'auxiliary_channels',
  row: 'one auxiliary channel of a test: a column of numbers that is not one of the canonical ones',
  columns: [
    column('test_id', 'INTEGER', 'The test.'),
    column('channel_index', 'INTEGER', 'Position of its readings in measurements.auxiliary, from 1.'),
    column('name', 'VARCHAR', 'Name of the column as the file writes it, without its unit.'),
    column(
      'unit',
      'VARCHAR',
      'Unit of the readings as the file writes it, or as its format implies; null if unknown.',
    ),
    column(
      'kind',
      'VARCHAR',
      'What it measures, by unit or name: temperature, voltage, current, pressure, force, humidity, resistance or other.',
    ),
  ],
};

export const spectra: TableDefinition = {
  name: 'spectra',
  row: 'one impedance sweep',
  columns: [
    column('spectrum_id', 'INTEGER', 'Number of the spectrum in this database.'),
    column('file_id', 'INTEGER', 'The file.'),
    column('sweep_index', 'INTEGER', 'Position among the sweeps of one file, from 1.'),
    column('cell_id', 'VARCHAR', 'The cell; null until known.'),
    column('cell_hint', 'VARCHAR', 'What the file itself says about the cell, as written.'),
    column('temperature_celsius', 'DOUBLE', 'Temperature of the measurement; null until known.', {
      unit: '°C',
    }),
    column('temperature_source', 'VARCHAR', 'file, conditions.csv or file name.'),
    column('state_of_charge', 'DOUBLE', 'State of charge (fraction).', { unit: '1' }),
    column('pressure_mpa', 'DOUBLE', 'Stack pressure.', { unit: 'MPa' }),
    column('branch', 'VARCHAR', 'heating or cooling.'),
    column(
      'measured_at',
      'TIMESTAMP',
      'Wall clock of the start of the acquisition as the file writes it; null if it does not say.',
    ),
    column(
      'sweep_started_at',
      'TIMESTAMP',
      'Wall clock of the first point of this sweep: measured_at plus the time the file gives for the point.',
    ),
    column('time_zone', 'VARCHAR', 'Time zone of these clocks, as in tests; null if unknown.'),
    column(
      'sweep_started_at_utc',
      'TIMESTAMP',
      'sweep_started_at in UTC; null while the time zone is unknown.',
    ),
    column('point_count', 'INTEGER', 'Points stored.'),
  ],
};

export const impedance: TableDefinition = {
  name: 'impedance',
  row: 'one frequency point of a spectrum',
  columns: [
    column('spectrum_id', 'INTEGER', 'The spectrum.'),
    column('point_index', 'INTEGER', "Position in the file's order, from 1."),
    column('line_number', 'BIGINT', 'Physical line it was read from.'),
    column('frequency_hertz', 'DOUBLE', 'Frequency.', { unit: 'Hz' }),
    column('real_impedance_ohm', 'DOUBLE', 'Real part of the impedance.', { unit: 'Ω' }),
    column(
      'imaginary_impedance_ohm',
      'DOUBLE',
      'Imaginary part of the impedance; negative for a capacitive arc.',
      { unit: 'Ω' },
    ),
    column('test_time_second', 'DOUBLE', 'Time of the point as written.', { unit: 's' }),
  ],
};

export const vendorCycles: TableDefinition = {
  name: 'vendor_cycles',
  row: "one cycle as a vendor's own summary file states it",
  columns: [
    column('file_id', 'INTEGER', 'The file.'),
    column('row_index', 'BIGINT', 'Position in the file, from 1.'),
    column('cell_id', 'VARCHAR', 'The cell; null until known.'),
    column('vendor_cycle_count', 'DOUBLE', 'Cycle number as written.'),
    column('vendor_label', 'VARCHAR', 'Label of the cycle as written.'),
    column('charging_capacity_ah', 'DOUBLE', 'Charging capacity.', { unit: 'Ah' }),
    column('discharging_capacity_ah', 'DOUBLE', 'Discharging capacity.', { unit: 'Ah' }),
    column('charging_energy_wh', 'DOUBLE', 'Charging energy.', { unit: 'Wh' }),
    column('discharging_energy_wh', 'DOUBLE', 'Discharging energy.', { unit: 'Wh' }),
    column('minimum_voltage_volt', 'DOUBLE', 'Lowest voltage of the cycle.', { unit: 'V' }),
    column('maximum_voltage_volt', 'DOUBLE', 'Highest voltage of the cycle.', { unit: 'V' }),
    column('minimum_current_ampere', 'DOUBLE', 'Lowest current of the cycle.', { unit: 'A' }),
    column('maximum_current_ampere', 'DOUBLE', 'Highest current of the cycle.', { unit: 'A' }),
    column('test_time_second', 'DOUBLE', 'Test time at the end of the cycle as written.', { unit: 's' }),
  ],
};

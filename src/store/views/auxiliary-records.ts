import { column } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

const reading = 'm.auxiliary[a.channel_index]';

/** A reading in a canonical unit, converted from the unit of the channel; null for any other unit. */
const inUnit = (cases: readonly (readonly [units: readonly string[], value: string])[]) =>
  `CASE ${cases
    .map(([units, value]) => `WHEN a.unit IN (${units.map((unit) => `'${unit}'`).join(', ')}) THEN ${value}`)
    .join(' ')} END`;

const celsius = inUnit([
  [['°C', 'C', 'degC', 'deg C', 'Deg C', 'DegC', 'celsius', 'Celsius', 'degrees C'], reading],
  [['K'], `${reading} - 273.15`],
  [['°F', 'F', 'degF', 'deg F'], `(${reading} - 32) / 1.8`],
]);
const volts = inUnit([
  [['V', 'volt', 'Volt', 'volts', 'Volts'], reading],
  [['mV'], `${reading} / 1000`],
  [['uV', 'µV'], `${reading} / 1000000`],
]);

/** Readings of auxiliary channels, one per row, with the record they belong to. */
export const auxiliaryRecords: ViewDefinition = {
  name: 'auxiliary_records',
  row: 'a reading of an auxiliary channel: a thermocouple, an electrode against a reference, a pressure, …',
  sql: `
    SELECT m.test_id, t.cell_id, m.record_index, m.test_time_second, m.unix_time_second, m.step_count,
      m.current_ampere, m.voltage_volt, a.channel_index, a.name, a.kind, ${reading} AS reading, a.unit,
      CASE WHEN a.kind = 'temperature' THEN ${celsius} END AS auxiliary_temperature_celsius,
      CASE WHEN a.kind = 'voltage' THEN ${volts} END AS auxiliary_voltage_volt
    FROM auxiliary_channels a
    JOIN measurements m ON m.test_id = a.test_id
    JOIN tests t ON t.test_id = m.test_id`,
  columns: [
    ...taken('measurements', 'test_id'),
    ...taken('tests', 'cell_id'),
    ...taken('measurements', 'record_index', 'test_time_second', 'unix_time_second', 'step_count'),
    ...taken('measurements', 'current_ampere', 'voltage_volt'),
    ...taken('auxiliary_channels', 'channel_index', 'name', 'kind'),
    column(
      'reading',
      'DOUBLE',
      'The reading as written, in the unit of the next column; null where there is none.',
    ),
    ...taken('auxiliary_channels', 'unit'),
    column('auxiliary_temperature_celsius', 'DOUBLE', 'The reading of a temperature whose unit is known.', {
      unit: '°C',
    }),
    column(
      'auxiliary_voltage_volt',
      'DOUBLE',
      'The reading of a voltage whose unit is known, such as that of one electrode against the reference.',
      { unit: 'V' },
    ),
  ],
};

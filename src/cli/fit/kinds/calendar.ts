import { numberColumn, readColumns, requireColumns, textColumn } from '../columns.js';
import type { PlainFit } from './definition.js';

/** Loss of capacity in storage. */
export const calendar: PlainFit = {
  kind: 'calendar',
  columns:
    'cell, temperature_celsius, time_day, loss (a fraction); or capacity in place of loss, from day 0 on',
  examples: ['cellar fit calendar storage.csv'],
  fit: async (path, { threshold, temperatureHalfWidth }) => {
    const analysis = await import('../../../analysis/calendar/index.js');
    const { assumedText, assumedValues } = await import('../../../analysis/uncertainty/index.js');
    const table = await readColumns(path);
    const known = ['cell', 'temperature_celsius', 'time_day'];
    const isCapacity = !table.names.includes('loss') && table.names.includes('capacity');
    requireColumns(table, [...known, isCapacity ? 'capacity' : 'loss']);
    const numbers = (name: string) => numberColumn(table, name).map((value) => value ?? Number.NaN);
    const cell = (textColumn(table, 'cell') ?? []).map((name) => name ?? '');
    const time_day = numbers('time_day');
    const fit = analysis.fitCalendar(
      {
        cell,
        temperature_celsius: numbers('temperature_celsius'),
        time_day,
        loss: isCapacity ? analysis.lossOfCapacity(cell, time_day, numbers('capacity')) : numbers('loss'),
      },
      {
        temperature_half_width_kelvin: temperatureHalfWidth ?? assumedValues.temperature.value,
        ...(threshold === undefined ? {} : { threshold }),
      },
    );
    if (temperatureHalfWidth !== undefined) return fit;
    const message = `${assumedText('temperature')}; state it with --temperature-half-width`;
    return { ...fit, warnings: [...fit.warnings, { code: 'ASSUMED', message }] };
  },
};

import { defineFitKind } from './definition.js';

/** Trend of the mean discharging voltage: capacity alone hides the voltage fade of Li-rich cathodes. */
export const voltageFade = defineFitKind({
  kind: 'voltage_fade',
  title: 'fade of voltages',
  headline: ['mean_voltage_trend'],
  tables: [],
  load: () => import('../making/voltage-fade.js'),
});

import { defineFitKind } from './definition.js';

/** One kind of circuit for a pellet that was measured at several temperatures. */
export const impedanceSeries = defineFitKind({
  kind: 'impedance_series',
  title: 'circuits of series of temperatures',
  headline: [],
  tables: [],
  load: () => import('../making/impedance-series.js'),
});

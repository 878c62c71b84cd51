import { column } from '../../store/tables/definition.js';
import { defineFitKind, tableOfCells } from './definition.js';

/** Decay of capacity and energy per cycle. Its table holds the trend of the voltage, too. */
export const decay = defineFitKind({
  kind: 'decay',
  title: 'decay of capacities',
  headline: ['D'],
  tables: [
    tableOfCells({
      name: 'decay_fits',
      row: "one quantity of the decay fit of one cell's capacity (or energy) series",
      shownAs: 'decay',
      scope: 'series',
      own: [
        column(
          'series',
          'VARCHAR',
          'capacity, checkup_capacity, energy (`D_energy` alone) or mean_discharging_voltage.',
        ),
      ],
    }),
  ],
  load: () => import('../making/decay.js'),
});

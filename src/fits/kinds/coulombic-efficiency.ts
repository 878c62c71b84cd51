import { column } from '../../store/tables/definition.js';
import { defineFitKind, tableOfCells } from './definition.js';

/** Statistics of the coulombic efficiencies of every cell that has them. */
export const coulombicEfficiency = defineFitKind({
  kind: 'coulombic_efficiency',
  title: 'coulombic efficiencies',
  headline: ['mean'],
  tables: [
    tableOfCells({
      name: 'coulombic_efficiency_fits',
      row: "one quantity of the coulombic-efficiency statistics of one cell's cycles",
      shownAs: 'coulombic_efficiency',
      scope: 'scope',
      own: [column('scope', 'VARCHAR', 'first_n_eligible or all.')],
    }),
  ],
  load: () => import('../making/coulombic-efficiency.js'),
});

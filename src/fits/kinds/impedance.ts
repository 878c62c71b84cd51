import { column } from '../../store/tables/definition.js';
import { defineFitKind, tableOfSpectra } from './definition.js';

/** The circuit fit of every spectrum. Its table holds what `impedance_material` derives from it, too. */
export const impedance = defineFitKind({
  kind: 'impedance',
  title: 'circuits of spectra',
  headline: [],
  tables: [
    tableOfSpectra({
      name: 'impedance_fits',
      row: 'one quantity of the circuit fit of one spectrum',
      shownAs: 'impedance',
      scope: 'circuit',
      own: [
        column('circuit', 'VARCHAR', 'Circuit code; - in series, p() in parallel.'),
        column('kramers_kronig', 'VARCHAR', 'valid, marginal or fail.'),
      ],
      more: [
        column(
          'standard_error_adjusted',
          'DOUBLE',
          'Standard error that allows for residuals which follow each other; what verdicts use. standard_error takes them as independent here.',
        ),
        column('relative_standard_error', 'DOUBLE', 'standard_error over the value (fraction).', {
          unit: '1',
        }),
      ],
    }),
  ],
  load: () => import('../making/impedance.js'),
});

import { column } from '../../store/tables/definition.js';
import { defineFitKind, tableOfCells, tableOfSpectra } from './definition.js';

const conductivities = tableOfSpectra({
  name: 'conductivities',
  row: 'the ionic conductivity from one spectrum of a pellet',
  shownAs: 'conductivity',
  scope: 'branch',
  own: [
    column('branch', 'VARCHAR', 'heating or cooling.'),
    column('conductivity_siemens_per_centimeter', 'DOUBLE', 'Total conductivity.', {
      unit: 'S/cm',
      formula: 'thickness/(R_electrolyte·area)',
    }),
    column(
      'resistance_ohm',
      'DOUBLE',
      'Resistance of the electrolyte it was computed from, leads subtracted where given.',
      { unit: 'Ω', formula: 'R0 + arcs of the electrolyte' },
    ),
    column(
      'circuit',
      'VARCHAR',
      'Circuit of the reading: that of its series of temperatures where it has one.',
    ),
    column(
      'arcs',
      'JSON',
      'Arcs of the circuit with role, capacitance and whether they are in the resistance.',
    ),
    column('conductivity_standard_error', 'DOUBLE', 'Standard error from the fit alone, without geometry.', {
      unit: 'S/cm',
    }),
    column(
      'geometry_relative_uncertainty',
      'DOUBLE',
      'Relative standard uncertainty of thickness over area (fraction).',
      { unit: '1' },
    ),
  ],
});

/** Conductivity over temperature of every pellet: activation energy and σ at 25 °C. */
export const arrhenius = defineFitKind({
  kind: 'arrhenius',
  title: 'Arrhenius lines',
  headline: ['sigma25_S_cm', 'sigma25_measured_S_cm', 'Ea_eV'],
  tables: [
    conductivities,
    tableOfCells({
      name: 'arrhenius_fits',
      row: 'one quantity of the Arrhenius fit of one pellet',
      shownAs: 'arrhenius',
      scope: 'form',
      own: [
        column(
          'form',
          'VARCHAR',
          'ln_sigma (σ = σ0·exp(−Ea/kT)) or ln_sigma_T (σT = A·exp(−Ea/kT)), by ordinary least squares; the same with weighted_ before it; judged (form ln_sigma): what verdicts use.',
        ),
      ],
    }),
  ],
  load: () => import('../making/arrhenius.js'),
});

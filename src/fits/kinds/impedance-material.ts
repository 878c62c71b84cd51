import { defineFitKind } from './definition.js';

/** What the circuit of a spectrum says about its cell: conductivity, area-specific resistance. */
export const impedanceMaterial = defineFitKind({
  kind: 'impedance_material',
  title: 'conductivities and interfacial resistances',
  headline: ['sigma_total_S_cm', 'interfacial_asr_ohm_cm2', 'interfacial_asr_lower_bound_ohm_cm2'],
  tables: [],
  load: () => import('../making/impedance-material.js'),
});

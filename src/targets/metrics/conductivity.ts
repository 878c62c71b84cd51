import { z } from 'zod';
import { conductivityAt } from '../../analysis/arrhenius/index.js';
import { boundsFrom } from '../../analysis/uncertainty/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { arrhenius } from '../../fits/kinds/arrhenius.js';
import { type Conductivity, conductivitiesOf } from '../../fits/making/conductivities.js';
import { cellConstantComponents, temperatureHalfWidth } from '../../fits/uncertainty.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { conductivity25c, leadsOf, sourcesOf, surroundings, withSource } from './conductivity-25c.js';
import {
  type CellMeasurement,
  cellConditions,
  defineCellMetric,
  measurementOf,
  methodOf,
  temperatureConditions,
  unmeasured,
} from './definition.js';

const REFERENCE_CELSIUS = 25;

/** Readings of the branch that is judged, or all. */
function judgedReadings(lab: LabData, cell: CellRecord, points: readonly Conductivity[]): Conductivity[] {
  const branch = lab.fits.find(arrhenius, cell.cell_id)?.result?.fit.judged_branch;
  return points.filter(
    ({ excluded_reason: reason, sigma, branch: own }) =>
      reason === null && sigma?.value != null && (branch == null || own === branch),
  );
}

/** σ at another temperature than 25 °C, by the Arrhenius line of the judged readings. */
function measureAt(lab: LabData, cell: CellRecord, celsius: number): CellMeasurement {
  const points = conductivitiesOf(lab.fits).get(cell.cell_id) ?? [];
  const around = surroundings(lab, cell, points);
  const used = judgedReadings(lab, cell, points);
  const halfWidth = temperatureHalfWidth(cell, sourcesOf(used));
  const at = conductivityAt(
    {
      temperature_celsius: used.map(({ temperature_celsius }) => temperature_celsius as number),
      conductivity_siemens_per_centimeter: used.map(({ sigma }) => sigma?.value as number),
    },
    celsius,
    halfWidth.kelvin,
  );
  const conditions = { ...around.conditions, temperature_celsius: celsius };
  if (at === null) {
    return unmeasured(cell.cell_id, say('NO_LINE'), { ...around, conditions });
  }
  const model = lab.fits.find(arrhenius, cell.cell_id)?.result?.fit.model_selected;
  const isCurved = model !== undefined && model !== 'arrhenius';
  const components = [...withSource(at.components, halfWidth), ...cellConstantComponents(cell)];
  const bounds = boundsFrom(at.sigma, components, 'ln');
  const supports = at.supports === 'verdict' && isCurved ? 'INCONCLUSIVE' : at.supports;
  return {
    ...measurementOf(cell.cell_id, { ...around, conditions }),
    value: at.sigma,
    ...bounds,
    components,
    standard_error: at.sigma * (at.components[0]?.standard_uncertainty ?? Number.NaN),
    n: at.n,
    dof: at.dof,
    n_eff: at.n,
    ...methodOf(say('METHOD/line_at', { celsius })),
    one_sided: leadsOf(lab, cell, at.sigma, bounds.bound95_high),
    supports,
    missing: at.reason ?? (supports === 'verdict' ? null : say('CURVED_OTHER')),
    goodness: { Ea_ln_sigma_eV: at.Ea_eV },
    sources: { spectrum_ids: used.map(({ spectrum_id }) => spectrum_id), test_ids: [] },
  };
}

export const conductivityMetric = defineCellMetric({
  id: 'conductivity',
  level: 'cell',
  title: 'ionic conductivity',
  formula: 'σ = thickness/(R·area) of each spectrum; σ(T) from ln σ = ln σ0 − Ea/(kT) over 1/T',
  units: { 'S/cm': 1, 'mS/cm': 1000, 'S/m': 100 },
  pooling: 'log',
  cellTypes: ['pellet'],
  settings: z.strictObject({
    ...cellConditions,
    temperature_celsius: temperatureConditions.temperature_celsius.default(REFERENCE_CELSIUS),
  }),
  measure(lab, cell, { temperature_celsius: celsius, ...rest }) {
    if (celsius === REFERENCE_CELSIUS) {
      return conductivity25c.measure(lab, cell, { ...rest, temperature_celsius: celsius });
    }
    return measureAt(lab, cell, celsius);
  },
});

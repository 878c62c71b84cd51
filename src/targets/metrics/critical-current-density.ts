import { z } from 'zod';
import { findCriticalCurrent } from '../../analysis/critical-current/index.js';
import { scaled } from '../../analysis/uncertainty/index.js';
import { contactArea, geometryWarnings } from '../../fits/cells.js';
import { areaComponent } from '../../fits/uncertainty.js';
import { cellConditions, defineCellMetric, measured, unmeasured } from './definition.js';

const MILLI = 1000;

export const criticalCurrentDensity = defineCellMetric({
  id: 'critical_current_density',
  level: 'cell',
  title: 'critical current density',
  formula:
    'highest |J| of a stepped test without a short; a short: |V| below half of |J| times the median |V|/|J| of the steps before',
  units: { 'mA/cm2': 1, 'A/m2': 10 },
  pooling: 'plain',
  cellTypes: ['symmetric'],
  settings: z.strictObject({ ...cellConditions }),
  measure(lab, cell) {
    const steps = lab.currentSteps.get(cell.cell_id) ?? [];
    const test_ids = [...new Set(steps.map(({ test_id }) => test_id))];
    const { area_cm2 } = contactArea(cell);
    const tests = test_ids.flatMap((id) => lab.tests.get(id) ?? []);
    const around = {
      warnings: geometryWarnings(cell),
      conditions: {
        cell_type: cell.cell_type,
        batch: cell.batch,
        temperature_celsius: tests[0]?.temperature_celsius ?? null,
        pressure_mpa: tests[0]?.pressure_mpa ?? null,
        area_cm2,
      },
      sources: { spectrum_ids: [], test_ids },
    };
    if (steps.length === 0) {
      const missing = 'no test with rising current: three current densities or more, both directions at each';
      return unmeasured(cell.cell_id, missing, around);
    }
    if (area_cm2 === null)
      return unmeasured(cell.cell_id, 'cannot be evaluated: area is missing in cells.csv', around);
    const found = findCriticalCurrent(
      steps.map(({ step_type, current_ampere, time, voltage }) => ({
        direction: step_type,
        current_density: (MILLI * current_ampere) / area_cm2,
        time,
        voltage,
      })),
    );
    if (found === null) {
      const missing =
        'three rising current densities or more, both directions at each, until the cell shorts';
      return unmeasured(cell.cell_id, missing, around);
    }
    const components = scaled([areaComponent(cell)], found.lower);
    const isOpen = found.upper === null;
    return {
      ...measured(cell.cell_id, found.lower, components, around),
      conditions: { ...around.conditions, areal_capacity_mah_per_cm2: found.areal_capacity },
      one_sided: isOpen
        ? {
            bound: 'lower',
            code: 'NO_SHORT',
            reason: `${cell.cell_id} never shorted: its critical current density is not below ${found.lower.toPrecision(3)} mA/cm²`,
            needed: `raise the current of ${cell.cell_id} until it shorts`,
          }
        : null,
      n: found.levels.length,
      method: isOpen
        ? 'highest current density of the test, no short'
        : `lower end of the interval to ${(found.upper as number).toPrecision(3)} mA/cm², where it shorted`,
      goodness: { shorted_at_ma_per_cm2: found.upper, levels: found.levels.length },
    };
  },
});

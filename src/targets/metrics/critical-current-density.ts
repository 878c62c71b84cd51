import { z } from 'zod';
import { findCriticalCurrent } from '../../analysis/critical-current/index.js';
import { scaled } from '../../analysis/uncertainty/index.js';
import { contactArea, geometryWarnings } from '../../fits/cells.js';
import { areaComponent } from '../../fits/uncertainty.js';
import { targetMessages as say } from '../../messages/targets.js';
import { cellConditions, defineCellMetric, measured, methodOf, unmeasured } from './definition.js';

const MILLI = 1000;
const areaMissing = say('CANNOT_BE_EVALUATED', { why: say('MISSING_IN_CELLS', { names: ['area'] }) });

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
      return unmeasured(cell.cell_id, say('RISING_CURRENT'), around);
    }
    if (area_cm2 === null) return unmeasured(cell.cell_id, areaMissing, around);
    const found = findCriticalCurrent(
      steps.map(({ step_type, current_ampere, time, voltage }) => ({
        direction: step_type,
        current_density: (MILLI * current_ampere) / area_cm2,
        time,
        voltage,
      })),
    );
    if (found === null) {
      return unmeasured(cell.cell_id, say('RISING_UNTIL_SHORT'), around);
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
            reason: say('NEVER_SHORTED', { cell: cell.cell_id, lower: found.lower.toPrecision(3) }),
            needed: say('RAISE_CURRENT', { cell: cell.cell_id }),
          }
        : null,
      n: found.levels.length,
      ...(found.upper === null
        ? { method: 'highest current density of the test, no short' }
        : methodOf(say('METHOD/shorted', { upper: found.upper.toPrecision(3) }))),
      goodness: { shorted_at_ma_per_cm2: found.upper, levels: found.levels.length },
    };
  },
});

import { z } from 'zod';
import { assumedComponent, scaled } from '../../analysis/uncertainty/index.js';
import { currentComponent, isOfRange, rangeLacking } from '../../fits/uncertainty.js';
import { targetMessages as say } from '../../messages/targets.js';
import { cellConditions, defineCellMetric, measured, unmeasured } from './definition.js';

/** How much the state of charge at the beginning of a pulse may differ from the required one. */
const STATE_TOLERANCE = 0.1;
/** A logged pulse may be shorter than the programmed one by up to one record. */
const DURATION_SHARE = 0.95;

export const peakDischargeRate = defineCellMetric({
  id: 'peak_discharge_rate',
  level: 'cell',
  title: 'peak discharge rate',
  formula:
    'largest |I|/nominal capacity of a discharge step as long as the pulse, from the stated state of charge, above the cut-off',
  units: { C: 1 },
  pooling: 'plain',
  cellTypes: ['full', 'anode_free'],
  settings: z.strictObject({
    ...cellConditions,
    // A peak rate has a meaning only together with these.
    pulse_second: z.number().positive(),
    state_of_charge: z.number().min(0).max(1),
    /** Default: the lower cut-off of the cell. */
    cutoff_volt: z.number().optional(),
  }),
  measure(lab, cell, { pulse_second, state_of_charge, cutoff_volt }) {
    const cutoff = cutoff_volt ?? cell.lower_cutoff_volt;
    const nominal = cell.nominal_capacity_mah;
    if (nominal === null || cutoff === null) {
      const missing = [
        nominal === null ? 'nominal_capacity_mah' : '',
        cutoff === null ? 'lower_cutoff_volt' : '',
      ];
      const why = say('MISSING_IN_CELLS', { names: missing.filter(Boolean) });
      return unmeasured(cell.cell_id, say('CANNOT_BE_EVALUATED', { why }));
    }
    const own = lab.discharges.filter(({ cell_id }) => cell_id === cell.cell_id);
    const pulses = own.filter(
      (step) =>
        step.duration_second >= DURATION_SHARE * pulse_second &&
        step.minimum_voltage_volt !== null &&
        step.minimum_voltage_volt >= cutoff &&
        Math.abs((1000 * step.charge_before_ah) / nominal - state_of_charge) <= STATE_TOLERANCE,
    );
    const rates = pulses.map((step) => (1000 * Math.abs(step.mean_current_ampere)) / nominal);
    const conditions = { pulse_second, state_of_charge, cutoff_volt: cutoff, batch: cell.batch };
    if (rates.length === 0) {
      const needed = say('PULSE_NEEDED', {
        seconds: pulse_second,
        percent: 100 * state_of_charge,
        volt: cutoff,
      });
      return unmeasured(cell.cell_id, needed, { conditions });
    }
    const highest = rates.indexOf(Math.max(...rates));
    const value = rates[highest] as number;
    const stated = currentComponent(cell, pulses[highest]?.mean_current_ampere ?? null);
    const components = scaled([stated ?? assumedComponent('current', 'current')], value);
    const lacksRange = stated === null && isOfRange(cell);
    return {
      ...measured(cell.cell_id, value, components, { conditions }),
      n: rates.length,
      method: 'largest of the pulses that fit',
      supports: lacksRange ? 'INCONCLUSIVE' : 'verdict',
      missing: lacksRange ? rangeLacking : null,
      goodness: { step_count: pulses[highest]?.step_count },
      sources: { spectrum_ids: [], test_ids: [pulses[highest]?.test_id as number] },
    };
  },
});

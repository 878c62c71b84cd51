import { z } from 'zod';
import type { Quantity } from '../../analysis/result.js';
import { fromScatter } from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import type { VoltageFade } from '../../fits/kinds/decay.js';
import { named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import {
  cycleConditions,
  cycleSources,
  cyclesLabelled,
  directionWarning,
  paceOf,
  whenDone,
} from './cycling.js';
import { fadingCells } from './decay-rate.js';
import { cellConditions, defineCellMetric, measured, unmeasured } from './definition.js';

const scatterOf = ({ standard_error, dof }: Pick<Quantity, 'standard_error' | 'dof'>) => [
  fromScatter('cycles', standard_error ?? Number.NaN, dof ?? 0),
];

function otherFades(fit: VoltageFade | null): OtherChoice[] {
  if (fit?.other?.trend.value == null) return [];
  const { alternative, trend } = fit.other;
  return [{ choice: 'charge', alternative, value: -(trend.value as number), components: scatterOf(trend) }];
}

export const voltageFadeMetric = defineCellMetric({
  id: 'voltage_fade',
  level: 'cell',
  title: 'fade of the mean discharging voltage per cycle',
  formula: 'minus the slope of E_dis/Q_dis over ageing cycles, a straight line',
  units: { 'mV/cycle': 1, 'V/cycle': 1e-3 },
  pooling: 'plain',
  cellTypes: fadingCells,
  settings: z.strictObject({
    ...cellConditions,
    /** Cycles that the ageing ones must span. */
    minimum_cycles: z.int().min(10).default(100),
  }),
  measure(lab, cell, { minimum_cycles }) {
    const life = lab.fits.lives.get(cell.cell_id);
    if (life === undefined) return unmeasured(cell.cell_id, say('NO_CYCLING'));
    const used = cyclesLabelled(life, ['ageing', 'capacity_limited']);
    const around = {
      warnings: directionWarning(life),
      conditions: cycleConditions(lab, cell, life, used),
      sources: cycleSources(life, used),
    };
    const fit = lab.fits.voltageFade.find(({ subject }) => subject === cell.cell_id);
    const trend = fit?.result?.results.find(({ quantity }) => quantity === 'mean_voltage_trend');
    if (trend?.value == null) {
      return unmeasured(cell.cell_id, fit?.refusal ?? say('NO_MEAN_VOLTAGE'), around);
    }
    const [first, last] = [used[0], used.at(-1)];
    const spanned =
      first === undefined || last === undefined
        ? 0
        : (life.cycle[last] as number) - (life.cycle[first] as number) + 1;
    const left = minimum_cycles - spanned;
    const components = scatterOf(trend);
    return {
      ...measured(cell.cell_id, -trend.value, components, around),
      alternatives: otherFades(fit?.result ?? null),
      standard_error: trend.standard_error,
      n: trend.n,
      dof: trend.dof,
      n_eff: trend.n_eff,
      method: trend.method,
      supports: left > 0 ? 'INSUFFICIENT DATA' : 'verdict',
      missing:
        left > 0
          ? say('MORE_OF', {
              more: left,
              what: named('cycles'),
              done: spanned,
              required: minimum_cycles,
              when: whenDone(paceOf(lab, life), left),
            })
          : null,
    };
  },
});

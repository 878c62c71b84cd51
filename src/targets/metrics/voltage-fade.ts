import { z } from 'zod';
import type { Quantity } from '../../analysis/result.js';
import { fromScatter } from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import { voltageFade } from '../../fits/kinds/voltage-fade.js';
import type { CellLife } from '../../fits/lives.js';
import type { VoltageFade } from '../../fits/making/voltage-fade.js';
import { named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { defineCycleMetric } from './cycle-metric.js';
import { cyclesLabelled, moreCycles } from './cycling.js';
import { fadingCells } from './decay-rate.js';
import { cellConditions } from './definition.js';

const scatterOf = ({ standard_error, dof }: Pick<Quantity, 'standard_error' | 'dof'>) => [
  fromScatter('cycles', standard_error ?? Number.NaN, dof ?? 0),
];

function otherFades(fit: VoltageFade | null): OtherChoice[] {
  if (fit?.other?.trend.value == null) return [];
  const { alternative, trend } = fit.other;
  return [{ choice: 'charge', alternative, value: -(trend.value as number), components: scatterOf(trend) }];
}

/** Number of cycles from the first to the last of these. */
function spanOf(life: CellLife, used: readonly number[]): number {
  const [first, last] = [used[0], used.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return (life.cycle[last] as number) - (life.cycle[first] as number) + 1;
}

export const voltageFadeMetric = defineCycleMetric({
  id: 'voltage_fade',
  title: 'fade of the mean discharging voltage per cycle',
  formula: 'minus the slope of E_dis/Q_dis over ageing cycles, a straight line',
  units: { 'mV/cycle': 1, 'V/cycle': 1e-3 },
  cellTypes: fadingCells,
  settings: z.strictObject({
    ...cellConditions,
    /** Number of cycles that the ageing ones must span. */
    minimum_cycles: z.int().min(10).default(100),
  }),
  cycles: ({ life }) => cyclesLabelled(life, ['ageing', 'capacity_limited']),
  missing: say('NO_MEAN_VOLTAGE'),
  estimate({ lab, cell, life, used, settings }) {
    const fit = lab.fits.find(voltageFade, cell.cell_id);
    if (fit?.refusal != null) return { missing: fit.refusal };
    const trend = fit?.result?.results.find(({ quantity }) => quantity === 'mean_voltage_trend');
    if (trend?.value == null) return null;
    const missing = moreCycles(lab, life, {
      what: named('cycles'),
      done: spanOf(life, used),
      required: settings.minimum_cycles,
    });
    return {
      value: -trend.value,
      components: scatterOf(trend),
      alternatives: otherFades(fit?.result ?? null),
      standard_error: trend.standard_error,
      n: trend.n,
      dof: trend.dof,
      n_eff: trend.n_eff,
      method: trend.method,
      supports: missing === null ? 'verdict' : 'INSUFFICIENT DATA',
      missing,
    };
  },
});

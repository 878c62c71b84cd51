import { z } from 'zod';
import { efficiencyStatistics } from '../../analysis/coulombic-efficiency/index.js';
import { fromScatter, type UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import { type CellLife, OTHER_ENERGY, withOtherEnergy } from '../../fits/lives.js';
import { smallestCurrent } from '../../fits/making/coulombic-efficiency.js';
import { chargeRatioComponent, rangeLacking, ratioLacksRange } from '../../fits/uncertainty.js';
import { cyclingMessages } from '../../messages/cycling.js';
import { named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { fractionUnits } from '../units.js';
import { defineCycleMetric } from './cycle-metric.js';
import { cyclesLabelled, paceOf, whenDone } from './cycling.js';
import { cellConditions } from './definition.js';

function meanEfficiency(life: CellLife, used: readonly number[], instrument: UncertaintyComponent) {
  const values = used.flatMap((i) => life.energy_efficiency[i] ?? []);
  const statistics = efficiencyStatistics(values, instrument.standard_uncertainty * Math.sqrt(3), null);
  const dof = Math.max(statistics.n_eff - 1, 1);
  const components = [fromScatter('cycles', statistics.se_mean ?? Number.NaN, dof), instrument];
  return { statistics, dof, components };
}

/** The same with the energies from the source that is not reported (counter or integral). */
function otherEfficiency(
  other: CellLife,
  used: readonly number[],
  instrument: UncertaintyComponent,
): OtherChoice[] {
  if (used.every((i) => other.energy_efficiency[i] === null)) return [];
  const { statistics, components } = meanEfficiency(other, used, instrument);
  return [{ choice: 'charge', alternative: OTHER_ENERGY, value: statistics.mean, components }];
}

export const roundTripEfficiency = defineCycleMetric({
  id: 'round_trip_efficiency',
  title: 'round-trip energy efficiency, DC, at the cell',
  formula: 'mean of E_dis/E_chg over ageing cycles',
  units: fractionUnits,
  cellTypes: ['full', 'anode_free'],
  settings: z.strictObject({
    ...cellConditions,
    minimum_cycles: z.int().min(1).default(10),
    /** Rate of charge and discharge, within a tenth. */
    c_rate: z.number().positive().optional(),
  }),
  cycles({ life, settings: { c_rate } }) {
    const atRate = (rate: number | null | undefined) =>
      c_rate === undefined || (rate != null && Math.abs(rate / c_rate - 1) <= 0.1);
    return cyclesLabelled(life, ['ageing', 'capacity_limited']).filter(
      (i) =>
        life.energy_efficiency[i] != null &&
        atRate(life.charging_c_rate[i]) &&
        atRate(life.discharging_c_rate[i]),
    );
  },
  leftOut: cyclingMessages('OTHER_RATE'),
  missing: say('NO_ENERGIES'),
  method: 'mean over ageing cycles, correlation and instrument counted',
  estimate({ lab, cell, life, used, settings }) {
    if (used.length === 0) return null;
    const instrument = chargeRatioComponent(cell, smallestCurrent(life));
    const { statistics, components, dof } = meanEfficiency(life, used, instrument);
    const other = withOtherEnergy(life);
    const more = settings.minimum_cycles - used.length;
    const when = more > 0 ? whenDone(paceOf(lab, life), more) : null;
    const missing = more > 0 ? say('MORE', { more, what: named('cycles'), when }) : null;
    return {
      value: statistics.mean,
      ci95_low: statistics.ci95[0],
      ci95_high: statistics.ci95[1],
      bound95_low: statistics.lower95_one_sided,
      bound95_high: statistics.upper95_one_sided,
      standard_error: statistics.se_mean,
      components,
      alternatives: other === null ? [] : otherEfficiency(other, used, instrument),
      n: statistics.n,
      n_eff: statistics.n_eff,
      dof,
      supports: missing === null ? 'verdict' : 'INSUFFICIENT DATA',
      missing,
      ...(missing === null && ratioLacksRange(cell)
        ? { supports: 'INCONCLUSIVE' as const, missing: rangeLacking }
        : {}),
    };
  },
});

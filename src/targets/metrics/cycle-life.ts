import { z } from 'zod';
import { type DecayFit, decayTo80, judgeCycleLife, projectedLife } from '../../analysis/decay/index.js';
import { MEDIAN_ERROR_FACTOR } from '../../analysis/statistics/descriptive.js';
import { Z_ONE_SIDED } from '../../analysis/statistics/intervals.js';
import {
  assumedAs,
  boundsFrom,
  fromScatter,
  halfWidthOrAssumed,
  ofReading,
  type UncertaintyComponent,
} from '../../analysis/uncertainty/index.js';
import { exactEstimate, type Limit, type Verdict } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { decayFitOf, fadeOf, fadingCells } from './decay-rate.js';
import type { CellRuling } from './definition.js';
import { cellConditions, defineCellMetric, measurementOf, methodOf, unmeasured } from './definition.js';

const endOfLifeOf = (fit: DecayFit): number | null =>
  fit.results.find(({ quantity }) => quantity === 'cycles_to_80pct')?.value ?? null;

function judgeLife(fit: DecayFit, limit: Limit): Verdict {
  return judgeCycleLife({
    claimed_cycles: limit.threshold,
    observed_cycles: fit.log_ols.observed_span + 1,
    cycles_to_end_of_life: endOfLifeOf(fit),
    projection: fit.life_projection,
    knee_accepted: fit.verdict_D.knee?.accepted ?? false,
  });
}

/**
 * Cycles to 80 % by the best law of fade; on the ln scale, its uncertainty is the range of the admitted laws with
 * their bounds. Null where an admitted law reaches no end.
 */
function projected(fit: DecayFit): { value: number; relative: number; law: string } | null {
  if (fit.life_projection === null) return null;
  const { cycles, low, high, law } = projectedLife(fit.life_projection);
  if (cycles === null || low === null || high === null) return null;
  const observed = fit.log_ols.observed_span + 1;
  const value = Math.max(cycles, observed);
  const apart = Math.max(Math.log(value / Math.max(low, observed)), Math.log(Math.max(high, value) / value));
  return { value, relative: apart / Z_ONE_SIDED, law };
}

/** The range of the laws, which cells with a similar fade share, however many there are. */
function lawComponent(cell: CellRecord, relative: number): UncertaintyComponent {
  const component = { ...ofReading('law of fade', relative), shared: true };
  return cell.capacity_wander_relative === null
    ? { ...component, ...assumedAs('capacity_wander') }
    : component;
}

/** Number of points of the running median that shows the end of life, and of the initial capacity. */
const MEDIAN_OF = 5;

/**
 * Uncertainty of an observed end of life, on the ln scale. An error of the capacity shifts it by that error divided by
 * the rate of fade there: scatter of the two medians that are compared, and slow changes between them. The end lies
 * between two points that measure capacity.
 */
function observedComponents(cell: CellRecord, fit: DecayFit, end: number): UncertaintyComponent[] {
  const recent = fit.verdict_D.recent?.D ?? 0;
  const rate = recent > 0 ? recent : decayTo80(end);
  const perCapacity = 1 / (rate * end);
  const { n, residual_sd_ln } = fit.window_to_eol?.log_ols ?? fit.log_ols;
  const ofMedians = MEDIAN_ERROR_FACTOR * residual_sd_ln * Math.sqrt(2 / MEDIAN_OF);
  const spacing = ofReading(
    'spacing of the points',
    fit.log_ols.observed_span / fit.log_ols.n / end / Math.sqrt(3),
  );
  return [
    fromScatter('cycles', ofMedians * perCapacity, n - 2),
    halfWidthOrAssumed('wander', 'capacity_wander', cell.capacity_wander_relative, 2 * perCapacity),
    { ...spacing, distribution: 'rectangular' },
  ];
}

export const cycleLife = defineCellMetric({
  id: 'cycle_life',
  level: 'cell',
  title: 'cycles to 80 % of the initial capacity',
  formula:
    'first cycle from which the running median stays below 80 %; before that projected by every law that describes the fade, for a PASS once 85 % of the claim was cycled',
  units: { cycles: 1 },
  pooling: 'log',
  cellTypes: fadingCells,
  settings: z.strictObject({ ...cellConditions }),
  measure(lab, cell) {
    const fade = fadeOf(lab, cell);
    if (fade.missing !== undefined) return unmeasured(cell.cell_id, fade.missing, fade.around);
    const { fit, around } = fade;
    const end = endOfLifeOf(fit);
    const observed = fit.log_ols.observed_span + 1;
    const goodness = { observed_cycles: observed, end_of_life_seen: end !== null };
    const base = measurementOf(cell.cell_id, { ...around, goodness });
    const n = fit.log_ols.n;
    if (end !== null) {
      const method = 'observed: the running median stays below 80 %';
      const components = observedComponents(cell, fit, end);
      const bounds = boundsFrom(end, components, 'ln');
      return { ...base, value: end, ...bounds, components, n, method, supports: 'verdict', missing: null };
    }
    const life = projected(fit);
    if (life === null) {
      const how = say('METHOD/no_end', { cycles: observed });
      return {
        ...base,
        ...exactEstimate(observed),
        one_sided: {
          bound: 'lower',
          code: 'END_OF_LIFE_NOT_SEEN',
          reason: how,
          needed: say('END_NOT_SEEN'),
        },
        n,
        ...methodOf(how),
        supports: 'verdict',
        missing: null,
      };
    }
    const { value, relative, law } = life;
    const times = Number((value / observed).toPrecision(3));
    const components = [lawComponent(cell, relative)];
    return {
      ...base,
      value,
      ...boundsFrom(value, components, 'ln'),
      components,
      n,
      ...methodOf(say('METHOD/projected', { law: named(law), times })),
      supports: 'verdict',
      missing: null,
    };
  },
  rule(lab, measurement, limit): CellRuling {
    const fit = decayFitOf(lab, measurement.cell_id)?.result;
    if (fit == null) return { fails: null, blocks: null };
    const { verdict, because: reason, needs: needed } = judgeLife(fit, limit);
    if (verdict === 'INSUFFICIENT DATA') return { fails: null, blocks: null, insufficient: needed ?? reason };
    if (verdict === 'PASS') return { fails: null, blocks: null };
    if (verdict === 'FAIL') return { fails: reason, blocks: null };
    return { fails: null, blocks: { reason, needed: needed ?? reason } };
  },
});

import { z } from 'zod';
import {
  type DecayEstimate,
  type DecayEvidence,
  type DecayFit,
  ruleBeyondBounds,
} from '../../analysis/decay/index.js';
import type { Quantity } from '../../analysis/result.js';
import { boundsFrom, fromScatter, halfWidthOrAssumed } from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { decay } from '../../fits/kinds/decay.js';
import { cyclingMessages } from '../../messages/cycling.js';
import { type Message, named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { countRemark, cycleConditions, cycleSources, directionWarning, moreCycles } from './cycling.js';
import {
  type CellMeasurement,
  type CellRuling,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  measurementOf,
  unmeasured,
} from './definition.js';

/** Cells whose capacity shows a fade. */
export const fadingCells = ['cathode_half', 'anode_half', 'full', 'anode_free'] as const;

export const decayFitOf = (lab: LabData, cell_id: string) => lab.fits.find(decay, cell_id);

const quantityOf = (fit: DecayFit, name: string): Quantity | undefined =>
  fit.results.find(({ quantity }) => quantity === name);

/** What the rules for a decay rate use, from a stored fit. */
export function decayEvidence(fit: DecayFit): DecayEvidence {
  const remarks = fit.warnings.filter(({ code }) => code === 'OUTLIERS' || code === 'LAW_INADEQUATE');
  return {
    window: fit.verdict_D.window,
    recent: fit.verdict_D.recent,
    knee: fit.verdict_D.knee,
    cycles_spanned: fit.log_ols.observed_span + 1,
    cycles_to_end_of_life: quantityOf(fit, 'cycles_to_80pct')?.value ?? null,
    remarks,
  };
}

/** Everything about the fade of a cell except the value itself; where there is no fit, the reason. */
export function fadeOf(lab: LabData, cell: CellRecord) {
  const life = lab.fits.lives.get(cell.cell_id);
  if (life === undefined) return { missing: say('NO_CYCLING'), around: {} } as const;
  const fit = decayFitOf(lab, cell.cell_id);
  const excluded: Exclusion[] = (fit?.result?.excluded ?? []).flatMap(({ index, ...rest }) => {
    // Indices count the cycles of known direction.
    const known = life.cycle.filter((_, i) => life.direction_known[i]);
    return [{ cycle: known[index] as number, ...rest }];
  });
  const included = life.cycle.map((_, i) => i);
  const left = new Set(excluded.map(({ cycle }) => cycle));
  const used = included.filter((i) => life.direction_known[i] && !left.has(life.cycle[i] as number));
  const around = {
    excluded,
    warnings: [...(fit?.result?.warnings ?? []), ...directionWarning(life)],
    conditions: cycleConditions(lab, cell, life, used),
    sources: cycleSources(life),
  };
  if (fit?.result == null) return { missing: fit?.refusal ?? say('NO_DECAY_FIT'), around } as const;
  return { life, fit: fit.result, around } as const;
}

/** Sources of the uncertainty of D: its scatter, and slow changes of the capacity, which cells in one room share. */
function decayComponents(cell: CellRecord, { wander_half_width: half }: DecayFit, estimate: DecayEstimate) {
  const { D, slope, slope_se, dof_eff, u_wander } = estimate;
  const ofHalfWidth = half > 0 ? ((1 - D) * u_wander * Math.sqrt(3)) / half : 0;
  return [
    fromScatter('cycles', slope_se * Math.exp(slope), dof_eff),
    halfWidthOrAssumed('wander', 'capacity_wander', cell.capacity_wander_relative, ofHalfWidth),
  ];
}

const otherRates = (cell: CellRecord, fit: DecayFit): OtherChoice[] =>
  fit.alternatives.map(({ choice, alternative, estimate }) => ({
    choice,
    alternative,
    value: estimate.D,
    components: decayComponents(cell, fit, estimate),
  }));

/** The rate over the last third, which an average hides, as words. */
function recentRemark({ verdict_D: { recent } }: DecayFit): Message {
  if (recent === null) return say('D_RECENT_UNTOLD');
  const percent = (fraction: number | null) =>
    fraction === null ? say('UNKNOWN') : Number((100 * fraction).toPrecision(3));
  const [low, high] = recent.ci95;
  return say('D_RECENT_REMARK', { recent: percent(recent.D), low: percent(low), high: percent(high) });
}

export const decayRate = defineCellMetric({
  id: 'decay_rate',
  level: 'cell',
  title: 'capacity decay per cycle',
  formula:
    'D of Q(n) = Q0·(1 − D)^n over ageing cycles, from the first to the observed end of life or the last',
  units: { '1/cycle': 1, percent_per_cycle: 100 },
  pooling: 'plain',
  // Safe when cells are judged every night: with 95 %, a rate at the limit would pass sooner or later in a third of
  // all cells.
  passProbability: 0.99,
  toleratedShare: 0.1,
  cellTypes: fadingCells,
  settings: z.strictObject({
    ...cellConditions,
    /** Number of cycles that the included ones must span. */
    minimum_cycles: z.int().min(3).default(100),
  }),
  measure(lab, cell, { minimum_cycles }) {
    const fade = fadeOf(lab, cell);
    if (fade.missing !== undefined) return unmeasured(cell.cell_id, fade.missing, fade.around);
    const { life, fit, around } = fade;
    const evidence = decayEvidence(fit);
    const D = quantityOf(fit, 'D_to_end_of_life');
    if (D?.value == null) return unmeasured(cell.cell_id, say('NO_DECAY_RATE'), around);
    const spanned = { what: named('cycles'), done: evidence.cycles_spanned, required: minimum_cycles };
    const missing =
      moreCycles(lab, life, spanned) ?? (D.bound95_low === null ? cyclingMessages('FOUR_POINTS') : null);
    const components = decayComponents(cell, fit, fit.verdict_D.window);
    return {
      ...measurementOf(cell.cell_id, around),
      ...D,
      cell_id: cell.cell_id,
      ...(D.bound95_low === null ? {} : boundsFrom(D.value, components)),
      components,
      alternatives: otherRates(cell, fit),
      supports: missing === null ? 'verdict' : 'INSUFFICIENT DATA',
      missing,
      goodness: {
        series: fit.series,
        Q0: quantityOf(fit, 'Q0')?.value ?? null,
        Q0_unit: quantityOf(fit, 'Q0')?.unit ?? null,
        cycles_spanned: evidence.cycles_spanned,
        D_statistical_low: evidence.window.ci95_statistical[0],
        D_statistical_high: evidence.window.ci95_statistical[1],
        D_upper99: evidence.window.upper99,
        D_recent: evidence.recent?.D ?? null,
        D_recent_low: evidence.recent?.ci95[0] ?? null,
        D_recent_high: evidence.recent?.ci95[1] ?? null,
        knee_cycle: quantityOf(fit, 'knee_cycle')?.value ?? null,
        D_after: quantityOf(fit, 'D_after')?.value ?? null,
        end_of_life_cycle: fit.end_of_life_cycle,
        n80_fitted_Q0: quantityOf(fit, 'n80_fitted_Q0')?.value ?? null,
        D_energy: quantityOf(fit, 'D_energy')?.value ?? null,
        best_law: fit.model_comparison.best_eff,
        value_without_exclusions: fit.naive_all_cycles?.D ?? null,
      },
    } satisfies CellMeasurement;
  },
  rule(lab, measurement, limit): CellRuling {
    const fit = decayFitOf(lab, measurement.cell_id)?.result;
    if (fit == null || measurement.supports !== 'verdict') return { fails: null, blocks: null };
    const evidence = decayEvidence(fit);
    const { lower95 } = evidence.window;
    const failsByBounds = lower95 !== null && lower95 >= limit.threshold;
    const rule = ruleBeyondBounds(evidence, limit.threshold, failsByBounds);
    const life = lab.fits.lives.get(measurement.cell_id);
    const counts = life && countRemark(life);
    const recent = recentRemark(fit);
    const remark = counts === undefined ? recent : say('LIST', { items: [recent, counts] });
    if (rule === null) return { fails: null, blocks: null, remark };
    const { verdict, because: reason, needs: needed } = rule;
    return verdict === 'FAIL'
      ? { fails: reason, blocks: null, remark }
      : { fails: null, blocks: { reason, needed: needed ?? reason }, remark };
  },
});

import { z } from 'zod';
import type { DecayFit } from '../../analysis/decay/index.js';
import {
  asEstimate,
  exactEstimate,
  judgeCycleLife,
  type Limit,
  type Verdict,
} from '../../analysis/verdict/index.js';
import { decayEvidence, decayFitOf, fadeOf, fadingCells } from './decay-rate.js';
import type { CellRuling } from './definition.js';
import { cellConditions, defineCellMetric, unmeasured } from './definition.js';

function judgeLife(fit: DecayFit, limit: Limit): Verdict {
  const evidence = decayEvidence(fit);
  return judgeCycleLife({
    claimed_cycles: limit.threshold,
    observed_cycles: fit.log_ols.observed_span + 1,
    cycles_to_end_of_life: evidence.cycles_to_end_of_life,
    decay: asEstimate(fit.results.find(({ quantity }) => quantity === 'D_to_end_of_life')),
    extrapolation_allowed: !(fit.knee?.accepted ?? false) && !fit.model_comparison.law_inadequate,
  });
}

export const cycleLife = defineCellMetric({
  id: 'cycle_life',
  level: 'cell',
  title: 'cycles to 80 % of the initial capacity',
  formula:
    'first cycle from which the running median stays below 80 %; before that ln 0.8/ln(1 − D), once a fifth of the claim was cycled',
  units: { cycles: 1 },
  pooling: 'plain',
  cellTypes: fadingCells,
  settings: z.strictObject({ ...cellConditions }),
  measure(lab, cell) {
    const fade = fadeOf(lab, cell);
    if (fade.missing !== undefined) return unmeasured(cell.cell_id, fade.missing, fade.around);
    const { fit, around } = fade;
    const end = fit.results.find(({ quantity }) => quantity === 'cycles_to_80pct')?.value ?? null;
    const observed = fit.log_ols.observed_span + 1;
    const goodness = { observed_cycles: observed, end_of_life_seen: end !== null };
    const base = unmeasured(cell.cell_id, '', { ...around, goodness });
    if (end !== null) {
      const method = 'observed: the running median stays below 80 %';
      return { ...base, ...exactEstimate(end), n: fit.log_ols.n, method, supports: 'verdict', missing: null };
    }
    const modelled = fit.results.find(({ quantity }) => quantity === 'n80_fitted_Q0');
    if (modelled?.value == null) {
      return {
        ...base,
        method: modelled?.method ?? '',
        supports: 'INCONCLUSIVE',
        missing: 'cycle to the end of life: the fade follows no law that could be extrapolated',
      };
    }
    return { ...base, ...modelled, cell_id: cell.cell_id, supports: 'verdict', missing: null };
  },
  rule(lab, measurement, limit): CellRuling {
    const fit = decayFitOf(lab, measurement.cell_id)?.result;
    if (fit == null) return { fails: null, blocks: null };
    const { verdict, reason, needed } = judgeLife(fit, limit);
    if (verdict === 'INSUFFICIENT DATA') return { fails: null, blocks: null, insufficient: needed ?? reason };
    if (verdict === 'PASS') return { fails: null, blocks: null };
    if (verdict === 'FAIL') return { fails: reason, blocks: null };
    return { fails: null, blocks: { reason, needed: needed ?? reason } };
  },
});

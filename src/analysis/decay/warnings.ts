import { cyclingMessages as say } from '../../messages/cycling.js';
import { type Message, named } from '../../messages/message.js';
import type { AnalysisWarning } from '../result.js';
import { largestRunningMisfit } from './adequacy.js';
import type { SelectedSeries } from './series.js';
import type { WindowAnalysis } from './types.js';
import { MINIMUM_CHECKUPS } from './window.js';

/** Everything that is doubtful about a decay fit. */
export function decayWarnings(selected: SelectedSeries, all: WindowAnalysis): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  const warn = (message: AnalysisWarning) => warnings.push(message);
  const series = selected.primary;
  const { log_ols: ols, robust, exponential, model_comparison: laws, knee } = all;
  if (selected.capacityLimited) {
    warn(say('CAPACITY_LIMITED/checkups'));
    if (all.n < MINIMUM_CHECKUPS) warn(say('FEW_CHECKUPS', { n: all.n }));
  }
  const { n_eff } = all.estimate;
  if (n_eff < 5) {
    warn(say('TREND_NOT_RESOLVED', { n: n_eff.toFixed(1) }));
  }
  if (robust.outliers.length > 0) {
    const cycles = robust.outliers.map((i) => series.cycle[i]);
    const shown = cycles.slice(0, 20).join(', ') + (cycles.length > 20 ? ', …' : '');
    const how = say(robust.huber_reported ? 'OUTLIERS/huber' : 'OUTLIERS/unmoved');
    warn(say('OUTLIERS', { n: cycles.length, cycles: shown, how }));
  }
  const notExact = ols.residual_sd_ln > 1e-9;
  if (notExact && Math.abs(exponential.D - ols.D) > 2 * ols.D_se_reported) {
    warn(say('SHAPE_MISMATCH'));
  }
  if (laws.law_inadequate) {
    const exponent = laws.models.power.exponent ?? 1;
    const how = {
      exponential: '',
      linear: '',
      sqrt: 'decelerating',
      power: exponent < 1 ? 'decelerating' : 'accelerating',
    };
    const kind = how[laws.best_eff];
    const law = named(laws.best_eff);
    warn(kind ? say('LAW_INADEQUATE/how', { law, how: named(kind) }) : say('LAW_INADEQUATE', { law }));
  }
  if (knee?.accepted) {
    warn(say('KNEE', { cycles: knee.knee_cycle }));
  } else if (knee && (knee.delta_aicc_eff ?? 0) < -10 && knee.D_after < knee.D_before) {
    warn(say('EARLY_TRANSIENT', { cycles: knee.knee_cycle }));
  }
  const misfit = largestRunningMisfit(exponential.residuals, series.capacity);
  if (misfit !== null && misfit > 0.01) {
    warn(say('SYSTEMATIC_MISFIT', { percent: (100 * misfit).toFixed(1) }));
  }
  if (!knee?.accepted && !laws.law_inadequate && ols.n80_extrapolated && ols.n80_fitted_Q0 !== null) {
    const ratio = ols.n80_fitted_Q0 / ols.observed_span;
    warn(say(ratio > 2 ? 'EXTRAPOLATED/life_far' : 'EXTRAPOLATED/life', { times: ratio.toPrecision(3) }));
  }
  return warnings;
}

/** What the verdict's sentence must mention though it does not change it. */
export function verdictRemarks(judged: WindowAnalysis): Message[] {
  const list: Message[] = [];
  const { outliers, huber_reported } = judged.robust;
  if (outliers.length > 0) {
    const how = say(huber_reported ? 'OUTLIERS_NOTED/huber' : 'OUTLIERS_NOTED/unmoved');
    list.push(say('OUTLIERS_NOTED', { n: outliers.length, how }));
  }
  if (judged.model_comparison.law_inadequate) {
    list.push(say('LAW_NOTED', { law: named(judged.model_comparison.best_eff) }));
  }
  return list;
}

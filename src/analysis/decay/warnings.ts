import type { AnalysisWarning } from '../result.js';
import { largestRunningMisfit } from './adequacy.js';
import type { SelectedSeries } from './series.js';
import type { WindowAnalysis } from './types.js';
import { MINIMUM_CHECKUPS } from './window.js';

/** All that is doubtful about a decay fit. */
export function decayWarnings(selected: SelectedSeries, all: WindowAnalysis): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message });
  const series = selected.primary;
  const { log_ols: ols, robust, exponential, model_comparison: laws, knee } = all;
  if (selected.capacityLimited) {
    warn(
      'CAPACITY_LIMITED',
      'the protocol fixes the capacity of the ageing cycles: D is that of the check-ups',
    );
    if (all.n < MINIMUM_CHECKUPS) warn('FEW_CHECKUPS', `${all.n} check-ups; four are needed for an interval`);
  }
  const { n_eff } = all.estimate;
  if (n_eff < 5) {
    warn('TREND_NOT_RESOLVED', `correlated residuals leave ${n_eff.toFixed(1)} independent points`);
  }
  if (robust.outliers.length > 0) {
    const cycles = robust.outliers.map((i) => series.cycle[i]);
    const shown = cycles.slice(0, 20).join(', ') + (cycles.length > 20 ? ', …' : '');
    const how = robust.huber_reported ? 'D is taken from Huber’s line' : 'D is not moved by them';
    warn(
      'OUTLIERS',
      `${cycles.length} cycles off the line by more than five robust scales (${shown}); ${how}`,
    );
  }
  const notExact = ols.residual_sd_ln > 1e-9;
  if (notExact && Math.abs(exponential.D - ols.D) > 2 * ols.D_se_reported) {
    warn('SHAPE_MISMATCH', 'fits to Q and to ln Q disagree: the curve is not exponential');
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
    warn('LAW_INADEQUATE', `a ${laws.best_eff} law describes the fade better${kind ? ` (${kind})` : ''}`);
  }
  if (knee?.accepted) {
    warn('KNEE', `fade accelerates ${knee.knee_cycle} cycles after the first included one`);
  } else if (knee && (knee.delta_aicc_eff ?? 0) < -10 && knee.D_after < knee.D_before) {
    warn('EARLY_TRANSIENT', `fade slows down after ${knee.knee_cycle} cycles: a transient, not a knee`);
  }
  const misfit = largestRunningMisfit(exponential.residuals, series.capacity);
  if (misfit !== null && misfit > 0.01) {
    warn(
      'SYSTEMATIC_MISFIT',
      `11 neighbouring cycles lie on average ${(100 * misfit).toFixed(1)} % off the fitted law`,
    );
  }
  if (!knee?.accepted && !laws.law_inadequate && ols.n80_extrapolated && ols.n80_fitted_Q0 !== null) {
    const ratio = ols.n80_fitted_Q0 / ols.observed_span;
    const only = ratio > 2 ? '; order of magnitude only' : '';
    warn(
      'EXTRAPOLATED',
      `the modelled life to 80 % is ${ratio.toPrecision(3)} times the observed cycles${only}`,
    );
  }
  return warnings;
}

/** What the verdict's sentence must mention though it does not change it. */
export function verdictRemarks(judged: WindowAnalysis): string[] {
  const list: string[] = [];
  const { outliers, huber_reported } = judged.robust;
  if (outliers.length > 0) {
    const how = huber_reported ? 'D is Huber’s' : 'they do not move D';
    list.push(`${outliers.length} outliers (${how})`);
  }
  if (judged.model_comparison.law_inadequate) {
    list.push(`the exponential law does not hold, ${judged.model_comparison.best_eff} fits better`);
  }
  return list;
}

import { type Quantity, quantity } from '../result.js';
import { mapBounds } from '../statistics/intervals.js';
import { largestRunningMisfit } from './adequacy.js';
import { decayTo80, type EndPoints } from './end-of-life.js';
import { decayRow } from './estimate.js';
import { cyclesTo80 } from './log-linear.js';
import type { CapacitySeries } from './series.js';
import type { DecayFit, WindowAnalysis } from './types.js';

export interface DecayContext {
  all: WindowAnalysis;
  /** From the first included cycle to the end of life. */
  judged: WindowAnalysis;
  series: CapacitySeries;
  /** Observed cycles to 80 %; null where not reached. */
  cyclesToEnd: number | null;
  energy: Quantity | null;
  ends: EndPoints;
}

const interval = (pair: readonly [number | null, number | null]) => ({
  ci95_low: pair[0],
  ci95_high: pair[1],
});

/** Rows of the fit's table. */
export function decayQuantities(context: DecayContext, capacityUnit: string): Quantity[] {
  const { all, judged, series, cyclesToEnd, energy, ends } = context;
  const { log_ols: ols, robust, exponential, n } = all;
  const perCycle = (name: string, value: number, rest: Partial<Quantity>) =>
    quantity({ quantity: name, value, unit: '1/cycle', n, ...rest });
  const rows: Quantity[] = [
    all.D,
    quantity({
      quantity: 'Q0',
      value: robust.huber_reported ? robust.huber.Q0 : ols.Q0,
      unit: capacityUnit,
      standard_error: robust.huber_reported ? null : finite(ols.Q0_se),
      n,
      method: `at cycle ${series.cycle[0]}, the first included`,
    }),
    { ...judged.D, quantity: 'D_to_end_of_life' },
    recentRow(judged),
    perCycle('D_log_ols', ols.D, {
      standard_error: finite(ols.D_se_reported),
      ...interval(ols.D_ci95_reported),
      bound95_low: ols.D_lower95_one_sided,
      bound95_high: ols.D_upper95_one_sided,
      dof: ols.dof_eff,
      n_eff: ols.n_eff,
      method: 'least squares of ln Q on all included cycles',
    }),
    perCycle('D_nls', exponential.D, {
      standard_error: finite(exponential.D_se),
      ...interval(exponential.D_ci95),
      dof: n - 2,
      method: 'least squares of Q; the interval takes residuals as independent',
    }),
    perCycle('D_theil_sen', robust.theil_sen.D, {
      ...interval(robust.theil_sen.D_ci95),
      method: 'median of pairwise slopes of ln Q, Sen interval; takes residuals as independent',
    }),
    perCycle('D_huber', robust.huber.D, { method: 'Huber on ln Q' }),
  ];
  if (ends.endpoint_mean_D !== null) {
    rows.push(
      perCycle('endpoint_mean_D', ends.endpoint_mean_D, {
        method: 'medians of the first and last five cycles',
      }),
    );
  }
  rows.push(
    quantity({
      quantity: 'capacity_retention_last',
      value: ends.capacity_retention_last,
      unit: '1',
      n,
      method: 'median of the last five cycles over that of the first five',
    }),
    modelledLife(all),
  );
  if (cyclesToEnd !== null) {
    rows.push(
      quantity({
        quantity: 'cycles_to_80pct',
        value: cyclesToEnd,
        unit: 'cycle',
        method: 'observed, running median',
      }),
    );
    if (cyclesToEnd > 0)
      rows.push(perCycle('D_mean_to_80pct', decayTo80(cyclesToEnd), { method: 'observed life' }));
  }
  rows.push(...kneeRows(all));
  if (energy) rows.push(energy);
  return rows;
}

/** Where the fade accelerates, and the rates before and after; none where there is no knee. */
function kneeRows({ knee, n }: WindowAnalysis): Quantity[] {
  if (!knee?.accepted) return [];
  const method = 'two lines in ln Q';
  const rate = (name: string, value: number) =>
    quantity({ quantity: name, value, unit: '1/cycle', n, method });
  return [
    quantity({
      quantity: 'knee_cycle',
      value: knee.knee_cycle,
      unit: 'cycle',
      n,
      ...interval(knee.knee_ci95),
      method,
    }),
    rate('D_before', knee.D_before),
    rate('D_after', knee.D_after),
  ];
}

/** The rate over the last third, which an average hides. */
function recentRow({ recent, n }: WindowAnalysis): Quantity {
  if (recent === null) {
    const method = 'withheld: needs 100 cycles spanned and 20 points in their last third';
    return quantity({ quantity: 'D_recent', value: null, unit: '1/cycle', n, method, status: 'unusable' });
  }
  return decayRow(
    recent,
    'D_recent',
    `least squares of ln Q from ${recent.first_n} cycles after the first on; error from a parabola`,
  );
}

/** n₈₀ by the fitted law; withheld where the law does not hold, because readers would take it for a prediction. */
function modelledLife({ D, log_ols, knee, model_comparison, n }: WindowAnalysis): Quantity {
  const method = 'fitted exponential law';
  const row = { quantity: 'n80_fitted_Q0', value: null, unit: 'cycle', n };
  const withheld = (why: string) => quantity({ ...row, method: `${method}: ${why}`, status: 'unusable' });
  if (knee?.accepted) return withheld('withheld, there is a knee');
  if (model_comparison.law_inadequate) return withheld('withheld, the law does not hold');
  const life = (rate: number) => (rate > 0 ? (cyclesTo80(Math.log1p(-rate)) as number) : Number.NaN);
  const value = life(D.value as number);
  if (Number.isNaN(value)) return withheld('nothing is lost');
  const ratio = value / log_ols.observed_span;
  const far = ratio > 1 ? `, extrapolated to ${ratio.toPrecision(3)} times the observed cycles` : '';
  const only = ratio > 2 ? ', order of magnitude only' : '';
  return quantity({
    ...row,
    value,
    ...mapBounds(D, life, 'decreasing'),
    dof: D.dof,
    n_eff: D.n_eff,
    method: `${method}${far}${only}`,
    status: ratio > 1 ? 'warn' : 'ok',
  });
}

/** Figures of the regression, and what speaks for or against the law. */
export function decayGoodness(all: WindowAnalysis, series: CapacitySeries): DecayFit['goodness'] {
  const { log_ols: ols, model_comparison: laws, knee } = all;
  const { runs_test, D_ci95_ols, D_ci95_reported: _reported, n80_ci95, ...scalars } = ols;
  const figures = Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, typeof value === 'number' ? finite(value) : value]),
  );
  return {
    ...figures,
    D_ci95_ols_low: D_ci95_ols[0],
    D_ci95_ols_high: D_ci95_ols[1],
    n80_ci95_low: n80_ci95[0],
    n80_ci95_high: n80_ci95[1],
    runs: runs_test.runs,
    runs_z: runs_test.z,
    runs_p: runs_test.p,
    running_misfit: largestRunningMisfit(all.exponential.residuals, series.capacity),
    best_law: laws.best,
    delta_aicc_exponential: laws.delta_aicc_exponential,
    delta_aicc_eff_exponential: laws.delta_aicc_eff_exponential,
    knee_accepted: knee?.accepted ?? false,
    knee_delta_aicc_eff: knee?.delta_aicc_eff ?? null,
    series: series.kind,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

import { scaled, sharedComponents } from '../analysis/uncertainty/index.js';
import {
  type Estimate,
  type OneSided,
  type PooledEstimate,
  poolSamples,
  scopeText,
} from '../analysis/verdict/index.js';
import type { CellRecord } from '../fits/cells.js';
import type { BudgetLine } from './budget.js';
import { budgetOf } from './budget.js';
import type { CellMeasurement, CellMetric } from './metrics/index.js';
import type { Target } from './schema.js';
import { convertedEstimate, scaleIn } from './units.js';

/** One cell with what was measured on it. */
export interface MeasuredCell {
  cell: Pick<CellRecord, 'batch'>;
  measurement: CellMeasurement;
}

/** Of several reasons why a number is one-sided, the one with the widest range for the truth. */
function farthest(reasons: readonly OneSided[]): OneSided | undefined {
  const room = ({ factor }: OneSided) =>
    factor === undefined ? Number.POSITIVE_INFINITY : Math.abs(Math.log(factor));
  return [...reasons].sort((a, b) => room(b) - room(a))[0];
}

/** The measurements pooled over cells, in the metric's own unit; null where there is none. All have a value. */
export function poolOf(metric: CellMetric, measured: readonly MeasuredCell[]): PooledEstimate | null {
  if (measured.length === 0) return null;
  const measurements = measured.map(({ measurement }) => measurement);
  const values = measurements.map(({ value }) => value as number);
  const errors = measurements.map(({ standard_error }) => standard_error ?? 0);
  const log = metric.pooling === 'log' && values.every((value) => value > 0);
  const oneSided = farthest(measurements.flatMap(({ one_sided }) => one_sided ?? []));
  const pool = poolSamples(values, {
    log,
    ...(errors.every((error) => error > 0) ? { standard_errors: errors } : {}),
    batches: measured.map(({ cell }) => cell.batch),
    shared: sharedComponents(measurements.map(({ components }) => components)),
    ...(metric.passProbability === undefined ? {} : { pass_probability: metric.passProbability }),
  });
  return oneSided === undefined ? pool : { ...pool, one_sided: oneSided };
}

/** The estimate to show: pooled over cells, or that of the only cell. */
export function shownEstimate(
  pool: PooledEstimate | null,
  measured: readonly MeasuredCell[],
): Estimate | null {
  if (pool === null) return null;
  const [only] = measured;
  return measured.length === 1 && only !== undefined ? (only.measurement as Estimate) : pool;
}

/** The sources of the uncertainty of the shown estimate. */
export function shownBudget(
  metric: CellMetric,
  pool: PooledEstimate | null,
  measured: readonly MeasuredCell[],
  target: Target,
): BudgetLine[] {
  if (pool === null) return [];
  const factor = scaleIn(metric, target.unit);
  const [only] = measured;
  const components = measured.length === 1 && only ? only.measurement.components : pool.components;
  return budgetOf({
    value: pool.value * factor,
    unit: target.unit,
    components,
    scale: pool.log ? 'ln' : 'linear',
    factor,
  });
}

/** A pooled estimate in the unit of a target. */
export function scaledPool(pool: PooledEstimate, scale: number, target: Target): PooledEstimate {
  const factor = pool.log ? 1 : scale;
  const of = (value: number | null) => (value === null ? null : value * scale);
  return {
    ...pool,
    ...convertedEstimate(pool, scale, target.threshold),
    ...(pool.pass === undefined
      ? {}
      : { pass: { ...pool.pass, low: of(pool.pass.low), high: of(pool.pass.high) } }),
    highest: pool.highest * scale,
    lowest: pool.lowest * scale,
    sd: pool.sd === null ? null : pool.sd * factor,
    standard_error: pool.standard_error === null ? null : pool.standard_error * factor,
    u_shared: pool.u_shared * factor,
    components: scaled(pool.components, factor),
  };
}

/** A pool as evidence, in the unit of a target. */
export function poolingEvidence(pool: PooledEstimate, scale: number): Record<string, unknown> {
  const of = (value: number | null) => (value === null ? null : value * scale);
  const effects = pool.random_effects;
  const back = (value: number) => (pool.log ? Math.exp(value) : value);
  return {
    samples: pool.m,
    scope: scopeText(pool.scope),
    batches: pool.batches,
    on: pool.log ? 'logarithms' : 'values',
    between_samples_sd: pool.sd === null ? null : pool.log ? pool.sd : pool.sd * scale,
    best: of(pool.highest),
    worst: of(pool.lowest),
    ci95_statistical_low: of(pool.ci95_statistical[0]),
    ci95_statistical_high: of(pool.ci95_statistical[1]),
    prediction95_low: of(pool.prediction95[0]),
    prediction95_high: of(pool.prediction95[1]),
    lower_tolerance_90_95: of(pool.lower_tolerance_90_95),
    upper_tolerance_90_95: of(pool.upper_tolerance_90_95),
    // Shown beside the judged mean, never judged.
    random_effects_mean: effects === null ? null : of(back(effects.mu)),
    random_effects_ci95_low: effects === null ? null : of(back(effects.ci95[0])),
    random_effects_ci95_high: effects === null ? null : of(back(effects.ci95[1])),
  };
}

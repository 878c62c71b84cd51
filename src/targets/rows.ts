import { toJson } from '../fits/plain.js';
import { onDay } from '../messages/message.js';
import type { SqlRow } from '../store/connection.js';
import type { JudgedTarget } from './evaluate.js';
import { ownUnit } from './evidence.js';
import type { LabData } from './lab-data.js';
import { metrics } from './metrics/index.js';
import { asOf, evidenceAsOf } from './projection.js';
import type { Target } from './schema.js';

/**
 * Rows of `verdicts`, without run numbers.
 *
 * @param today `2026-12-31`: a date that has passed is not projected
 */
export function verdictRows(judged: readonly JudgedTarget[], today: string): SqlRow[] {
  return judged.map(
    ({
      target,
      warnings,
      evidence,
      missing: _missing,
      said,
      codes,
      assumed,
      budget: _budget,
      alternatives: _other,
      milestones,
      ...rest
    }) => ({
      ...rest,
      run_id: null,
      target_id: target.id,
      missing: said.missing === null ? null : asOf(said.missing, today),
      metric: target.metric,
      comparison: target.comparison,
      threshold: target.threshold,
      unit: target.unit,
      due: target.due,
      owner: target.owner,
      note: target.note,
      milestones: toJson(milestones),
      codes: toJson(codes),
      assumed: toJson(assumed),
      warnings: toJson(warnings),
      messages: toJson({
        reason: said.reason.map((part) => onDay(part, today)),
        missing: onDay(said.missing, today),
      }),
      evidence: toJson(evidenceAsOf(evidence, today)),
    }),
  );
}

/** Rows of `verdict_budget`, without run numbers. */
export function budgetRows(judged: readonly JudgedTarget[]): SqlRow[] {
  return judged.flatMap(({ target, target_table, material_id, budget }) =>
    budget.map(
      ({ assumes: _assumes, ...line }): SqlRow => ({
        ...line,
        run_id: null,
        target_table,
        target_id: target.id,
        material_id,
      }),
    ),
  );
}

/** Rows of `verdict_alternatives`, without run numbers. */
export function alternativeRows(judged: readonly JudgedTarget[]): SqlRow[] {
  return judged.flatMap(({ target, target_table, material_id, alternatives }) =>
    alternatives.map(
      ({ said: _said, ...line }): SqlRow => ({
        ...line,
        run_id: null,
        target_table,
        target_id: target.id,
        material_id,
        unit: target.unit,
      }),
    ),
  );
}

/** The settings of a metric: the conditions of each target that names it, and its defaults. */
function settingsOf(metric: (typeof metrics)[number], targets: readonly Target[]): Record<string, unknown>[] {
  const given = targets.filter((target) => target.metric === metric.id).map(({ conditions }) => conditions);
  const defaults = metric.settings.safeParse({});
  if (given.length === 0 && defaults.success) given.push(defaults.data);
  return given.filter((one, i) => given.findIndex((other) => toJson(other) === toJson(one)) === i);
}

/** Rows of `cell_metrics`: every metric of every cell it can be measured on and that has data for it. */
export function cellMetricRows(lab: LabData, targets: readonly Target[], today: string): SqlRow[] {
  return metrics.flatMap((metric): SqlRow[] => {
    if (metric.level === 'material') return [];
    return settingsOf(metric, targets).flatMap((settings) =>
      lab.fits.cells
        .filter(({ cell_type }) => metric.cellTypes.includes(cell_type))
        .flatMap((cell): SqlRow[] => {
          const measured = metric.measure(lab, cell, settings);
          const {
            components: _components,
            one_sided: _side,
            sources: _sources,
            alternatives: _alternatives,
            how,
            missing,
            ...row
          } = measured;
          if (
            measured.value === null &&
            measured.sources.test_ids.length + measured.sources.spectrum_ids.length === 0
          ) {
            return [];
          }
          return [
            {
              ...row,
              run_id: null,
              missing: missing === null ? null : asOf(missing, today),
              messages: toJson({ method: how ?? null, missing: onDay(missing, today) }),
              metric: metric.id,
              settings: toJson(settings),
              quantity: metric.id,
              unit: ownUnit(metric),
              status: measured.supports === 'verdict' ? 'ok' : 'warn',
              goodness: toJson(measured.goodness),
              warnings: toJson(measured.warnings),
              excluded: toJson(measured.excluded),
              excluded_reason: cell.exclusion,
              conditions: toJson(measured.conditions),
            },
          ];
        }),
    );
  });
}

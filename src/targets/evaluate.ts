import type { AnalysisWarning } from '../analysis/result.js';
import type { Bounds } from '../analysis/statistics/intervals.js';
import { boundsFrom, type UncertaintyComponent } from '../analysis/uncertainty/index.js';
import {
  type Estimate,
  isUndecided,
  judgeMaterial,
  type Limit,
  type PooledEstimate,
  scopeText,
  type Verdict,
  type VerdictNote,
  whatSettlesAccuracy,
} from '../analysis/verdict/index.js';
import { coded, type Message } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import {
  type AlternativeLine,
  alternativeLine,
  assumedVariations,
  variationsOf,
  withAlternatives,
} from './alternatives.js';
import { assumptions, type BudgetLine, budgetOf } from './budget.js';
import { cellDoubts, materialDoubts, withDoubts } from './doubts.js';
import { cellEvidence, type Evidence, metadataEvidence, ownUnit } from './evidence.js';
import { groupBy, oncePerCode } from './group.js';
import { hasValue, type JudgedCell, judgeCell, supports } from './judged-cell.js';
import type { LabData, MaterialRecord } from './lab-data.js';
import { type CellMetric, type MaterialMetric, metricOf } from './metrics/index.js';
import { poolingEvidence, poolOf, scaledPool, shownBudget, shownEstimate } from './pool.js';
import { missedBy, scatterRemark } from './remarks.js';
import { remarksOf, withRulings } from './rulings.js';
import type { Milestone, Target, TargetTable } from './schema.js';
import { tooFewCells, withoutEvidence } from './short-of-evidence.js';
import { conditionSentence } from './stated.js';
import { convertedEstimate, scaleIn } from './units.js';

/** One target judged for one material; numbers in the target's unit. */
export interface JudgedTarget extends Bounds {
  target: Target;
  target_table: string;
  material_id: string;
  value: number | null;
  sample_size: number;
  verdict: Verdict['verdict'];
  reason: string;
  missing: string | null;
  /** Both as codes with values: the parts of the reason, and what is missing. */
  said: { reason: Message[]; missing: Message | null };
  margin: number | null;
  warnings: AnalysisWarning[];
  /** What the verdict is about: `material`, `batch NAME` or `batch not stated`; null for a metric of the material itself. */
  scope: string | null;
  /** Stable codes of what prevents a plain verdict, or accompanies it. */
  codes: string[];
  /** What nobody stated, as it is printed. */
  assumed: string[];
  /** Where the uncertainty of the value comes from. */
  budget: BudgetLine[];
  /** Value and verdict under other defensible choices. */
  alternatives: AlternativeLine[];
  /** The limits on the way with the verdict on each. */
  milestones: (Milestone & { verdict: Verdict['verdict'] })[];
  evidence: Evidence;
}

/** Each target of the table for each material of its category, in the order of the table. */
export function evaluateTargets(table: TargetTable, lab: LabData): JudgedTarget[] {
  return table.targets.flatMap((target) =>
    lab.materials
      .filter(
        ({ category, material_id }) =>
          category === target.category && (target.material ?? material_id) === material_id,
      )
      .map((material) => ({
        target_table: table.name,
        ...evaluate(target, material, lab),
        milestones: target.milestones.map((milestone) => ({
          ...milestone,
          verdict: evaluate({ ...target, threshold: milestone.threshold }, material, lab).verdict,
        })),
      })),
  );
}

/** The content of a verdict on one target, without its milestones. */
type VerdictParts = Omit<JudgedTarget, 'target_table' | 'milestones'>;

function evaluate(target: Target, material: MaterialRecord, lab: LabData): VerdictParts {
  const metric = metricOf(target.metric);
  if (metric === undefined) throw new Error(`no metric ${target.metric}`);
  return metric.level === 'material'
    ? evaluateMaterial(target, metric, material, lab)
    : evaluateCells(target, metric, material, lab);
}

const none = { value: null, ci95_low: null, ci95_high: null, bound95_low: null, bound95_high: null };

function evaluateMaterial(
  target: Target,
  metric: MaterialMetric,
  material: MaterialRecord,
  lab: LabData,
): VerdictParts {
  const scale = scaleIn(metric, target.unit);
  const { value, components, missing, inputs } = metric.measure(material);
  const estimate = value === null ? null : { value, ...boundsFrom(value, components) };
  const inUnit = estimate === null ? null : convertedEstimate(estimate, scale, target.threshold);
  const doubts = materialDoubts(material, target.metric, lab.plausible);
  const judged = (of: typeof inUnit) => withDoubts(metric.judge(material, of, target), doubts);
  const alternatives =
    value === null
      ? []
      : assumedVariations(components).map(({ said, of }) => {
          const other = convertedEstimate(
            { value, ...boundsFrom(value, of(components)) },
            scale,
            target.threshold,
          );
          const choice = 'assumed uncertainty';
          return alternativeLine(
            { choice, alternative: said.message, said },
            other,
            judged(other).verdict,
            other.value,
            target,
          );
        });
  const verdict = withAlternatives(judged(inUnit), alternatives, target);
  const budget =
    inUnit === null
      ? []
      : budgetOf({ value: inUnit.value, unit: target.unit, components, scale: 'linear', factor: scale });
  const distance = Math.abs((value ?? Number.NaN) - target.threshold / scale);
  const assumed = assumptions(budget);
  const warnings = [...verdict.notes, ...assumedWarning(assumed)];
  const lacks = isOpen(verdict) ? (missing ?? settlesCost(verdict, distance, components)) : null;
  const reason = [
    verdict.because,
    missedBy(verdict.verdict, inUnit?.value ?? null, target),
    ...verdict.notes,
    listed(assumed),
  ].filter(isSaid);
  return {
    ...(inUnit ?? none),
    target,
    material_id: material.material_id,
    sample_size: estimate === null ? 0 : 1,
    verdict: verdict.verdict,
    ...spoken(reason, lacks),
    margin: verdict.margin,
    warnings,
    scope: null,
    codes: warnings.map(({ code }) => code),
    assumed: assumed.map(({ message }) => message),
    budget,
    alternatives,
    evidence: metadataEvidence(metric, target, inputs),
  };
}

const UNCERTAINTY_ASSUMED = 'UNCERTAINTY_ASSUMED';

/** What was assumed, as one warning. */
const assumedWarning = (assumed: readonly Message[]): AnalysisWarning[] =>
  assumed.length === 0 ? [] : [coded(UNCERTAINTY_ASSUMED, say('LIST', { items: assumed }))];

const listed = (assumed: readonly Message[]): Message | null =>
  assumed.length === 0 ? null : say('LIST', { items: assumed });

const isSaid = (part: Message | null): part is Message => part !== null && part.message !== '';

/** A reason and what is missing, in words and as messages. */
const spoken = (
  reason: Message[],
  missing: Message | null,
): Pick<JudgedTarget, 'reason' | 'missing' | 'said'> => ({
  reason: reason.map(({ message }) => message).join('; '),
  missing: missing?.message ?? null,
  said: { reason, missing },
});

const isOpen = ({ verdict }: Verdict) => verdict === 'INCONCLUSIVE' || verdict === 'INSUFFICIENT DATA';

/** What settles a bought or weighed number is a more accurate one: how accurate, or that no accuracy is enough. */
const settlesCost = (verdict: Verdict, distance: number, components: UncertaintyComponent[]) =>
  isUndecided(verdict) ? whatSettlesAccuracy({ distance, components }) : verdict.needs;

/**
 * Judging again with every further cell lets more pass than judging once: of materials exactly at a limit 13 % instead
 * of 5 %, from three to eight cells. So the sentence states the number of looks.
 */
function looksNote(lab: LabData, target: Target, material: MaterialRecord, m: number): VerdictNote[] {
  const earlier = lab.looks
    .filter((look) => look.target_id === target.id && look.material_id === material.material_id)
    .map(({ sample_size }) => sample_size)
    .filter((size) => size < m);
  if (earlier.length === 0) return [];
  return [say('LOOKED_AT_BEFORE', { looks: earlier.length + 1, sizes: earlier.map(String) })];
}

/** Cells that were left out on record, by name: who reads the word has to see what it leaves out. */
function exclusionsIn(judged: readonly JudgedCell[]): Message | null {
  const cells = judged.filter(({ cell }) => cell.exclusion !== null).map(({ cell }) => cell.cell_id);
  return cells.length === 0 ? null : say('CELLS_EXCLUDED', { cells });
}

/** The verdict on a material's cells, what it rests on, and what it would be under other choices. */
function judgeCells(target: Target, metric: CellMetric, material: MaterialRecord, lab: LabData) {
  const judged = lab.fits.cells
    .filter((cell) => cell.material_id === material.material_id && metric.cellTypes.includes(cell.cell_type))
    .map((cell) => judgeCell(lab, metric, target, cell));
  const counted = judged.filter(({ cell }) => cell.exclusion === null);
  const full = counted.filter((one) => hasValue(one) && supports(one));
  // Without a cell that supports a verdict, the existing numbers are shown with the words.
  const shown = full.length > 0 ? full : counted.filter(hasValue);
  const pool = poolOf(metric, shown);
  const scale = scaleIn(metric, target.unit);
  const inUnit = (estimate: Estimate | null) =>
    estimate === null ? null : convertedEstimate(estimate, scale, target.threshold);
  const doubts = shown.flatMap(({ cell, measurement }) => cellDoubts(lab, metric.id, cell, measurement));
  const reach = (cells: readonly JudgedCell[]) => {
    const own = poolOf(metric, cells);
    const verdict =
      cells.length > 0 && own !== null
        ? judgePool(metric, scaledPool(own, scale, target), { full: cells, counted }, target)
        : withoutEvidence(metric, material, counted, judged);
    return { verdict: withDoubts(verdict, doubts), estimate: inUnit(shownEstimate(own, cells)) };
  };
  const estimate = inUnit(shownEstimate(pool, shown));
  const alternatives = variationsOf(metric, full).map((variation) => {
    const other = reach(variation.items);
    return alternativeLine(
      variation,
      other.estimate,
      other.verdict.verdict,
      estimate?.value ?? Number.NaN,
      target,
    );
  });
  const verdict = withAlternatives(reach(full).verdict, alternatives, target);
  return { judged, counted, full, shown, pool, scale, inUnit, estimate, alternatives, verdict };
}

function evaluateCells(
  target: Target,
  metric: CellMetric,
  material: MaterialRecord,
  lab: LabData,
): VerdictParts {
  const { judged, counted, full, shown, pool, scale, inUnit, estimate, alternatives, verdict } = judgeCells(
    target,
    metric,
    material,
    lab,
  );
  const budget = shownBudget(metric, pool, shown, target);
  const assumed = assumptions(budget);
  const notes = [...verdict.notes, ...looksNote(lab, target, material, shown.length)];
  const warnings = oncePerCode([
    ...cellWarnings(shown),
    ...scatterRemark(metric, shown.length > 0 ? (pool?.value ?? null) : null, target.threshold / scale),
    ...notes,
    ...assumedWarning(assumed),
  ]);
  const reason = [
    verdict.because,
    missedBy(verdict.verdict, estimate?.value ?? null, target),
    ...notes,
    exclusionsIn(judged),
    remarksOf(shown),
    conditionSentence(shown.map(({ measurement }) => measurement)),
    ...warnings.filter(({ code }) => code === 'CONDITIONS_NOT_STATED'),
    listed(assumed),
  ].filter(isSaid);
  // The estimate with the excluded cells.
  const withAll =
    judged.length === counted.length
      ? null
      : poolOf(
          metric,
          judged.filter((one) => hasValue(one) && (supports(one) || full.length === 0)),
        );
  return {
    ...(estimate ?? none),
    target,
    material_id: material.material_id,
    sample_size: shown.length,
    verdict: verdict.verdict,
    ...spoken(reason, isOpen(verdict) ? (verdict.needs ?? verdict.because) : null),
    margin: verdict.margin,
    warnings,
    scope: pool === null || pool.m < 2 ? null : scopeText(pool.scope),
    codes: [...new Set(warnings.map(({ code }) => code))],
    assumed: assumed.map(({ message }) => message),
    budget,
    alternatives,
    evidence: {
      formula: metric.formula,
      metric_title: metric.title,
      metric_unit: ownUnit(metric),
      conditions: target.conditions,
      source: target.source,
      pooling: pool === null ? null : poolingEvidence(pool, scale),
      without_exclusions: inUnit(withAll),
      cells: judged.map((one) => cellEvidence(lab, one.cell, one.measurement, one.ruling, scale)),
      inputs: null,
    },
  };
}

/** Each warning once, with the cells it is about. */
function cellWarnings(judged: readonly JudgedCell[]): AnalysisWarning[] {
  const all = judged.flatMap(({ cell, measurement }) =>
    measurement.warnings.map((warning) => ({ ...warning, cell_id: cell.cell_id })),
  );
  return [...groupBy(all, ({ code }) => code).values()].map((same) => {
    const { cell_id: cell, ...what } = same[0] as (typeof same)[number];
    const others = [...new Set(same.map((warning) => warning.cell_id))].filter((id) => id !== cell);
    const message =
      others.length > 0 ? say('CELLS_WARN', { cell, what, others }) : say('CELL_WARNS', { cell, what });
    return coded(what.code, message);
  });
}

/** The verdict on cells that support one: their pooled bounds, then the rules that a number alone does not know. */
function judgePool(
  metric: CellMetric,
  pool: PooledEstimate,
  { full, counted }: { full: readonly JudgedCell[]; counted: readonly JudgedCell[] },
  target: Target,
): Verdict {
  const limit: Limit = target;
  const required = Number(target.conditions.minimum_cells ?? 2);
  if (full.length < required) return tooFewCells(full, counted, required, limit);
  return withRulings(judgeMaterial(pool, limit), full, metric.toleratedShare ?? 0);
}

/** Verdicts as a bundle states them, and the differences between two of them. */
import type { JudgedTarget } from '../targets/evaluate.js';
import { withoutDates } from '../targets/projection.js';
import { isAlike, isAlikeText } from './arithmetic.js';

type PlainJson = string | number | null | PlainJson[] | { [key: string]: PlainJson };

/** A verdict without the numbers by which a database identifies tests and spectra. */
export interface StatedVerdict {
  material_id: string;
  target_id: string;
  verdict: string;
  [key: string]: PlainJson;
}

/** The part of the judged targets that anybody else gets from the same files. */
export function statedVerdicts(judged: readonly JudgedTarget[]): StatedVerdict[] {
  const stated = judged.map((one) => ({
    material_id: one.material_id,
    target_id: one.target.id,
    verdict: one.verdict,
    value: one.value,
    bound95_low: one.bound95_low,
    bound95_high: one.bound95_high,
    ci95_low: one.ci95_low,
    ci95_high: one.ci95_high,
    comparison: one.target.comparison,
    threshold: one.target.threshold,
    unit: one.target.unit,
    sample_size: one.sample_size,
    reason: one.reason,
    // A projected date is not evidence, and one day it has passed.
    missing: one.said.missing === null ? null : withoutDates(one.said.missing),
    scope: one.scope,
    codes: one.codes,
    assumed: one.assumed,
    budget: Object.fromEntries(one.budget.map((line) => [line.component, line.standard_uncertainty])),
    alternatives: Object.fromEntries(
      one.alternatives.map(({ choice, alternative, value, verdict }) => [
        `${choice}: ${alternative}`,
        { value, verdict },
      ]),
    ),
    cells: Object.fromEntries(
      one.evidence.cells.map((cell) => [
        cell.cell_id,
        { value: cell.value, left_out: cell.excluded_reason, standard_error: cell.standard_error },
      ]),
    ),
  }));
  return JSON.parse(JSON.stringify(stated)) as StatedVerdict[];
}

const shown = (value: PlainJson | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));

function fieldDifferences(
  path: string,
  stated: PlainJson | undefined,
  now: PlainJson | undefined,
  isExact: boolean,
): string[] {
  if (JSON.stringify(stated) === JSON.stringify(now)) return [];
  if (!isExact) {
    if (typeof stated === 'number' && typeof now === 'number' && isAlike(stated, now)) return [];
    if (typeof stated === 'string' && typeof now === 'string' && isAlikeText(stated, now)) return [];
  }
  const isRecord = (value: PlainJson | undefined): value is { [key: string]: PlainJson } =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(stated) || !isRecord(now))
    return [`${path}: stated ${shown(stated)}, recomputed ${shown(now)}`];
  const names = [...new Set([...Object.keys(stated), ...Object.keys(now)])];
  return names.flatMap((name) => fieldDifferences(`${path} ${name}`, stated[name], now[name], isExact));
}

/**
 * Every number and word in which two sets of verdicts differ, one sentence each.
 *
 * @param isExact whether both were computed with the same arithmetic; else numbers may differ in their last digits
 */
export function verdictDifferences(
  stated: readonly StatedVerdict[],
  now: readonly StatedVerdict[],
  isExact: boolean,
): string[] {
  const named = (verdicts: readonly StatedVerdict[]) =>
    Object.fromEntries(verdicts.map((one) => [`${one.material_id}/${one.target_id}`, one]));
  const [before, after] = [named(stated), named(now)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    fieldDifferences(name, before[name], after[name], isExact),
  );
}

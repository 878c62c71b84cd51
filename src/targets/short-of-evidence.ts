/** Verdicts where the cells do not have the evidence that a target requires. */
import { insufficient, isMet, type Limit, type Verdict } from '../analysis/verdict/index.js';
import { type Judged, supports } from './judged-cell.js';
import type { MaterialRecord } from './lab-data.js';
import type { CellMetric } from './metrics/index.js';

/** Fewer cells with full evidence than it takes; the others may only need time. */
export function tooFewCells(
  full: readonly Judged[],
  counted: readonly Judged[],
  required: number,
  limit: Limit,
): Verdict {
  const waiting = counted.filter((one) => !supports(one));
  const count = full.length === 1 ? '1 cell has' : `${full.length} cells have`;
  const [only] = full;
  const own =
    full.length === 1 && only !== undefined
      ? `; the cell itself ${isMet(only.measurement.value as number, limit) ? 'meets' : 'misses'} the target`
      : '';
  const more = Math.max(required, 3) - full.length;
  const ways = [
    ...waiting.flatMap(({ cell, measurement }) =>
      measurement.missing ? `${cell.cell_id}: ${measurement.missing}` : [],
    ),
    waiting.length < more ? `measure ${more - waiting.length} more cells, three in all` : '',
  ].filter((way) => way !== '');
  return insufficient(
    `${count} the evidence that is required, ${required} or more are needed: the scatter between samples is not known${own}`,
    ways.join('; '),
  );
}

/** No cell supports a verdict: FAIL where more than half of them cannot reach the target any more, else what is missing. */
export function withoutEvidence(
  metric: CellMetric,
  material: MaterialRecord,
  counted: readonly Judged[],
  all: readonly Judged[],
): Verdict {
  if (counted.length === 0) {
    const kinds = metric.cellTypes.join(', ');
    const reason =
      all.length > 0
        ? `all ${all.length} cells of ${material.material_id} are excluded`
        : `no cell of ${material.material_id} measures ${metric.title}`;
    return insufficient(reason, `three cells (${kinds}), listed in cells.csv and measured`);
  }
  const failing = counted.filter(({ ruling }) => ruling.fails !== null);
  if (counted.length > 1 && 2 * failing.length > counted.length) {
    const [first] = failing as [Judged];
    const reason = `${first.cell.cell_id}: ${first.ruling.fails} (${failing.length} of ${counted.length} cells cannot reach it any more)`;
    return { verdict: 'FAIL', reason, margin: null, needed: null, notes: [] };
  }
  const needs = counted.map(
    ({ cell, measurement }) => `${cell.cell_id}: ${measurement.missing ?? 'no value'}`,
  );
  const inconclusive = counted.some(({ measurement }) => measurement.supports === 'INCONCLUSIVE');
  const reason = `none of ${counted.length} cells has the evidence that is required`;
  const verdict = insufficient(reason, needs.join('; '));
  return inconclusive ? { ...verdict, verdict: 'INCONCLUSIVE' } : verdict;
}

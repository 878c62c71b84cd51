/** Verdicts where the cells do not have the evidence that a target requires. */

import { insufficient, isMet, type Limit, type Verdict, verdictOf } from '../analysis/verdict/index.js';
import { targetMessages as say } from '../messages/targets.js';
import { type JudgedCell, supports } from './judged-cell.js';
import type { MaterialRecord } from './lab-data.js';
import { type CellMetric, metricName } from './metrics/index.js';

/** Fewer cells with full evidence than required; the others may only need time. */
export function tooFewCells(
  full: readonly JudgedCell[],
  counted: readonly JudgedCell[],
  required: number,
  limit: Limit,
): Verdict {
  const waiting = counted.filter((one) => !supports(one));
  const [only] = full;
  const reason =
    full.length !== 1 || only === undefined
      ? say('TOO_FEW_CELLS', { cells: full.length, required })
      : isMet(only.measurement.value as number, limit)
        ? say('TOO_FEW_CELLS/meets', { required })
        : say('TOO_FEW_CELLS/misses', { required });
  const more = Math.max(required, 3) - full.length;
  const ways = [
    ...waiting.flatMap(({ cell, measurement: { missing } }) =>
      missing === null || missing.message === ''
        ? []
        : say('CELL_LACKS', { cell: cell.cell_id, what: missing }),
    ),
    ...(waiting.length < more ? [say('MEASURE_MORE_CELLS', { more: more - waiting.length })] : []),
  ];
  return insufficient(reason, say('WAYS', { ways }));
}

/** No cell supports a verdict: FAIL where more than half of them cannot reach the target any more, else what is missing. */
export function withoutEvidence(
  metric: CellMetric,
  material: MaterialRecord,
  counted: readonly JudgedCell[],
  all: readonly JudgedCell[],
): Verdict {
  if (counted.length === 0) {
    const kinds = metric.cellTypes.map(String);
    const id = material.material_id;
    const title = metricName(metric);
    const reason =
      all.length > 0
        ? say('ALL_EXCLUDED', { n: all.length, material: id })
        : say('NO_CELL_MEASURES', { material: id, title });
    return insufficient(reason, say('THREE_CELLS', { kinds }));
  }
  const failing = counted.filter(({ ruling }) => ruling.fails !== null);
  if (counted.length > 1 && 2 * failing.length > counted.length) {
    const [first] = failing as [JudgedCell];
    const reason = say('CANNOT_REACH', {
      cell: first.cell.cell_id,
      reason: first.ruling.fails,
      failing: failing.length,
      all: counted.length,
    });
    return verdictOf('FAIL', reason);
  }
  const ways = counted.map(({ cell, measurement }) =>
    say('CELL_LACKS', { cell: cell.cell_id, what: measurement.missing ?? say('NO_VALUE') }),
  );
  const inconclusive = counted.some(({ measurement }) => measurement.supports === 'INCONCLUSIVE');
  const reason = say('NONE_HAS_EVIDENCE', { n: counted.length });
  const verdict = insufficient(reason, say('WAYS', { ways }));
  return inconclusive ? { ...verdict, verdict: 'INCONCLUSIVE' } : verdict;
}

import type { Verdict } from '../analysis/verdict/index.js';
import type { CellRecord } from '../fits/cells.js';
import type { CellRuling } from './metrics/index.js';

interface Ruled {
  cell: Pick<CellRecord, 'cell_id'>;
  ruling: CellRuling;
}

const isObjecting = ({ ruling }: Ruled) => ruling.fails !== null || ruling.blocks !== null;

/** What a cell's rule says, with its name. */
function named({ cell, ruling }: Ruled): string {
  return `${cell.cell_id}: ${ruling.fails ?? ruling.blocks?.reason}`;
}

/**
 * The verdict on pooled bounds, then the rules that a number alone does not know: the material fails where more than
 * half of its cells fail by one, and cannot pass while more cells object than are tolerated. Cells that object are
 * named in any case.
 *
 * @param tolerated share of the cells that may object to a PASS
 */
export function withRulings(verdict: Verdict, full: readonly Ruled[], tolerated: number): Verdict {
  const objecting = full.filter(isObjecting);
  const failing = objecting.filter(({ ruling }) => ruling.fails !== null);
  const [failed] = failing;
  const [first] = failed === undefined ? objecting : failing;
  if (first === undefined) return verdict;
  if (failed !== undefined && 2 * failing.length > full.length && verdict.verdict !== 'FAIL') {
    const others =
      failing.length > 1 ? ` (${failing.length} of ${full.length} cells fail by such a rule)` : '';
    return { ...verdict, verdict: 'FAIL', reason: `${named(failed)}${others}`, needed: null };
  }
  if (verdict.verdict === 'PASS' && objecting.length > tolerated * full.length) {
    const needed = first.ruling.blocks?.needed ?? 'more cells, to tell an outlier from the material';
    return { ...verdict, verdict: 'INCONCLUSIVE', reason: named(first), needed };
  }
  const message = `by a rule of its own ${objecting.map(named).join('; ')}`;
  const notes = [...verdict.notes, { code: 'CELL_OBJECTS', message }];
  // What keeps the cells from a PASS has to be settled before bounds could give one.
  const needed = verdict.verdict === 'INCONCLUSIVE' ? first.ruling.blocks?.needed : undefined;
  return { ...verdict, notes, needed: needed ?? verdict.needed };
}

const MOST_REMARKS = 6;

/** What the rules say about each cell whatever the verdict, in one line; empty where they say nothing. */
export function remarksOf(cells: readonly Ruled[]): string {
  const remarks = cells.flatMap(({ cell, ruling }) =>
    ruling.remark === undefined ? [] : `${cell.cell_id} ${ruling.remark}`,
  );
  const more = remarks.length - MOST_REMARKS;
  return remarks.slice(0, MOST_REMARKS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

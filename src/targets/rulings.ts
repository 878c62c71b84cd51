import { decidedBy, settledWith, type Verdict } from '../analysis/verdict/index.js';
import type { CellRecord } from '../fits/cells.js';
import type { Message } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import type { CellRuling } from './metrics/index.js';

interface RuledCell {
  cell: Pick<CellRecord, 'cell_id'>;
  ruling: CellRuling;
}

const isObjecting = ({ ruling }: RuledCell) => ruling.fails !== null || ruling.blocks !== null;

/** What the rule of a cell says, with the name of the cell. */
const ruled = ({ cell, ruling }: RuledCell): Message =>
  say('CELL_LACKS', { cell: cell.cell_id, what: ruling.fails ?? ruling.blocks?.reason ?? null });

/**
 * The verdict on pooled bounds, then the rules that go beyond a number: the material fails if more than half of its
 * cells fail by a rule, and cannot pass while more cells object than are tolerated. Cells that object are named in any
 * case.
 *
 * @param tolerated share of the cells that may object to a PASS
 */
export function withRulings(verdict: Verdict, full: readonly RuledCell[], tolerated: number): Verdict {
  const objecting = full.filter(isObjecting);
  const failing = objecting.filter(({ ruling }) => ruling.fails !== null);
  const [failed] = failing;
  const [first] = failed === undefined ? objecting : failing;
  if (first === undefined) return verdict;
  if (failed !== undefined && 2 * failing.length > full.length && verdict.verdict !== 'FAIL') {
    const because =
      failing.length > 1
        ? say('FAILS_BY_RULE', { cell: ruled(failed), failing: failing.length, all: full.length })
        : ruled(failed);
    return decidedBy(verdict, 'FAIL', because, null);
  }
  if (verdict.verdict === 'PASS' && objecting.length > tolerated * full.length) {
    const needs = first.ruling.blocks?.needed ?? say('MORE_CELLS_OUTLIER');
    return decidedBy(verdict, 'INCONCLUSIVE', ruled(first), needs);
  }
  const notes = [...verdict.notes, say('CELL_OBJECTS', { cells: objecting.map(ruled) })];
  // What prevents the cells from a PASS has to be settled before bounds can give one.
  const needs = verdict.verdict === 'INCONCLUSIVE' ? first.ruling.blocks?.needed : undefined;
  return { ...settledWith(verdict, needs ?? verdict.needs), notes };
}

const MOST_REMARKS = 6;

/** Remarks of the rules about each cell, whatever the verdict, in one line; null where there are none. */
export function remarksOf(cells: readonly RuledCell[]): Message | null {
  const remarks = cells.flatMap(({ cell, ruling }) =>
    ruling.remark === undefined ? [] : say('CELL_SAYS', { cell: cell.cell_id, what: ruling.remark }),
  );
  const more = remarks.length - MOST_REMARKS;
  if (remarks.length === 0) return null;
  return more > 0
    ? say('REMARKS/more', { remarks: remarks.slice(0, MOST_REMARKS), more })
    : say('REMARKS', { remarks });
}

import { describe, expect, it } from 'vitest';
import { type Verdict, verdictOf } from '../../src/analysis/verdict/index.js';
import type { CellRuling } from '../../src/targets/metrics/index.js';
import { remarksOf, withRulings } from '../../src/targets/rulings.js';
import { inWords } from '../message.js';

const pass: Verdict = verdictOf('PASS', inWords('bounds'), null, { margin: 2 });
const quiet: CellRuling = { fails: null, blocks: null };
const fails: CellRuling = { fails: inWords('accelerating fade'), blocks: null };
const blocks: CellRuling = {
  fails: null,
  blocks: { reason: inWords('at the limit'), needed: inWords('more cycles') },
};
const cells = (...rulings: CellRuling[]) =>
  rulings.map((ruling, i) => ({ cell: { cell_id: `C${i + 1}` }, ruling }));
const many = (count: number, ...others: CellRuling[]) =>
  cells(...others, ...Array.from({ length: count - others.length }, () => quiet));

describe('rules of single cells in a verdict on the material', () => {
  it('leaves a verdict alone where no cell objects', () => {
    expect(withRulings(pass, many(5), 0.1)).toBe(pass);
  });

  it('lets one cell of three to nine block a PASS, and names it', () => {
    for (const m of [3, 9]) {
      const failed = withRulings(pass, many(m, fails), 0.1);
      expect(failed).toMatchObject({ verdict: 'INCONCLUSIVE', reason: 'C1: accelerating fade' });
      const blocked = withRulings(pass, many(m, blocks), 0.1);
      expect(blocked).toMatchObject({ verdict: 'INCONCLUSIVE', needed: 'more cycles' });
    }
  });

  it('tolerates a tenth of the cells, and still names them', () => {
    const verdict = withRulings(pass, many(10, fails), 0.1);
    expect(verdict.verdict).toBe('PASS');
    expect(verdict.notes[0]?.message).toContain('C1: accelerating fade');
    expect(withRulings(pass, many(19, fails, blocks), 0.1).verdict).toBe('INCONCLUSIVE');
    expect(withRulings(pass, many(10, fails), 0).verdict).toBe('INCONCLUSIVE');
  });

  it('fails the material where more than half of the cells fail', () => {
    const verdict = withRulings(pass, cells(fails, fails, quiet), 0.1);
    expect(verdict.verdict).toBe('FAIL');
    expect(verdict.reason).toContain('2 of 3 cells');
    expect(withRulings(pass, cells(blocks, blocks, quiet), 0.1).verdict).toBe('INCONCLUSIVE');
  });

  it('names a failing cell beside a verdict that its bounds gave', () => {
    const failed: Verdict = { ...pass, verdict: 'FAIL' };
    const verdict = withRulings(failed, cells(quiet, fails, quiet), 0.1);
    expect(verdict).toMatchObject({ verdict: 'FAIL', reason: 'bounds' });
    expect(verdict.notes[0]).toMatchObject({ code: 'CELL_OBJECTS' });
  });

  it('puts what the cells need in place of what the bounds would', () => {
    const open: Verdict = verdictOf('INCONCLUSIVE', inWords('bounds'), inWords('less scatter'));
    expect(withRulings(open, cells(blocks, quiet, quiet), 0)).toMatchObject({ needed: 'more cycles' });
    expect(withRulings(open, cells(quiet, quiet, quiet), 0)).toMatchObject({ needed: 'less scatter' });
  });

  it('says what each cell has to say, six at most', () => {
    const saying = (remark: string): CellRuling => ({ ...quiet, remark: inWords(remark) });
    expect(remarksOf(cells(saying('a'), quiet, saying('b')))?.message).toBe('C1 a, C3 b');
    expect(remarksOf(cells(...Array.from({ length: 8 }, () => saying('x'))))?.message).toMatch(
      /C6 x and 2 more$/,
    );
    expect(remarksOf([])).toBeNull();
  });
});

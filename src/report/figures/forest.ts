import type { JudgedTarget } from '../../targets/evaluate.js';
import type { CellEvidence } from '../../targets/evidence.js';
import { html, joined, type Markup, nothing, slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { label, px, symbol } from '../plot/marks.js';
import { figureWords } from '../speech.js';
import { estimateText, inARow, thresholdText } from '../words.js';
import { ground, inside, interval, LEFT, placed, RIGHT, ROW, shortened, TOP, WIDTH } from './limit-rows.js';
import { type LimitScale, limitScale } from './limit-scale.js';

function cellRow(scale: LimitScale, cell: CellEvidence, y: number): Markup {
  const isExcluded = cell.excluded_reason !== null;
  const name = label(
    LEFT - 8,
    y + 4,
    shortened(cell.cell_id),
    isExcluded ? 'row-name muted' : 'row-name',
    'end',
  );
  if (cell.value === null) {
    return html`${name}${label(LEFT + 8, y + 4, figureWords(isExcluded ? 'forest_excluded' : 'fig_no_value'), 'note')}`;
  }
  const x = inside(placed(scale, cell.value));
  const counts = !isExcluded && cell.supports === 'verdict';
  const shape = isExcluded ? 'cross' : counts ? 'dot' : 'ring';
  const className = isExcluded ? 'excluded' : counts ? 'data' : 'cell';
  const title = figureWords('strip_cell', { cell: cell.cell_id, value: plainNumber(cell.value, 5) });
  return html`${name}${interval(scale, y, cell.ci95_low, cell.ci95_high, isExcluded ? 'whisker muted' : 'whisker')}${symbol(shape, { x, y, title }, className, 4)}`;
}

function wordsFor(judged: JudgedTarget): string {
  const { evidence, target } = judged;
  const counting = evidence.cells.filter(
    ({ excluded_reason, supports, value }) =>
      excluded_reason === null && supports === 'verdict' && value !== null,
  );
  const short = evidence.cells.filter(
    ({ excluded_reason, supports }) => excluded_reason === null && supports !== 'verdict',
  );
  const excluded = evidence.cells.filter(({ excluded_reason }) => excluded_reason !== null);
  const sentences = [
    counting.length === 0 ? figureWords('forest_none') : figureWords('forest_full', { n: counting.length }),
  ];
  if (judged.value !== null && judged.sample_size > 1) {
    sentences.push(
      figureWords('forest_together', {
        value: estimateText(judged, target.unit),
        limit: thresholdText(target.comparison, target.threshold, target.unit),
      }),
    );
  }
  if (short.length > 0)
    sentences.push(figureWords('forest_short', { cells: short.map(({ cell_id }) => cell_id) }));
  for (const { cell_id, excluded_reason } of excluded)
    sentences.push(figureWords('forest_is_excluded', { cell: cell_id, reason: excluded_reason }));
  return inARow(sentences);
}

function keyOf({ evidence, sample_size }: JudgedTarget): KeyEntry[] {
  const { cells } = evidence;
  const counts = cells.some(
    ({ excluded_reason, supports, value }) =>
      excluded_reason === null && supports === 'verdict' && value !== null,
  );
  const short = cells.some(
    ({ excluded_reason, supports, value }) =>
      excluded_reason === null && supports !== 'verdict' && value !== null,
  );
  const entries: KeyEntry[] = [];
  if (counts) entries.push({ mark: 'dot', className: 'data', text: figureWords('forest_key_cell') });
  if (short) entries.push({ mark: 'ring', className: 'cell', text: figureWords('forest_key_short') });
  if (cells.some(({ excluded_reason, value }) => excluded_reason !== null && value !== null)) {
    entries.push({ mark: 'cross', className: 'excluded', text: figureWords('fig_excluded') });
  }
  entries.push({ mark: 'line', className: 'whisker', text: figureWords('fig_interval') });
  if (sample_size > 1) {
    entries.push({ mark: 'diamond', className: 'pooled', text: figureWords('forest_key_all') });
    entries.push({ mark: 'line', className: 'bounds', text: figureWords('forest_key_bounds') });
  }
  return entries;
}

/** Every cell behind a verdict with its interval, and what they give together; null where no cell has a value. */
export function forestFigure(judged: JudgedTarget): Figure | null {
  const { cells } = judged.evidence;
  if (cells.every(({ value }) => value === null)) return null;
  const scale = limitScale(judged);
  const isPooled = judged.value !== null && judged.sample_size > 1;
  const rows = cells.length + (isPooled ? 1 : 0);
  const bottom = TOP + rows * ROW;
  const pooledY = TOP + cells.length * ROW + ROW / 2;
  return {
    id: `cells-${slug(judged.material_id)}-${slug(judged.target.id)}`,
    title: figureWords('forest_title'),
    words: wordsFor(judged),
    key: keyOf(judged),
    width: WIDTH,
    height: bottom + 24,
    drawing: html`${ground(scale, bottom, judged)}${joined(cells.map((cell, i) => cellRow(scale, cell, TOP + i * ROW + ROW / 2)))}${
      isPooled
        ? html`<path class="rule" d="M${LEFT} ${px(pooledY - ROW / 2)}H${RIGHT}"/>${label(LEFT - 8, pooledY + 4, figureWords('forest_row'), 'row-name strong', 'end')}${interval(scale, pooledY, judged.ci95_low, judged.ci95_high, 'whisker')}${interval(scale, pooledY, judged.bound95_low, judged.bound95_high, 'bounds')}${symbol('diamond', { x: inside(placed(scale, judged.value as number)), y: pooledY }, 'pooled', 5)}`
        : nothing
    }`,
  };
}

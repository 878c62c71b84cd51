import type { JudgedTarget } from '../../targets/evaluate.js';
import type { CellEvidence } from '../../targets/evidence.js';
import { html, joined, type Markup, nothing, slug } from '../html.js';
import { counted, plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { label, px, symbol } from '../plot/marks.js';
import { estimateText, limitText } from '../words.js';
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
    return html`${name}${label(LEFT + 8, y + 4, isExcluded ? 'excluded, no value' : 'no value', 'note')}`;
  }
  const x = inside(placed(scale, cell.value));
  const counts = !isExcluded && cell.supports === 'verdict';
  const shape = isExcluded ? 'cross' : counts ? 'dot' : 'ring';
  const className = isExcluded ? 'excluded' : counts ? 'data' : 'cell';
  const title = `${cell.cell_id}: ${plainNumber(cell.value, 5)}`;
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
    counting.length === 0
      ? 'No cell has the evidence that the target requires.'
      : `${counted(counting.length, 'cell')} with full evidence, each shown with its own 95 % interval.`,
  ];
  if (judged.value !== null && judged.sample_size > 1) {
    sentences.push(
      `Together ${estimateText(judged, target.unit)}; the target is ${limitText(target.comparison, target.threshold, target.unit)}.`,
    );
  }
  if (short.length > 0)
    sentences.push(`Still short of evidence: ${short.map(({ cell_id }) => cell_id).join(', ')}.`);
  for (const { cell_id, excluded_reason } of excluded)
    sentences.push(`${cell_id} is excluded: ${excluded_reason}.`);
  return sentences.join(' ');
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
  if (counts) entries.push({ mark: 'dot', className: 'data', text: 'cell' });
  if (short) entries.push({ mark: 'ring', className: 'cell', text: 'cell, evidence not complete' });
  if (cells.some(({ excluded_reason, value }) => excluded_reason !== null && value !== null)) {
    entries.push({ mark: 'cross', className: 'excluded', text: 'excluded' });
  }
  entries.push({ mark: 'line', className: 'whisker', text: '95 % interval' });
  if (sample_size > 1) {
    entries.push({ mark: 'diamond', className: 'pooled', text: 'all cells' });
    entries.push({ mark: 'line', className: 'bounds', text: 'one-sided 95 % bounds, what is judged' });
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
    title: 'The cells behind it',
    words: wordsFor(judged),
    key: keyOf(judged),
    width: WIDTH,
    height: bottom + 24,
    drawing: html`${ground(scale, bottom, judged)}${joined(cells.map((cell, i) => cellRow(scale, cell, TOP + i * ROW + ROW / 2)))}${
      isPooled
        ? html`<path class="rule" d="M${LEFT} ${px(pooledY - ROW / 2)}H${RIGHT}"/>${label(LEFT - 8, pooledY + 4, 'together', 'row-name strong', 'end')}${interval(scale, pooledY, judged.ci95_low, judged.ci95_high, 'whisker')}${interval(scale, pooledY, judged.bound95_low, judged.bound95_high, 'bounds')}${symbol('diamond', { x: inside(placed(scale, judged.value as number)), y: pooledY }, 'pooled', 5)}`
        : nothing
    }`,
  };
}

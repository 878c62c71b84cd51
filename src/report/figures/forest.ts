import type { JudgedTarget } from '../../targets/evaluate.js';
import type { CellEvidence } from '../../targets/evidence.js';
import { html, joined, type Markup, nothing, slug } from '../html.js';
import { counted, plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { label, px, symbol } from '../plot/marks.js';
import { textWidth } from '../plot/spots.js';
import { estimateText, limitText, unitAfter } from '../words.js';
import { type LimitScale, limitScale } from './limit-scale.js';

const WIDTH = 420;
const LEFT = 92;
const RIGHT = 410;
const TOP = 26;
const ROW = 24;

const placed = (scale: LimitScale, value: number) => LEFT + scale.share(value) * (RIGHT - LEFT);
const inside = (x: number) => Math.min(Math.max(x, LEFT), RIGHT);

/** The most that fits left of the plot. */
function shortened(text: string): string {
  return text.length <= 13 ? text : `${text.slice(0, 12)}…`;
}

function interval(
  scale: LimitScale,
  y: number,
  low: number | null,
  high: number | null,
  name: string,
): Markup {
  if (low === null || high === null) return nothing;
  const [from, to] = [placed(scale, low), placed(scale, high)].sort((a, b) => a - b) as [number, number];
  const arrows = [
    from < LEFT ? `M${LEFT + 5} ${px(y - 4)}L${LEFT} ${px(y)}L${LEFT + 5} ${px(y + 4)}` : '',
    to > RIGHT ? `M${RIGHT - 5} ${px(y - 4)}L${RIGHT} ${px(y)}L${RIGHT - 5} ${px(y + 4)}` : '',
  ].join('');
  return html`<path class="${name}" d="M${px(inside(from))} ${px(y)}H${px(inside(to))}"/>${arrows === '' ? nothing : html`<path class="arrow" d="${arrows}"/>`}`;
}

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

function axis(scale: LimitScale, y: number, judged: JudgedTarget): Markup {
  const { threshold, unit } = judged.target;
  const limit = placed(scale, threshold);
  const limitWords = `${plainNumber(threshold, 8)}${unitAfter(unit)}`;
  const room = textWidth(limitWords) / 2 + 24;
  const numbers = scale.ticks.map((tick) => {
    const x = placed(scale, tick.value);
    const clear = Math.abs(x - limit) > room && x > LEFT - 2 && x < RIGHT - 6;
    return clear
      ? html`<path class="tick-mark" d="M${px(x)} ${px(y)}v4"/>${label(x, y + 15, tick.label, 'tick', 'middle')}`
      : nothing;
  });
  return html`<path class="frame" d="M${LEFT} ${px(y)}H${RIGHT}"/>${numbers}${label(limit, y + 15, limitWords, 'tick strong', 'middle')}`;
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
  const limit = placed(scale, judged.target.threshold);
  const pooledY = TOP + cells.length * ROW + ROW / 2;
  return {
    id: `cells-${slug(judged.material_id)}-${slug(judged.target.id)}`,
    title: 'The cells behind it',
    words: wordsFor(judged),
    key: keyOf(judged),
    width: WIDTH,
    height: bottom + 24,
    drawing: html`<rect class="met" x="${px(limit)}" y="${TOP}" width="${px(RIGHT - limit)}" height="${bottom - TOP}"/><path class="limit" d="M${px(limit)} ${TOP - 4}V${bottom}"/>${label(limit + 5, TOP - 10, 'meets the target →', 'note target-text')}${label(limit - 5, TOP - 10, '← misses it', 'note target-text', 'end')}${axis(scale, bottom, judged)}${joined(cells.map((cell, i) => cellRow(scale, cell, TOP + i * ROW + ROW / 2)))}${
      isPooled
        ? html`<path class="rule" d="M${LEFT} ${px(pooledY - ROW / 2)}H${RIGHT}"/>${label(LEFT - 8, pooledY + 4, 'together', 'row-name strong', 'end')}${interval(scale, pooledY, judged.ci95_low, judged.ci95_high, 'whisker')}${interval(scale, pooledY, judged.bound95_low, judged.bound95_high, 'bounds')}${symbol('diamond', { x: inside(placed(scale, judged.value as number)), y: pooledY }, 'pooled', 5)}`
        : nothing
    }`,
  };
}

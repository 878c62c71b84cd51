import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, joined, type Markup, nothing } from '../html.js';
import { plainNumber } from '../numbers.js';
import { label, px, symbol } from '../plot/marks.js';
import { figureWords } from '../speech.js';
import { estimateText, thresholdText } from '../words.js';
import { type LimitScale, limitScale } from './limit-scale.js';

const WIDTH = 260;
const HEIGHT = 46;
const SIDE = 8;
const AXIS = 30;
const MIDDLE = 15;
const LABEL_ROOM = 34;

type Interval = { low: number | null; high: number | null };

const placed = (scale: LimitScale, value: number) => SIDE + scale.share(value) * (WIDTH - 2 * SIDE);

/** A bar between two values; an end outside the scale gets an arrow. */
function bar(scale: LimitScale, { low, high }: Interval, y: number, className: string): Markup {
  if (low === null || high === null) return nothing;
  const ends = [placed(scale, low), placed(scale, high)].sort((a, b) => a - b) as [number, number];
  const [left, right] = [Math.max(ends[0], 2), Math.min(ends[1], WIDTH - 2)];
  const arrows = [
    ends[0] < 2 ? `M7 ${px(y - 4)}L2 ${px(y)}L7 ${px(y + 4)}` : '',
    ends[1] > WIDTH - 2 ? `M${WIDTH - 7} ${px(y - 4)}L${WIDTH - 2} ${px(y)}L${WIDTH - 7} ${px(y + 4)}` : '',
  ].join('');
  return html`<path class="${className}" d="M${px(left)} ${px(y)}H${px(right)}"/>${arrows === '' ? nothing : html`<path class="arrow" d="${arrows}"/>`}`;
}

function ticks(scale: LimitScale, threshold: number): Markup {
  const limit = placed(scale, threshold);
  return joined(
    scale.ticks.map((tick) => {
      const x = placed(scale, tick.value);
      if (x < 0 || x > WIDTH) return nothing;
      const hasRoom = Math.abs(x - limit) > LABEL_ROOM && x > 12 && x < WIDTH - 12;
      return html`<path class="tick-mark" d="M${px(x)} ${AXIS}v3"/>${hasRoom ? label(x, AXIS + 13, tick.label, 'tick', 'middle') : nothing}`;
    }),
  );
}

/** Cells beside each other where their values nearly coincide. */
function cellMarks(scale: LimitScale, { evidence }: JudgedTarget): Markup {
  const cells = evidence.cells.filter(({ value }) => value !== null);
  return joined(
    cells.map((cell, i) => {
      const isExcluded = cell.excluded_reason !== null;
      const x = Math.min(Math.max(placed(scale, cell.value as number), 4), WIDTH - 4);
      const y = MIDDLE + (cells.length > 1 ? ((i % 3) - 1) * 4.5 : 0);
      const title = figureWords(isExcluded ? 'strip_cell_excluded' : 'strip_cell', {
        cell: cell.cell_id,
        value: plainNumber(cell.value as number, 5),
      });
      return symbol(isExcluded ? 'cross' : 'ring', { x, y, title }, isExcluded ? 'excluded' : 'cell', 2.6);
    }),
  );
}

/** One verdict on its scale: the limit in the middle, the side that meets it shaded at the right. */
export function strip(judged: JudgedTarget): Markup {
  const scale = limitScale(judged);
  const { target, value, verdict } = judged;
  const limit = WIDTH / 2;
  const limitWords = thresholdText(target.comparison, target.threshold, target.unit);
  const name =
    value === null
      ? figureWords('strip_no_value', { limit: limitWords })
      : figureWords('strip_value', { value: estimateText(judged, target.unit), limit: limitWords });
  const isOpen = verdict === 'INSUFFICIENT DATA';
  const drawn =
    value === null
      ? label(limit - 8, MIDDLE + 4, figureWords('strip_none'), 'note', 'end')
      : html`${bar(scale, { low: judged.ci95_low, high: judged.ci95_high }, MIDDLE, 'whisker')}${bar(scale, { low: judged.bound95_low, high: judged.bound95_high }, MIDDLE, 'bounds')}${cellMarks(scale, judged)}${symbol('diamond', { x: placed(scale, value), y: MIDDLE, title: plainNumber(value, 5) }, isOpen ? 'pooled open' : 'pooled', 4)}`;
  return html`<svg class="strip" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-label="${name}"><rect class="met" x="${limit}" y="0" width="${limit}" height="${AXIS}"/><path class="frame" d="M0 ${AXIS}H${WIDTH}"/>${ticks(scale, target.threshold)}<path class="limit" d="M${limit} 0V${AXIS + 4}"/>${label(limit, AXIS + 14, plainNumber(target.threshold, 8), 'tick strong', 'middle')}${drawn}</svg>`;
}

import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, type Markup, nothing } from '../html.js';
import { plainNumber } from '../numbers.js';
import { label, px } from '../plot/marks.js';
import { textWidth } from '../plot/spots.js';
import { figureWords } from '../speech.js';
import { unitAfter } from '../words.js';
import type { LimitScale } from './limit-scale.js';

/** Rows of values compared with one limit, with names at the left: the common part of such figures. */

export const WIDTH = 420;
export const LEFT = 92;
export const RIGHT = 410;
export const TOP = 26;
export const ROW = 24;

export const placed = (scale: LimitScale, value: number) => LEFT + scale.share(value) * (RIGHT - LEFT);
export const inside = (x: number) => Math.min(Math.max(x, LEFT), RIGHT);

/** The longest name that fits left of the plot. */
export function shortened(text: string, most = 13): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** An interval on a row; an end outside the scale gets an arrow. */
export function interval(
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

/** Ticks and the limit below the rows. */
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

/** Everything that does not depend on the rows: the side that meets the limit, the limit, and the axis. */
export function ground(scale: LimitScale, bottom: number, judged: JudgedTarget): Markup {
  const limit = placed(scale, judged.target.threshold);
  return html`<rect class="met" x="${px(limit)}" y="${TOP}" width="${px(RIGHT - limit)}" height="${bottom - TOP}"/><path class="limit" d="M${px(limit)} ${TOP - 4}V${bottom}"/>${label(limit + 5, TOP - 10, figureWords('fig_meets'), 'note target-text')}${label(limit - 5, TOP - 10, figureWords('fig_misses'), 'note target-text', 'end')}${axis(scale, bottom, judged)}`;
}

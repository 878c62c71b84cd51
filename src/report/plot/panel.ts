import { html, joined, type Markup, nothing } from '../html.js';
import { label, type Plane, px } from './marks.js';
import type { Scale } from './scale.js';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PanelOptions extends Plane {
  box: Box;
  xLabel?: string;
  yLabel: string;
  /** Marks, the first ones at the bottom; cut off at the frame. */
  marks: readonly Markup[];
  /** Marks and words that may reach beyond the frame. */
  over?: readonly Markup[];
  /** A second axis along the top, of another quantity. */
  top?: { scale: Scale; label: string };
  /** Whether the panel below has the numbers of the x axis. */
  hideXTicks?: boolean;
}

/** Horizontal and vertical extent for a scale: the vertical one grows upwards. */
export const across = ({ left, width }: Box): [number, number] => [left, left + width];
export const upwards = ({ top, height }: Box): [number, number] => [top + height, top];

/** Marks cut off at the frame: an inner drawing needs no id for a clip path. */
function clipped({ left, top, width, height }: Box, marks: readonly Markup[]): Markup {
  const box = [left, top, width, height].map(px);
  return html`<svg x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" viewBox="${box.join(' ')}">${marks}</svg>`;
}

function grid({ x, y }: Plane, { left, top, width, height }: Box): Markup {
  const vertical = x.ticks.map(({ value }) => `M${px(x.at(value))} ${px(top)}v${px(height)}`);
  const horizontal = y.ticks.map(({ value }) => `M${px(left)} ${px(y.at(value))}h${px(width)}`);
  return html`<path class="grid" d="${[...vertical, ...horizontal].join('')}"/>`;
}

function xTicks(scale: Scale, box: Box): Markup {
  return joined(
    scale.ticks.map((tick) =>
      label(scale.at(tick.value), box.top + box.height + 13, tick.label, 'tick', 'middle'),
    ),
  );
}

function yTicks(scale: Scale, box: Box): Markup {
  return joined(
    scale.ticks.map((tick) => label(box.left - 5, scale.at(tick.value) + 3.5, tick.label, 'tick', 'end')),
  );
}

function topAxis({ top }: PanelOptions, box: Box): Markup {
  if (top === undefined) return nothing;
  const { scale } = top;
  const marks = scale.ticks.map(({ value }) => `M${px(scale.at(value))} ${px(box.top)}v-4`).join('');
  const words = scale.ticks.map((tick) =>
    label(scale.at(tick.value), box.top - 7, tick.label, 'tick', 'middle'),
  );
  const name = label(box.left + box.width, box.top - 20, top.label, 'axis', 'end');
  return html`<path class="frame" d="${marks}"/>${words}${name}`;
}

/** A framed plane with axes, grid and marks. */
export function panel(options: PanelOptions): Markup {
  const { box, x, y, xLabel, yLabel, marks, over, hideXTicks } = options;
  const bottom = box.top + box.height;
  const outline = `M${px(box.left)} ${px(box.top)}H${px(box.left + box.width)}V${px(bottom)}H${px(box.left)}Z`;
  return html`<g>${[
    grid({ x, y }, box),
    clipped(box, marks),
    html`<path class="frame" d="${outline}"/>`,
    hideXTicks === true ? nothing : xTicks(x, box),
    yTicks(y, box),
    xLabel === undefined ? nothing : label(box.left + box.width, bottom + 28, xLabel, 'axis', 'end'),
    label(box.left, box.top - (options.top === undefined ? 7 : 20), yLabel, 'axis'),
    topAxis(options, box),
    over ?? nothing,
  ]}</g>`;
}

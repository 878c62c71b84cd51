import { html, joined, type Markup, raw } from '../html.js';
import type { Scale } from './scale.js';

/** The position of marks: two scales in the coordinates of the drawing. */
export interface Plane {
  x: Scale;
  y: Scale;
}

export type Shape = 'dot' | 'ring' | 'cross' | 'square' | 'diamond' | 'triangle';

/** A tenth of a unit of the drawing is finer than any printer. */
export const px = (value: number): string => String(Number(value.toFixed(1)));

export interface Point {
  x: number;
  y: number;
  /** Shown when the pointer rests on it. */
  title?: string;
}

const isDrawable = ({ x, y }: { x: number; y: number }) => Number.isFinite(x) && Number.isFinite(y);

/** Outlines around (0, 0) of radius 1, scaled when drawn. */
const outlines: Readonly<Record<Exclude<Shape, 'dot' | 'ring'>, readonly (readonly [number, number])[]>> = {
  cross: [],
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  triangle: [
    [0, -1.2],
    [1.2, 0.9],
    [-1.2, 0.9],
  ],
};

function shapePath(shape: Exclude<Shape, 'dot' | 'ring'>, x: number, y: number, radius: number): string {
  if (shape === 'cross') {
    const [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius].map(px);
    return `M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}`;
  }
  const corners = outlines[shape].map(([dx, dy]) => `${px(x + dx * radius)} ${px(y + dy * radius)}`);
  return `M${corners.join('L')}Z`;
}

/** One symbol at a position of the drawing. */
export function symbol(
  shape: Shape,
  at: { x: number; y: number; title?: string | undefined },
  className: string,
  radius = 3,
): Markup {
  const title = at.title === undefined ? '' : html`<title>${at.title}</title>`;
  if (shape === 'dot' || shape === 'ring') {
    return html`<circle class="${className}" cx="${px(at.x)}" cy="${px(at.y)}" r="${radius}">${title}</circle>`;
  }
  return html`<path class="${className}" d="${shapePath(shape, at.x, at.y, radius)}">${title}</path>`;
}

/** From this number on, points are one path of round dots: a tenth of the bytes, but no title for each. */
const MANY_POINTS = 160;

/** Measured values as symbols. */
export function points(
  { x, y }: Plane,
  data: readonly Point[],
  className: string,
  { shape = 'dot', radius = 2.6 }: { shape?: Shape; radius?: number } = {},
): Markup {
  const placed = data
    .filter(isDrawable)
    .map((point) => ({ x: x.at(point.x), y: y.at(point.y), title: point.title }));
  if (placed.length === 0) return raw('');
  if (shape === 'dot' && placed.length >= MANY_POINTS) {
    const path = placed.map((at) => `M${px(at.x)} ${px(at.y)}h0`).join('');
    return html`<path class="${className} many" stroke-width="${px(1.7 * radius)}" d="${path}"/>`;
  }
  return joined(placed.map((at) => symbol(shape, at, className, radius)));
}

function polyline(places: readonly { x: number; y: number }[]): string {
  return places.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
}

/** A line through values in their order; values that are not finite leave no gap. */
export function line({ x, y }: Plane, data: readonly Point[], className: string): Markup {
  const places = data.filter(isDrawable).map((point) => ({ x: x.at(point.x), y: y.at(point.y) }));
  return html`<path class="${className}" d="${polyline(places)}"/>`;
}

export interface BandPoint {
  x: number;
  low: number;
  high: number;
}

/** The area between two lines. */
export function band({ x, y }: Plane, data: readonly BandPoint[], className: string): Markup {
  const upper = data.map((point) => ({ x: x.at(point.x), y: y.at(point.high) }));
  const lower = data.map((point) => ({ x: x.at(point.x), y: y.at(point.low) })).reverse();
  return html`<path class="${className}" d="${polyline([...upper, ...lower])}Z"/>`;
}

/** A straight line over the whole height at one value of x. */
export function verticalRule({ x, y }: Plane, value: number, className: string): Markup {
  const [from, to] = y.domain;
  const at = px(x.at(value));
  return html`<path class="${className}" d="M${at} ${px(y.at(from))}V${px(y.at(to))}"/>`;
}

/** A straight line over the whole width at one value of y. */
export function horizontalRule({ x, y }: Plane, value: number, className: string): Markup {
  const [from, to] = x.domain;
  return html`<path class="${className}" d="M${px(x.at(from))} ${px(y.at(value))}H${px(x.at(to))}"/>`;
}

/** The interval of a value along x, with ends. */
export function whisker(at: number, from: number, to: number, className: string, end = 3): Markup {
  const d = `M${px(from)} ${px(at)}H${px(to)}M${px(from)} ${px(at - end)}v${2 * end}M${px(to)} ${px(at - end)}v${2 * end}`;
  return html`<path class="${className}" d="${d}"/>`;
}

/** Words in the drawing. */
export function label(
  x: number,
  y: number,
  text: string,
  className = 'note',
  anchor: 'start' | 'middle' | 'end' = 'start',
): Markup {
  const turn = anchor === 'start' ? '' : html` text-anchor="${anchor}"`;
  return html`<text class="${className}" x="${px(x)}" y="${px(y)}"${turn}>${text}</text>`;
}

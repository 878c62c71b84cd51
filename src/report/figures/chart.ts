import { html, type Markup, slug } from '../html.js';
import { counted, plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, type Plane, type Point, points, px, type Shape } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { ruleLabel } from '../plot/rule-label.js';
import { extent, linearScale, logScale, padded, paddedLog, type Scale, type Tick } from '../plot/scale.js';

/** A figure as data, drawn from the same numbers into a file by `chartFigure` and in the browser on a canvas. */
export interface Chart {
  id: string;
  title: string;
  /** What it shows, in sentences with numbers. */
  words: string;
  x: Axis;
  panels: readonly ChartPanel[];
  /** Both axes have the same scale, as needed for a complex plane. */
  isEqual?: boolean;
  /** Where series are distinguished by a scale of colours: its meaning and its ends. */
  colours?: { label: string; low: string; high: string };
  /** Note where fewer points are drawn than exist. */
  decimated?: boolean;
}

export interface Axis {
  label: string;
  isLog?: boolean;
  /** Only whole numbers get a tick. */
  isWhole?: boolean;
  domain?: readonly [number, number];
  ticks?: readonly Tick[];
}

export interface ChartPanel {
  y: Axis;
  series: readonly Series[];
  rules?: readonly { value: number; text: string }[];
  /** Height of the plane, in units of the drawing. */
  height: number;
}

/** Points in their order; where y is null the line is broken. */
export interface Series {
  /** Text in the key; series with the same name share their entry. */
  name: string;
  /** `s0`…`s7` for kinds, `q0`…`q8` for places on a scale, `data`, `excluded`, `fit` or `target`. */
  tone: string;
  mark: 'line' | 'dashes' | Shape;
  x: readonly number[];
  y: readonly (number | null)[];
  /** Left out of the key. */
  isQuiet?: boolean;
  /** Text for a point. */
  titles?: readonly string[];
  /** The cycle, record or spectrum of each point, for a click on it. */
  of?: readonly (number | null)[];
}

/** Usual width of a drawing. */
export const CHART_WIDTH = 640;
const LEFT = 60;
const RIGHT = 16;
const TOP = 26;
const BELOW = 42;
const GAP = 28;
const EQUAL_LOWEST = 150;
const EQUAL_HIGHEST = 420;

export const toneOf = (index: number): string => `s${index % 8}`;
const SCALE_STEPS = 9;
/** A place on the scale of colours, of `count` in all. */
export const scaleTone = (index: number, count: number): string =>
  `q${count < 2 ? 0 : Math.round((index * (SCALE_STEPS - 1)) / (count - 1))}`;
/** Up to this many series are distinguished by a key, more by a scale. */
export const MOST_IN_KEY = 8;

const finite = (values: readonly (number | null)[]) =>
  values.filter((value) => value !== null && Number.isFinite(value));

function scaleOf(
  axis: Axis,
  values: readonly (number | null)[],
  range: readonly [number, number],
  count: number,
): Scale {
  const found = extent(finite(values)) ?? (axis.isLog === true ? [1, 10] : [0, 1]);
  const isLog = axis.isLog === true && found[0] > 0;
  const domain = axis.domain ?? (isLog ? paddedLog(found, 0.04) : padded(found, 0.04));
  const scale = isLog ? logScale(domain, range) : linearScale(domain, range, count);
  const ticks = axis.ticks ?? scale.ticks;
  return {
    ...scale,
    ticks: axis.isWhole === true ? ticks.filter(({ value }) => Number.isInteger(value)) : ticks,
  };
}

/** A line with gaps where there is no value. */
function brokenLine({ x, y }: Plane, { x: xs, y: ys }: Series, className: string): Markup {
  let path = '';
  let isOpen = false;
  for (let i = 0; i < xs.length; i++) {
    const value = ys[i];
    if (value == null || !Number.isFinite(value)) {
      isOpen = false;
      continue;
    }
    path += `${isOpen ? 'L' : 'M'}${px(x.at(xs[i] as number))} ${px(y.at(value))}`;
    isOpen = true;
  }
  return html`<path class="${className}" d="${path}"/>`;
}

const isLine = (mark: Series['mark']): mark is 'line' | 'dashes' => mark === 'line' || mark === 'dashes';

function classOf({ mark, tone }: Series): string {
  const isOwn = !/^[sq]\d$/.test(tone);
  if (isOwn) return tone;
  if (mark === 'line') return `curve ${tone}`;
  if (mark === 'dashes') return `curve dashed ${tone}`;
  return mark === 'ring' || mark === 'cross' ? `outline ${tone}` : `spot ${tone}`;
}

function marksOf(plane: Plane, series: Series): Markup {
  const className = classOf(series);
  if (isLine(series.mark)) return brokenLine(plane, series, className);
  const data = series.x.flatMap((x, i): Point[] => {
    const y = series.y[i];
    if (y == null) return [];
    const title = series.titles?.[i];
    return [title === undefined ? { x, y } : { x, y, title }];
  });
  const radius = series.mark === 'dot' ? 2.2 : 3;
  return points(plane, data, className, { shape: series.mark, radius });
}

function keyOf({ panels, colours }: Chart): KeyEntry[] {
  const seen = new Set<string>();
  const entries: KeyEntry[] = [];
  for (const series of panels.flatMap((one) => one.series)) {
    const name = `${series.name} ${series.mark} ${series.tone}`;
    if (series.isQuiet === true || seen.has(name)) continue;
    seen.add(name);
    entries.push({ mark: series.mark, className: classOf(series), text: series.name });
  }
  if (colours === undefined) return entries;
  return [
    ...entries,
    { mark: 'line', className: 'curve q0', text: `${colours.label} ${colours.low}` },
    { mark: 'line', className: `curve q${SCALE_STEPS - 1}`, text: `to ${colours.high}` },
  ];
}

/** Height of a plane in which both axes have the same scale, and the part of y that it shows. */
function equalPlane(
  chart: Chart,
  across: number,
): {
  height: number;
  domain: [number, number];
  x: readonly [number, number];
} {
  const series = chart.panels.flatMap((one) => one.series);
  const [left, right] = padded(extent(series.flatMap(({ x }) => finite(x))) ?? [0, 1], 0.04);
  const [low, high] = extent(series.flatMap(({ y }) => finite(y))) ?? [0, 1];
  const perUnit = (right - left) / across;
  const from = Math.min(0, low) - 0.03 * (right - left);
  const wanted = (high - from) / perUnit + 14;
  const height = Math.min(Math.max(Math.ceil(wanted), EQUAL_LOWEST), EQUAL_HIGHEST);
  if (wanted <= EQUAL_HIGHEST) return { height, domain: [from, from + height * perUnit], x: [left, right] };
  // Where it would be taller than allowed, the scale follows the height, and the plane is cut at the right.
  const taller = (high - from) / (EQUAL_HIGHEST - 14);
  return { height, domain: [from, from + EQUAL_HIGHEST * taller], x: [left, left + across * taller] };
}

/** Draws a chart as a figure. @param width of the drawing; letters keep their size */
export function chartFigure(chart: Chart, width = CHART_WIDTH): Figure {
  const wide = width - LEFT - RIGHT;
  const equal = chart.isEqual === true ? equalPlane(chart, wide) : null;
  const every = chart.panels.flatMap(({ series }) => series.flatMap(({ x }) => finite(x)));
  const first: Box = { left: LEFT, top: TOP, width: wide, height: 0 };
  const x = scaleOf(
    equal === null ? chart.x : { ...chart.x, domain: equal.x },
    every,
    across(first),
    width < CHART_WIDTH ? 4 : 7,
  );
  let top = TOP;
  const drawn = chart.panels.map((one, i) => {
    const height = equal?.height ?? one.height;
    const box: Box = { left: LEFT, top, width: wide, height };
    top += height + GAP;
    const values = one.series.flatMap(({ y }) => finite(y));
    const limits = (one.rules ?? []).map(({ value }) => value);
    const axis = equal === null ? one.y : { ...one.y, domain: equal.domain };
    const y = scaleOf(axis, [...values, ...limits], upwards(box), height < 110 ? 3 : 5);
    const plane: Plane = { x, y };
    const isLast = i === chart.panels.length - 1;
    const dots = one.series.flatMap((series) =>
      isLine(series.mark)
        ? []
        : series.x.flatMap((at, k) => (series.y[k] == null ? [] : [{ x: at, y: series.y[k] as number }])),
    );
    return panel({
      box,
      ...plane,
      yLabel: one.y.label,
      hideXTicks: !isLast,
      ...(isLast ? { xLabel: chart.x.label } : {}),
      marks: [
        ...limits.map((value) => horizontalRule(plane, value, 'target')),
        ...one.series.map((series) => marksOf(plane, series)),
      ],
      over: (one.rules ?? []).map(({ value, text }) => ruleLabel(plane, box, value, text, dots)),
    });
  });
  return {
    id: chart.id,
    title: chart.title,
    words: chart.words,
    key: keyOf(chart),
    width,
    height: top - GAP + BELOW,
    drawing: html`${drawn}`,
  };
}

/** An id for the page from what a chart shows. */
export const chartId = (kind: string, subjects: readonly string[]): string =>
  `${kind}-${subjects.length <= 3 ? subjects.map(slug).join('-') : `${slug(subjects[0] as string)}-and-${subjects.length - 1}`}`;

/** `LRMO-01, LRMO-02 and 3 more`. */
export function namesText(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/**
 * Fewer points of a line with the same look: of each run of points the first, lowest, highest and last, in their order.
 * Lines of up to `most` points stay as they are.
 */
export function thinned<S extends Pick<Series, 'x' | 'y'>>(series: S, most: number): S {
  const { x, y } = series;
  if (x.length <= most) return series;
  const every = Math.ceil(x.length / (most / 4));
  const kept: number[] = [];
  for (let from = 0; from < x.length; from += every) {
    const to = Math.min(from + every, x.length);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if ((y[i] ?? Infinity) < (y[low] ?? Infinity)) low = i;
      if ((y[i] ?? -Infinity) > (y[high] ?? -Infinity)) high = i;
    }
    kept.push(...[...new Set([from, low, high, to - 1])].sort((a, b) => a - b));
  }
  return { ...series, x: kept.map((i) => x[i] as number), y: kept.map((i) => y[i] as number | null) };
}

/** `lowest to highest` of the drawn values, for the words of a chart. */
export function rangeText(values: readonly (number | null)[], unit: string): string {
  const found = extent(finite(values));
  if (found === null) return 'no value';
  const [low, high] = found.map((value) => plainNumber(value)) as [string, string];
  return low === high ? `${low} ${unit}` : `${low} to ${high} ${unit}`;
}

export { counted };

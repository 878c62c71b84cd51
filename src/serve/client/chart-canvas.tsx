import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Chart, ChartPanel, Series } from '../../report/figures/chart.js';
import { plainNumber } from '../../report/numbers.js';

/** The one file that knows uPlot: one panel of a chart on a canvas. */

/** What is drawn. */
interface CanvasPanel {
  chart: Chart;
  panel: ChartPanel;
  isFirst: boolean;
  isLast: boolean;
  shown: [number, number];
  clock: ((second: number) => string) | undefined;
  marks: readonly { x: number; text: string }[] | undefined;
}

interface PanelProps extends CanvasPanel {
  onZoom(next: [number, number] | null): void;
  onRead(text: string, of: number | null): void;
  onPick(): void;
}

const isLine = ({ mark }: Series) => mark === 'line' || mark === 'dashes';
const own: Record<string, string> = {
  fit: '--ink',
  target: '--target',
  excluded: '--soft',
  data: '--data',
  other: '--soft',
};

function drawShape(
  ctx: CanvasRenderingContext2D,
  mark: Series['mark'],
  x: number,
  y: number,
  r: number,
): void {
  ctx.beginPath();
  if (mark === 'cross') {
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x - r, y + r);
    ctx.lineTo(x + r, y - r);
    ctx.stroke();
    return;
  }
  if (mark === 'diamond')
    for (const [dx, dy] of [
      [0, -1.3],
      [1.3, 0],
      [0, 1.3],
      [-1.3, 0],
    ])
      ctx.lineTo(x + r * dx!, y + r * dy!);
  else if (mark === 'triangle')
    for (const [dx, dy] of [
      [0, -1.2],
      [1.2, 0.9],
      [-1.2, 0.9],
    ])
      ctx.lineTo(x + r * dx!, y + r * dy!);
  else if (mark === 'square') ctx.rect(x - r, y - r, 2 * r, 2 * r);
  else ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.closePath();
  if (mark === 'ring') ctx.stroke();
  else ctx.fill();
}

const hour = 3_600;
const timeSteps = [
  0.001,
  0.01,
  0.1,
  1,
  2,
  5,
  10,
  30,
  60,
  120,
  300,
  600,
  1_800,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
  48 * hour,
  120 * hour,
  240 * hour,
  480 * hour,
  1_200 * hour,
  2_400 * hour,
];

/** Seconds in suitable units for an axis of that span. */
function timeText(second: number, span: number): string {
  if (span > 2 * hour) return `${plainNumber(second / hour, 6)} h`;
  if (span > 300) return `${plainNumber(second / 60, 6)} min`;
  return `${plainNumber(second, 8)} s`;
}

/** Colours and font of the page. */
interface Look {
  colour(tone: string): string;
  ink: string;
  soft: string;
  grid: string;
  family: string;
}

function lookOf(element: Element): Look {
  const style = getComputedStyle(element);
  const colour = (tone: string) => style.getPropertyValue(own[tone] ?? `--${tone}`).trim() || style.color;
  return {
    colour,
    ink: colour('fit'),
    soft: colour('excluded'),
    grid: style.getPropertyValue('--grid').trim(),
    family: style.fontFamily,
  };
}

const isTime = (chart: Chart) => /\(s\)$/.test(chart.x.label);

/** Labels of x under the last panel. */
function xText({ chart, clock, shown }: CanvasPanel, value: number): string {
  if (isTime(chart)) return clock === undefined ? timeText(value, shown[1] - shown[0]) : clock(value);
  return chart.x.isWhole === true && !Number.isInteger(value) ? '' : plainNumber(value, 8);
}

function xAxis(drawing: CanvasPanel, { soft, grid }: Look, font: string): uPlot.Axis {
  const { isLast, chart } = drawing;
  return {
    show: true,
    stroke: soft,
    font,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    size: isLast ? 42 : 6,
    gap: 6,
    values: (_: uPlot, splits: number[]) => (isLast ? splits.map((value) => xText(drawing, value)) : []),
    ...(isTime(chart) ? { incrs: timeSteps, space: 64 } : {}),
  };
}

function yAxis({ soft, grid }: Look, font: string): uPlot.Axis {
  return {
    stroke: soft,
    font,
    size: 60,
    gap: 6,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    space: 28,
    values: (_: uPlot, splits: number[]) => splits.map((value) => plainNumber(value, 8)),
  };
}

/** Draws frame, words and points of a panel; uPlot draws the lines. */
function drawPanel(u: uPlot, drawing: CanvasPanel, { colour, ink, soft, family }: Look): void {
  const { chart, panel, isFirst, isLast, shown, clock, marks } = drawing;
  const { ctx } = u;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = soft;
  ctx.lineWidth = ratio;
  ctx.strokeRect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  ctx.fillStyle = ink;
  ctx.font = `${11 * ratio}px ${family}`;
  ctx.textAlign = 'left';
  ctx.fillText(panel.y.label, u.bbox.left, u.bbox.top - 6 * ratio);
  if (isLast) {
    ctx.textAlign = 'right';
    const text = clock === undefined ? chart.x.label.replace(/ \(s\)$/, '') : 'clock of the instrument';
    ctx.fillText(text, u.bbox.left + u.bbox.width, u.bbox.top + u.bbox.height + 34 * ratio);
  }
  ctx.beginPath();
  ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  ctx.clip();
  for (const one of panel.series) {
    if (isLine(one)) continue;
    ctx.fillStyle = colour(one.tone);
    ctx.strokeStyle = ctx.fillStyle;
    ctx.lineWidth = 1.3 * ratio;
    const r = (one.mark === 'dot' ? 2.2 : 3.2) * ratio;
    one.x.forEach((x, i) => {
      const y = one.y[i];
      if (y == null || x < shown[0] || x > shown[1]) return;
      drawShape(ctx, one.mark, u.valToPos(x, 'x', true), u.valToPos(y, 'y', true), r);
    });
  }
  if (isFirst) drawMarks(u, marks ?? [], shown, soft);
  ctx.restore();
}

/** Text and subject of the point nearest to the pointer. */
function readingAt(u: uPlot, { chart, panel, shown, clock }: CanvasPanel): [text: string, of: number | null] {
  const near = nearest(u, panel.series, u.cursor.left as number, u.cursor.top ?? 0, shown);
  if (near === null) return ['', null];
  const { series, i } = near;
  const x = series.x[i] as number;
  const time = () => (clock === undefined ? timeText(x, shown[1] - shown[0]) : clock(x));
  const at = isTime(chart) ? time() : plainNumber(x, 6);
  const text = series.titles?.[i] ?? `${series.name}: ${plainNumber(series.y[i] as number, 6)} at ${at}`;
  return [text, series.of?.[i] ?? null];
}

/** How uPlot draws a panel, and its callbacks; `calls` are those of the last rendering. */
function plotOptions(
  element: Element,
  drawing: CanvasPanel,
  calls: { readonly current: Pick<PanelProps, 'onZoom' | 'onRead'> },
): uPlot.Options {
  const { chart, panel, isLast, shown } = drawing;
  const look = lookOf(element);
  const font = `11px ${look.family}`;
  const lineOf = (one: Series): uPlot.Series => ({
    label: one.name,
    stroke: look.colour(one.tone),
    width: 1.4,
    ...(one.mark === 'dashes' ? { dash: [5, 3] } : {}),
    ...(isLine(one) ? {} : { paths: () => null }),
    points: { show: false },
  });
  const { domain } = panel.y;
  return {
    width: element.clientWidth,
    height: panel.height + (isLast ? 60 : 22),
    legend: { show: false },
    scales: {
      x: { time: false, range: () => shown },
      y: { ...(domain === undefined ? {} : { range: () => domain as [number, number] }) },
    },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      sync: { key: chart.id, setSeries: false },
      points: { show: false },
      y: false,
    },
    series: [{}, ...panel.series.map(lineOf)],
    axes: [xAxis(drawing, look, font), yAxis(look, font)],
    padding: [16, 12, 0, 0],
    hooks: {
      drawClear: [],
      draw: [(u) => drawPanel(u, drawing, look)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width < 4) return;
          const next: [number, number] = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          calls.current.onZoom(next);
        },
      ],
      setCursor: [
        (u) => {
          const { left } = u.cursor;
          if (left === undefined || left < 0 || !element.matches(':hover')) return;
          calls.current.onRead(...readingAt(u, drawing));
        },
      ],
    },
  };
}

/** One panel of a chart; the chart gives the visible part `shown` of x. */
export function PanelCanvas({ onZoom, onRead, onPick, ...drawing }: PanelProps) {
  const { chart, panel, isFirst, isLast, shown, clock, marks } = drawing;
  const host = useRef<HTMLDivElement>(null);
  const calls = useRef({ onZoom, onRead, onPick });
  calls.current = { onZoom, onRead, onPick };
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const change = () => setTheme((n) => n + 1);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);

  useEffect(() => {
    const element = host.current as HTMLDivElement;
    // Each series also keeps its own points, to find the nearest one and its subject.
    const data = uPlot.join(
      panel.series.map((one) => [one.x, one.y] as unknown as uPlot.AlignedData),
      panel.series.map(() => [0, 1]),
    ) as uPlot.AlignedData;
    const options = plotOptions(element, drawing, calls);
    const made = new uPlot(options, data, element);
    made.over.addEventListener('dblclick', () => calls.current.onZoom(null));
    made.over.addEventListener('click', () => calls.current.onPick());
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: options.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [chart, panel, shown[0], shown[1], theme, isFirst, isLast, clock, marks]);
  return <div class="canvas" ref={host} role="img" aria-label={`${chart.title}: ${panel.y.label}`} />;
}

/** Marks where cycles begin, along the top, as many as fit. */
function drawMarks(
  u: uPlot,
  marks: readonly { x: number; text: string }[],
  shown: [number, number],
  colour: string,
): void {
  const { ctx } = u;
  const ratio = uPlot.pxRatio;
  let last = Number.NEGATIVE_INFINITY;
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.textAlign = 'left';
  for (const { x, text } of marks) {
    if (x < shown[0] || x > shown[1]) continue;
    const at = u.valToPos(x, 'x', true);
    if (at - last < 34 * ratio) continue;
    last = at;
    ctx.beginPath();
    ctx.moveTo(at, u.bbox.top);
    ctx.lineTo(at, u.bbox.top + 6 * ratio);
    ctx.stroke();
    ctx.fillText(text, at + 3 * ratio, u.bbox.top + 13 * ratio);
  }
}

/** The drawn value nearest to the pointer, within reach. */
function nearest(u: uPlot, drawn: readonly Series[], left: number, top: number, shown: [number, number]) {
  let best: { series: Series; i: number } | null = null;
  let least = 30 ** 2;
  const [low, high] = [u.posToVal(left - 30, 'x'), u.posToVal(left + 30, 'x')];
  for (const series of drawn) {
    for (let i = lower(series.x, low); i < series.x.length && (series.x[i] as number) <= high; i++) {
      const y = series.y[i];
      const x = series.x[i] as number;
      if (y == null || x < shown[0] || x > shown[1]) continue;
      const distance = (u.valToPos(x, 'x') - left) ** 2 + (u.valToPos(y, 'y') - top) ** 2;
      if (distance < least) {
        least = distance;
        best = { series, i };
      }
    }
  }
  return best;
}

function lower(values: readonly number[], wanted: number): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((values[middle] as number) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

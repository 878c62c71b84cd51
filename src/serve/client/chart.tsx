import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { type Chart, type ChartPanel, chartFigure, type Series } from '../../report/figures/chart.js';
import { plainNumber } from '../../report/numbers.js';
import { renderFigure } from '../../report/plot/figure.js';
import { Drawn } from './parts.js';

/** The one file that knows uPlot: a chart as data, drawn on a canvas that can be zoomed. */

export interface ChartViewProps {
  chart: Chart;
  /** Called with the part of x that is to be shown; null: all. Absent: the chart zooms what it has. */
  onWindow?: (window: [number, number] | null) => void;
  /** Called with what a point is of: a cycle, a record. */
  onPick?: (of: number) => void;
  /** Turns a second of the test into words. */
  clock?: ((second: number) => string) | undefined;
  marks?: readonly { x: number; text: string }[] | undefined;
}

const FEW_POINTS = 60;
const pointsOf = ({ panels }: Chart) =>
  panels.reduce((sum, { series }) => sum + series.reduce((inner, { x }) => inner + x.length, 0), 0);

/** A canvas where there is much to see; a drawing where shapes and words say it all. */
export function ChartView(props: ChartViewProps) {
  const { chart } = props;
  const isLog = chart.x.isLog === true || chart.panels.some(({ y }) => y.isLog === true);
  const isCanvas = chart.isEqual !== true && !isLog && pointsOf(chart) > FEW_POINTS;
  const paper = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Paper gets lines, not pixels.
    const draw = () => {
      if (paper.current !== null && isCanvas)
        paper.current.innerHTML = renderFigure({ ...chartFigure(chart), id: `${chart.id}-paper` }).text;
    };
    addEventListener('beforeprint', draw);
    return () => removeEventListener('beforeprint', draw);
  }, [chart, isCanvas]);
  if (!isCanvas) {
    return <Drawn name="figure-still" markup={renderFigure(chartFigure(chart)).text} />;
  }
  return (
    <>
      <CanvasChart {...props} />
      <div class="paper-only" ref={paper} />
    </>
  );
}

function CanvasChart({ chart, onWindow, onPick, clock, marks }: ChartViewProps) {
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const [reading, setReading] = useState('');
  const picked = useRef<number | null>(null);
  const xs = useMemo(
    () => chart.panels.flatMap(({ series }) => series.map(({ x }) => [x[0] ?? 0, x.at(-1) ?? 0])),
    [chart],
  );
  const ends = [
    Math.min(...xs.map(([low]) => low as number)),
    Math.max(...xs.map(([, high]) => high as number)),
  ] as const;
  const room = 0.02 * (ends[1] - ends[0]) || 1;
  const whole: [number, number] = (chart.x.domain as [number, number] | undefined) ?? [
    ends[0] - room,
    ends[1] + room,
  ];
  const shown = zoom ?? whole;
  const change = (next: [number, number] | null) => {
    if (onWindow !== undefined) onWindow(next);
    else setZoom(next);
  };
  useEffect(() => setZoom(null), [chart.id]);
  const keys = (event: KeyboardEvent) => {
    const [low, high] = shown;
    const span = high - low;
    const moves: Record<string, [number, number] | null> = {
      ArrowLeft: [low - span / 4, high - span / 4],
      ArrowRight: [low + span / 4, high + span / 4],
      '+': [low + span / 4, high - span / 4],
      '=': [low + span / 4, high - span / 4],
      '-': [low - span / 2, high + span / 2],
      '0': null,
    };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    change(moves[event.key] ?? null);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the figure is zoomed by keys
    <figure class="chart" id={chart.id} tabIndex={0} onKeyDown={keys} aria-describedby={`${chart.id}-words`}>
      <p class="figure-title">{chart.title}</p>
      <Key chart={chart} />
      {chart.panels.map((one, i) => (
        <PanelCanvas
          key={one.y.label}
          chart={chart}
          panel={one}
          isLast={i === chart.panels.length - 1}
          isFirst={i === 0}
          shown={shown}
          onZoom={change}
          clock={clock}
          marks={marks}
          onRead={(text, of) => {
            picked.current = of;
            setReading(text);
          }}
          onPick={() => picked.current !== null && onPick?.(picked.current)}
        />
      ))}
      <p class="reading" aria-hidden="true">
        {reading === '' ? 'Drag to zoom, double click or 0 for all, arrows move, + and − zoom.' : reading}
      </p>
      <figcaption id={`${chart.id}-words`}>{chart.words}</figcaption>
    </figure>
  );
}

function Key({ chart }: { chart: Chart }) {
  const markup = useMemo(
    () =>
      renderFigure({
        ...chartFigure({
          ...chart,
          panels: chart.panels.map((one) => ({
            ...one,
            series: one.series.map((s) => ({ ...s, x: [], y: [] })),
          })),
        }),
      }).text,
    [chart],
  );
  const list = /<ul class="key">[\s\S]*?<\/ul>/.exec(markup)?.[0] ?? '';
  return <Drawn markup={list} />;
}

interface PanelProps {
  chart: Chart;
  panel: ChartPanel;
  isFirst: boolean;
  isLast: boolean;
  shown: [number, number];
  clock: ((second: number) => string) | undefined;
  marks: readonly { x: number; text: string }[] | undefined;
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

function colours(element: Element) {
  const style = getComputedStyle(element);
  return (tone: string) => style.getPropertyValue(own[tone] ?? `--${tone}`).trim() || style.color;
}

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

/** Seconds as people say them beside an axis of that span. */
function timeText(second: number, span: number): string {
  if (span > 2 * hour) return `${plainNumber(second / hour, 6)} h`;
  if (span > 300) return `${plainNumber(second / 60, 6)} min`;
  return `${plainNumber(second, 8)} s`;
}

function PanelCanvas({
  chart,
  panel,
  isFirst,
  isLast,
  shown,
  clock,
  marks,
  onZoom,
  onRead,
  onPick,
}: PanelProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const calls = useRef({ onZoom, onRead, onPick });
  calls.current = { onZoom, onRead, onPick };
  const isTime = /\(s\)$/.test(chart.x.label);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const change = () => setTheme((n) => n + 1);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);

  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const colour = colours(element);
    const [ink, soft, line] = [
      colour('fit'),
      colour('excluded'),
      getComputedStyle(element).getPropertyValue('--grid').trim(),
    ];
    const drawn = panel.series;
    const data = uPlot.join(
      drawn.map((one) => [one.x, one.y] as unknown as uPlot.AlignedData),
      drawn.map(() => [0, 1]),
    ) as uPlot.AlignedData;
    // Each series keeps its own points too: what is nearest, and what it is of.
    const font = `11px ${getComputedStyle(element).fontFamily}`;
    const options: uPlot.Options = {
      width: element.clientWidth,
      height: panel.height + (isLast ? 60 : 22),
      legend: { show: false },
      scales: {
        x: { time: false, range: () => shown },
        y: {
          ...(panel.y.domain === undefined ? {} : { range: () => panel.y.domain as [number, number] }),
        },
      },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        sync: { key: chart.id, setSeries: false },
        points: { show: false },
        y: false,
      },
      series: [
        {},
        ...drawn.map(
          (one): uPlot.Series => ({
            label: one.name,
            stroke: colour(one.tone),
            width: 1.4,
            ...(one.mark === 'dashes' ? { dash: [5, 3] } : {}),
            ...(isLine(one) ? {} : { paths: () => null }),
            points: { show: false },
          }),
        ),
      ],
      axes: [
        {
          show: true,
          stroke: soft,
          font,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          size: isLast ? 42 : 6,
          gap: 6,
          ...(isLast ? {} : { values: () => [] }),
          ...(isTime ? { incrs: timeSteps, space: 64 } : {}),
          ...(isLast && isTime
            ? {
                values: (_: uPlot, splits: number[]) =>
                  splits.map((value) =>
                    clock === undefined ? timeText(value, shown[1] - shown[0]) : clock(value),
                  ),
              }
            : isLast
              ? {
                  values: (_: uPlot, splits: number[]) =>
                    splits.map((value) =>
                      chart.x.isWhole === true && !Number.isInteger(value) ? '' : plainNumber(value, 8),
                    ),
                }
              : {}),
        },
        {
          stroke: soft,
          font,
          size: 60,
          gap: 6,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          space: 28,
          values: (_: uPlot, splits: number[]) => splits.map((value) => plainNumber(value, 8)),
        },
      ],
      padding: [16, 12, 0, 0],
      hooks: {
        drawClear: [],
        draw: [
          (u) => {
            const { ctx } = u;
            const ratio = uPlot.pxRatio;
            ctx.save();
            ctx.strokeStyle = soft;
            ctx.lineWidth = ratio;
            ctx.strokeRect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
            ctx.fillStyle = ink;
            ctx.font = `${11 * ratio}px ${getComputedStyle(element).fontFamily}`;
            ctx.textAlign = 'left';
            ctx.fillText(panel.y.label, u.bbox.left, u.bbox.top - 6 * ratio);
            if (isLast) {
              ctx.textAlign = 'right';
              const text =
                clock === undefined ? chart.x.label.replace(/ \(s\)$/, '') : 'clock of the instrument';
              ctx.fillText(text, u.bbox.left + u.bbox.width, u.bbox.top + u.bbox.height + 34 * ratio);
            }
            ctx.beginPath();
            ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
            ctx.clip();
            for (const one of drawn) {
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
          },
        ],
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
            const { left, top } = u.cursor;
            if (left === undefined || left < 0 || !element.matches(':hover')) return;
            const near = nearest(u, drawn, left, top ?? 0, shown);
            if (near === null) return calls.current.onRead('', null);
            const { series, i } = near;
            const x = series.x[i] as number;
            const at = isTime
              ? clock === undefined
                ? timeText(x, shown[1] - shown[0])
                : clock(x)
              : plainNumber(x, 6);
            const text =
              series.titles?.[i] ?? `${series.name}: ${plainNumber(series.y[i] as number, 6)} at ${at}`;
            calls.current.onRead(text, series.of?.[i] ?? null);
          },
        ],
      },
    };
    const made = new uPlot(options, data, element);
    plot.current = made;
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
  }, [chart, panel, shown[0], shown[1], theme, isTime, isFirst, isLast, clock, marks]);
  return <div class="canvas" ref={host} role="img" aria-label={`${chart.title}: ${panel.y.label}`} />;
}

/** Where cycles begin, along the top, as many as have room. */
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

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CHART_WIDTH, type Chart, chartFigure } from '../../report/figures/chart.js';
import { renderFigure } from '../../report/plot/figure.js';
import { PanelCanvas } from './chart-canvas.js';
import { Drawn } from './parts.js';

/** A chart as data, drawn on a canvas that can be zoomed. */

export interface ChartViewProps {
  chart: Chart;
  /** Called with the part of x to show; null: all. Absent: the chart zooms the data it has. */
  onWindow?: (window: [number, number] | null) => void;
  /** Called with the subject of a point: a cycle, a record. */
  onPick?: (of: number) => void;
  /** Turns a second of the test into words. */
  clock?: ((second: number) => string) | undefined;
  marks?: readonly { x: number; text: string }[] | undefined;
}

const FEW_POINTS = 60;
const pointsOf = ({ panels }: Chart) =>
  panels.reduce((sum, { series }) => sum + series.reduce((inner, { x }) => inner + x.length, 0), 0);

/** A canvas for many points; a drawing where shapes and words are enough. */
export function ChartView(props: ChartViewProps) {
  const { chart } = props;
  const isLog = chart.x.isLog === true || chart.panels.some(({ y }) => y.isLog === true);
  const isCanvas = chart.isEqual !== true && !isLog && pointsOf(chart) > FEW_POINTS;
  const paper = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // When printing, lines are drawn instead of pixels.
    const draw = () => {
      if (paper.current !== null && isCanvas)
        paper.current.innerHTML = renderFigure({ ...chartFigure(chart), id: `${chart.id}-paper` }).text;
    };
    addEventListener('beforeprint', draw);
    return () => removeEventListener('beforeprint', draw);
  }, [chart, isCanvas]);
  if (!isCanvas) return <StillChart chart={chart} />;
  return (
    <>
      <CanvasChart {...props} />
      <div class="paper-only" ref={paper} />
    </>
  );
}

const NARROWEST = 280;

/** A drawing as wide as its place, up to the usual width, so that its letters stay legible on a narrow screen. */
function StillChart({ chart }: { chart: Chart }) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(CHART_WIDTH);
  useEffect(() => {
    const measured = place.current;
    if (measured === null) return;
    const watcher = new ResizeObserver(([entry]) => {
      const room = Math.floor(entry?.contentRect.width ?? CHART_WIDTH);
      setWidth(Math.min(CHART_WIDTH, Math.max(NARROWEST, room)));
    });
    watcher.observe(measured);
    return () => watcher.disconnect();
  }, []);
  const markup = useMemo(() => renderFigure(chartFigure(chart, width)).text, [chart, width]);
  return (
    <div class="figure-still" ref={place}>
      <Drawn markup={markup} />
    </div>
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

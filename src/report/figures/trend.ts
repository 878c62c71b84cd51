import type { JudgedTarget } from '../../targets/evaluate.js';
import type { HistoryPoint, Projection } from '../history.js';
import { html, joined, type Markup, nothing, slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import { verdictText } from '../page/badge.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, label, line, type Plane, px, type Shape, symbol } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { extent, linearScale, logScale, padded, paddedLog, type Scale, type Tick } from '../plot/scale.js';
import { figureWords } from '../speech.js';
import { inARow, unitAfter } from '../words.js';
import { isLogarithmic } from './limit-scale.js';
import { isCalm } from './outliers.js';

const WIDTH = 420;
const HEIGHT = 176;
const BOX: Box = { left: 58, top: 24, width: 348, height: 132 };
const DAY = 86_400_000;
const LABEL_ROOM = 66;

/** Verdicts are distinguished by shape. */
export const verdictShapes: Readonly<Record<JudgedTarget['verdict'], { shape: Shape; className: string }>> = {
  PASS: { shape: 'dot', className: 'data' },
  FAIL: { shape: 'square', className: 'data' },
  INCONCLUSIVE: { shape: 'ring', className: 'open' },
  'INSUFFICIENT DATA': { shape: 'diamond', className: 'open' },
};

const dateText = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** A time axis with as many dates as fit. */
function timeScale(times: readonly number[]): Scale {
  const [low, high] = extent(times) ?? [0, DAY];
  const room = Math.max(0.08 * (high - low), DAY);
  const scale = linearScale([low - room, high + room], across(BOX));
  const ticks: Tick[] = [];
  for (const value of [...new Set(times)].sort((a, b) => a - b)) {
    const last = ticks.at(-1);
    if (last === undefined || scale.at(value) - scale.at(last.value) >= LABEL_ROOM) {
      ticks.push({ value, label: dateText(value) });
    }
  }
  return { ...scale, ticks };
}

function pointMark(
  plane: Plane,
  { started_at, value, bound95_low, bound95_high, verdict }: HistoryPoint,
): Markup {
  if (value === null) return nothing;
  const x = plane.x.at(started_at.getTime());
  const whisker =
    bound95_low === null || bound95_high === null
      ? nothing
      : html`<path class="whisker" d="M${px(x)} ${px(plane.y.at(bound95_low))}V${px(plane.y.at(bound95_high))}"/>`;
  const { shape, className } = verdictShapes[verdict];
  const title = figureWords('trend_point', {
    date: dateText(started_at.getTime()),
    value: plainNumber(value, 5),
    verdict: verdictText(verdict),
  });
  return html`${whisker}${symbol(shape, { x, y: plane.y.at(value), title }, className, 3.6)}`;
}

function projectionMarks(plane: Plane, projected: Projection | null): { inside: Markup; over: Markup } {
  if (projected === null) return { inside: nothing, over: nothing };
  const x = plane.x.at(projected.time.getTime());
  return {
    inside: html`<path class="projection" d="M${px(x)} ${BOX.top}v${BOX.height}"/>`,
    over: label(
      x - 4,
      BOX.top + 13,
      figureWords('trend_mark', { date: projected.date }),
      'note strong',
      'end',
    ),
  };
}

function wordsFor(points: readonly HistoryPoint[], projected: Projection | null, unit: string): string {
  const steps = points.map(({ started_at, verdict, value }) => {
    const number = value === null ? figureWords('fig_no_value') : `${plainNumber(value)}${unitAfter(unit)}`;
    return figureWords('trend_step', {
      date: dateText(started_at.getTime()),
      verdict: verdictText(verdict),
      value: number,
    });
  });
  const shown = steps.length > 6 ? [...steps.slice(0, 2), '…', ...steps.slice(-3)] : steps;
  const past = figureWords('trend_past', { n: points.length, steps: shown });
  if (projected === null) return past;
  return inARow([past, figureWords('trend_projected', { date: projected.date })]);
}

/** How value and verdict moved from run to run; null where there is neither a past nor a projection in the future. */
export function trendFigure(
  judged: JudgedTarget,
  points: readonly HistoryPoint[],
  projection: Projection | null,
): Figure | null {
  const projected = projection?.hasPassed === true ? null : projection;
  const valued = points.filter(({ value }) => value !== null);
  if (valued.length === 0 || (points.length < 2 && projected === null)) return null;
  const { threshold, unit } = judged.target;
  const times = [
    ...points.map(({ started_at }) => started_at.getTime()),
    ...(projected === null ? [] : [projected.time.getTime()]),
  ];
  const shown = [threshold, ...valued.map(({ value }) => value as number)];
  const bounds = valued.flatMap(({ bound95_low, bound95_high }) => [bound95_low, bound95_high]);
  const near = bounds.filter((bound) => bound !== null && isCalm(bound, shown));
  const values = extent([...shown, ...near]) ?? [0, 1];
  const isLog = isLogarithmic(judged) && values[0] > 0;
  const plane: Plane = {
    x: timeScale(times),
    y: isLog
      ? logScale(paddedLog(values, 0.15), upwards(BOX), 4)
      : linearScale(padded(values, 0.15), upwards(BOX), 4),
  };
  const seen = [...new Set(points.map(({ verdict }) => verdict))];
  const key: KeyEntry[] = seen.map((verdict) => ({
    mark: verdictShapes[verdict].shape,
    className: verdictShapes[verdict].className,
    text: verdictText(verdict),
  }));
  if (projected !== null)
    key.push({ mark: 'dashes', className: 'projection', text: figureWords('trend_key') });
  const marks = projectionMarks(plane, projected);
  return {
    id: `trend-${slug(judged.material_id)}-${slug(judged.target.id)}`,
    title: figureWords('trend_title'),
    words: wordsFor(points, projected, unit),
    key: [...key, { mark: 'dashes', className: 'target', text: figureWords('fig_target') }],
    width: WIDTH,
    height: HEIGHT,
    drawing: panel({
      box: BOX,
      ...plane,
      yLabel:
        unitAfter(unit) === ''
          ? figureWords('trend_axis')
          : figureWords('trend_axis_unit', { unit: unitAfter(unit).trim() }),
      marks: [
        horizontalRule(plane, threshold, 'target'),
        line(
          plane,
          valued.map(({ started_at, value }) => ({ x: started_at.getTime(), y: value as number })),
          'path',
        ),
        marks.inside,
        joined(valued.map((point) => pointMark(plane, point))),
      ],
      over: [marks.over],
    }),
  };
}

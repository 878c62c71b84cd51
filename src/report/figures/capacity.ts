import type { DecayFit } from '../../analysis/decay/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { type CellLife, withKnownDirection } from '../../fits/lives.js';
import { usableCapacity } from '../../fits/making/decay.js';
import { type Message, named } from '../../messages/message.js';
import { groupBy } from '../../targets/group.js';
import { html, type Markup, nothing, slug } from '../html.js';
import { type LeftOut, leftOutText, shortLeftOut } from '../left-out.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, label, line, type Plane, points, px, verticalRule } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { ruleLabel } from '../plot/rule-label.js';
import { extent, linearScale, padded, type Scale } from '../plot/scale.js';
import { figureWords, spoken, words } from '../speech.js';
import { estimateText, inARow, sentence, stopped } from '../words.js';
import { cellTitle } from './cell-words.js';
import { isCalm } from './outliers.js';

const WIDTH = 420;
const HEIGHT = 286;
const BOX: Box = { left: 52, top: 24, width: 354, height: 222 };
const PERCENT = 100;
const END_OF_LIFE_SHARE = 0.8;
const CURVE_POINTS = 61;

export interface CapacityLimits {
  /** Limit of D, a fraction per cycle; null where no target has one. */
  decay: number | null;
  /** Limit of the initial specific capacity, mAh/g; null where no target has one. */
  capacity: number | null;
}

/** A cycle with its capacity in the unit of the plot; `reason` says why the fit leaves it out. */
interface Cycle {
  cycle: number;
  capacity: number;
  label: string | null;
  reason: LeftOut | null;
}

interface Series {
  cycles: Cycle[];
  unit: 'mAh/g' | 'mAh';
  first_included: number | null;
}

function seriesOf(cell: CellRecord, life: CellLife, fit: DecayFit | null): Series {
  const mass = cell.active_mass_mg;
  const scale = mass === null ? 1000 : 1e6 / mass;
  const { kept } = withKnownDirection(life);
  const excluded = new Map((fit?.excluded ?? []).map((one) => [kept[one.index], one]));
  const isKept = new Set(kept);
  const values = life[usableCapacity(cell)];
  const cycles = life.cycle.flatMap((cycle, i): Cycle[] => {
    const capacity = values[i];
    if (capacity == null) return [];
    const reason = isKept.has(i)
      ? (excluded.get(i) ?? null)
      : { reason: figureWords('fig_direction_unknown') };
    return [{ cycle, capacity: capacity * scale, label: life.label[i] ?? null, reason }];
  });
  const included = cycles.find(({ reason }) => reason === null);
  return { cycles, unit: mass === null ? 'mAh' : 'mAh/g', first_included: included?.cycle ?? null };
}

const pointOf = ({ cycle, capacity, reason, label: kind }: Cycle, unit: string) => ({
  x: cycle,
  y: capacity,
  title: words('parts', {
    items: [
      figureWords('fig_cycle', {
        cycle: String(cycle),
        value: `${plainNumber(capacity, 5)} ${unit}`,
      }),
      ...(kind === null ? [] : [spoken(named(kind, kind))]),
      ...(reason === null ? [] : [figureWords('fig_excluded_because', { reason: leftOutText(reason) })]),
    ],
  }),
});

/** Q₀(1 − D)ⁿ from the first included cycle on, to the end of the plot. */
function law(plane: Plane, first: number, Q0: number, D: number, className: string): Markup {
  const last = plane.x.domain[1];
  const curve = Array.from({ length: CURVE_POINTS }, (_, i) => {
    const n = ((last - first) * i) / (CURVE_POINTS - 1);
    return { x: first + n, y: Q0 * (1 - D) ** n };
  });
  return line(plane, curve, className);
}

function kneeMarks(
  plane: Plane,
  fit: DecayFit | null,
  first: number | null,
): { inside: Markup[]; over: Markup[] } {
  const knee = fit?.knee;
  if (first === null || knee == null || !knee.accepted) return { inside: [], over: [] };
  const [from, to] = knee.knee_ci95.map((n) => plane.x.at(first + n)) as [number, number];
  const at = plane.x.at(first + knee.knee_cycle);
  return {
    inside: [
      html`<rect class="band-confidence" x="${px(from)}" y="${BOX.top}" width="${px(Math.max(to - from, 1))}" height="${BOX.height}"/>`,
      verticalRule(plane, first + knee.knee_cycle, 'knee'),
    ],
    over: [label(at - 4, BOX.top + 13, figureWords('cap_knee'), 'note strong', 'end')],
  };
}

function endMarks(plane: Plane, fit: DecayFit | null): { inside: Markup[]; over: Markup[] } {
  if (fit === null) return { inside: [], over: [] };
  const floor = END_OF_LIFE_SHARE * fit.initial_capacity_median5;
  const inside: Markup[] = [];
  const over: Markup[] = [];
  if (floor > plane.y.domain[0]) {
    inside.push(horizontalRule(plane, floor, 'bound'));
    over.push(label(BOX.left + 5, plane.y.at(floor) - 4, figureWords('cap_80'), 'note'));
  }
  if (fit.end_of_life_cycle !== null) {
    inside.push(verticalRule(plane, fit.end_of_life_cycle, 'reference'));
    over.push(
      label(
        plane.x.at(fit.end_of_life_cycle) - 4,
        BOX.top + 26,
        figureWords('cap_end'),
        'note strong',
        'end',
      ),
    );
  }
  return { inside, over };
}

function wordsFor(series: Series, fit: DecayFit | null, refusal: Message | null, hidden: number): string {
  const included = series.cycles.filter(({ reason }) => reason === null);
  const excluded = series.cycles.filter(({ reason }) => reason !== null);
  const sentences: string[] = [];
  if (fit === null)
    sentences.push(
      figureWords('cap_no_fit', { why: refusal === null ? figureWords('cap_too_few') : spoken(refusal) }),
    );
  else {
    const what = figureWords(fit.series === 'checkup' ? 'cap_of_checkups' : 'cap_of_ageing');
    const D = fit.results.find(({ quantity }) => quantity === 'D');
    const percent = (value: number | null) => (value === null ? null : PERCENT * value);
    sentences.push(figureWords('cap_included', { n: included.length, what }));
    if (D?.value != null) {
      const inPercent = {
        value: percent(D.value),
        ci95_low: percent(D.ci95_low),
        ci95_high: percent(D.ci95_high),
      };
      sentences.push(figureWords('cap_falls', { value: estimateText(inPercent, 'percent_per_cycle') }));
    }
    sentences.push(
      figureWords('cap_left', { percent: plainNumber(PERCENT * fit.capacity_retention_last, 4) }),
    );
    sentences.push(
      fit.knee?.accepted === true
        ? figureWords('cap_knee_at', {
            cycle: plainNumber((series.first_included ?? 0) + fit.knee.knee_cycle),
            before: plainNumber(PERCENT * fit.knee.D_before, 3),
            after: plainNumber(PERCENT * fit.knee.D_after, 3),
          })
        : figureWords('cap_no_knee'),
    );
    sentences.push(...fit.warnings.map((warning) => stopped(sentence(spoken(warning)))));
  }
  if (excluded.length > 0) {
    const reasons = groupBy(excluded, ({ reason }) => shortLeftOut(reason as LeftOut));
    const list = [...reasons].map(([reason, cycles]) =>
      figureWords('cap_excluded_of', { n: String(cycles.length), reason }),
    );
    sentences.push(figureWords('cap_excluded', { list }));
  }
  if (hidden > 0) sentences.push(figureWords('fig_outside_edge', { n: hidden }));
  return inARow(sentences);
}

function keyOf(series: Series, fit: DecayFit | null, hasLimit: boolean, hidden: number): KeyEntry[] {
  const hasExcluded = series.cycles.some(({ reason, label: kind }) => reason !== null && kind !== 'checkup');
  const hasCheckups = series.cycles.some(({ reason, label: kind }) => reason !== null && kind === 'checkup');
  const entries: KeyEntry[] = [
    {
      mark: 'dot',
      className: 'data',
      text: figureWords(fit === null ? 'cap_key_cycle' : 'cap_key_included'),
    },
  ];
  if (hasExcluded) entries.push({ mark: 'cross', className: 'excluded', text: figureWords('fig_excluded') });
  if (hasCheckups)
    entries.push({ mark: 'diamond', className: 'other', text: figureWords('cap_key_checkup') });
  if (fit !== null) entries.push({ mark: 'line', className: 'fit', text: figureWords('cap_key_fit') });
  if (hidden > 0)
    entries.push({ mark: 'triangle', className: 'excluded', text: figureWords('fig_outside_scale') });
  if (hasLimit) entries.push({ mark: 'dashes', className: 'target', text: figureWords('fig_target') });
  return entries;
}

/** Values of y to show; a short-circuited cycle must not compress all others into a line. */
function domainOf(cycles: readonly Cycle[], more: readonly (number | null)[]): [number, number] {
  const included = cycles.filter(({ reason }) => reason === null).map(({ capacity }) => capacity);
  const basis = included.length > 0 ? included : cycles.map(({ capacity }) => capacity);
  const others = cycles.map(({ capacity }) => capacity).filter((value) => isCalm(value, basis));
  return padded(extent([...basis, ...others, ...more]) ?? [0, 1], 0.08);
}

/** An axis of whole cycles; a single cycle still has some space. */
function cycleScale(cycles: readonly Cycle[]): Scale {
  const [first, last] = extent(cycles.map(({ cycle }) => cycle)) ?? [0, 1];
  const domain = last > first ? padded([first, last], 0.03) : ([first - 1, last + 1] as const);
  const scale = linearScale(domain, across(BOX), 6);
  return { ...scale, ticks: scale.ticks.filter(({ value }) => Number.isInteger(value)) };
}

/** The cycles by their use in the fit; those outside the scale are drawn at its edge. */
function cycleMarks(
  plane: Plane,
  shown: readonly Cycle[],
  hidden: readonly Cycle[],
  unit: Series['unit'],
): Markup[] {
  const of = (pick: (cycle: Cycle) => boolean) => shown.filter(pick).map((cycle) => pointOf(cycle, unit));
  const included = of(({ reason }) => reason === null);
  const checkups = of(({ reason, label: kind }) => reason !== null && kind === 'checkup');
  const excluded = of(({ reason, label: kind }) => reason !== null && kind !== 'checkup');
  const [low, high] = plane.y.domain;
  const edge = 0.02 * (high - low);
  const atEdge = hidden.map((cycle) => ({
    ...pointOf(cycle, unit),
    y: cycle.capacity < low ? low + edge : high - edge,
  }));
  return [
    points(plane, included, 'data', { radius: 2.1 }),
    points(plane, checkups, 'other', { shape: 'diamond', radius: 3 }),
    points(plane, excluded, 'excluded', { shape: 'cross', radius: 3 }),
    points(plane, atEdge, 'excluded', { shape: 'triangle', radius: 3 }),
  ];
}

/** The label of the line of the decay target, below its end. */
const decayTargetText = (plane: Plane, decay: number, end: number) =>
  label(
    BOX.left + BOX.width - 5,
    plane.y.at(end) + 13,
    figureWords('cap_decay_target', { percent: plainNumber(PERCENT * decay) }),
    'note target-text',
    'end',
  );

/** Capacity of one cell over its cycles, with the decay law; null where it was not cycled. */
export function capacityFigure(
  cell: CellRecord,
  life: CellLife,
  fit: DecayFit | null,
  refusal: Message | null,
  limits: CapacityLimits,
): Figure | null {
  const series = seriesOf(cell, life, fit);
  if (series.cycles.length === 0) return null;
  const { first_included: first, unit } = series;
  const capacityLimit = unit === 'mAh/g' ? limits.capacity : null;
  const x = cycleScale(series.cycles);
  const Q0 = fit?.log_ols.Q0 ?? null;
  const limitEnd =
    limits.decay === null || Q0 === null || first === null
      ? null
      : Q0 * (1 - limits.decay) ** (x.domain[1] - first);
  const y = linearScale(domainOf(series.cycles, [capacityLimit, limitEnd]), upwards(BOX), 5);
  const plane: Plane = { x, y };
  const hidden = series.cycles.filter(({ capacity }) => capacity < y.domain[0] || capacity > y.domain[1]);
  const D = fit?.results.find(({ quantity }) => quantity === 'D')?.value ?? null;
  const shown = series.cycles.filter((cycle) => !hidden.includes(cycle));
  const knee = kneeMarks(plane, fit, first);
  const end = endMarks(plane, fit);
  return {
    id: `capacity-${slug(cell.cell_id)}`,
    title: cellTitle(cell, figureWords('cap_title', { cell: cell.cell_id })),
    words: wordsFor(series, fit, refusal, hidden.length),
    key: keyOf(series, fit, limitEnd !== null || capacityLimit !== null, hidden.length),
    width: WIDTH,
    height: HEIGHT,
    drawing: panel({
      box: BOX,
      ...plane,
      xLabel: figureWords('fig_cycle_axis'),
      yLabel: figureWords('cap_axis', { unit }),
      marks: [
        ...knee.inside,
        ...end.inside,
        capacityLimit === null ? nothing : horizontalRule(plane, capacityLimit, 'target'),
        limitEnd === null || Q0 === null || first === null || limits.decay === null
          ? nothing
          : law(plane, first, Q0, limits.decay, 'target'),
        ...cycleMarks(plane, shown, hidden, unit),
        first === null || Q0 === null || D === null ? nothing : law(plane, first, Q0, D, 'fit'),
      ],
      over: [
        limitEnd === null || limits.decay === null ? nothing : decayTargetText(plane, limits.decay, limitEnd),
        ...knee.over,
        ...end.over,
        capacityLimit === null
          ? nothing
          : ruleLabel(
              plane,
              BOX,
              capacityLimit,
              figureWords('cap_target', { limit: plainNumber(capacityLimit) }),
              shown.map((cycle) => pointOf(cycle, unit)),
            ),
      ],
    }),
  };
}

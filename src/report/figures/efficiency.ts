import type { CoulombicEfficiencyFit } from '../../analysis/coulombic-efficiency/index.js';
import { mean } from '../../analysis/statistics/descriptive.js';
import type { CellRecord } from '../../fits/cells.js';
import { type CellLife, withKnownDirection } from '../../fits/lives.js';
import { html, joined, type Markup, nothing, slug } from '../html.js';
import { type LeftOut, leftOutText, shortLeftOut } from '../left-out.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, label, line, type Plane, points, px, verticalRule } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { ruleLabel } from '../plot/rule-label.js';
import { extent, linearScale, padded } from '../plot/scale.js';
import { figureWords, words } from '../speech.js';
import { estimateText, type Interval, inARow } from '../words.js';
import { cellTitle } from './cell-words.js';

const WIDTH = 420;
const HEIGHT = 286;
const BOX: Box = { left: 56, top: 24, width: 350, height: 222 };
const PERCENT = 100;
const BLOCK = 100;

/** What a target requires of the efficiency, and the result of the cell; percent. */
export interface EfficiencyTarget {
  threshold: number;
  required_cycles: number;
}

export type CellEfficiency = Interval & { bound95_low: number | null };

interface Cycle {
  cycle: number;
  percent: number;
  /** Why a cycle does not count; null where it does. */
  reason: LeftOut | null;
  /** Position among the cycles that count, from 0. */
  eligible: number | null;
}

function cyclesOf(life: CellLife, fit: CoulombicEfficiencyFit | null): Cycle[] {
  const { kept } = withKnownDirection(life);
  const excluded = new Map((fit?.excluded ?? []).map((one) => [kept[one.index], one]));
  let eligible = 0;
  return kept.flatMap((i): Cycle[] => {
    const efficiency = life.coulombic_efficiency[i];
    if (efficiency == null) return [];
    const reason = excluded.get(i) ?? null;
    return [
      {
        cycle: life.cycle[i] as number,
        percent: PERCENT * efficiency,
        reason,
        eligible: reason === null ? eligible++ : null,
      },
    ];
  });
}

/** Means of complete blocks of 100 counted cycles, each drawn over its cycles. */
function blockMarks(plane: Plane, counting: readonly Cycle[]): Markup {
  const blocks = Array.from({ length: Math.floor(counting.length / BLOCK) }, (_, i) =>
    counting.slice(i * BLOCK, (i + 1) * BLOCK),
  );
  return joined(
    blocks.map((block) => {
      const y = mean(block.map(({ percent }) => percent));
      const ends = [block[0] as Cycle, block.at(-1) as Cycle].map(({ cycle }) => ({ x: cycle, y }));
      return line(plane, ends, 'block');
    }),
  );
}

function boundMarks(plane: Plane, value: CellEfficiency, counting: readonly Cycle[]): Markup {
  const [first, last] = [counting[0], counting.at(-1)];
  if (value.value === null || first === undefined || last === undefined) return nothing;
  const [left, right] = [plane.x.at(first.cycle), plane.x.at(last.cycle)];
  const middle = line(
    plane,
    [
      { x: first.cycle, y: value.value },
      { x: last.cycle, y: value.value },
    ],
    'fit',
  );
  if (value.bound95_low === null) return middle;
  const [top, bottom] = [plane.y.at(value.value), plane.y.at(value.bound95_low)];
  return html`<rect class="band-confidence" x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(Math.max(bottom - top, 0.5))}"/>${middle}`;
}

function wordsFor(
  cycles: readonly Cycle[],
  counting: readonly Cycle[],
  value: CellEfficiency,
  target: EfficiencyTarget | null,
  hidden: number,
): string {
  const n = counting.length;
  const sentences = [
    target === null
      ? figureWords('eff_count', { n })
      : figureWords('eff_count_of', { n, required: String(target.required_cycles) }),
  ];
  if (value.value !== null) {
    sentences.push(figureWords('eff_mean', { value: estimateText(value, 'percent') }));
    if (value.bound95_low !== null) {
      sentences.push(figureWords('eff_bound', { value: plainNumber(value.bound95_low, 6) }));
    }
  }
  const lowest = Array.from({ length: Math.floor(counting.length / BLOCK) }, (_, i) =>
    mean(counting.slice(i * BLOCK, (i + 1) * BLOCK).map(({ percent }) => percent)),
  );
  if (lowest.length > 0) {
    sentences.push(figureWords('eff_lowest', { value: plainNumber(Math.min(...lowest), 5) }));
  }
  const excluded = cycles.filter(({ reason }) => reason !== null);
  if (excluded.length > 0) {
    const reasons = [...new Set(excluded.map(({ reason }) => shortLeftOut(reason as LeftOut)))];
    sentences.push(figureWords('eff_excluded', { n: excluded.length, reasons }));
  }
  if (hidden > 0) sentences.push(figureWords('fig_outside_edge', { n: hidden }));
  return inARow(sentences);
}

/** What sets the scale of y: the counted cycles without rare outliers, the target, and the bound of the mean. */
function domainOf(cycles: readonly Cycle[], more: readonly (number | null)[]): [number, number] {
  const counting = cycles.filter(({ reason }) => reason === null);
  const basis = (counting.length > 0 ? counting : cycles).map(({ percent }) => percent).sort((a, b) => a - b);
  const trim = Math.floor(0.004 * basis.length);
  return padded(extent([...basis.slice(trim, basis.length - trim), ...more]) ?? [99, 100], 0.1);
}

const titled = (cycle: Cycle) => ({
  x: cycle.cycle,
  y: cycle.percent,
  title: words('parts', {
    items: [
      figureWords('fig_cycle', {
        cycle: String(cycle.cycle),
        value: `${plainNumber(cycle.percent, 6)} %`,
      }),
      ...(cycle.reason === null
        ? []
        : [figureWords('fig_excluded_because', { reason: leftOutText(cycle.reason) })]),
    ],
  }),
});

/** The kinds of marks that occur. */
function keyOf(
  { cycles, counting, beyond, hidden }: Record<'cycles' | 'counting' | 'beyond' | 'hidden', readonly Cycle[]>,
  target: EfficiencyTarget | null,
): KeyEntry[] {
  return [
    { mark: 'dot', className: 'data', text: figureWords('eff_key_counted') },
    ...(cycles.some(({ reason }) => reason !== null)
      ? [{ mark: 'cross', className: 'excluded', text: figureWords('fig_excluded') } as const]
      : []),
    ...(beyond.length > 0
      ? [
          {
            mark: 'ring',
            className: 'other',
            text: figureWords('eff_key_beyond', { required: String(target?.required_cycles) }),
          } as const,
        ]
      : []),
    ...(hidden.length > 0
      ? [{ mark: 'triangle', className: 'excluded', text: figureWords('fig_outside_scale') } as const]
      : []),
    { mark: 'line', className: 'fit', text: figureWords('eff_key_mean') },
    { mark: 'band', className: 'band-confidence', text: figureWords('eff_key_bound') },
    ...(counting.length >= BLOCK
      ? [{ mark: 'line', className: 'block', text: figureWords('eff_key_blocks') } as const]
      : []),
    ...(target === null
      ? []
      : [{ mark: 'dashes', className: 'target', text: figureWords('fig_target') } as const]),
  ];
}

/** Coulombic efficiency of one cell over its cycles; null where no cycle has one. */
export function efficiencyFigure(
  cell: CellRecord,
  life: CellLife,
  fit: CoulombicEfficiencyFit | null,
  value: CellEfficiency,
  target: EfficiencyTarget | null,
): Figure | null {
  const cycles = cyclesOf(life, fit);
  if (cycles.length === 0) return null;
  const required = target?.required_cycles ?? Number.POSITIVE_INFINITY;
  const counting = cycles.filter(({ eligible }) => eligible !== null && eligible < required);
  const last = Math.max(...cycles.map(({ cycle }) => cycle));
  const end = target === null ? last : Math.max(last, target.required_cycles);
  const x = linearScale([-0.02 * end, 1.03 * end], across(BOX), 6);
  const y = linearScale(
    domainOf(cycles, [target?.threshold ?? null, value.value, value.bound95_low]),
    upwards(BOX),
    5,
  );
  const plane: Plane = { x, y };
  const isHidden = ({ percent }: Cycle) => percent < y.domain[0] || percent > y.domain[1];
  const hidden = cycles.filter(isHidden);
  const edge = 0.02 * (y.domain[1] - y.domain[0]);
  const atEdge = hidden.map((cycle) => ({
    ...titled(cycle),
    y: cycle.percent < y.domain[0] ? y.domain[0] + edge : y.domain[1] - edge,
  }));
  const visible = cycles.filter((cycle) => !isHidden(cycle));
  const beyond = visible.filter(({ eligible }) => eligible !== null && eligible >= required);
  return {
    id: `efficiency-${slug(cell.cell_id)}`,
    title: cellTitle(cell, figureWords('eff_title', { cell: cell.cell_id })),
    words: wordsFor(cycles, counting, value, target, hidden.length),
    key: keyOf({ cycles, counting, beyond, hidden }, target),
    width: WIDTH,
    height: HEIGHT,
    drawing: panel({
      box: BOX,
      ...plane,
      xLabel: figureWords('fig_cycle_axis'),
      yLabel: figureWords('eff_axis'),
      marks: [
        points(plane, visible.filter((cycle) => counting.includes(cycle)).map(titled), 'data faint', {
          radius: 1.7,
        }),
        points(plane, beyond.map(titled), 'other', { shape: 'ring', radius: 2 }),
        points(plane, visible.filter(({ reason }) => reason !== null).map(titled), 'excluded', {
          shape: 'cross',
          radius: 3,
        }),
        points(plane, atEdge, 'excluded', { shape: 'triangle', radius: 3 }),
        boundMarks(plane, value, counting),
        blockMarks(plane, counting),
        target === null ? nothing : horizontalRule(plane, target.threshold, 'target'),
        target === null ? nothing : verticalRule(plane, target.required_cycles, 'reference'),
      ],
      over:
        target === null
          ? []
          : [
              ruleLabel(
                plane,
                BOX,
                target.threshold,
                figureWords('eff_target', { value: plainNumber(target.threshold) }),
                visible.map(titled),
              ),
              label(
                x.at(target.required_cycles) - 4,
                BOX.top + BOX.height - 6,
                `${target.required_cycles} cycles`,
                'note',
                'end',
              ),
            ],
    }),
  };
}

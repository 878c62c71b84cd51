import type { AlternativeLine } from '../../targets/alternatives.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, joined, type Markup, slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure } from '../plot/figure.js';
import { label, px, symbol } from '../plot/marks.js';
import { unitAfter } from '../words.js';
import { ground, inside, interval, LEFT, placed, RIGHT, shortened, TOP, WIDTH } from './limit-rows.js';
import { type LimitScale, limitScale } from './limit-scale.js';

/** Name above, value below: names of choices are longer than those of cells. */
const ROW = 30;
const LONGEST_NAME = 56;

const titleOf = ({ choice, alternative }: AlternativeLine) =>
  choice === 'cells' || choice === 'assumed uncertainty' ? alternative : `${choice}: ${alternative}`;

function row(scale: LimitScale, line: AlternativeLine, y: number): Markup {
  const { value, bound95_low, bound95_high, crosses, counts } = line;
  const name = label(6, y - 5, shortened(titleOf(line), LONGEST_NAME), counts ? 'note' : 'note muted');
  if (value === null) return name;
  const shape = crosses && counts ? 'diamond' : counts ? 'dot' : 'ring';
  const title = `${titleOf(line)}: ${plainNumber(value, 5)}, ${line.verdict}`;
  const mark = symbol(
    shape,
    { x: inside(placed(scale, value)), y: y + 4, title },
    counts ? 'data' : 'cell',
    4,
  );
  return html`${name}${interval(scale, y + 4, bound95_low, bound95_high, 'whisker')}${mark}`;
}

function wordsFor(judged: JudgedTarget, lines: readonly AlternativeLine[]): string {
  const after = unitAfter(judged.target.unit);
  const crossing = lines.filter(({ crosses, counts }) => crosses && counts);
  const others = lines.filter(({ verdict, counts }) => counts && verdict !== judged.verdict);
  const single = lines.filter(({ crosses, counts }) => crosses && !counts);
  const named = (some: readonly AlternativeLine[]) =>
    some.map(
      (line) => `${titleOf(line)} (${plainNumber(line.value ?? Number.NaN)}${after}, ${line.verdict})`,
    );
  const sentences = [
    crossing.length > 0
      ? `On the other side of the limit: ${named(crossing).join('; ')}.`
      : 'No other defensible choice brings the value to the other side of the limit.',
    ...(crossing.length === 0 && others.length > 0
      ? [`Another word gives: ${named(others).join('; ')}.`]
      : []),
    ...(single.length > 0 ? [`Shown only: ${named(single).join('; ')}.`] : []),
  ];
  return sentences.join(' ');
}

/** What the verdict would be under each other defensible choice; null where none was tried. */
export function alternativesFigure(judged: JudgedTarget): Figure | null {
  const lines = judged.alternatives.filter(({ value }) => value !== null);
  if (lines.length === 0 || judged.value === null) return null;
  const scale = limitScale(
    judged,
    lines.map(({ value }) => value),
  );
  const bottom = TOP + (lines.length + 1) * ROW;
  const own = TOP + lines.length * ROW + ROW / 2;
  return {
    id: `choices-${slug(judged.material_id)}-${slug(judged.target.id)}`,
    title: 'What it hangs on: the same evidence under other defensible choices',
    words: wordsFor(judged, lines),
    key: [
      ...(lines.some(({ counts }) => counts)
        ? [{ mark: 'dot', className: 'data', text: 'another choice' } as const]
        : []),
      ...(lines.some(({ counts }) => !counts)
        ? [{ mark: 'ring', className: 'cell', text: 'a cell left out, shown only' } as const]
        : []),
      { mark: 'line', className: 'whisker', text: 'one-sided 95 % bounds' },
      { mark: 'diamond', className: 'pooled', text: 'as judged' },
    ],
    width: WIDTH,
    height: bottom + 24,
    drawing: html`${ground(scale, bottom, judged)}${joined(lines.map((line, i) => row(scale, line, TOP + i * ROW + ROW / 2)))}<path class="rule" d="M${LEFT} ${px(own - ROW / 2)}H${RIGHT}"/>${label(6, own + 8, 'as judged', 'row-name strong')}${interval(scale, own + 4, judged.bound95_low, judged.bound95_high, 'bounds')}${symbol('diamond', { x: inside(placed(scale, judged.value)), y: own + 4 }, 'pooled', 5)}`,
  };
}

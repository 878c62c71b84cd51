import { named } from '../../messages/message.js';
import { type AlternativeLine, alternativeMessage } from '../../targets/alternatives.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, joined, type Markup, slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import { verdictText } from '../page/badge.js';
import type { Figure } from '../plot/figure.js';
import { label, px, symbol } from '../plot/marks.js';
import { figureWords, spoken } from '../speech.js';
import { inARow, unitAfter } from '../words.js';
import { ground, inside, interval, LEFT, placed, RIGHT, shortened, TOP, WIDTH } from './limit-rows.js';
import { type LimitScale, limitScale } from './limit-scale.js';

/** The name is above and the value below, since names of choices are longer than those of cells. */
const ROW = 30;
const LONGEST_NAME = 56;

function titleOf(line: AlternativeLine): string {
  const alternative = spoken(alternativeMessage(line));
  return line.choice === 'cells' || line.choice === 'assumed uncertainty'
    ? alternative
    : figureWords('alt_named', { choice: named(line.choice), alternative });
}

function row(scale: LimitScale, line: AlternativeLine, y: number): Markup {
  const { value, bound95_low, bound95_high, crosses, counts } = line;
  const name = label(6, y - 5, shortened(titleOf(line), LONGEST_NAME), counts ? 'note' : 'note muted');
  if (value === null) return name;
  const shape = crosses && counts ? 'diamond' : counts ? 'dot' : 'ring';
  const title = figureWords('alt_title', {
    name: titleOf(line),
    value: plainNumber(value, 5),
    verdict: verdictText(line.verdict),
  });
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
    some.map((line) =>
      figureWords('alt_line', {
        name: titleOf(line),
        value: `${plainNumber(line.value ?? Number.NaN)}${after}`,
        verdict: verdictText(line.verdict),
      }),
    );
  const sentences = [
    crossing.length > 0 ? figureWords('alt_crossing', { lines: named(crossing) }) : figureWords('alt_none'),
    ...(crossing.length === 0 && others.length > 0
      ? [figureWords('alt_other', { lines: named(others) })]
      : []),
    ...(single.length > 0 ? [figureWords('alt_shown', { lines: named(single) })] : []),
  ];
  return inARow(sentences);
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
    title: figureWords('alt_heading'),
    words: wordsFor(judged, lines),
    key: [
      ...(lines.some(({ counts }) => counts)
        ? [{ mark: 'dot', className: 'data', text: figureWords('alt_key_choice') } as const]
        : []),
      ...(lines.some(({ counts }) => !counts)
        ? [{ mark: 'ring', className: 'cell', text: figureWords('alt_key_cell') } as const]
        : []),
      { mark: 'line', className: 'whisker', text: figureWords('fig_bounds') },
      { mark: 'diamond', className: 'pooled', text: figureWords('alt_as_judged') },
    ],
    width: WIDTH,
    height: bottom + 24,
    drawing: html`${ground(scale, bottom, judged)}${joined(lines.map((line, i) => row(scale, line, TOP + i * ROW + ROW / 2)))}<path class="rule" d="M${LEFT} ${px(own - ROW / 2)}H${RIGHT}"/>${label(6, own + 8, figureWords('alt_as_judged'), 'row-name strong')}${interval(scale, own + 4, judged.bound95_low, judged.bound95_high, 'bounds')}${symbol('diamond', { x: inside(placed(scale, judged.value)), y: own + 4 }, 'pooled', 5)}`,
  };
}

import type { Markup } from '../html.js';
import { label, type Plane } from './marks.js';
import type { Box } from './panel.js';
import { covers, textBox } from './spots.js';

const INSET = 5;
const ABOVE = -4;
const BELOW = 13;

/** Words at a horizontal line: at the end and on the side of it where they cover the fewest points. */
export function ruleLabel(
  plane: Plane,
  box: Box,
  value: number,
  text: string,
  data: readonly { x: number; y: number }[],
): Markup {
  const points = data.map(({ x, y }) => ({ x: plane.x.at(x), y: plane.y.at(y) }));
  const candidates = [ABOVE, BELOW].flatMap((dy) =>
    (['start', 'end'] as const).map((anchor) => {
      const x = anchor === 'start' ? box.left + INSET : box.left + box.width - INSET;
      const y = plane.y.at(value) + dy;
      const words = textBox(x, y, text, anchor);
      const isOutside = words.top < box.top || words.bottom > box.top + box.height;
      return { x, y, anchor, cost: isOutside ? Number.POSITIVE_INFINITY : covers(words, points) };
    }),
  );
  const best = candidates.reduce((a, b) => (b.cost < a.cost ? b : a));
  return label(best.x, best.y, text, 'note target-text', best.anchor);
}

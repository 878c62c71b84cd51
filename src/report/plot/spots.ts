/** A rectangle of the drawing. */
export interface Rectangle {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Wide enough for bold letters, and for the larger ones of narrow screens. */
const CHARACTER_WIDTH = 7.2;
const LINE_HEIGHT = 11;
const GAP = 6;
const POINT = 2.5;

/** Upper estimate of the width of a text of the ordinary size. */
export const textWidth = (text: string): number => CHARACTER_WIDTH * text.length;

/** Approximate rectangle of a text of the ordinary size. */
export function textBox(
  x: number,
  baseline: number,
  text: string,
  anchor: 'start' | 'middle' | 'end',
): Rectangle {
  const width = textWidth(text);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: baseline - LINE_HEIGHT + 2, bottom: baseline + 2 };
}

export const overlaps = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const isWithin = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.left >= outer.left &&
  inner.right <= outer.right &&
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom;

/** How many points a rectangle covers. */
export function covers(box: Rectangle, points: readonly { x: number; y: number }[]): number {
  return points.filter(({ x, y }) =>
    overlaps(box, { left: x - POINT, right: x + POINT, top: y - POINT, bottom: y + POINT }),
  ).length;
}

interface Spot {
  x: number;
  y: number;
  anchor: 'start' | 'end';
  box: Rectangle;
}

/** A place for a text beside a point where it covers no point and no other text; null where there is none. */
export function freeSpot(
  at: { x: number; y: number },
  text: string,
  taken: readonly Rectangle[],
  points: readonly { x: number; y: number }[],
  frame: Rectangle,
): Spot | null {
  const candidates = [LINE_HEIGHT, -4, 4].flatMap((dy) =>
    (['start', 'end'] as const).map((anchor): Spot => {
      const x = anchor === 'start' ? at.x + GAP : at.x - GAP;
      return { x, y: at.y + dy, anchor, box: textBox(x, at.y + dy, text, anchor) };
    }),
  );
  return (
    candidates.find(
      ({ box }) =>
        isWithin(box, frame) && covers(box, points) === 0 && !taken.some((other) => overlaps(box, other)),
    ) ?? null
  );
}

import type { WriteStream } from 'node:tty';

/** Whether `stream` may be coloured: it is a terminal that supports colours, and they are not switched off. */
export function mayColor(stream: Pick<WriteStream, 'isTTY'>, allowed = true): boolean {
  if (!allowed || stream.isTTY !== true) return false;
  return (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type StyleName = keyof typeof codes;
/** Puts text in a colour or weight, or leaves it as it is. */
export type Style = Record<StyleName, (text: string) => string>;

/** Styles that colour if `enabled`, else return the text unchanged. */
export function createStyle(enabled: boolean): Style {
  const paint = ([on, off]: readonly [number, number]) =>
    enabled ? (text: string) => `\u001b[${on}m${text}\u001b[${off}m` : (text: string) => text;
  return Object.fromEntries(Object.entries(codes).map(([name, pair]) => [name, paint(pair)])) as Style;
}

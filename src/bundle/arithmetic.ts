import { createHash } from 'node:crypto';

/** Functions whose last digits depend on the JavaScript engine (ECMA-262, "implementation-approximated"). */
const functions: readonly ((value: number) => number)[] = [
  Math.exp,
  Math.expm1,
  Math.log,
  Math.log1p,
  Math.log10,
  Math.sin,
  Math.cos,
  Math.tan,
  Math.atan,
  Math.tanh,
  Math.cbrt,
  (value) => value ** 1.7,
  (value) => Math.atan2(value, 0.3),
  (value) => Math.hypot(value, 1.1),
];

/**
 * Checksum of their results in this engine: two engines with the same checksum compute the same numbers to the last
 * digit.
 */
export function arithmetic(): string {
  const values = functions.flatMap((of) => Array.from({ length: 400 }, (_, at) => of((at + 1) * 0.0173)));
  return createHash('md5').update(Float64Array.from(values)).digest('hex');
}

/** How much numbers may differ that two engines computed from the same data (as a share of the larger). */
const tolerance = 1e-7;

/** Whether two numbers are equal except for differences between engines. */
export const isAlike = (one: number, other: number, allowed = tolerance): boolean =>
  one === other || Math.abs(one - other) <= allowed * Math.max(Math.abs(one), Math.abs(other));

const written = /([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/i;

/**
 * Whether two texts have the same words, and numbers that differ by no more than one in their last digit or the
 * tolerance: a number on the edge may be rounded either way.
 */
export function isAlikeText(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [one.split(written), other.split(written)];
  return (
    a.length === b.length &&
    a.every((part, at) => {
      if (part === b[at]) return true;
      if (at % 2 === 0) return false;
      const [x, y] = [Number(part), Number(b[at])];
      const digit = 10 ** -(/\.(\d+)/.exec(part)?.[1]?.length ?? 0);
      return isAlike(x, y) || (!/e/i.test(part) && part.includes('.') && Math.abs(x - y) <= 1.001 * digit);
    })
  );
}

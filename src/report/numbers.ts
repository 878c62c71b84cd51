/** How numbers are written for people: digits by the uncertainty, a true minus, superscript powers of ten. */

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const MINUS = '−';
const NARROW_SPACE = '\u202f';
/** With spaces that keep a line together. */
const TIMES = '\u00a0×\u00a0';
const LARGEST_DECIMALS = 12;

export function superscript(integer: number): string {
  const digits = [...String(Math.abs(integer))].map((digit) => superscripts[Number(digit)]).join('');
  return integer < 0 ? `⁻${digits}` : digits;
}

/** Position of the first significant digit: 2 for 123, −1 for 0.12. */
const magnitude = (value: number): number => Math.floor(Math.log10(Math.abs(value)));

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE) : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/** A number with this many decimals; a negative count rounds to tens or hundreds. */
export function fixed(value: number, decimals: number): string {
  const scale = 10 ** Math.max(-decimals, 0);
  const digits = (Math.round(Math.abs(value) / scale) * scale).toFixed(0);
  const text = decimals <= 0 ? digits : Math.abs(value).toFixed(Math.min(decimals, LARGEST_DECIMALS));
  const isZero = !/[1-9]/.test(text);
  return `${value < 0 && !isZero ? MINUS : ''}${grouped(text)}`;
}

/** How numbers that belong together are written, such as a value with its interval. */
export interface NumberStyle {
  decimals: number;
  /** Power of ten taken out, 0 for none. */
  exponent: number;
}

const SIGNIFICANT = 4;
const UNCERTAIN_DIGITS = 2;
const MOST_DIGITS = 7;

/**
 * Digits for a value known to within `spread`: two digits of the uncertainty, four significant ones where there is
 * none. Numbers below 0.001 and from a million on get a power of ten.
 */
export function numberStyle(value: number, spread: number | null = null): NumberStyle {
  if (value === 0 && !spread) return { decimals: 0, exponent: 0 };
  const size = value === 0 ? magnitude(spread as number) : magnitude(value);
  const exponent = size < -3 || size > 5 ? size : 0;
  const uncertain = spread !== null && spread > 0 && Number.isFinite(spread);
  const last = uncertain ? magnitude(spread) - UNCERTAIN_DIGITS + 1 : size - SIGNIFICANT + 1;
  const finest = size - MOST_DIGITS + 1;
  const coarsest = size - UNCERTAIN_DIGITS + 1;
  return { decimals: exponent - Math.min(Math.max(last, finest), coarsest), exponent };
}

export function written(value: number, { decimals, exponent }: NumberStyle): string {
  const text = fixed(value / 10 ** exponent, decimals);
  return exponent === 0 ? text : `${text}${TIMES}10${superscript(exponent)}`;
}

/** A single number with up to `digits` significant digits, without trailing zeros. */
export function plainNumber(value: number, digits = SIGNIFICANT): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const size = magnitude(rounded);
  if (size < -3 || size > 5) {
    return `${String(Number((rounded / 10 ** size).toPrecision(digits))).replace('-', MINUS)}${TIMES}10${superscript(size)}`;
  }
  const decimals = (String(Math.abs(rounded)).split('.')[1] ?? '').length;
  return fixed(rounded, decimals);
}

/** `1 cell`, `2 cells`, in English. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${plainNumber(n, 9)} ${n === 1 ? one : many}`;
}

import { unitSymbol } from '../../targets/units.js';

/** A number to four significant digits, in the notation in which it is shortest. */
export function shortNumber(value: number | null): string {
  if (value === null) return '–';
  return String(Number(value.toPrecision(4)));
}

/** A number beside its interval, with enough digits to distinguish the two. */
function digitsFor(value: number, low: number | null, high: number | null): number {
  const half = low === null || high === null ? 0 : (high - low) / 2;
  if (!(half > 0) || value === 0) return 4;
  const needed = Math.ceil(Math.log10(Math.abs(value) / half)) + 2;
  return Math.min(8, Math.max(4, needed));
}

/** `0.01277 [0.01222, 0.01335] S/cm`: value, two-sided 95 % interval, unit. */
export function valueWithInterval(
  value: number | null,
  low: number | null,
  high: number | null,
  unit: string,
): string {
  if (value === null) return 'no value';
  const digits = digitsFor(value, low, high);
  const of = (number: number) => String(Number(number.toPrecision(digits)));
  const interval = low === null || high === null ? '' : low === high ? '' : ` [${of(low)}, ${of(high)}]`;
  const symbol = unitSymbol(unit);
  return `${of(value)}${interval}${symbol === '' ? '' : ` ${symbol}`}`;
}

/** `> 0.01 S/cm`. */
export function plainLimit(comparison: string, threshold: number, unit: string): string {
  const symbol = unitSymbol(unit);
  return `${comparison} ${threshold}${symbol === '' ? '' : ` ${symbol}`}`;
}

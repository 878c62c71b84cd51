import { plainNumber, superscript } from '../numbers.js';

/** A position on an axis with a tick and a label. */
export interface Tick {
  value: number;
  label: string;
}

/** From values to places on the page. */
export interface Scale {
  domain: readonly [number, number];
  at(value: number): number;
  ticks: readonly Tick[];
}

type Pair = readonly [number, number];

const NICE_STEPS = [1, 2, 2.5, 5, 10];

function niceStep(span: number, count: number): number {
  const rough = span / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = NICE_STEPS.find((nice) => nice * power >= rough * 0.999) ?? 10;
  return step * power;
}

/** Round values within a domain, about `count` of them. */
export function linearTicks([low, high]: Pair, count: number): Tick[] {
  const step = niceStep(high - low, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => {
    const value = Number(((first + i) * step).toPrecision(12));
    return { value, label: plainNumber(value, 8) };
  });
}

/** A straight axis; the domain is taken as it is. */
export function linearScale(domain: Pair, range: Pair, count = 5): Scale {
  const [low, high] = domain;
  const [from, to] = range;
  return {
    domain,
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    ticks: linearTicks(domain, count),
  };
}

const POWERS_WRITTEN_OUT: Pair = [-2, 3];

function powerLabel(exponent: number): string {
  const [low, high] = POWERS_WRITTEN_OUT;
  return exponent >= low && exponent <= high ? plainNumber(10 ** exponent) : `10${superscript(exponent)}`;
}

function decadeTicks(first: number, last: number, most: number): Tick[] {
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: Tick[] = [];
  for (let exponent = Math.ceil(first / every) * every; exponent <= last; exponent += every) {
    ticks.push({ value: 10 ** exponent, label: powerLabel(exponent) });
  }
  return ticks;
}

/** Decades; for less than two of them also 2 and 5, for much less round values. */
export function logTicks([low, high]: Pair, most = 6): Tick[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first >= 2) return decadeTicks(first, last, most);
  const fine: Tick[] = [];
  for (let exponent = first - 1; exponent <= last; exponent++) {
    for (const factor of [1, 2, 5]) {
      const value = Number((factor * 10 ** exponent).toPrecision(6));
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
        fine.push({ value, label: plainNumber(value) });
    }
  }
  return fine.length >= 2 ? fine : linearTicks([low, high], 4).filter(({ value }) => value > 0);
}

/** A logarithmic axis; the domain lies above 0. */
export function logScale(domain: Pair, range: Pair, mostTicks = 6): Scale {
  const [low, high] = [Math.log(domain[0]), Math.log(domain[1])];
  const [from, to] = range;
  return {
    domain,
    at: (value) => from + ((Math.log(value) - low) / (high - low)) * (to - from),
    ticks: logTicks(domain, mostTicks),
  };
}

/** The ends of the finite values; null where there are none. */
export function extent(values: Iterable<number | null | undefined>): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/** A domain with some space on both sides; for a single value in proportion to the value. */
export function padded([low, high]: Pair, share = 0.06): [number, number] {
  const span = high > low ? high - low : Math.abs(low) || 1;
  return [low - share * span, high + share * span];
}

/** The same on a logarithmic axis. */
export function paddedLog([low, high]: Pair, share = 0.08): [number, number] {
  const [from, to] = padded([Math.log(low), Math.log(high === low ? high * 1.5 : high)], share);
  return [Math.exp(from), Math.exp(to)];
}

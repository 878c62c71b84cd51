/**
 * Units as people write them beside a number, with their dimensions, so that a formula can refuse what does not fit.
 * Source of the factors: BIPM, SI Brochure, 9th edition; the year is the Julian one of 365.25 days.
 */
import { ELEMENTARY_CHARGE_COULOMB, ZERO_CELSIUS_KELVIN } from '../constants.js';

/** Exponents of metre, kilogram, second, ampere, kelvin and mole. */
export type Dimension = readonly [number, number, number, number, number, number];

/** A unit: a number of it times `factor`, plus `offset`, is the number in SI base units. */
export interface Unit {
  factor: number;
  offset: number;
  dimension: Dimension;
}

const none: Dimension = [0, 0, 0, 0, 0, 0];
const hour = 3600;
const day = 24 * hour;

const unit = (dimension: Dimension, factor = 1, offset = 0): Unit => ({ factor, offset, dimension });

/** A map rather than an object, so that a text such as `constructor` finds nothing. */
const entries = <T>(record: Record<string, T>): ReadonlyMap<string, T> => new Map(Object.entries(record));

/** Units that take a prefix. */
const scalable: ReadonlyMap<string, Unit> = entries({
  m: unit([1, 0, 0, 0, 0, 0]),
  g: unit([0, 1, 0, 0, 0, 0], 1e-3),
  s: unit([0, 0, 1, 0, 0, 0]),
  A: unit([0, 0, 0, 1, 0, 0]),
  K: unit([0, 0, 0, 0, 1, 0]),
  mol: unit([0, 0, 0, 0, 0, 1]),
  V: unit([2, 1, -3, -1, 0, 0]),
  W: unit([2, 1, -3, 0, 0, 0]),
  J: unit([2, 1, -2, 0, 0, 0]),
  C: unit([0, 0, 1, 1, 0, 0]),
  S: unit([-2, -1, 3, 2, 0, 0]),
  ohm: unit([2, 1, -3, -2, 0, 0]),
  Hz: unit([0, 0, -1, 0, 0, 0]),
  L: unit([3, 0, 0, 0, 0, 0], 1e-3),
  eV: unit([2, 1, -2, 0, 0, 0], ELEMENTARY_CHARGE_COULOMB),
  Wh: unit([2, 1, -2, 0, 0, 0], hour),
  Ah: unit([0, 0, 1, 1, 0, 0], hour),
});

/** Units that take no prefix. They are tried before units with a prefix: `min` is a minute, `d` a day. */
const fixed: ReadonlyMap<string, Unit> = entries({
  '1': unit(none),
  '%': unit(none, 0.01),
  ppm: unit(none, 1e-6),
  min: unit([0, 0, 1, 0, 0, 0], 60),
  h: unit([0, 0, 1, 0, 0, 0], hour),
  d: unit([0, 0, 1, 0, 0, 0], day),
  a: unit([0, 0, 1, 0, 0, 0], 365.25 * day),
  '°C': unit([0, 0, 0, 0, 1, 0], 1, ZERO_CELSIUS_KELVIN),
});

/** Other spellings of the same. */
const spellings: ReadonlyMap<string, string> = entries({
  Ω: 'ohm',
  Ohm: 'ohm',
  l: 'L',
  liter: 'L',
  litre: 'L',
  degC: '°C',
  year: 'a',
  years: 'a',
  yr: 'a',
  day: 'd',
  days: 'd',
  hour: 'h',
  hours: 'h',
  percent: '%',
  fraction: '1',
});

const prefixes: ReadonlyMap<string, number> = entries({
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6,
  m: 1e-3,
  c: 1e-2,
  k: 1e3,
  M: 1e6,
  G: 1e9,
});

const superscripts: Readonly<Record<string, string>> = {
  '⁻': '-',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
};

/** One way to write each: `µm·cm²` becomes `µm*cm^2`; two spellings of micro and ohm are one character each. */
function normalised(written: string): string {
  return written
    .trim()
    .replace(/\u03bc/g, 'µ')
    .replace(/\u2126/g, 'Ω')
    .replace(/℃/g, '°C')
    .replace(/[⁻¹²³⁴]+/g, (found) => `^${[...found].map((one) => superscripts[one]).join('')}`)
    .replace(/\*\*/g, '^')
    .replace(/\s*([/*·⋅×()])\s*/g, (_, sign: string) => ('·⋅×'.includes(sign) ? '*' : sign))
    .replace(/\s+/g, '*');
}

function symbolOf(symbol: string): Unit | null {
  const name = spellings.get(symbol) ?? symbol;
  const known = fixed.get(name) ?? scalable.get(name);
  if (known !== undefined) return known;
  const prefix = prefixes.get(symbol[0] ?? '');
  const rest = symbol.slice(1);
  const base = scalable.get(spellings.get(rest) ?? rest);
  if (prefix === undefined || base === undefined) return null;
  return { ...base, factor: prefix * base.factor };
}

/** One factor of a product: `cm^-3`, `cm3`, `S`. */
function factorOf(text: string): Unit | null {
  const parts = /^([^\d^-]+|1)(?:\^?(-?\d))?$/.exec(text);
  if (parts === null) return null;
  const base = symbolOf(parts[1] as string);
  const exponent = parts[2] === undefined ? 1 : Number(parts[2]);
  if (base === null || (base.offset !== 0 && exponent !== 1)) return null;
  if (exponent === 1) return base;
  return {
    factor: base.factor ** exponent,
    offset: 0,
    dimension: base.dimension.map((power) => power * exponent) as unknown as Dimension,
  };
}

function product(text: string): Unit | null {
  const factors = text.split('*').map(factorOf);
  if (factors.length === 1) return factors[0] ?? null;
  let result = unit(none);
  for (const factor of factors) {
    if (factor === null || factor.offset !== 0) return null;
    result = unit(
      result.dimension.map((power, i) => power + (factor.dimension[i] as number)) as unknown as Dimension,
      result.factor * factor.factor,
    );
  }
  return result;
}

/**
 * The unit a text names: products by `*`, `·` or a space, one `/`, exponents as `cm2`, `cm^2` or `cm²`, and round
 * brackets around a denominator of several factors.
 *
 * @returns null where the text is not a unit, or can be read in two ways (`J/mol K`)
 */
export function parseUnit(written: string): Unit | null {
  const text = normalised(written);
  if (text === '') return unit(none);
  const slash = text.indexOf('/');
  if (slash < 0) return product(text);
  const below = text.slice(slash + 1);
  const bracketed = /^\(([^()]+)\)$/.exec(below);
  if (bracketed === null && /[*/]/.test(below)) return null;
  const numerator = slash === 0 ? unit(none) : product(text.slice(0, slash));
  const denominator = product(bracketed?.[1] ?? below);
  if (numerator === null || denominator === null || numerator.offset + denominator.offset !== 0) return null;
  return unit(
    numerator.dimension.map(
      (power, i) => power - (denominator.dimension[i] as number),
    ) as unknown as Dimension,
    numerator.factor / denominator.factor,
  );
}

export const sameDimension = (a: Unit, b: Unit): boolean =>
  a.dimension.every((power, i) => power === b.dimension[i]);

/** Converts a number to another unit of the same dimension; offsets apply to a value, not to a difference. */
export function convert(value: number, from: Unit, to: Unit, isDifference = false): number {
  if (from.factor === to.factor && from.offset === to.offset) return value;
  const offset = isDifference ? 0 : from.offset - to.offset;
  return (value * from.factor + offset) / to.factor;
}

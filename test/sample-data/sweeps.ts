import { type Encoding, toNumber } from './tables.js';

export interface Point {
  frequency: number;
  re: number;
  im: number;
}

export interface SweepDialect {
  encoding?: Encoding;
  decimalComma?: boolean;
  /** The sweep's rows follow the first line that matches (or open the file), up to the first line without enough numbers. */
  after: RegExp;
  /** Lines between that one and the rows. */
  skip?: number;
  delimiter: string | RegExp;
  /** Places of frequency, real and imaginary part; -1 times the imaginary part where the file negates it. */
  columns: readonly [frequency: number, re: number, im: number];
  negated?: boolean;
  /** The two columns are modulus and phase in degrees. */
  polar?: boolean;
  /** Rows without a frequency above 0 are no points; elsewhere the first of them ends the sweep. */
  otherRows?: boolean;
  /** A point takes so many lines, one number each. */
  linesPerPoint?: number;
}

export function readSweep(text: string, dialect: SweepDialect): Point[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r*\n/);
  const start = lines.findIndex((line) => dialect.after.test(line)) + 1 + (dialect.skip ?? 0);
  const points: Point[] = [];
  for (const line of joined(lines.slice(start), dialect.linesPerPoint ?? 1)) {
    const fields = (typeof dialect.delimiter === 'string' ? line : line.trim()).split(dialect.delimiter);
    const [frequency, a, b] = dialect.columns.map((place) => toNumber(fields[place], dialect.decimalComma));
    if (dialect.otherRows && !(frequency! > 0)) continue;
    if (!Number.isFinite(frequency! + a! + b!)) break;
    points.push(toPoint(frequency!, a!, dialect.negated ? -b! : b!, dialect.polar));
  }
  return points;
}

function joined(lines: string[], count: number): string[] {
  if (count === 1) return lines;
  return Array.from({ length: Math.floor(lines.length / count) }, (_, k) =>
    lines.slice(k * count, (k + 1) * count).join(' '),
  );
}

function toPoint(frequency: number, a: number, b: number, polar = false): Point {
  if (!polar) return { frequency, re: a, im: b };
  const radian = (b * Math.PI) / 180;
  return { frequency, re: a * Math.cos(radian), im: a * Math.sin(radian) };
}

type Complex = readonly [re: number, im: number];

/** Impedance of a circuit such as `L0-R0-p(R1,CPE1)-CPE2`, ohm. */
export function circuitImpedance(circuit: string, p: Record<string, number>, frequency: number): Complex {
  const omega = 2 * Math.PI * frequency;
  let re = 0;
  let im = 0;
  for (const element of circuit.split('-')) {
    const [a, b] = elementImpedance(element, p, omega);
    re += a;
    im += b;
  }
  return [re, im];
}

function elementImpedance(element: string, p: Record<string, number>, omega: number): Complex {
  if (element === 'L0') return [0, omega * p.L0!];
  if (element === 'R0') return [p.R0!, 0];
  const arc = element.startsWith('p(');
  const number = /CPE(\d)/.exec(element)?.[1];
  const n = p[`CPE${number}_n`]!;
  const size = p[`CPE${number}_Q`]! * omega ** n;
  const conductance = size * Math.cos((n * Math.PI) / 2) + (arc ? 1 / p[`R${number}`]! : 0);
  const susceptance = size * Math.sin((n * Math.PI) / 2);
  const square = conductance ** 2 + susceptance ** 2;
  return [conductance / square, -susceptance / square];
}

/** Root mean square of both parts' deviations over |Z| of the circuit. */
export function relativeDeviation(
  points: Point[],
  circuit: string,
  parameters: Record<string, number>,
): number {
  const squares = points.map(({ frequency, re, im }) => {
    const [a, b] = circuitImpedance(circuit, parameters, frequency);
    return ((re - a) ** 2 + (im - b) ** 2) / (a ** 2 + b ** 2) / 2;
  });
  return Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
}

/** Reads `name=value…`: numbers, their unit and their uncertainty. */

/** A number as written, with its standard uncertainty in the same unit; null where none was stated. */
export interface WrittenNumber {
  value: number;
  uncertainty: number | null;
}

/** One argument of `cellar calc`: a number or a list, all in one unit. */
export interface WrittenInput {
  numbers: WrittenNumber[];
  /** As written; null where there was none. */
  unit: string | null;
  /** How the uncertainty was stated; null where it was not. */
  stated: 'limits' | 'standard uncertainty' | null;
}

const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const digitsInBrackets = String.raw`\((\d+)\)`;
const written = new RegExp(
  String.raw`^(${number})(?:${digitsInBrackets}(?:[eE]([+-]?\d+))?)?\s*(?:(?:±|\+/-|\+-)\s*(${number})\s*(%)?)?\s*(.*)$`,
);

/** Standard uncertainty of `1.234(5)`: the digits in brackets count in the last digit written (GUM 7.2.2). */
function fromBrackets(mantissa: string, digits: string, exponent: string | undefined): number {
  const decimals = /\.(\d*)/.exec(mantissa)?.[1]?.length ?? 0;
  const power = Number(exponent ?? /[eE]([+-]?\d+)/.exec(mantissa)?.[1] ?? 0);
  return Number(`${digits}e${power - decimals}`);
}

interface Part {
  number: WrittenNumber;
  unit: string;
  stated: WrittenInput['stated'];
}

function readPart(text: string): Part | string {
  const found = written.exec(text.trim());
  if (found === null) return `"${text}" is not a number`;
  const [, mantissa = '', digits, exponent, half, percent, unit = ''] = found;
  if (/^[,\d.]/.test(unit)) return `"${text}" is not a number; a decimal point is a point`;
  if (digits !== undefined && half !== undefined) return `"${text}" states its uncertainty twice`;
  const value = Number(exponent === undefined ? mantissa : `${mantissa}e${exponent}`);
  if (!Number.isFinite(value)) return `"${text}" is not a finite number`;
  if (digits !== undefined) {
    return {
      number: { value, uncertainty: fromBrackets(mantissa, digits, exponent) },
      unit,
      stated: 'standard uncertainty',
    };
  }
  if (half === undefined) return { number: { value, uncertainty: null }, unit, stated: null };
  if (percent !== undefined && unit === '') {
    return `"${text}" can be read in two ways: name the unit behind the per cent, or write 0.5±0.05`;
  }
  const limit = percent === undefined ? Number(half) : (Math.abs(value) * Number(half)) / 100;
  if (!(limit >= 0)) return `"${text}": an uncertainty is not negative`;
  return { number: { value, uncertainty: limit / Math.sqrt(3) }, unit, stated: 'limits' };
}

/**
 * Reads the right side of `name=value`: `10 um`, `10±0.5 um` (limits: u = a/√3, GUM 4.3.7), `10±5%um`, `10.0(3) um`
 * (standard uncertainty), and lists separated by commas, whose unit may be given once at the end.
 *
 * @returns a sentence that says what is wrong where it cannot be read
 */
export function readInput(text: string, isList: boolean): WrittenInput | string {
  if (!isList && /\d,\d/.test(text)) {
    return `"${text}" has a comma: write a decimal point (it takes one number)`;
  }
  const parts: Part[] = [];
  for (const piece of isList ? text.split(',') : [text]) {
    const part = readPart(piece);
    if (typeof part === 'string') return part;
    parts.push(part);
  }
  const units = new Set(parts.map(({ unit }) => unit).filter((unit) => unit !== ''));
  if (units.size > 1) return `it has several units (${[...units].join(', ')}): use one for the whole list`;
  return {
    numbers: parts.map((part) => part.number),
    unit: [...units][0] ?? null,
    stated: parts.find(({ stated }) => stated !== null)?.stated ?? null,
  };
}

import { expect, it } from 'vitest';
import { seededRandom } from '../../../scripts/fuzz/random.js';
import { type CutPlan, FieldCutter } from '../../../src/ingest/load/cut.js';

/**
 * Numbers are what the text says, correctly rounded. `CELLAR_LITERALS` says how many random ones are held against
 * JavaScript's own conversion (and that against DuckDB's); `npm run test:literals` takes ten million.
 */

const count = Number(process.env.CELLAR_LITERALS ?? 100_000);

const plan = (decimal: '.' | ',', delimiter: CutPlan['delimiter']): CutPlan => ({
  delimiter,
  decimal,
  fieldCount: 1,
  lastFieldOptional: false,
  fields: ['number'],
  seconds: [undefined],
  hasDates: false,
  decode: (bytes) => bytes.toString('utf8'),
});

/** The values of lines of one field. */
function read(
  literals: readonly string[],
  decimal: '.' | ',' = '.',
  delimiter: CutPlan['delimiter'] = '\t',
): number[] {
  const cutter = new FieldCutter(plan(decimal, delimiter));
  const bytes = Buffer.from(literals.map((literal) => `${literal}\n`).join(''));
  cutter.begin(bytes);
  let at = 0;
  for (let place = 0; at < bytes.length; place++) at = cutter.line(at, place);
  return [...cutter.block(literals.length).numbers.get(0)!.subarray(0, literals.length)];
}

/** Literals of all lengths and exponents; many near what a double holds exactly, and near its ends. */
function randomLiteral({ below, next }: ReturnType<typeof seededRandom>): string {
  const digits = (length: number) => Array.from({ length }, () => below(10)).join('');
  const sign = ['', '', '-', '+'][below(4)]!;
  switch (below(6)) {
    case 0:
      return sign + String(next() * 10 ** (below(40) - 20));
    case 1:
      return `${sign}${digits(1 + below(3))}.${digits(1 + below(8))}`;
    case 2:
      return `${sign}${digits(below(20))}.${digits(1 + below(25))}`;
    case 3:
      return `${sign}${digits(1 + below(18))}${['e', 'E'][below(2)]}${['', '-', '+'][below(3)]}${below(330)}`;
    case 4:
      // As text: not every one of these integers is a number.
      return `${sign}9007199254740${String(900 + below(100))}${['', '.', '.5'][below(3)]}e${below(46) - 23}`;
    default:
      return `${sign}0.${'0'.repeat(below(12))}${digits(1 + below(17))}`;
  }
}

it(`converts ${count} random literals exactly`, { timeout: 60_000 + count / 10 }, () => {
  const random = seededRandom(7);
  const block = 50_000;
  for (let done = 0; done < count; done += block) {
    const literals = Array.from({ length: Math.min(block, count - done) }, () => randomLiteral(random));
    const values = read(literals);
    const wrong = literals.filter((literal, index) => !Object.is(values[index], Number(literal)));
    expect(wrong).toEqual([]);
    const commas = read(
      literals.map((literal) => literal.replace('.', ',')),
      ',',
      ';',
    );
    expect(literals.filter((_literal, index) => !Object.is(commas[index], values[index]))).toEqual([]);
  }
});

it('rounds once where the digits are no exact integer', () => {
  // 2^53 + 1: its digits gathered as a double are 2^53, and that divided is another number.
  const digits = '9007199254740993';
  const literals = Array.from(
    { length: digits.length },
    (_, at) => `${digits.slice(0, at)}.${digits.slice(at)}`,
  );
  expect(read(literals)).toEqual(literals.map(Number));
});

it('takes no text for a number', () => {
  const texts = [
    '1_000',
    '+-1',
    '--1',
    '1e',
    'e5',
    '.',
    '-',
    '1.2.3',
    '0x10',
    '1,5',
    '1 2',
    'inf',
    '١',
    '1e5.5',
    '5-',
  ];
  expect(read(texts).filter((value) => !Number.isNaN(value))).toEqual([]);
});

it('reads numbers in quotes and between blanks, and keeps the sign of zero', () => {
  expect(read(['"1.5"', ' 2.5 ', '" 3 "', '-0.0', '5.', '.5', '"5,577,644.47"', '7\r\r'])).toEqual([
    1.5, 2.5, 3, -0, 5, 0.5, 5577644.47, 7,
  ]);
  // A group of zeros first is no thousand: it is a decimal comma, and not read as 100.
  expect(read(['"0,100"'])).toEqual([Number.NaN]);
});

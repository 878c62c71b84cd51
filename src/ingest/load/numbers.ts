/** Texts that mean "no value" in exports; they are stored as NULL, except in time, voltage and current. */
export const noValue = ['', 'NaN', 'nan', 'NAN', 'N/A', 'n/a', 'NA', 'null', 'NULL', '-'];

const isNoValue: ReadonlySet<string> = new Set(noValue);

/** A trimmed text, or undefined where it means that there is no value. */
export const wordOf = (text: string): string | undefined => (isNoValue.has(text) ? undefined : text);

const plain = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/**
 * "5,577,644.47": commas that group thousands. A leading group of zero does not count: "0,100" has a decimal comma.
 */
const grouped = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

/**
 * The number that a trimmed text states, correctly rounded; NaN where it is not a number in plain decimal notation.
 *
 * @param isQuoted whether it stood in quotes, in which commas may group thousands
 */
export function numberOf(text: string, decimal: '.' | ',', isQuoted: boolean): number {
  if (decimal === ',') {
    if (text.includes('.')) return Number.NaN;
    const pointed = text.replaceAll(',', '.');
    return plain.test(pointed) ? Number(pointed) : Number.NaN;
  }
  if (plain.test(text)) return Number(text);
  return isQuoted && grouped.test(text) ? Number(text.replaceAll(',', '')) : Number.NaN;
}

/** Powers of ten that a double holds exactly. */
export const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

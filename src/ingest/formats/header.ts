import { remembered } from '../../remembered.js';
import {
  type Dimension,
  isDatePattern,
  normaliseUnit,
  type UnitConversion,
  unitConversion,
} from './units.js';

/** A header field, split into its parts. */
export interface HeaderField {
  /** As written, surrounding blanks removed. */
  text: string;
  /** Position among the fields of a line, from 0. */
  index: number;
  /** Every way to read it as name and unit; the first is the whole text without a unit. */
  readings: { name: string; unit: string | undefined }[];
}

const unitStyles = [
  /^(.*?)[\s_]+in[\s_]+[[(]?([^\s[\]()]+)[\])]?$/iu, // voltage_in_V, Strom in mA
  /^(.*?)\s*\(([^()]*)\)$/u, // Current(mA), Test Time (s)
  /^(.*?)\s*\[([^[\]]*)\]$/u, // U[V], Current [A]
  /^(.*?)\s*\/\s*([^/]+)$/u, // I/mA, Voltage / V, Energy/W.h
  /^(.*?)#\s*(\S+)$/u, // Current#A
  /^(.*?)__?([A-Za-z°µ.]+)$/u, // current_A, voltage__V
  /^(.*?),?\s+([A-Za-z°µΩ.]+)$/u, // X mA.h, Spannung, V
];

/** Comparison key of a column name: blanks folded, a leading tilde or BOM removed, lower case. */
export const nameKey = remembered((name) =>
  name
    .replace(/^[\uFEFF~\s]+/u, '')
    .replace(/[\s_]+/gu, ' ')
    .trim()
    .toLowerCase(),
);

/** One spelling of what typography writes in several: minus signs and primes. */
function plainSigns(text: string): string {
  return text
    .replace(/[\u2212\u2013]/gu, '-')
    .replace(/^-\s+/u, '-')
    .replace(/[\u2033\u201d]/gu, "''")
    .replace(/[\u2032\u2019]/gu, "'");
}

/** Splits the fields of a header line. A comment mark before the first name is not part of it. */
export function readHeader(fields: readonly string[]): HeaderField[] {
  return fields.map((raw, index) => {
    const text = raw
      .replace(index === 0 ? /^[\uFEFF~#%!\s]+(?=.)/u : /^~+/u, '')
      .replace(/\s*[\r\n]+\s*/gu, ' ')
      .trim();
    const plain = plainSigns(text);
    const readings: HeaderField['readings'] = [{ name: plain, unit: undefined }];
    for (const style of unitStyles) {
      const match = style.exec(plain);
      if (match?.[1] !== undefined && match[2] !== undefined && match[1] !== '') {
        readings.push({ name: match[1], unit: normaliseUnit(match[2]) });
      }
    }
    return { text, index, readings };
  });
}

/** A header field that fills a canonical column. */
export interface MatchedField {
  field: HeaderField;
  /** Conversion to the canonical unit; undefined for text and counts. */
  conversion: UnitConversion | undefined;
  /** The unit as written, or undefined where the default of the declaration was used. */
  writtenUnit: string | undefined;
}

/** One spelling of a column in a declaration. */
export interface Spelling {
  /** Name without its unit. `exact` spellings are compared letter by letter. */
  name: string | RegExp;
  /** Unit to assume where the header gives none. */
  unit?: string | undefined;
  exact?: boolean | undefined;
  /** Matches only with its unit in the header: `Step (Sec)` is a time, `Step` a number. */
  needsUnit?: boolean | undefined;
  /** The header has a minus, so the values are negated on reading. */
  negate?: boolean | undefined;
}

function nameMatches(spelling: Spelling, name: string): boolean {
  if (spelling.name instanceof RegExp) return spelling.name.test(name);
  return spelling.exact === true ? spelling.name === name : nameKey(spelling.name) === nameKey(name);
}

/**
 * How a header field matches a spelling of a quantity with `dimension`, or undefined. A written unit must be one of
 * the dimension: `Charge Capacity (mWh)` is not a charge.
 */
export function matchField(
  field: HeaderField,
  spelling: Spelling,
  dimension: Dimension,
  defaultUnit: string | undefined,
): MatchedField | undefined {
  for (const { name, unit } of field.readings) {
    if (!nameMatches(spelling, name)) continue;
    if (dimension === 'none') {
      if (unit === undefined || unit === '1' || unit === '#' || isDatePattern(unit)) {
        return { field, conversion: undefined, writtenUnit: unit };
      }
      continue;
    }
    if (unit === undefined) {
      if (spelling.needsUnit === true) continue;
      const assumed = spelling.unit ?? defaultUnit;
      if (assumed === undefined) continue;
      const conversion = unitConversion(assumed, dimension);
      if (conversion !== undefined) return { field, conversion, writtenUnit: undefined };
      continue;
    }
    const conversion = unitConversion(unit, dimension);
    if (conversion !== undefined) return { field, conversion, writtenUnit: unit };
  }
  return undefined;
}

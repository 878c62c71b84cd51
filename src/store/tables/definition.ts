/**
 * The documented schema is data. DDL, `COMMENT ON`, `cellar schema`, the README's table and the checks all
 * come from these definitions, so that no second description can disagree with them.
 */

export type ColumnType =
  | 'BIGINT'
  | 'INTEGER'
  | 'DOUBLE'
  | 'DOUBLE[]'
  | 'BOOLEAN'
  | 'VARCHAR'
  | 'TIMESTAMP'
  | 'JSON';

export interface ColumnDefinition {
  name: string;
  type: ColumnType;
  /** What it is, in one sentence; sign and reset scope where they matter. */
  meaning: string;
  /** Unit of the stored value, spelt as in the column's name; absent for text, counts and flags. */
  unit?: string;
  /** How the value is computed, where it is. */
  formula?: string;
  /**
   * How the value of the whole follows from its parts in several tests: their sum, the largest, or that of the last
   * part with a value.
   */
  ofParts?: PartRule;
}

/** How the values of parts become that of the whole. */
export type PartRule = 'sum' | 'largest' | 'last';

export interface TableDefinition {
  name: string;
  /** What one row is. */
  row: string;
  columns: readonly ColumnDefinition[];
}

/** One column; `unit`, `formula` and `ofParts` only where there is something to say. */
export function column(
  name: string,
  type: ColumnType,
  meaning: string,
  more: Pick<ColumnDefinition, 'unit' | 'formula' | 'ofParts'> = {},
): ColumnDefinition {
  return { name, type, meaning, ...more };
}

/** The text of `COMMENT ON COLUMN`: meaning, unit, formula. */
export function columnComment(definition: ColumnDefinition): string {
  const parts = [definition.meaning];
  if (definition.unit !== undefined) parts.push(`Unit: ${definition.unit}.`);
  if (definition.formula !== undefined) parts.push(`Formula: ${definition.formula}.`);
  return parts.join(' ');
}

/** Words as a choice: `a, b or c`. */
export const choiceOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

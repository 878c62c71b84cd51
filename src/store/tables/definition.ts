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
}

export interface TableDefinition {
  name: string;
  /** What one row is. */
  row: string;
  columns: readonly ColumnDefinition[];
}

/** One column; `unit` and `formula` only where there is something to say. */
export function column(
  name: string,
  type: ColumnType,
  meaning: string,
  more: { unit?: string; formula?: string } = {},
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

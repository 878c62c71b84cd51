import { type ColumnDefinition, tableDefinition } from '../tables/index.js';

export interface ViewDefinition {
  name: string;
  /** What one row is. */
  row: string;
  sql: string;
  /** Every column, in order. */
  columns: readonly ColumnDefinition[];
}

/** Columns that a view takes from a table unchanged, or under another name. */
export function taken(table: string, ...names: readonly (string | readonly [from: string, as: string])[]) {
  const { columns } = tableDefinition(table);
  return names.map((entry): ColumnDefinition => {
    const [from, name] = typeof entry === 'string' ? [entry, entry] : entry;
    const found = columns.find((column) => column.name === from);
    if (found === undefined) throw new Error(`table ${table} has no column ${from}`);
    return { ...found, name };
  });
}

/** All columns of a table except some. */
export function allBut(table: string, ...left: readonly string[]): ColumnDefinition[] {
  return tableDefinition(table).columns.filter(({ name }) => !left.includes(name));
}

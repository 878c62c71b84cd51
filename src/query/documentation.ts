import { openInMemory, select } from '../store/connection.js';
import { createSchema } from '../store/schema.js';
import { type ColumnDefinition, type Keys, keysOf, tables } from '../store/tables/index.js';
import { type ViewDefinition, views } from '../store/views.js';

/** A table or view as it is documented. */
export interface DocumentedRelation {
  name: string;
  kind: 'table' | 'view';
  /** What one row is. */
  row: string;
  columns: RelationColumn[];
  keys: Keys;
}

/** A column of a table or view with its meaning. */
export interface RelationColumn extends Omit<ColumnDefinition, 'type'> {
  /** DuckDB's name of the type. */
  type: string;
}

/** The definition of a column of a view: its own, else that of the first table it reads that has the column. */
function definitionOf(view: ViewDefinition, column: string): ColumnDefinition | undefined {
  const own = view.columns?.find(({ name }) => name === column);
  if (own !== undefined) return own;
  const sources = [...tables, ...views.map((other) => ({ name: other.name, columns: other.columns ?? [] }))]
    .map((source) => ({
      source,
      at: view.sql.search(new RegExp(`\\b(FROM|JOIN)\\s+${source.name}\\b`, 'i')),
    }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  for (const { source } of sources) {
    const found = source.columns.find(({ name }) => name === column);
    if (found !== undefined) return found;
  }
  return tables.flatMap(({ columns }) => columns).find(({ name }) => name === column);
}

/** The columns of views are known only from a database that has them. */
async function storedColumns(): Promise<{ relation: string; name: string; type: string }[]> {
  const database = await openInMemory();
  try {
    await createSchema(database.connection);
    return await select(
      database.connection,
      `SELECT table_name AS relation, column_name AS name, data_type AS type
       FROM information_schema.columns ORDER BY table_name, ordinal_position`,
    );
  } finally {
    database.close();
  }
}

const namesOf = ({ columns }: { columns: readonly ColumnDefinition[] }) => columns.map(({ name }) => name);

/** Every table and view with its columns, from the definitions that also make the database. */
export async function documentedSchema(): Promise<DocumentedRelation[]> {
  const stored = await storedColumns();
  const describe = (view: ViewDefinition): DocumentedRelation => ({
    name: view.name,
    kind: 'view',
    row: view.row,
    columns: stored
      .filter(({ relation }) => relation === view.name)
      .map(({ name, type }) => ({ meaning: '', ...definitionOf(view, name), name, type })),
    keys: keysOf(view.name, namesOf(view)),
  });
  return [
    ...tables.map(
      (table): DocumentedRelation => ({
        name: table.name,
        kind: 'table',
        row: table.row,
        columns: [...table.columns],
        keys: keysOf(table.name, namesOf(table)),
      }),
    ),
    ...views.map(describe),
  ];
}

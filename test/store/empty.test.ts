import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openReadOnly, select } from '../../src/store/connection.js';
import { createEmpty, layEmpty, preparedPath } from '../../src/store/empty.js';

/** Everything that is said of tables, views, columns and the schema. */
async function described(path: string) {
  const database = await openReadOnly(path);
  try {
    return {
      tables: await select(
        database.connection,
        'SELECT table_name, comment, sql FROM duckdb_tables() ORDER BY ALL',
      ),
      views: await select(
        database.connection,
        'SELECT view_name, comment, sql FROM duckdb_views() ORDER BY ALL',
      ),
      columns: await select(
        database.connection,
        'SELECT table_name, column_name, data_type, comment FROM duckdb_columns() ORDER BY ALL',
      ),
      meta: await select(database.connection, 'FROM meta ORDER BY ALL'),
    };
  } finally {
    database.close();
  }
}

it('begins a new database as the copy that the build made, with all that creating one gives', async (test) => {
  if (!existsSync(preparedPath()))
    test.skip('not built from these sources: `npm run build` makes the empty database');
  const folder = mkdtempSync(join(tmpdir(), 'cellar-empty-'));
  const [created, laid] = [join(folder, 'created.duckdb'), join(folder, 'laid.duckdb')];
  await createEmpty(created);
  await layEmpty(laid);
  const copy = await described(laid);
  expect(copy).toEqual(await described(created));
  expect(copy.columns.length).toBeGreaterThan(300);
});

// Writes the tables of this Cellar's schema as SQL to test/store/schemas/version-N.sql; part of `npm run generate`. A test
// migrates a database of every version that lies there.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemaVersion } from '../dist/store/schema.js';
import { tables } from '../dist/store/tables/index.js';

/** The tables as SQL. */
export function frozenSchema() {
  const statements = tables.map(
    ({ name, columns }) =>
      `CREATE TABLE "${name}" (\n${columns.map((column) => `  "${column.name}" ${column.type}`).join(',\n')}\n);\n`,
  );
  return statements.join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'store', 'schemas');
  const path = join(folder, `version-${schemaVersion}.sql`);
  writeFileSync(path, frozenSchema());
  console.log(path);
}

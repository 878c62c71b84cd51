import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWritable } from '../src/store/connection.js';
import { createSchema } from '../src/store/schema.js';

let made: Promise<string> | undefined;

/** Path of a database with the schema and no rows, to be copied: making one takes longer than most tests. */
export function emptyDatabase(): Promise<string> {
  made ??= (async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'cellar-empty-')), 'empty.duckdb');
    const database = await openWritable(path);
    await createSchema(database.connection);
    database.close();
    return path;
  })();
  return made;
}

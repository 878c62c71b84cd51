import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';

/** Numbers in names are padded to this many digits, so that names compare as people read them: part2 before part10. */
const digits = 12;

/** The name of a file as text that sorts in the natural order. */
export const naturalName = (path: string): string =>
  basename(path.replaceAll('\\', '/'))
    .toLowerCase()
    .replaceAll(/\d+/g, (number) => number.padStart(digits, '0'));

/** Gives tests without one the name that orders the parts of a life where the records do not. */
export async function namePartsOf(connection: DuckDBConnection): Promise<void> {
  const unnamed = await select<{ test_id: number; path: string }>(
    connection,
    'SELECT test_id, path FROM tests JOIN files USING (file_id) WHERE part_name IS NULL',
  );
  if (unnamed.length === 0) return;
  await run(connection, 'CREATE OR REPLACE TEMP TABLE part_names (test_id INTEGER, part_name VARCHAR)');
  const appender = await connection.createAppender('part_names');
  for (const { test_id, path } of unnamed) {
    appender.appendInteger(test_id);
    appender.appendVarchar(naturalName(path));
    appender.endRow();
  }
  appender.closeSync();
  await run(
    connection,
    'UPDATE tests SET part_name = n.part_name FROM part_names n WHERE n.test_id = tests.test_id',
  );
  await run(connection, 'DROP TABLE part_names');
}

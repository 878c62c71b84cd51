import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from './connection.js';
import { type Diagnosis, ok, warning, wrong } from './diagnosis.js';
import { schemaVersion, storedSchemaVersion } from './schema.js';
import { tables } from './tables/index.js';

/** Checks the stored data: the schema, the sums of lines, the references between rows. */
export async function checkConsistency(connection: DuckDBConnection): Promise<Diagnosis[]> {
  const version = await schema(connection);
  return version.state === 'wrong'
    ? [version]
    : [version, await reconciled(connection), await orphans(connection), await refused(connection)];
}

async function schema(connection: DuckDBConnection): Promise<Diagnosis> {
  const stored = await storedSchemaVersion(connection);
  if (stored > schemaVersion) {
    return wrong(
      'schema',
      `version ${stored}, this Cellar knows up to ${schemaVersion}`,
      'install the newer Cellar',
    );
  }
  const present = await select<{ table_name: string }>(
    connection,
    'SELECT table_name FROM information_schema.tables',
  );
  const names = new Set(present.map(({ table_name }) => table_name));
  const missing = tables.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    return wrong('schema', `tables ${missing.join(', ')} are missing`, 'any ingest makes them');
  if (stored < schemaVersion) {
    return warning(
      'schema',
      `version ${stored}, this Cellar writes ${schemaVersion}`,
      'the next ingest migrates it',
    );
  }
  return ok('schema', `version ${stored}`);
}

async function reconciled(connection: DuckDBConnection): Promise<Diagnosis> {
  const [totals] = await select<{ files: number; bad: number; example: string | null }>(
    connection,
    `SELECT count(*) AS files,
       count(*) FILTER (lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected) AS bad,
       min(path) FILTER (lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected) AS example
     FROM files`,
  );
  if (totals === undefined || totals.bad === 0) {
    return ok(
      'lines',
      `of ${totals?.files ?? 0} files, every line, row or record is head, structural, loaded or rejected`,
    );
  }
  return wrong(
    'lines',
    `${totals.bad} files do not add up, such as ${totals.example}`,
    'report it with the file: no line may get lost',
  );
}

/** Rows that refer to something that does not exist. */
const references: readonly (readonly [child: string, key: string, parent: string])[] = [
  ['tests', 'file_id', 'files'],
  ['test_files', 'test_id', 'tests'],
  ['test_files', 'file_id', 'files'],
  ['rejects', 'file_id', 'files'],
  ['steps', 'test_id', 'tests'],
  ['cycles', 'test_id', 'tests'],
  ['spectra', 'file_id', 'files'],
  ['impedance', 'spectrum_id', 'spectra'],
  ['cells', 'material_id', 'materials'],
];

async function orphans(connection: DuckDBConnection): Promise<Diagnosis> {
  const counts = await Promise.all([
    ...references.map(async ([child, key, parent]) => {
      const [row] = await select<{ n: number }>(
        connection,
        `SELECT count(*) AS n FROM ${child} WHERE ${key} IS NOT NULL AND ${key} NOT IN (SELECT ${key} FROM ${parent})`,
      );
      return { what: `${child}.${key}`, n: row?.n ?? 0 };
    }),
    measurementsWithoutTest(connection),
  ]);
  const bad = counts.filter(({ n }) => n > 0);
  if (bad.length === 0) return ok('references', 'every row belongs to a file');
  const list = bad.map(({ what, n }) => `${n} rows by ${what}`).join(', ');
  return wrong('references', `without what they belong to: ${list}`, 'report it');
}

/** By test, not by record, since the table is large. */
async function measurementsWithoutTest(connection: DuckDBConnection): Promise<{ what: string; n: number }> {
  const [row] = await select<{ n: number }>(
    connection,
    `SELECT count(*) AS n FROM (SELECT DISTINCT test_id FROM measurements)
     WHERE test_id NOT IN (SELECT test_id FROM tests)`,
  );
  return { what: 'measurements.test_id', n: row?.n ?? 0 };
}

async function refused(connection: DuckDBConnection): Promise<Diagnosis> {
  const [row] = await select<{ rejected: number; conflict: number }>(
    connection,
    `SELECT count(*) FILTER (status = 'rejected') AS rejected, count(*) FILTER (status = 'conflict') AS conflict
     FROM (SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1)`,
  );
  const { rejected = 0, conflict = 0 } = row ?? {};
  if (rejected + conflict === 0) return ok('files', 'none was refused');
  return warning('files', `${rejected} rejected, ${conflict} in conflict`, '`cellar status` lists them');
}

import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, select } from '../store/connection.js';
import { schemaVersion } from '../store/schema.js';
import { type TableDefinition, tableDefinition, tables } from '../store/tables/index.js';
import { bdfFileName, bdfSelect, readTestContents, unfitForBdf } from './bdf.js';
import type { ExportFormat } from './manifest.js';
import { limitToCells } from './selection.js';

/** A file to be exported: where it goes and the query that fills it. */
export interface ExportItem {
  path: string;
  table: string;
  test_id: number | null;
  cell_id: string | null;
  row_count: number;
  fingerprint: string;
  select: string;
}

export interface ExportPlan {
  items: ExportItem[];
  /** Tests left out, and why. */
  skipped: { test_id: number; reason: string }[];
}

/** Changes when files are laid out differently, so that all are written again. */
const layoutVersion = 1;

function fingerprint(...parts: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([layoutVersion, schemaVersion, ...parts]))
    .digest('hex')
    .slice(0, 32);
}

const columnList = ({ columns }: TableDefinition, ...without: string[]) =>
  columns.filter(({ name }) => !without.includes(name)).map(({ name }) => identifier(name));

interface Digest {
  rows: number;
  digest: string;
}

/** A digest of rows that does not depend on their order, computed by the engine in one pass. */
const digest = (columns: readonly string[]) =>
  `count(*) AS rows, bit_xor(hash(${columns.join(', ')}))::VARCHAR || '-' || sum(hash(${columns.join(', ')})::HUGEINT)::VARCHAR AS digest`;

async function planTable(
  connection: DuckDBConnection,
  table: TableDefinition,
  cells: readonly string[] | null,
  extension: string,
): Promise<ExportItem> {
  const columns = columnList(table);
  const source = `FROM ${identifier(table.name)} WHERE ${limitToCells(table, cells)}`;
  const [row] = await select<Digest>(connection, `SELECT ${digest(columns)} ${source}`);
  return {
    path: `${table.name}.${extension}`,
    table: table.name,
    test_id: null,
    cell_id: null,
    row_count: row?.rows ?? 0,
    fingerprint: fingerprint(table.name, columns, row?.digest ?? null),
    select: `SELECT ${columns.join(', ')} ${source}`,
  };
}

/** A value in a folder name, as Hive writes it. */
function partition(key: string, value: string | number | null): string {
  if (value === null) return `${key}=__HIVE_DEFAULT_PARTITION__`;
  // A name of dots alone would lead out of the folder.
  return `${key}=${encodeURIComponent(value).replace(/[!'()*]|^\.+$/g, (found) =>
    [...found].map((character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`).join(''),
  )}`;
}

async function planMeasurements(
  connection: DuckDBConnection,
  cells: readonly string[] | null,
  extension: string,
): Promise<ExportItem[]> {
  const { name } = tableDefinition('measurements');
  const columns = columnList(tableDefinition('measurements'), 'test_id');
  const tests = `FROM tests WHERE ${limitToCells(tableDefinition('tests'), cells)}`;
  const rows = await select<Digest & { test_id: number; cell_id: string | null }>(
    connection,
    `SELECT test_id, cell_id, ${digest(columns)} FROM measurements JOIN (SELECT test_id, cell_id ${tests}) USING (test_id)
     GROUP BY test_id, cell_id ORDER BY test_id`,
  );
  return rows.map(({ test_id, cell_id, rows: row_count, digest: rowDigest }) => {
    const print = fingerprint(name, columns, test_id, cell_id, rowDigest);
    const folder = `${name}/${partition('cell_id', cell_id)}/${partition('test_id', test_id)}`;
    return {
      path: `${folder}/part-${print.slice(0, 16)}.${extension}`,
      table: name,
      test_id,
      cell_id,
      row_count,
      fingerprint: print,
      select: `SELECT ${columns.join(', ')} FROM measurements WHERE test_id = ${test_id} ORDER BY record_index`,
    };
  });
}

async function planBdf(
  connection: DuckDBConnection,
  cells: readonly string[] | null,
  extension: 'csv' | 'parquet',
): Promise<ExportPlan> {
  const measured = await planMeasurements(connection, cells, extension);
  const condition = limitToCells(tableDefinition('tests'), cells);
  const stepDigests = await select<Digest & { test_id: number }>(
    connection,
    `SELECT test_id, ${digest(['step_count', 'cycle_count'])} FROM steps GROUP BY test_id`,
  );
  const measurementPrints = new Map(measured.map((item) => [item.test_id, item.fingerprint]));
  const stepPrints = new Map(stepDigests.map((row) => [row.test_id, row.digest]));
  const plan: ExportPlan = { items: [], skipped: [] };
  for (const test of await readTestContents(connection, condition)) {
    const reason = unfitForBdf(test);
    if (reason !== undefined) {
      plan.skipped.push({ test_id: test.test_id, reason });
      continue;
    }
    plan.items.push({
      path: bdfFileName(test, extension),
      table: 'bdf',
      test_id: test.test_id,
      cell_id: test.cell_id,
      row_count: test.record_count,
      fingerprint: fingerprint(
        'bdf',
        measurementPrints.get(test.test_id),
        stepPrints.get(test.test_id) ?? null,
        bdfSelect(test),
      ),
      select: bdfSelect(test),
    });
  }
  return plan;
}

/** Everything an export consists of, with the fingerprint of each part; reads the database, writes nothing. */
export async function planExport(
  connection: DuckDBConnection,
  format: ExportFormat,
  cells: readonly string[] | null,
): Promise<ExportPlan> {
  if (format === 'bdf') return planBdf(connection, cells, 'csv');
  if (format === 'bdf-parquet') return planBdf(connection, cells, 'parquet');
  const items = await planMeasurements(connection, cells, format);
  for (const table of tables) {
    if (table.name !== 'measurements') items.push(await planTable(connection, table, cells, format));
  }
  return { items, skipped: [] };
}

import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, select } from '../store/connection.js';
import { schemaVersion } from '../store/schema.js';
import { keysOf, type TableDefinition, tableDefinition, tables } from '../store/tables/index.js';
import { type ViewDefinition, views } from '../store/views.js';
import { bdfFileName, bdfSelect, readTestContents, unfitForBdf } from './bdf.js';
import type { ExportFormat } from './manifest.js';
import { limitToCells } from './selection.js';

/** A file to be exported: where it goes and the query that fills it. */
export interface ExportItem {
  path: string;
  table: string;
  test_id: number | null;
  cell_id: string | null;
  /** -1: known when the file is written. */
  row_count: number;
  fingerprint: string;
  select: string;
}

export interface ExportPlan {
  items: ExportItem[];
  /** Tests left out, and why. */
  skipped: { test_id: number; reason: string }[];
}

/** To be changed when the layout of files changes, so that all are written again. */
const layoutVersion = 2;

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

/**
 * Folder name for tests whose cell is not known. Hive's own name for a missing value is read as null by some tools,
 * and makes others, such as pandas, fail because of the types of the folders.
 */
const unassigned = 'unassigned';

/** A value in a folder name, as Hive writes it. */
function partition(key: string, value: string | number | null): string {
  if (value === null) return `${key}=${unassigned}`;
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
    `WITH chosen AS (SELECT test_id, cell_id ${tests})
     SELECT test_id, cell_id, ${digest(columns)} FROM measurements JOIN chosen USING (test_id)
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

/**
 * Views that are exported as files in addition to the tables; curves, which are as long as the records, are exported
 * test by test.
 */
const exportedViews = [
  'cell_cycles',
  'cell_steps',
  'rate_tests',
  'dc_resistances',
  'pulses',
  'cell_spectra',
  'cell_fits',
];
const curvesName = 'voltage_curves';

const viewDefinition = (name: string) => {
  const found = views.find((view) => view.name === name);
  if (found === undefined) throw new Error(`no view ${name} is defined`);
  return found;
};

/** Tables that a view reads, including those of views that it reads. */
function sourcesOf(view: ViewDefinition): Set<string> {
  const words = new Set(view.sql.match(/\b[a-z][a-z0-9_]*\b/g));
  const own = tables.map(({ name }) => name).filter((name) => words.has(name));
  const inner = views.filter((other) => other !== view && words.has(other.name));
  return new Set([...own, ...inner.flatMap((other) => [...sourcesOf(other)])]);
}

/**
 * Views as files. They are not computed to find out whether they have changed: they have changed if their definition,
 * or something that they are made of, has changed.
 */
function planViews(
  planned: readonly ExportItem[],
  cells: readonly string[] | null,
  extension: string,
): ExportItem[] {
  return exportedViews.map((name) => {
    const view = viewDefinition(name);
    const read = sourcesOf(view);
    const sources = planned
      .filter(({ table }) => read.has(table))
      .map((item) => [item.table, item.fingerprint]);
    const columns = view.columns.map((column) => identifier(column.name));
    const { primary } = keysOf(name, []);
    const order = primary.length > 0 ? primary.map(identifier).join(', ') : 'ALL';
    return {
      path: `${name}.${extension}`,
      table: name,
      test_id: null,
      cell_id: null,
      row_count: -1,
      fingerprint: fingerprint(name, view.sql, sources),
      select: `SELECT ${columns.join(', ')} FROM ${name} WHERE ${limitToCells(view, cells)} ORDER BY ${order}`,
    };
  });
}

/** The curves of each test, which change with its records, or with the steps, cycles or mass of its cell. */
async function planCurves(
  connection: DuckDBConnection,
  measured: readonly ExportItem[],
  extension: string,
): Promise<ExportItem[]> {
  const view = viewDefinition(curvesName);
  const columns = view.columns
    .map(({ name }) => name)
    .filter((name) => name !== 'test_id' && name !== 'cell_id');
  const lists = await Promise.all(
    (['steps', 'cycles'] as const).map((table) =>
      select<{ life: string; digest: string }>(
        connection,
        `SELECT coalesce('cell ' || t.cell_id, 'test ' || t.test_id) AS life,
           ${digest(columnList(tableDefinition(table)).map((column) => `d.${column}`))}
         FROM ${table} d JOIN tests t ON t.test_id = d.test_id GROUP BY life`,
      ),
    ),
  );
  const prints = lists.map((rows) => new Map(rows.map(({ life, digest: print }) => [life, print])));
  const masses = await select<{ cell_id: string; active_mass_mg: number | null }>(
    connection,
    'SELECT cell_id, active_mass_mg FROM cells',
  );
  const massOf = new Map(masses.map(({ cell_id, active_mass_mg }) => [cell_id, active_mass_mg]));
  return measured.map(({ test_id, cell_id, fingerprint: records }) => {
    const life = cell_id === null ? `test ${test_id}` : `cell ${cell_id}`;
    const ofLife = prints.map((map) => map.get(life) ?? null);
    const print = fingerprint(curvesName, view.sql, records, ofLife, massOf.get(cell_id ?? '') ?? null);
    const folder = `${curvesName}/${partition('cell_id', cell_id)}/${partition('test_id', test_id)}`;
    return {
      path: `${folder}/part-${print.slice(0, 16)}.${extension}`,
      table: curvesName,
      test_id,
      cell_id,
      row_count: -1,
      fingerprint: print,
      select: `SELECT ${columns.map(identifier).join(', ')} FROM ${curvesName}
        WHERE test_id = ${test_id} ORDER BY record_index`,
    };
  });
}

/** Everything an export consists of, with the fingerprint of each part; reads the database, writes nothing. */
export async function planExport(
  connection: DuckDBConnection,
  format: ExportFormat,
  cells: readonly string[] | null,
): Promise<ExportPlan> {
  if (format === 'bdf') return planBdf(connection, cells, 'csv');
  if (format === 'bdf-parquet') return planBdf(connection, cells, 'parquet');
  const measured = await planMeasurements(connection, cells, format);
  const items = [...measured];
  for (const table of tables) {
    if (table.name !== 'measurements') items.push(await planTable(connection, table, cells, format));
  }
  items.push(...planViews(items, cells, format), ...(await planCurves(connection, measured, format)));
  return { items, skipped: [] };
}

import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { arrow } from '../query/formats/arrow.js';
import { parquetOptions } from '../query/formats/copy.js';
import { streamQuery } from '../query/run.js';
import { literal, select } from '../store/connection.js';
import { schemaVersion } from '../store/schema.js';
import { tables } from '../store/tables/index.js';
import { views } from '../store/views.js';
import { toolVersion } from '../version.js';
import { hashFile } from './hash-file.js';
import type { ExportFormat, ManifestFile } from './manifest.js';
import type { Place } from './place/index.js';
import type { ExportItem } from './plan.js';

/** Metadata inside a file: who wrote it, what a row is, and meaning and unit of the columns. */
function metadataOf({ table, test_id, cell_id }: ExportItem): Map<string, string> {
  const definition = [...tables, ...views].find(({ name }) => name === table);
  const columns = definition?.columns.map(({ name, unit, meaning }) => [
    name,
    { unit: unit ?? null, meaning },
  ]);
  return new Map([
    ['cellar.tool_version', toolVersion],
    ['cellar.schema_version', String(schemaVersion)],
    ['cellar.table', table],
    ...(definition === undefined ? [] : [['cellar.row', definition.row] as const]),
    ...(test_id === null ? [] : [['cellar.test_id', String(test_id)] as const]),
    ...(cell_id === null ? [] : [['cellar.cell_id', cell_id] as const]),
    ...(columns === undefined
      ? []
      : [['cellar.columns', JSON.stringify(Object.fromEntries(columns))] as const]),
  ]);
}

async function fill(connection: DuckDBConnection, item: ExportItem, format: ExportFormat, file: string) {
  if (format === 'arrow') {
    const result = await streamQuery(connection, item.select);
    await pipeline(Readable.from(arrow(result, 'file', metadataOf(item))), createWriteStream(file));
    return;
  }
  const options = format === 'bdf' ? 'FORMAT csv, HEADER' : parquetOptions(metadataOf(item));
  await connection.run(`COPY (${item.select}) TO ${literal(file)} (${options}, USE_TMP_FILE false)`);
}

/** Number of rows of a file that was just written; Parquet has it in its last bytes. */
async function countRows(
  connection: DuckDBConnection,
  query: string,
  format: ExportFormat,
  file: string,
): Promise<number> {
  const source = format === 'parquet' ? `read_parquet(${literal(file)})` : `(${query})`;
  const [row] = await select<{ n: number }>(connection, `SELECT count(*) AS n FROM ${source}`);
  return row!.n;
}

/** Writes one file of an export; it appears complete or not at all. */
export async function writeItem(
  connection: DuckDBConnection,
  place: Place,
  item: ExportItem,
  format: ExportFormat,
): Promise<ManifestFile> {
  const staged = await place.stage(item.path);
  try {
    await fill(connection, item, format, staged);
    const { size } = await stat(staged);
    const sha256 = await hashFile(staged);
    const { select: query, ...described } = item;
    if (described.row_count < 0) described.row_count = await countRows(connection, query, format, staged);
    await place.put(staged, item.path);
    return { ...described, size_bytes: size, sha256 };
  } finally {
    await rm(staged, { force: true });
  }
}

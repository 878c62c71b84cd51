import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DurationMicrosecond, Field, Float64, Schema, Table, tableToIPC } from 'apache-arrow';
import { afterAll, expect, it } from 'vitest';
import { literal, openInMemory, pathLiteral, run } from '../../../src/store/connection.js';
import { readExport } from '../read-export.js';
import { measurementsOf } from '../written-export.js';

const folder = mkdtempSync(join(tmpdir(), 'cellar-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file as pandas and polars write durations: whole numbers, and what they are in Arrow's schema beside them. */
async function written(name: string, schema: string): Promise<string> {
  const path = join(folder, name);
  const database = await openInMemory();
  await run(
    database.connection,
    `COPY (SELECT CAST(i * 30000000 AS BIGINT) AS time, 3.0 + i / 100 AS voltage_V, 0.1 AS current_A FROM range(50) t(i))
     TO ${pathLiteral(path)} (FORMAT parquet, KV_METADATA {'ARROW:schema': ${literal(schema)}})`,
  );
  database.close();
  return path;
}

it("takes durations from Arrow's schema, which Parquet itself does not know", async () => {
  const fields = [
    new Field('time', new DurationMicrosecond()),
    new Field('voltage_V', new Float64()),
    new Field('current_A', new Float64()),
  ];
  const schema = Buffer.from(tableToIPC(new Table(new Schema(fields)), 'stream')).toString('base64');
  const found = await measurementsOf(await readExport(await written('durations.parquet', schema)));
  expect(found).toHaveLength(50);
  expect(found.at(-1)).toMatchObject({ test_time_second: 49 * 30, current_ampere: 0.1 });
});

it('leaves numbers what they are where that schema cannot be read', async () => {
  const found = await measurementsOf(await readExport(await written('other.parquet', 'no schema')));
  expect(found.at(-1)).toMatchObject({ test_time_second: 49 * 30_000_000 });
});

import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, run, select } from '../../store/connection.js';
import { globMatches, relativePath } from '../../store/path-patterns.js';
import type { Cell, Condition, Settings } from './schemas.js';

/** What is known of a file that was read: enough to say which cell and conditions it belongs to. */
interface FileFacts {
  file_id: number;
  path: string;
  root: string;
  hints: string[] | null;
}

export interface Assignment {
  cell_id: string | null;
  /** Cells that fit equally well: none is taken. */
  ambiguous: string[];
  condition: Condition | undefined;
  /** From a pattern over file names. */
  named: Record<string, string>;
}

const literalPattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Cell ids that stand in a text as whole tokens; one inside a longer one does not count. */
export function cellsNamedIn(text: string, cellIds: readonly string[]): string[] {
  const found = cellIds.filter((id) =>
    new RegExp(`(^|[^\\p{L}\\p{N}])${literalPattern(id)}($|[^\\p{L}\\p{N}])`, 'u').test(text),
  );
  return found.filter((id) => !found.some((other) => other.length > id.length && other.includes(id)));
}

/** Which cell a file belongs to: by an explicit pattern, else what its preamble says, else its name or folder. */
export function assignFile(
  path: string,
  hints: readonly string[],
  cells: readonly Cell[],
  conditions: readonly Condition[],
  settings: Settings,
): Assignment {
  const named: Record<string, string> = {};
  for (const { files, pattern } of settings.file_name_patterns) {
    if (globMatches(files, path)) Object.assign(named, pattern.exec(path)?.groups ?? {});
  }
  const ids = cells.map(({ cell_id }) => cell_id);
  const byPattern = cells
    .filter(({ file_pattern }) => file_pattern !== null && globMatches(file_pattern, path))
    .map(({ cell_id }) => cell_id);
  const candidates = [
    byPattern,
    hints.flatMap((hint) => cellsNamedIn(hint, ids)),
    named.cell_id === undefined ? [] : ids.filter((id) => id === named.cell_id),
    cellsNamedIn(path, ids),
  ].map((found) => [...new Set(found)]);
  const decided = candidates.find((found) => found.length > 0) ?? [];
  return {
    cell_id: decided.length === 1 ? decided[0]! : null,
    ambiguous: decided.length > 1 ? decided : [],
    condition: conditions.find(({ file_pattern }) => globMatches(file_pattern, path)),
    named,
  };
}

const numberOrNull = (text: string | undefined): number | null =>
  text === undefined || !Number.isFinite(Number(text)) ? null : Number(text);

/**
 * Gives every test, spectrum and vendor cycle its cell and conditions, from the metadata as it is now: a corrected
 * cells.csv takes effect without reading the exports again. The transaction is the caller's.
 */
export async function assignAll(connection: DuckDBConnection, settings: Settings): Promise<void> {
  const cells = await select<Cell>(connection, 'SELECT * FROM cells');
  const conditions = await select<Condition>(connection, 'SELECT * FROM conditions');
  const files = await select<FileFacts>(
    connection,
    `SELECT f.file_id, f.path, f.root, h.hints FROM files f
     LEFT JOIN (
       SELECT file_id, list(DISTINCT cell_hint) FILTER (WHERE cell_hint IS NOT NULL) AS hints
       FROM (SELECT file_id, cell_hint FROM tests UNION ALL SELECT file_id, cell_hint FROM spectra) GROUP BY file_id
     ) h USING (file_id)
     WHERE f.status IN ('ingested', 'appended', 'superseded')`,
  );
  await run(
    connection,
    `CREATE OR REPLACE TEMP TABLE assignments (file_id INTEGER, cell_id VARCHAR, temperature_celsius DOUBLE, temperature_source VARCHAR, state_of_charge DOUBLE, pressure_mpa DOUBLE, branch VARCHAR)`,
  );
  const appender = await connection.createAppender('assignments');
  const ambiguous: { file_id: number; message: string }[] = [];
  for (const file of files) {
    const path = relativePath(file.path, file.root);
    const found = assignFile(path, file.hints ?? [], cells, conditions, settings);
    const named = numberOrNull(found.named.temperature_celsius);
    const temperature = found.condition?.temperature_celsius ?? named;
    const values = [
      found.condition?.state_of_charge ?? numberOrNull(found.named.state_of_charge),
      found.condition?.pressure_mpa ?? null,
    ];
    appender.appendInteger(file.file_id);
    if (found.cell_id === null) appender.appendNull();
    else appender.appendVarchar(found.cell_id);
    if (temperature === null) appender.appendNull();
    else appender.appendDouble(temperature);
    appender.appendVarchar(found.condition?.temperature_celsius == null ? 'file name' : 'conditions.csv');
    for (const value of values) {
      if (value === null) appender.appendNull();
      else appender.appendDouble(value);
    }
    const branch = found.condition?.branch ?? found.named.branch;
    if (branch === undefined || branch === null) appender.appendNull();
    else appender.appendVarchar(branch);
    appender.endRow();
    if (found.ambiguous.length > 0) {
      ambiguous.push({
        file_id: file.file_id,
        message: `${path} names ${found.ambiguous.join(' and ')}: no cell is taken; give one of them a file_pattern in cells.csv`,
      });
    }
  }
  appender.closeSync();
  await run(
    connection,
    `UPDATE tests SET cell_id = a.cell_id, temperature_celsius = a.temperature_celsius, pressure_mpa = a.pressure_mpa FROM assignments a WHERE tests.file_id = a.file_id`,
  );
  await run(
    connection,
    `UPDATE vendor_cycles SET cell_id = a.cell_id FROM assignments a WHERE vendor_cycles.file_id = a.file_id`,
  );
  await run(
    connection,
    `UPDATE spectra SET cell_id = a.cell_id, state_of_charge = a.state_of_charge, pressure_mpa = a.pressure_mpa, branch = a.branch,
       temperature_celsius = CASE WHEN spectra.temperature_source = 'file' THEN spectra.temperature_celsius ELSE a.temperature_celsius END,
       temperature_source = CASE WHEN spectra.temperature_source = 'file' THEN 'file' WHEN a.temperature_celsius IS NOT NULL THEN a.temperature_source END
     FROM assignments a WHERE spectra.file_id = a.file_id`,
  );
  await run(connection, `DELETE FROM findings WHERE code = 'CELL_AMBIGUOUS'`);
  await insertRows(
    connection,
    'findings',
    ambiguous.map(({ file_id, message }) => ({
      file_id,
      code: 'CELL_AMBIGUOUS',
      severity: 'warning',
      message,
      repaired: false,
    })),
  );
  await run(connection, 'DROP TABLE assignments');
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, run, select } from '../../store/connection.js';
import { globMatches, relativePath } from '../../store/path-patterns.js';
import type { Cell, Condition, Settings } from './schemas.js';

/** A path at which some bytes were seen, below the root it was found under. */
export interface SeenAt {
  path: string;
  /** Whether a file is there still. */
  isPresent: boolean;
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

/**
 * Which cell a file belongs to: by an explicit pattern, else what its preamble says, else its name or folder. The same
 * bytes may have been seen at several paths: each counts, those where the file is gone only where no other says anything.
 *
 * @param seen the newest path first
 */
export function assignFile(
  seen: readonly SeenAt[],
  hints: readonly string[],
  cells: readonly Cell[],
  conditions: readonly Condition[],
  settings: Settings,
): Assignment {
  const ids = cells.map(({ cell_id }) => cell_id);
  const namedAt = (path: string) => {
    const named: Record<string, string> = {};
    for (const { files, pattern } of settings.file_name_patterns) {
      if (globMatches(files, path)) Object.assign(named, pattern.exec(path)?.groups ?? {});
    }
    return named;
  };
  const byPattern = (path: string) =>
    cells
      .filter(({ file_pattern }) => file_pattern !== null && globMatches(file_pattern, path))
      .map(({ cell_id }) => cell_id);
  const byNamedPattern = (path: string) => ids.filter((id) => id === namedAt(path).cell_id);
  const decided =
    cellsAt(seen, byPattern) ??
    nonEmpty(hints.flatMap((hint) => cellsNamedIn(hint, ids))) ??
    cellsAt(seen, byNamedPattern) ??
    cellsAt(seen, (path) => cellsNamedIn(path, ids)) ??
    [];
  const inOrder = [
    ...seen.filter(({ isPresent }) => isPresent),
    ...seen.filter(({ isPresent }) => !isPresent),
  ];
  const condition = inOrder
    .map(({ path }) => conditions.find(({ file_pattern }) => globMatches(file_pattern, path)))
    .find((found) => found !== undefined);
  return {
    cell_id: decided.length === 1 ? decided[0]! : null,
    ambiguous: decided.length > 1 ? decided : [],
    condition,
    named: Object.assign({}, ...inOrder.toReversed().map(({ path }) => namedAt(path))) as Record<
      string,
      string
    >,
  };
}

const nonEmpty = (cells: readonly string[]): string[] | undefined =>
  cells.length === 0 ? undefined : [...new Set(cells)];

/** The cells that paths say: all that are there together, else the newest of those that are gone. */
function cellsAt(seen: readonly SeenAt[], cellsOf: (path: string) => string[]): string[] | undefined {
  const present = nonEmpty(seen.filter(({ isPresent }) => isPresent).flatMap(({ path }) => cellsOf(path)));
  if (present !== undefined) return present;
  const gone = seen.filter(({ isPresent }) => !isPresent).map(({ path }) => cellsOf(path));
  return nonEmpty(gone.find((cells) => cells.length > 0) ?? []);
}

/** A file whose data are stored, every path its content was seen at, and what it says of its cell itself. */
interface FileFacts {
  file_id: number;
  seen: SeenAt[];
  hints: string[];
}

/**
 * The files that tests, spectra and vendor cycles belong to. Their paths are also those of files that went on with one of
 * their tests, and those of the same bytes elsewhere.
 */
async function storedFiles(connection: DuckDBConnection): Promise<FileFacts[]> {
  const paths = await select<{ owner: number; path: string; root: string; is_present: boolean }>(
    connection,
    `WITH gave AS (
       SELECT file_id AS owner, file_id FROM files WHERE status IN ('ingested', 'appended', 'superseded')
       UNION SELECT t.file_id, f.file_id FROM tests t JOIN test_files f USING (test_id)
     ), alike AS (
       SELECT owner, file_id FROM gave
       UNION SELECT g.owner, copy.file_id FROM gave g JOIN files f USING (file_id) JOIN files copy
         ON copy.sha256 = f.sha256 AND copy.status = 'duplicate'
     )
     SELECT owner, path, root, vanished_at IS NULL AS is_present FROM alike JOIN files USING (file_id)
     ORDER BY owner, alike.file_id DESC`,
  );
  const hints = await select<{ file_id: number; hint: string }>(
    connection,
    `SELECT DISTINCT file_id, cell_hint AS hint FROM (
       SELECT file_id, cell_hint FROM tests UNION ALL SELECT file_id, cell_hint FROM spectra
     ) WHERE cell_hint IS NOT NULL ORDER BY file_id, hint`,
  );
  const files = new Map<number, FileFacts>();
  for (const { owner, path, root, is_present } of paths) {
    const known = files.get(owner) ?? { file_id: owner, seen: [], hints: [] };
    files.set(owner, known);
    known.seen.push({ path: relativePath(path, root), isPresent: is_present });
  }
  for (const { file_id, hint } of hints) files.get(file_id)?.hints.push(hint);
  return [...files.values()];
}

/** What the metadata say about files by their path alone, before anything of them is stored. */
export type CellFinder = (path: string, root: string, hints: readonly string[]) => string | null;

/** Finds cells by the metadata as they are stored now. */
export async function cellFinder(connection: DuckDBConnection, settings: Settings): Promise<CellFinder> {
  const cells = await select<Cell>(connection, 'SELECT * FROM cells');
  return (path, root, hints) =>
    assignFile([{ path: relativePath(path, root), isPresent: true }], hints, cells, [], settings).cell_id;
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
  const files = await storedFiles(connection);
  await run(
    connection,
    `CREATE OR REPLACE TEMP TABLE assignments (file_id INTEGER, cell_id VARCHAR, temperature_celsius DOUBLE, temperature_source VARCHAR, state_of_charge DOUBLE, pressure_mpa DOUBLE, branch VARCHAR)`,
  );
  const appender = await connection.createAppender('assignments');
  const ambiguous: { file_id: number; message: string }[] = [];
  for (const file of files) {
    const found = assignFile(file.seen, file.hints, cells, conditions, settings);
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
        message: `${file.seen.map(({ path }) => path).join(' and ')} names ${found.ambiguous.join(' and ')}: no cell is taken; give one of them a file_pattern in cells.csv`,
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

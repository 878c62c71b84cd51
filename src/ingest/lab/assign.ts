import type { DuckDBConnection } from '@duckdb/node-api';
import { findingMessages as say } from '../../messages/findings.js';
import { insertRows, run, select } from '../../store/connection.js';
import { globMatches } from '../../store/path-patterns.js';
import { type Finding, findingRow } from '../findings.js';
import type { LabFolders } from './labs.js';
import type { Cell, Condition } from './schemas.js';
import { type FileFacts, type SeenAt, seenAt, storedFiles } from './seen.js';

export interface Assignment {
  cell_id: string | null;
  /** Cells that match equally well; none of them is used. */
  ambiguous: string[];
  condition: Condition | undefined;
  /** From a pattern over file names. */
  named: Record<string, string>;
}

const endsInWord = /[\p{L}\p{N}]$/u;
const beginsWithWord = /^[\p{L}\p{N}]/u;

/** Whether an id stands in a text with no letter or digit before or behind it. */
function standsAlone(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1)) {
    if (!endsInWord.test(text.slice(0, at)) && !beginsWithWord.test(text.slice(at + id.length))) return true;
  }
  return false;
}

/** Cell ids that occur in a text as whole tokens; an id inside a longer one does not count. */
export function cellsNamedIn(text: string, cellIds: readonly string[]): string[] {
  const found = cellIds.filter((id) => id !== '' && standsAlone(text, id));
  return found.filter((id) => !found.some((other) => other.length > id.length && other.includes(id)));
}

/** The id of a cell and those it had before. */
const idsOf = ({ cell_id, former_ids }: Cell): string[] => [
  ...(former_ids?.split(/\s+/).filter((id) => id !== '') ?? []),
  cell_id,
];

/** Rows of the metadata tables that apply together, and each cell by the ids it has or had. */
interface Tables {
  cells: readonly Cell[];
  conditions: readonly Condition[];
  owners: ReadonlyMap<string, string>;
}

const tablesOf = (cells: readonly Cell[], conditions: readonly Condition[]): Tables => ({
  cells,
  conditions,
  owners: new Map(cells.flatMap((cell) => idsOf(cell).map((id) => [id, cell.cell_id] as const))),
});

/**
 * Which cell a file belongs to: by an explicit pattern, else by its preamble, else by its name or folder. The same
 * bytes may have been seen at several paths: all of them count, but a path where the file is gone counts only if no
 * other path gives a cell.
 *
 * @param seen the newest path first
 */
export function assignFile(
  seen: readonly SeenAt[],
  hints: readonly string[],
  { cells, conditions, owners }: Tables,
): Assignment {
  const named = (text: string) => cellsNamedIn(text, [...owners.keys()]).map((id) => owners.get(id)!);
  const matches = (glob: string | null, { names }: SeenAt) =>
    glob !== null && names.some((name) => globMatches(glob, name));
  const byPattern = (at: SeenAt) =>
    cells.filter(({ file_pattern }) => matches(file_pattern, at)).map(({ cell_id }) => cell_id);
  const decided =
    cellsAt(seen, byPattern) ??
    nonEmpty(hints.flatMap(named)) ??
    cellsAt(seen, ({ named: { cell_id } }) => (cell_id === undefined ? [] : (owners.get(cell_id) ?? []))) ??
    cellsAt(seen, ({ names }) => named(names[0] ?? '')) ??
    [];
  const inOrder = [
    ...seen.filter(({ isPresent }) => isPresent),
    ...seen.filter(({ isPresent }) => !isPresent),
  ];
  const condition = inOrder
    .map((at) => conditions.find(({ file_pattern }) => matches(file_pattern, at)))
    .find((found) => found !== undefined);
  return {
    cell_id: decided.length === 1 ? decided[0]! : null,
    ambiguous: decided.length > 1 ? decided : [],
    condition,
    named: Object.assign({}, ...inOrder.toReversed().map(({ named }) => named)) as Record<string, string>,
  };
}

const nonEmpty = (cells: readonly string[]): string[] | undefined =>
  cells.length === 0 ? undefined : [...new Set(cells)];

/** The cells that paths give: from all existing paths together, else from the newest of those that are gone. */
function cellsAt(seen: readonly SeenAt[], cellsOf: (at: SeenAt) => string | string[]): string[] | undefined {
  const present = nonEmpty(seen.filter(({ isPresent }) => isPresent).flatMap(cellsOf));
  if (present !== undefined) return present;
  const gone = seen.filter(({ isPresent }) => !isPresent).map((at) => [cellsOf(at)].flat());
  return nonEmpty(gone.find((cells) => cells.length > 0) ?? []);
}

/** Metadata by the folder that states them; under null all of them, for files without a metadata folder above. */
type TablesByFolder = Map<string | null, Tables>;

async function readTables(connection: DuckDBConnection): Promise<TablesByFolder> {
  const cells = await select<Cell>(connection, 'SELECT * FROM cells');
  const conditions = await select<Condition>(connection, 'SELECT * FROM conditions');
  const tables: TablesByFolder = new Map([[null, tablesOf(cells, conditions)]]);
  const folders = new Set([...cells, ...conditions].map(({ lab_folder }) => lab_folder ?? null));
  for (const folder of folders) {
    if (folder === null) continue;
    const isOwn = ({ lab_folder }: { lab_folder?: string | null }) => lab_folder === folder;
    tables.set(folder, tablesOf(cells.filter(isOwn), conditions.filter(isOwn)));
  }
  return tables;
}

/** The nearest metadata folder with an answer decides; cell and conditions may come from different folders. */
function assignByFolders({ seen, hints }: Omit<FileFacts, 'file_id'>, tables: TablesByFolder): Assignment {
  const folders = [...new Set(seen.flatMap(({ labs }) => labs.flatMap(({ folder }) => folder ?? [])))];
  const answers = (folders.length === 0 ? [null] : folders).map((folder) => {
    const own = seen.filter(({ labs }) => folder === null || labs.some((lab) => lab.folder === folder));
    return assignFile(own, hints, tables.get(folder) ?? tablesOf([], []));
  });
  const decided = answers.find(({ cell_id, ambiguous }) => cell_id !== null || ambiguous.length > 0);
  return {
    cell_id: decided?.cell_id ?? null,
    ambiguous: decided?.ambiguous ?? [],
    condition: answers.find(({ condition }) => condition !== undefined)?.condition,
    named: Object.assign({}, ...answers.map(({ named }) => named)) as Record<string, string>,
  };
}

/** What the metadata say about files by their path alone, before they are stored. */
export type CellFinder = (path: string, root: string, hints: readonly string[]) => string | null;

/** Finds cells by the metadata as they are stored now. */
export async function cellFinder(connection: DuckDBConnection, labs: LabFolders): Promise<CellFinder> {
  const tables = await readTables(connection);
  return (path, root, hints) =>
    assignByFolders({ seen: seenAt([{ path, root, isPresent: true }], labs), hints: [...hints] }, tables)
      .cell_id;
}

const numberOrNull = (text: string | undefined): number | null =>
  text === undefined || !Number.isFinite(Number(text)) ? null : Number(text);

/**
 * Gives every test, spectrum and vendor cycle its cell and conditions, from the present metadata, so that a corrected
 * cells.csv takes effect without reading the exports again. The transaction is that of the caller.
 */
export async function assignAll(connection: DuckDBConnection, labs: LabFolders): Promise<void> {
  const tables = await readTables(connection);
  const files = await storedFiles(connection, labs);
  await run(
    connection,
    `CREATE OR REPLACE TEMP TABLE assignments (file_id INTEGER, cell_id VARCHAR, temperature_celsius DOUBLE,
       temperature_source VARCHAR, state_of_charge DOUBLE, pressure_mpa DOUBLE, branch VARCHAR)`,
  );
  const appender = await connection.createAppender('assignments');
  const ambiguous: (Finding & { file_id: number })[] = [];
  for (const file of files) {
    const found = assignByFolders(file, tables);
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
        ...say('CELL_AMBIGUOUS', {
          seen: file.seen.map(({ names }) => names[0] ?? ''),
          cells: found.ambiguous,
        }),
      });
    }
  }
  appender.closeSync();
  await run(
    connection,
    `UPDATE tests SET cell_id = a.cell_id, temperature_celsius = a.temperature_celsius, pressure_mpa = a.pressure_mpa
     FROM assignments a WHERE tests.file_id = a.file_id`,
  );
  await run(
    connection,
    `UPDATE vendor_cycles SET cell_id = a.cell_id FROM assignments a WHERE vendor_cycles.file_id = a.file_id`,
  );
  await run(
    connection,
    `UPDATE spectra SET cell_id = a.cell_id, state_of_charge = a.state_of_charge, pressure_mpa = a.pressure_mpa,
       branch = a.branch,
       temperature_celsius = CASE WHEN spectra.temperature_source = 'file' THEN spectra.temperature_celsius
         ELSE a.temperature_celsius END,
       temperature_source = CASE WHEN spectra.temperature_source = 'file' THEN 'file'
         WHEN a.temperature_celsius IS NOT NULL THEN a.temperature_source END
     FROM assignments a WHERE spectra.file_id = a.file_id`,
  );
  await run(connection, `DELETE FROM findings WHERE code = 'CELL_AMBIGUOUS'`);
  await insertRows(
    connection,
    'findings',
    ambiguous.map(({ file_id, ...finding }) => findingRow(file_id, finding)),
  );
  await run(connection, 'DROP TABLE assignments');
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../../store/connection.js';
import { forwardSlashes, relativePath } from '../../store/path-patterns.js';
import { readHead } from '../bytes/scan.js';
import { decodeText, detectEncoding } from '../bytes/text.js';
import { cellsNamedIn } from './assign.js';
import { type GuessedGeometry, guessedGeometry, guessedId, guessedTemperature } from './name-guesses.js';

/** A line of cells.csv that files without a cell need. */
export interface DraftCell extends GuessedGeometry {
  cell_id: string;
  /** Null where the id is in the names of the files. */
  file_pattern: string | null;
  /** Where the id comes from: the file itself, or its name. */
  source: 'file' | 'name';
  files: string[];
}

/** A line of conditions.csv that spectra without a temperature need. */
export interface DraftCondition {
  file_pattern: string;
  temperature_celsius: number | null;
}

/** What a person has to complete. */
export interface Draft {
  cells: DraftCell[];
  conditions: DraftCondition[];
  /** Files for which not even an id can be guessed. */
  unnamed: string[];
}

interface UnassignedFile {
  path: string;
  root: string;
  hint: string | null;
}

/** The head of a file as text; empty where it cannot be read. */
async function headText(path: string): Promise<string> {
  try {
    const { head } = await readHead(path, 16_384);
    return decodeText(head, detectEncoding(head));
  } catch {
    return '';
  }
}

const isId = (hint: string | null): hint is string =>
  hint !== null && /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,40}$/u.test(hint);

/**
 * Drafts the lines that the stored files below a folder need, from preambles, names and folders.
 *
 * @param folder files outside of it are left out
 */
export async function draftMetadata(connection: DuckDBConnection, folder: string): Promise<Draft> {
  const below = `${forwardSlashes(folder).replace(/\/$/, '')}/`;
  const unassigned = await select<UnassignedFile>(
    connection,
    `SELECT path, any_value(root) AS root, any_value(cell_hint) AS hint FROM (
       SELECT file_id, cell_hint FROM tests WHERE cell_id IS NULL
       UNION ALL SELECT file_id, cell_hint FROM spectra WHERE cell_id IS NULL
     ) JOIN files USING (file_id) WHERE starts_with(path, $1) GROUP BY path ORDER BY path`,
    [below],
  );
  const draft: Draft = { cells: [], conditions: [], unnamed: [] };
  const cells = new Map<string, DraftCell>();
  for (const { path, root, hint } of unassigned) {
    const name = relativePath(path, root);
    const id = isId(hint) ? hint : guessedId(name);
    if (id === undefined) {
      draft.unnamed.push(path);
      continue;
    }
    const known = cells.get(id) ?? {
      cell_id: id,
      file_pattern: null,
      source: isId(hint) ? ('file' as const) : ('name' as const),
      files: [],
    };
    const stated = guessedGeometry(`${name.replaceAll('_', ' ')}\n${await headText(path)}`);
    // A later file of the cell adds what earlier ones did not state.
    cells.set(id, { ...stated, ...known, files: [...known.files, path] });
    if (!isId(hint) && cellsNamedIn(name, [id]).length === 0) cells.get(id)!.file_pattern = `**/*${id}*`;
  }
  draft.cells = [...cells.values()].sort((a, b) => (a.cell_id < b.cell_id ? -1 : 1));
  const cold = await select<{ path: string; root: string }>(
    connection,
    `SELECT DISTINCT path, root FROM spectra JOIN files USING (file_id)
     WHERE temperature_celsius IS NULL AND starts_with(path, $1) ORDER BY path`,
    [below],
  );
  draft.conditions = cold.map(({ path, root }) => {
    const name = relativePath(path, root);
    return {
      file_pattern: name.replace(/[*?[\](){}!+@,;"|#\\]/g, '?'),
      temperature_celsius: guessedTemperature(name) ?? null,
    };
  });
  return draft;
}

const csvField = (value: string | number | null | undefined): string =>
  value === null || value === undefined
    ? ''
    : /[",\n]/.test(String(value))
      ? `"${String(value).replaceAll('"', '""')}"`
      : String(value);

const geometryColumns = ['thickness_um', 'diameter_mm', 'electrode_area_cm2', 'active_mass_mg'] as const;

/** The draft as lines of the two tables, with comments about the source of each. */
export function draftText({ cells, conditions, unnamed }: Draft): string {
  const parts: string[] = [];
  if (cells.length > 0) {
    const columns = geometryColumns.filter((name) => cells.some((cell) => cell[name] !== undefined));
    parts.push(
      '# cells.csv: drafted from names and preambles; complete and correct each line',
      ['cell_id', 'material_id', 'cell_type', 'file_pattern', ...columns].join(','),
      ...cells.flatMap((cell) => [
        `# ${cell.source === 'file' ? 'its files say so' : 'from the name'}: ${cell.files.slice(0, 3).join(', ')}${cell.files.length > 3 ? ` and ${cell.files.length - 3} more` : ''}`,
        [cell.cell_id, '', '', cell.file_pattern, ...columns.map((name) => cell[name])]
          .map(csvField)
          .join(','),
      ]),
    );
  }
  if (conditions.length > 0) {
    parts.push(
      ...(parts.length > 0 ? [''] : []),
      '# conditions.csv: temperatures as the names say them; an empty one has to be filled in',
      'file_pattern,temperature_celsius,state_of_charge,pressure_mpa,branch',
      ...conditions.map(({ file_pattern, temperature_celsius }) =>
        [file_pattern, temperature_celsius, '', '', ''].map(csvField).join(','),
      ),
    );
  }
  for (const path of unnamed)
    parts.push(`# no id can be derived from ${path}: name it, or use \`cellar assign CELL FILE\``);
  return parts.length === 0 ? '' : `${parts.map((line) => line.replaceAll(/[\r\n]+/g, ' ')).join('\n')}\n`;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import {
  contradicts,
  type ImplausibleValue,
  implausibleCell,
  implausibleMaterial,
  type LabBounds,
  looksLikeKelvin,
  temperaturesNamedIn,
} from '../../analysis/plausibility/index.js';
import { findingMessages as say } from '../../messages/findings.js';
import type { Message } from '../../messages/message.js';
import { insertRows, run, select } from '../../store/connection.js';
import { globMatches, relativePath } from '../../store/path-patterns.js';
import { storedValues } from '../findings.js';
import { overlappingTests } from './overlapping-tests.js';
import { sameRecords } from './same-records.js';
import type { Cell, Condition, Material } from './schemas.js';

/** An implausible entry with the line's id: `cells.csv, P1`. */
export interface ImplausibleEntry extends ImplausibleValue {
  table: 'cells.csv' | 'materials.csv';
  id: string;
}

/** Every entry of the tables outside its plausible bounds, with a mark on those that are confirmed. */
export function implausibleEntries(
  { cells, materials }: { cells?: readonly Cell[] | undefined; materials?: readonly Material[] | undefined },
  own: LabBounds = {},
): ImplausibleEntry[] {
  return [
    ...(cells ?? []).flatMap((cell) =>
      implausibleCell(cell, own).map((one) => ({ ...one, table: 'cells.csv' as const, id: cell.cell_id })),
    ),
    ...(materials ?? []).flatMap((material) =>
      implausibleMaterial(material, own).map((one) => ({
        ...one,
        table: 'materials.csv' as const,
        id: material.material_id,
      })),
    ),
  ];
}

/** An implausible entry in words. */
export const entryText = ({ table, id, quantity, message }: ImplausibleEntry): string =>
  `${table}, ${id}: ${message}; correct it, or write ${quantity} into its column confirmed`;

interface MeasuredFile {
  file_id: number;
  cell_id: string | null;
  path: string;
  root: string;
  is_spectrum: boolean;
  /** Temperature in the file of the spectrum itself, °C. */
  own_celsius: number | null;
  celsius: number | null;
  confirmed: string | null;
}

const codeList = `'IMPLAUSIBLE', 'TEMPERATURE_CONFLICT', 'TEMPERATURE_LOOKS_KELVIN', 'SAME_RECORDS', 'TESTS_OVERLAP'`;

/**
 * Stores findings about what is implausible in the stored metadata; findings about earlier metadata are removed. A
 * confirmed entry gives none. The transaction is that of the caller.
 */
export async function findImplausible(connection: DuckDBConnection, own: LabBounds): Promise<void> {
  const cells = await select<Cell>(connection, 'SELECT * FROM cells ORDER BY cell_id');
  const materials = await select<Material>(connection, 'SELECT * FROM materials ORDER BY material_id');
  const conditions = await select<Condition>(connection, 'SELECT * FROM conditions');
  const files = await select<MeasuredFile>(
    connection,
    `SELECT DISTINCT file_id, m.cell_id, path, root, is_spectrum, own_celsius, celsius, c.confirmed
     FROM (
       SELECT file_id, cell_id, TRUE AS is_spectrum, temperature_celsius AS celsius,
         CASE WHEN temperature_source = 'file' THEN temperature_celsius END AS own_celsius
       FROM spectra
       UNION ALL SELECT file_id, cell_id, FALSE, temperature_celsius, NULL FROM tests
     ) m JOIN files USING (file_id) LEFT JOIN cells c ON c.cell_id = m.cell_id
     ORDER BY file_id, m.cell_id, own_celsius`,
  );
  const fileOf = (cell_id: string) => files.find((file) => file.cell_id === cell_id)?.file_id ?? null;
  const entries = implausibleEntries({ cells, materials }, own)
    .filter(({ isConfirmed }) => !isConfirmed)
    .map(
      (entry): Finding => ({
        file_id: entry.table === 'cells.csv' ? fileOf(entry.id) : null,
        code: 'IMPLAUSIBLE',
        message: entryText(entry),
      }),
    );
  const unconfirmed = files.filter(
    ({ confirmed }) => !(confirmed ?? '').split(/[\s,;]+/).includes('temperature_celsius'),
  );
  const copies = await sameRecords(connection);
  const copied = new Set(copies.map(({ test_id }) => test_id));
  const overlapping = (await overlappingTests(connection)).filter(({ test_id }) => !copied.has(test_id));
  const found = [
    ...entries,
    ...kelvin(unconfirmed),
    ...conflicts(unconfirmed, conditions),
    ...copies,
    ...overlapping,
  ];
  await run(connection, `DELETE FROM findings WHERE code IN (${codeList})`);
  await insertRows(
    connection,
    'findings',
    found.map(({ file_id, test_id = null, code, message, ...said }) => ({
      file_id,
      test_id,
      code,
      message,
      message_values: storedValues(said),
      severity: 'warning',
      repaired: false,
    })),
  );
}

/** What is implausible about the stored metadata, in words. */
export async function implausibleInWords(connection: DuckDBConnection): Promise<string[]> {
  const rows = await select<Finding>(
    connection,
    `SELECT code, message FROM findings WHERE code IN (${codeList}) ORDER BY code, message`,
  );
  return rows.map(({ code, message }) => `${code}: ${message}`);
}

interface Finding extends Message {
  file_id: number | null;
  test_id?: number | null;
}

/** Cells whose temperatures, or some of them, lie in the range of kelvin. */
function kelvin(files: readonly MeasuredFile[]): Finding[] {
  const ids = [...new Set(files.flatMap(({ cell_id }) => cell_id ?? []))];
  return ids.flatMap((id): Finding[] => {
    const own = files.filter(({ cell_id, celsius }) => cell_id === id && celsius !== null);
    const celsius = own.map((file) => file.celsius as number);
    if (!looksLikeKelvin(celsius)) return [];
    const [low, high] = [Math.min(...celsius), Math.max(...celsius)];
    const range = low === high ? say('DEGREES', { low }) : say('DEGREES/range', { low, high });
    const message = say('TEMPERATURE_LOOKS_KELVIN', { cell: id, range });
    return [{ ...message, file_id: own[0]?.file_id ?? null }];
  });
}

/** Files whose name or content gives another temperature than conditions.csv. */
function conflicts(files: readonly MeasuredFile[], conditions: readonly Condition[]): Finding[] {
  return files.flatMap(({ file_id, path, root, is_spectrum, own_celsius }): Finding[] => {
    const relative = relativePath(path, root);
    const condition = conditions.find(({ file_pattern }) => globMatches(file_pattern, relative));
    const stated = condition?.temperature_celsius ?? null;
    if (stated === null || !is_spectrum) return [];
    const name = relative.split(/[\\/]/).at(-1) ?? relative;
    const saidBy = (by: 'name' | 'file', said: readonly number[]): Finding[] => {
      if (!contradicts(stated, said)) return [];
      return [{ ...say(`TEMPERATURE_CONFLICT/${by}`, { stated, said: said[0] as number }), file_id }];
    };
    return [
      ...saidBy('name', temperaturesNamedIn(name)),
      ...saidBy('file', own_celsius === null ? [] : [own_celsius]),
    ];
  });
}

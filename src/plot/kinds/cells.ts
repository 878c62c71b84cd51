import type { DuckDBConnection } from '@duckdb/node-api';
import { MOST_IN_KEY, scaleTone, toneOf } from '../../report/figures/chart.js';
import { select } from '../../store/connection.js';
import { among, type Per } from './kind.js';

/** What figures need to know about a cell. */
export interface PlotCell {
  cell_id: string;
  material_id: string | null;
  batch: string | null;
  active_mass_mg: number | null;
  electrode_area_cm2: number | null;
  excluded_reason: string | null;
}

/**
 * The cells with these ids, in the order in which they were named; a cell that is not in cells.csv has only its id.
 */
export async function plotCells(connection: DuckDBConnection, ids: readonly string[]): Promise<PlotCell[]> {
  const rows = await select<PlotCell>(
    connection,
    `SELECT cell_id, material_id, batch, active_mass_mg, electrode_area_cm2, excluded_reason
     FROM cells WHERE cell_id ${among(ids)}`,
  );
  const none = {
    material_id: null,
    batch: null,
    active_mass_mg: null,
    electrode_area_cm2: null,
    excluded_reason: null,
  };
  return ids.map((cell_id) => rows.find((row) => row.cell_id === cell_id) ?? { cell_id, ...none });
}

/** The basis of capacities: the requested one, else mass if every cell has one. */
export function perOf(asked: Per | undefined, cells: readonly PlotCell[]): Per {
  return (
    asked ?? (cells.length > 0 && cells.every(({ active_mass_mg }) => active_mass_mg !== null) ? 'g' : 'cell')
  );
}

/** Which group of the legend a cell belongs to. */
export function groupOf(
  { cell_id, batch, material_id }: PlotCell,
  by: 'cell' | 'batch' | 'material',
): string {
  if (by === 'batch') return batch ?? 'no batch';
  return by === 'material' ? (material_id ?? 'no material') : cell_id;
}

/** A tone for each of the names, in their order. */
export function tonesOf(names: readonly string[]): Map<string, string> {
  const distinct = [...new Set(names)];
  const isScale = distinct.length > MOST_IN_KEY;
  return new Map(
    distinct.map((name, i) => [name, isScale ? scaleTone(i, distinct.length) : toneOf(i)] as const),
  );
}

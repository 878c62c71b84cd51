import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellDescription } from '../analysis/impedance/index.js';
import { discArea } from '../analysis/impedance/index.js';
import type { AnalysisWarning } from '../analysis/result.js';
import { impedanceMessages as say } from '../messages/impedance.js';
import { select } from '../store/connection.js';
import type { CellRecord } from './cell-record.js';
import { areaComponent, thicknessComponent } from './uncertainty.js';

export type { CellRecord } from './cell-record.js';

/** Every cell the laboratory declared, by id. */
export function readCells(connection: DuckDBConnection): Promise<CellRecord[]> {
  return select<CellRecord>(
    connection,
    `WITH excluded AS (
       SELECT cell_id, arg_max(reason, decided_at) AS reason FROM exclusions WHERE undone_at IS NULL GROUP BY cell_id
     )
     SELECT c.* EXCLUDE (lab_folder), m.category, coalesce(e.reason, c.excluded_reason) AS exclusion
     FROM cells c
     LEFT JOIN materials m USING (material_id)
     LEFT JOIN excluded e USING (cell_id)
     ORDER BY c.cell_id`,
  );
}

const UM_PER_CM = 1e4;
const MM_PER_CM = 10;
const LARGEST_AREA_DISAGREEMENT = 0.01;

/** Area of the electrode contact (cm²) and its relative standard uncertainty; null where it is not stated. */
export function contactArea(cell: CellRecord): { area_cm2: number | null; relative_uncertainty: number } {
  const ofDiameter = cell.diameter_mm === null ? null : discArea(cell.diameter_mm / MM_PER_CM);
  return {
    area_cm2: cell.electrode_area_cm2 ?? ofDiameter,
    relative_uncertainty: areaComponent(cell).standard_uncertainty,
  };
}

/** `R1=electrolyte R2=interface` as a record. */
export function statedRoles(text: string | null): Record<string, 'electrolyte' | 'interface'> | undefined {
  if (text === null) return undefined;
  return Object.fromEntries(text.split(/[\s;]+/).map((part) => part.split('=')));
}

/** How a cell was built, as the analysis of spectra needs it. */
export function describeCell(cell: CellRecord): CellDescription {
  const { area_cm2, relative_uncertainty } = contactArea(cell);
  return {
    cell_type: cell.cell_type,
    thickness_cm: cell.thickness_um === null ? null : cell.thickness_um / UM_PER_CM,
    thickness_relative_uncertainty: thicknessComponent(cell).standard_uncertainty,
    area_cm2,
    area_relative_uncertainty: relative_uncertainty,
    interface_count: cell.interface_count,
    electrodes: cell.electrodes,
    arc_roles: statedRoles(cell.arc_roles),
    tail_is_diffusion: cell.low_frequency_tail === 'diffusion',
    accept_open: cell.accept_open ?? false,
  };
}

/** What is doubtful about the stated geometry. */
export function geometryWarnings(cell: CellRecord): AnalysisWarning[] {
  const { electrode_area_cm2: area, diameter_mm: diameter } = cell;
  if (area === null || diameter === null) return [];
  const ofDiameter = discArea(diameter / MM_PER_CM);
  if (Math.abs(ofDiameter / area - 1) <= LARGEST_AREA_DISAGREEMENT) return [];
  const values = { cell: cell.cell_id, area, of_diameter: ofDiameter.toPrecision(4) };
  return [say('GEOMETRY_CONFLICT', values)];
}

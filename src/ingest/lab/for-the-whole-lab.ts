import { z } from 'zod';
import { boundedQuantities } from '../../analysis/plausibility/index.js';

/**
 * What `cellar.toml` states for the whole laboratory; it applies wherever a line of the tables leaves the column
 * empty.
 */

const share = z.number().min(0).max(1);
const positive = z.number().positive();

const ofCells = {
  temperature_half_width_kelvin: z.number().min(0),
  temperature_at_sample: z.boolean(),
  current_accuracy_relative: share,
  current_accuracy_of: z.enum(['reading', 'range']),
  current_range_ma: positive,
  charge_ratio_half_width: share,
  capacity_wander_relative: share,
  electrode_area_relative_uncertainty: share,
  thickness_relative_uncertainty: share,
  diameter_relative_uncertainty: share,
  active_mass_relative_uncertainty: share,
  cell_mass_relative_uncertainty: share,
  cell_volume_relative_uncertainty: share,
};

const ofMaterials = {
  cost_relative_uncertainty: share,
  reference_cost_relative_uncertainty: share,
  areal_mass_relative_uncertainty: share,
  reference_areal_mass_relative_uncertainty: share,
};

/** `[uncertainty]` of `cellar.toml`; each key is a column of cells.csv or materials.csv. */
export const uncertaintySection = z
  .strictObject({ ...ofCells, ...ofMaterials, confirmed: z.string() })
  .partial();

/** `[plausible]` of `cellar.toml`: bounds of quantities of the table of plausible bounds. */
export const plausibleSection = z.partialRecord(
  z.enum(boundedQuantities as [string, ...string[]], {
    message: `is not a quantity that has plausible bounds; those are ${boundedQuantities.join(', ')}`,
  }),
  z
    .tuple([z.number(), z.number()])
    .refine(([lower, upper]) => lower < upper, { message: 'must be [lower, upper], the lower one first' }),
);

export type LabUncertainty = z.output<typeof uncertaintySection>;

/** A row of cells.csv or materials.csv. */
interface TableRow {
  confirmed: string | null;
}

function filled<Row extends TableRow>(
  rows: Row[] | undefined,
  columns: object,
  stated: LabUncertainty,
): Row[] | undefined {
  const known = Object.entries(stated).filter(([name]) => name in columns);
  const { confirmed } = stated;
  if (known.length === 0 && confirmed === undefined) return rows;
  return rows?.map((row) => ({
    ...row,
    ...Object.fromEntries(known.filter(([name]) => row[name as keyof Row] === null)),
    ...(confirmed === undefined ? {} : { confirmed: [row.confirmed ?? '', confirmed].join(' ').trim() }),
  }));
}

/** The tables with what the laboratory states for all of them. */
export function withLabUncertainty<
  Tables extends { cells?: TableRow[] | undefined; materials?: TableRow[] | undefined },
>(tables: Tables, stated: LabUncertainty): Tables {
  return {
    ...tables,
    cells: filled(tables.cells, ofCells, stated),
    materials: filled(tables.materials, ofMaterials, stated),
  };
}

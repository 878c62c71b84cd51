import { z } from 'zod';
import { scaled, type UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import type { CellRecord } from '../../fits/cells.js';
import type { CellLife } from '../../fits/lives.js';
import type { Message } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { aroundCycles } from './cycling.js';
import {
  type CellMeasurement,
  type CellMetric,
  cellConditions,
  defineCellMetric,
  measured,
  unmeasured,
} from './definition.js';

const settingsOfAll = z.strictObject(cellConditions);

/** A cell that was cycled, and the conditions of the target. */
export interface CycledCell<Settings> {
  lab: LabData;
  cell: CellRecord;
  life: CellLife;
  settings: Settings;
}

/** The value of a cell, and anything else that is known about it. */
export type CycleEstimate = Partial<CellMeasurement> &
  Pick<CellMeasurement, 'components'> & { value: number };

/** A metric that is taken from some cycles of a cell's life. */
export interface CycleMetric<Settings extends z.ZodObject>
  extends Pick<CellMetric<Settings>, 'id' | 'title' | 'formula' | 'units' | 'cellTypes' | 'rule'> {
  /** Absent: the conditions that every metric of cells has. */
  settings?: Settings;
  /** Positions of the cycles that it is taken from. */
  cycles(of: CycledCell<z.output<Settings>>): readonly number[];
  /** Why other ageing cycles are left out; absent: cycles that are left out are not listed. */
  leftOut?: Message;
  /** What is missing where there is no value. */
  missing: Message;
  method?: string;
  /** The value from these cycles; else what is missing, or null for `missing`. */
  estimate(
    of: CycledCell<z.output<Settings>> & { used: readonly number[] },
  ): CycleEstimate | { missing: Message } | null;
}

/** Makes a metric of cells from one that uses some of their cycles. */
export function defineCycleMetric<Settings extends z.ZodObject = typeof settingsOfAll>(
  metric: CycleMetric<Settings>,
): CellMetric {
  const { cycles, leftOut, missing, method = '', estimate, ...declared } = metric;
  return defineCellMetric<Settings>({
    level: 'cell',
    pooling: 'plain',
    ...declared,
    settings: metric.settings ?? (settingsOfAll as unknown as Settings),
    measure(lab, cell, settings) {
      const life = lab.fits.lives.get(cell.cell_id);
      if (life === undefined) return unmeasured(cell.cell_id, say('NO_CYCLING'));
      const of = { lab, cell, life, settings };
      const used = cycles(of);
      const around = aroundCycles(lab, cell, life, used, leftOut);
      const found = estimate({ ...of, used });
      if (found === null || !('value' in found)) {
        return unmeasured(cell.cell_id, found?.missing ?? missing, around);
      }
      const { value, components } = found;
      return measured(cell.cell_id, value, components, { ...around, n: used.length, method, ...found });
    },
  });
}

/** A value whose uncertainties are known as fractions of it; null where there is none. */
export const valueWith = (
  value: number | null | undefined,
  relative: readonly UncertaintyComponent[],
): CycleEstimate | null => (value == null ? null : { value, components: scaled(relative, value) });

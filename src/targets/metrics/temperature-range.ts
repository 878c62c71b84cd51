import { z } from 'zod';
import { median } from '../../analysis/statistics/descriptive.js';
import { DEFAULT_SHARES, exactEstimate } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { usableCapacity } from '../../fits/kinds/decay.js';
import type { CellLife } from '../../fits/lives.js';
import type { LabData } from '../lab-data.js';
import { cycleConditions, cycleSources, cyclesLabelled, directionWarning } from './cycling.js';
import { fadingCells } from './decay-rate.js';
import { cellConditions, defineCellMetric, unmeasured } from './definition.js';

const REFERENCE_CELSIUS = 25;
/** Fewer cells say too little about a whole range. */
const MINIMUM_CELLS = 3;

/** Positions of whole cycles made at a temperature. */
function cyclesAt(lab: LabData, life: CellLife, celsius: number, tolerance: number): number[] {
  return cyclesLabelled(life, ['ageing', 'checkup']).filter((i) => {
    const at = lab.tests.get(life.test_id[i] as number)?.temperature_celsius;
    return at != null && Math.abs(at - celsius) <= tolerance;
  });
}

function medianCapacity(cell: CellRecord, life: CellLife, cycles: readonly number[]): number | null {
  const values = cycles.flatMap((i) => life[usableCapacity(cell)][i] ?? []);
  return values.length === 0 ? null : median(values);
}

export const temperatureRange = defineCellMetric({
  id: 'temperature_range',
  level: 'cell',
  title: 'operation over a range of temperatures',
  formula:
    'at either end: discharge capacity over that at 25 °C, divided by the share that must be kept; the worse end counts',
  units: { '1': 1, percent: 100 },
  pooling: 'plain',
  cellTypes: fadingCells,
  settings: z.strictObject({
    ...cellConditions,
    minimum_cells: z.int().min(1).default(MINIMUM_CELLS),
    cold_temperature_celsius: z.number().default(-20),
    cold_share: z.number().positive().max(1).default(DEFAULT_SHARES.cold),
    hot_temperature_celsius: z.number().default(60),
    hot_share: z.number().positive().max(1).default(DEFAULT_SHARES.hot),
    temperature_tolerance_kelvin: z.number().positive().default(2),
  }),
  measure(lab, cell, settings) {
    const life = lab.fits.lives.get(cell.cell_id);
    if (life === undefined) return unmeasured(cell.cell_id, 'no cycling data');
    const tolerance = settings.temperature_tolerance_kelvin;
    const temperatures = [
      settings.cold_temperature_celsius,
      REFERENCE_CELSIUS,
      settings.hot_temperature_celsius,
    ];
    const cycles = temperatures.map((celsius) => cyclesAt(lab, life, celsius, tolerance));
    const [cold, reference, hot] = cycles.map((at) => medianCapacity(cell, life, at));
    const used = cycles.flat();
    const around = {
      warnings: directionWarning(life),
      conditions: { ...cycleConditions(lab, cell, life, used), temperature_celsius: null },
      sources: cycleSources(life, used),
    };
    const without = temperatures.filter((_, i) => cycles[i]?.length === 0);
    if (cold == null || reference == null || hot == null) {
      const where = without.map((celsius) => `${celsius} °C`).join(' and ');
      return unmeasured(cell.cell_id, `discharge capacity at ${where}`, around);
    }
    const shares = { cold_share: cold / reference, hot_share: hot / reference };
    const value = Math.min(shares.cold_share / settings.cold_share, shares.hot_share / settings.hot_share);
    return {
      ...unmeasured(cell.cell_id, '', around),
      ...exactEstimate(value),
      n: used.length,
      method: 'medians of the cycles at each temperature',
      supports: 'verdict',
      missing: null,
      goodness: shares,
    };
  },
});

import { z } from 'zod';
import { MEDIAN_ERROR_FACTOR, mean, median } from '../../analysis/statistics/descriptive.js';
import {
  assumedComponent,
  declaredHalfWidth,
  fromScatter,
  halfWidthOrAssumed,
  scaled,
  type UncertaintyComponent,
} from '../../analysis/uncertainty/index.js';
import { DEFAULT_SHARES } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import type { CellLife } from '../../fits/lives.js';
import { smallestCurrent } from '../../fits/making/coulombic-efficiency.js';
import { usableCapacity } from '../../fits/making/decay.js';
import {
  chargeRatioComponent,
  rangeLacking,
  ratioLacksRange,
  temperatureHalfWidth,
} from '../../fits/uncertainty.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { fractionUnits } from '../units.js';
import { cycleConditions, cycleSources, cyclesLabelled, directionWarning } from './cycling.js';
import { fadingCells } from './decay-rate.js';
import { cellConditions, defineCellMetric, measured, unmeasured } from './definition.js';

const REFERENCE_CELSIUS = 25;
/** Fewer cells tell too little about a whole range. */
const MINIMUM_CELLS = 3;

/** Positions of whole cycles made at a temperature. */
function cyclesAt(lab: LabData, life: CellLife, celsius: number, tolerance: number): number[] {
  return cyclesLabelled(life, ['ageing', 'checkup']).filter((i) => {
    const at = lab.tests.get(life.test_id[i] as number)?.temperature_celsius;
    return at != null && Math.abs(at - celsius) <= tolerance;
  });
}

const capacitiesOf = (cell: CellRecord, life: CellLife, cycles: readonly number[]): number[] =>
  cycles.flatMap((i) => life[usableCapacity(cell)][i] ?? []);

/** Scatter of the capacities at one temperature, as a fraction of them, pooled over the temperatures. */
function relativeScatter(groups: readonly (readonly number[])[]): { sd: number; dof: number } {
  const squares = groups.flatMap((values) => values.map((value) => (value / mean(values) - 1) ** 2));
  const dof = groups.reduce((sum, values) => sum + values.length - 1, 0);
  return { sd: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / dof), dof };
}

/** One end of the range: the share of the capacity at 25 °C that is left there. */
interface End {
  celsius: number;
  share: number;
  /** Capacities there and at 25 °C. */
  capacities: [readonly number[], readonly number[]];
}

/**
 * Relative uncertainties of a share: scatter of the cycles, the ratio of two charges, slow changes between the two, and
 * the temperature, by the mean slope of the capacity from 25 °C to that end.
 */
function componentsOf(
  { celsius, share, capacities }: End,
  cell: CellRecord,
  life: CellLife,
  { sd, dof }: { sd: number; dof: number },
): UncertaintyComponent[] {
  const [there, at25] = capacities;
  const se = MEDIAN_ERROR_FACTOR * sd * Math.sqrt(1 / there.length + 1 / at25.length);
  const perKelvin = Math.log(share) / (celsius - REFERENCE_CELSIUS);
  const { kelvin, assumed } = temperatureHalfWidth(cell, []);
  return [
    fromScatter('cycles', se, dof),
    chargeRatioComponent(cell, smallestCurrent(life)),
    halfWidthOrAssumed('wander', 'capacity_wander', cell.capacity_wander_relative, 2),
    assumed === null
      ? declaredHalfWidth('temperature', kelvin, perKelvin)
      : assumedComponent('temperature', assumed, perKelvin),
  ];
}

export const temperatureRange = defineCellMetric({
  id: 'temperature_range',
  level: 'cell',
  title: 'operation over a range of temperatures',
  formula:
    'at either end: discharge capacity over that at 25 °C, divided by the share that must be kept; the worse end counts',
  units: fractionUnits,
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
    if (life === undefined) return unmeasured(cell.cell_id, say('NO_CYCLING'));
    const tolerance = settings.temperature_tolerance_kelvin;
    const temperatures = [
      settings.cold_temperature_celsius,
      REFERENCE_CELSIUS,
      settings.hot_temperature_celsius,
    ];
    const cycles = temperatures.map((celsius) => cyclesAt(lab, life, celsius, tolerance));
    const groups = cycles.map((at) => capacitiesOf(cell, life, at));
    const [cold, reference, hot] = groups as [number[], number[], number[]];
    const used = cycles.flat();
    const around = {
      warnings: directionWarning(life),
      conditions: { ...cycleConditions(lab, cell, life, used), temperature_celsius: null },
      sources: cycleSources(life, used),
    };
    const without = temperatures.filter((_, i) => groups[i]?.length === 0);
    if (without.length > 0) {
      const where = without.map((celsius) => say('CELSIUS', { celsius }));
      return unmeasured(cell.cell_id, say('DISCHARGE_AT', { where }), around);
    }
    const endOf = (values: number[], celsius: number): End => ({
      celsius,
      share: median(values) / median(reference),
      capacities: [values, reference],
    });
    const ends = {
      cold: endOf(cold, settings.cold_temperature_celsius),
      hot: endOf(hot, settings.hot_temperature_celsius),
    };
    const kept = {
      cold: ends.cold.share / settings.cold_share,
      hot: ends.hot.share / settings.hot_share,
    };
    const worse = kept.cold <= kept.hot ? 'cold' : 'hot';
    const value = kept[worse];
    const components = scaled(componentsOf(ends[worse], cell, life, relativeScatter(groups)), value);
    const lacksRange = ratioLacksRange(cell);
    return {
      ...measured(cell.cell_id, value, components, around),
      n: used.length,
      method: 'medians of the cycles at each temperature',
      supports: lacksRange ? 'INCONCLUSIVE' : 'verdict',
      missing: lacksRange ? rangeLacking : null,
      goodness: { cold_share: ends.cold.share, hot_share: ends.hot.share },
    };
  },
});

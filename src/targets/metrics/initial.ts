import { z } from 'zod';
import type { AnalysisWarning } from '../../analysis/result.js';
import { MEDIAN_ERROR_FACTOR, median, standardDeviation } from '../../analysis/statistics/descriptive.js';
import {
  boundsFrom,
  fromScatter,
  scaled,
  statedOrAssumed,
  type UncertaintyComponent,
} from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import {
  type CellLife,
  OTHER_CHARGE,
  OTHER_ENERGY,
  usualCurrent,
  withOtherCharge,
  withOtherEnergy,
} from '../../fits/lives.js';
import { usableCapacity } from '../../fits/making/decay.js';
import { activeMassComponent, currentComponent, isOfRange, rangeLacking } from '../../fits/uncertainty.js';
import { cyclingMessages } from '../../messages/cycling.js';
import { coded, type Message, named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { aroundCycles, cyclesLabelled, paceOf, whenDone } from './cycling.js';
import {
  type CellMeasurement,
  cellConditions,
  defineCellMetric,
  measurementOf,
  methodOf,
  unmeasured,
} from './definition.js';

/** Number of cycles whose median is the initial value of a cell. */
const FIRST_CYCLES = 5;

/** Chambers and rooms may differ by this much from their set temperature. */
const ORDINARY_TOLERANCE_KELVIN = 5;

/** The divisors of a charge or energy: the warning where one is missing, and its uncertainty. */
const divisors = {
  active_mass_mg: { missing: 'NO_MASS', uncertainty: activeMassComponent },
  cell_mass_g: {
    missing: 'NO_CELL_MASS',
    uncertainty: (cell: CellRecord) => statedOrAssumed('cell_mass', cell.cell_mass_relative_uncertainty),
  },
  cell_volume_cm3: {
    missing: 'NO_CELL_VOLUME',
    uncertainty: (cell: CellRecord) => statedOrAssumed('cell_volume', cell.cell_volume_relative_uncertainty),
  },
} as const;

/** Dividend and divisor of an initial value. */
interface Initial {
  series: (cell: CellRecord) => 'charging_capacity_ah' | 'discharging_capacity_ah' | 'discharging_energy_wh';
  /** Mass or volume of the cell, with the factor from series per divisor to the unit of the metric. */
  divisor: keyof typeof divisors;
  factor: number;
}

const settings = z.strictObject({
  ...cellConditions,
  /** Rate of discharge that the cycles must have had, within a tenth. */
  c_rate: z.number().positive().optional(),
  temperature_celsius: z.number().optional(),
  temperature_tolerance_kelvin: z.number().positive().optional(),
});
type Settings = z.output<typeof settings>;

/** The first ageing cycles, or where the protocol limits these, the first check-ups. */
function firstCycles(life: CellLife, { c_rate }: Settings): { used: number[]; of: Message } {
  const atRate = (i: number) => {
    const rate = life.discharging_c_rate[i];
    return c_rate === undefined || (rate != null && Math.abs(rate / c_rate - 1) <= 0.1);
  };
  const ageing = cyclesLabelled(life, ['ageing']).filter(atRate);
  if (ageing.length > 0 || cyclesLabelled(life, ['capacity_limited']).length === 0) {
    return { used: ageing.slice(0, FIRST_CYCLES), of: named('ageing cycles') };
  }
  return {
    used: cyclesLabelled(life, ['checkup']).filter(atRate).slice(0, FIRST_CYCLES),
    of: named('check-ups'),
  };
}

function wrongTemperature(conditions: CellMeasurement['conditions'], settings: Settings): Message | null {
  const { temperature_celsius: wanted, temperature_tolerance_kelvin: tolerance = ORDINARY_TOLERANCE_KELVIN } =
    settings;
  if (wanted === undefined) return null;
  const at = conditions.temperature_celsius;
  if (typeof at !== 'number') return say('TEMPERATURE_UNKNOWN/asked', { wanted });
  return Math.abs(at - wanted) <= tolerance ? null : say('OTHER_TEMPERATURE', { celsius: at, wanted });
}

function measureInitial(initial: Initial, lab: LabData, cell: CellRecord, given: Settings): CellMeasurement {
  const life = lab.fits.lives.get(cell.cell_id);
  if (life === undefined) return unmeasured(cell.cell_id, say('NO_CYCLING'));
  const series = life[initial.series(cell)];
  const { used, of } = firstCycles(life, given);
  const around = aroundCycles(lab, cell, life, used, cyclingMessages('AFTER_FIRST_FIVE'));
  const values = used.flatMap((i) => series[i] ?? []);
  const divisor = cell[initial.divisor];
  const { missing: code } = divisors[initial.divisor];
  if (divisor === null) {
    const why = say('MISSING_IN_CELLS', { names: [initial.divisor] });
    const warnings: AnalysisWarning[] = [...around.warnings, coded(code, why)];
    return unmeasured(cell.cell_id, say('CANNOT_BE_EVALUATED', { why }), { ...around, warnings });
  }
  if (values.length === 0) {
    const missing =
      given.c_rate === undefined
        ? say('NO_AGEING_CYCLE')
        : say('NO_AGEING_CYCLE/rate', { rate: given.c_rate });
    return unmeasured(cell.cell_id, missing, around);
  }
  const direction = initial.series(cell) === 'charging_capacity_ah' ? 'charging' : 'discharging';
  const current = currentComponent(cell, usualCurrent(life, direction, used));
  const estimate = estimateOf(initial, cell, values, divisor, current);
  const others = otherAmount(initial, cell, life, used, (taken) =>
    estimateOf(initial, cell, taken, divisor, current),
  );
  const temperature = wrongTemperature(around.conditions, given);
  const left = FIRST_CYCLES - values.length;
  const missing =
    temperature ??
    (left > 0 ? say('MORE', { more: left, what: of, when: whenDone(paceOf(lab, life), left) }) : null);
  return {
    ...measurementOf(cell.cell_id, around),
    ...estimate,
    alternatives: others,
    ...methodOf(say('METHOD/median', { n: values.length, what: of })),
    supports: missing === null ? 'verdict' : 'INSUFFICIENT DATA',
    missing,
    ...(missing === null && current === null && isOfRange(cell)
      ? { supports: 'INCONCLUSIVE' as const, missing: rangeLacking }
      : {}),
    goodness: {
      highest: Math.max(...series.flatMap((value) => value ?? [])) * (initial.factor / divisor),
      first_values: values.map((value) => (value * initial.factor) / divisor),
    },
  };
}

/**
 * The same from the charges or energies of the source that is not reported (counter or integral), where the two
 * differ.
 */
function otherAmount(
  initial: Initial,
  cell: CellRecord,
  life: CellLife,
  used: readonly number[],
  estimate: (values: readonly number[]) => Pick<OtherChoice, 'value' | 'components'>,
): OtherChoice[] {
  const series = initial.series(cell);
  const isEnergy = series === 'discharging_energy_wh';
  // Nothing else looks at a counter that contradicts the integral: here the larger difference is asked for as well.
  const other = isEnergy
    ? withOtherEnergy(life, Number.POSITIVE_INFINITY)
    : withOtherCharge(life, Number.POSITIVE_INFINITY);
  if (other === null) return [];
  const values = used.flatMap((i) => other[series][i] ?? []);
  if (values.length === 0) return [];
  const { value, components } = estimate(values);
  return [{ choice: 'charge', alternative: isEnergy ? OTHER_ENERGY : OTHER_CHARGE, value, components }];
}

function estimateOf(
  initial: Initial,
  cell: CellRecord,
  values: readonly number[],
  divisor: number,
  current: UncertaintyComponent | null,
) {
  const scale = initial.factor / divisor;
  const value = median(values) * scale;
  const n = values.length;
  const standard_error =
    n > 1 ? (MEDIAN_ERROR_FACTOR * standardDeviation(values) * scale) / Math.sqrt(n) : null;
  const relative = [divisors[initial.divisor].uncertainty(cell), ...(current === null ? [] : [current])];
  const components = [fromScatter('cycles', standard_error ?? Number.NaN, n - 1), ...scaled(relative, value)];
  return {
    value,
    standard_error,
    components,
    ...boundsFrom(value, components),
    n,
    dof: n > 1 ? n - 1 : null,
    n_eff: n,
  };
}

export const specificCapacity = defineCellMetric({
  id: 'specific_capacity',
  level: 'cell',
  title: 'specific capacity of the active material',
  formula: 'Q/m_active: median discharge capacity of the first five ageing cycles over the active mass',
  units: { 'mAh/g': 1, 'Ah/kg': 1 },
  pooling: 'plain',
  cellTypes: ['cathode_half', 'anode_half', 'full', 'anode_free'],
  settings,
  measure: (lab, cell, given) =>
    measureInitial({ series: usableCapacity, divisor: 'active_mass_mg', factor: 1e6 }, lab, cell, given),
});

export const specificEnergy = defineCellMetric({
  id: 'specific_energy',
  level: 'cell',
  title: 'specific energy of the cell',
  formula:
    'E_dis/m_cell: median discharge energy of the first five ageing cycles over the mass of the whole cell',
  units: { 'Wh/kg': 1 },
  pooling: 'plain',
  cellTypes: ['full', 'anode_free'],
  settings,
  measure: (lab, cell, given) =>
    measureInitial(
      { series: () => 'discharging_energy_wh', divisor: 'cell_mass_g', factor: 1000 },
      lab,
      cell,
      given,
    ),
});

export const energyDensity = defineCellMetric({
  id: 'energy_density',
  level: 'cell',
  title: 'energy density of the cell',
  formula:
    'E_dis/V_cell: median discharge energy of the first five ageing cycles over the volume of the whole cell',
  units: { 'Wh/L': 1, 'kWh/m3': 1 },
  pooling: 'plain',
  cellTypes: ['full', 'anode_free'],
  settings,
  measure: (lab, cell, given) =>
    measureInitial(
      { series: () => 'discharging_energy_wh', divisor: 'cell_volume_cm3', factor: 1000 },
      lab,
      cell,
      given,
    ),
});

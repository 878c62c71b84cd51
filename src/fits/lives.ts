import type { DuckDBConnection } from '@duckdb/node-api';
import { median } from '../analysis/statistics/descriptive.js';
import { select } from '../store/connection.js';
import { countDifferences } from '../store/cycle-counts.js';
import { type PlatingHistory, readPlating } from './plating.js';

/** The cycles of a cell's whole life, one entry per cycle in each array; capacities in Ah, energies in Wh. */
export interface CellLife {
  cell_id: string;
  cycle: number[];
  test_id: number[];
  label: (string | null)[];
  charging_capacity_ah: (number | null)[];
  discharging_capacity_ah: (number | null)[];
  charging_energy_wh: (number | null)[];
  discharging_energy_wh: (number | null)[];
  coulombic_efficiency: (number | null)[];
  /** Why the charges of a cycle give no efficiency; null where they give one. */
  efficiency_objection: (string | null)[];
  /** Whether the half cycle that returns the charge ended at its voltage limit. */
  is_return_at_limit: (boolean | null)[];
  /** By how much the log interval leaves the ratio of the charges undetermined (fraction). */
  log_interval_bound: (number | null)[];
  energy_efficiency: (number | null)[];
  mean_discharging_voltage_volt: (number | null)[];
  charging_c_rate: (number | null)[];
  discharging_c_rate: (number | null)[];
  counter_deviation: (number | null)[];
  minimum_voltage_volt: (number | null)[];
  maximum_voltage_volt: (number | null)[];
  mean_temperature_celsius: (number | null)[];
  duration_second: (number | null)[];
  charging_duration_second: (number | null)[];
  discharging_duration_second: (number | null)[];
  capacity_source: (string | null)[];
  /** The same charges from the other source, Ah: integrated current instead of the counter, or the reverse. */
  charging_capacity_other_ah: (number | null)[];
  discharging_capacity_other_ah: (number | null)[];
  /**
   * The same for the energies, Wh; without a counter of energy, the counted charge at the mean voltage of the record.
   */
  charging_energy_other_wh: (number | null)[];
  discharging_energy_other_wh: (number | null)[];
  mean_discharging_voltage_other_volt: (number | null)[];
  /** Whether the file tells which way the current flows. */
  direction_known: boolean[];
  /** Both counts of cycles, where the vendor's count differs; only of the tests where it does. */
  counts?: { own: number; vendors: number };
  /** For cells that plate lithium: what the voltage of their plating steps shows. */
  plating?: PlatingHistory;
}

/** Columns of the view `cell_cycles` that are taken unchanged. */
const seriesColumns = [
  'test_id',
  'label',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'coulombic_efficiency',
  'efficiency_objection',
  'is_return_at_limit',
  'log_interval_bound',
  'energy_efficiency',
  'mean_discharging_voltage_volt',
  'charging_c_rate',
  'discharging_c_rate',
  'counter_deviation',
  'minimum_voltage_volt',
  'maximum_voltage_volt',
  'mean_temperature_celsius',
  'duration_second',
  'charging_duration_second',
  'discharging_duration_second',
  'capacity_source',
] as const;

type Direction = 'charging' | 'discharging';

/** The charge from the source that is not reported (counter or integral). */
const otherCharge = (direction: Direction) =>
  `CASE capacity_source WHEN 'counter' THEN ${direction}_capacity_integrated_ah
     WHEN 'integrated' THEN ${direction}_capacity_counter_ah END AS ${direction}_capacity_other_ah`;

/** Without a counter of energy: the counted charge at the mean voltage of the record. */
const otherEnergy = (direction: Direction) =>
  `CASE WHEN capacity_source = 'integrated' THEN ${direction}_energy_counter_wh
     WHEN ${direction}_energy_counter_wh IS NOT NULL THEN ${direction}_energy_integrated_wh
     ELSE ${direction}_energy_integrated_wh * ${direction}_capacity_counter_ah
       / nullif(${direction}_capacity_integrated_ah, 0) END AS ${direction}_energy_other_wh`;

const otherVoltage = `CASE capacity_source
     WHEN 'counter' THEN discharging_energy_integrated_wh / nullif(discharging_capacity_integrated_ah, 0)
     WHEN 'integrated' THEN discharging_energy_counter_wh / nullif(discharging_capacity_counter_ah, 0)
   END AS mean_discharging_voltage_other_volt`;

const otherColumns = [
  otherCharge('charging'),
  otherCharge('discharging'),
  otherEnergy('charging'),
  otherEnergy('discharging'),
  otherVoltage,
];

/** The lives of all cells that were cycled, by cell id. */
export async function readLives(connection: DuckDBConnection): Promise<Map<string, CellLife>> {
  const lists = [...seriesColumns, ...otherColumns].map((column) => {
    const [value, name] = column.includes(' AS ') ? column.split(' AS ') : [column, column];
    return `list(${value} ORDER BY cell_cycle) AS ${name}`;
  });
  const rows = await select<Record<string, unknown[]> & { cell_id: string }>(
    connection,
    `SELECT cell_id, list(cell_cycle::DOUBLE ORDER BY cell_cycle) AS cycle, ${lists.join(', ')},
       list(current_direction <> 'unknown' ORDER BY cell_cycle) AS direction_known
     FROM cell_cycles GROUP BY cell_id ORDER BY cell_id`,
  );
  const plating = await readPlating(connection);
  const counts = new Map<string | null, { own: number; vendors: number }>();
  for (const { cell_id, own, vendors } of await countDifferences(connection)) {
    const others = counts.get(cell_id) ?? { own: 0, vendors: 0 };
    counts.set(cell_id, { own: others.own + own, vendors: others.vendors + vendors });
  }
  return new Map(
    rows.map((row) => {
      const life = row as unknown as CellLife;
      const shown = plating.get(life.cell_id);
      const counted = counts.get(life.cell_id);
      return [
        life.cell_id,
        {
          ...life,
          ...(counted === undefined ? {} : { counts: counted }),
          ...(shown === undefined ? {} : { plating: shown }),
        },
      ];
    }),
  );
}

const SECONDS_PER_HOUR = 3600;

/**
 * The median over cycles of the mean current in one direction, A; null where no duration is known.
 *
 * @param cycles positions in the life; all of them by default
 */
export function usualCurrent(
  life: CellLife,
  direction: 'charging' | 'discharging',
  cycles: readonly number[] = life.cycle.map((_, i) => i),
): number | null {
  const currents = cycles.flatMap((i) => {
    const [charge, second] = [life[`${direction}_capacity_ah`][i], life[`${direction}_duration_second`][i]];
    return charge && second ? [(SECONDS_PER_HOUR * charge) / second] : [];
  });
  return currents.length === 0 ? null : median(currents);
}

/** Cycles whose direction of current is known; the others give no efficiency and no decay. */
export function withKnownDirection(life: CellLife): { kept: number[]; unknown: number } {
  const kept = life.cycle.map((_, i) => i).filter((i) => life.direction_known[i]);
  return { kept, unknown: life.cycle.length - kept.length };
}

/** Names of the choices that `withOtherCharge` and `withOtherEnergy` make. */
export const OTHER_CHARGE = 'the other of counter and integrated current';
export const OTHER_ENERGY = 'the other of counter and integrated power';

/** Smaller differences do not matter; larger ones are a contradiction that is reported elsewhere. */
const DOUBTFUL_CHARGE = { least: 0.002, most: 0.01 };

type Series = readonly (number | null)[];

/**
 * Whether the two sources of charge or energy differ by 0.2 to 1 % in the median cycle, in the direction where they
 * differ most.
 *
 * @param most where a larger difference is found elsewhere: beyond this it is not asked for here
 */
function isDoubtful(
  pairs: readonly (readonly [reported: Series, other: Series])[],
  most = DOUBTFUL_CHARGE.most,
): boolean {
  const deviations = pairs.map(([reported, others]) => {
    const ratios = reported.flatMap((value, i) => {
      const other = others[i];
      return value && other ? [Math.abs(other / value - 1)] : [];
    });
    return ratios.length === 0 ? 0 : median(ratios);
  });
  const largest = Math.max(...deviations);
  return largest >= DOUBTFUL_CHARGE.least && largest <= most;
}

/**
 * The life with charges from the other source, where the two differ by 0.2 to 1 % in the median cycle; null where they
 * agree better, contradict each other, or only one exists.
 *
 * @param most the largest difference, a fraction: a capacity is judged from cycles that contradict themselves too
 */
export function withOtherCharge(life: CellLife, most?: number): CellLife | null {
  const { charging_capacity_other_ah: charging, discharging_capacity_other_ah: discharging } = life;
  const pairs = [
    [life.charging_capacity_ah, charging] as const,
    [life.discharging_capacity_ah, discharging] as const,
  ];
  if (!isDoubtful(pairs, most)) return null;
  return {
    ...life,
    charging_capacity_ah: charging,
    discharging_capacity_ah: discharging,
    // Computed again from the charges, where the cell has an efficiency.
    coulombic_efficiency: life.cycle.map(() => null),
  };
}

/** The same for the energies, with the efficiency and the mean voltage that result; null as for the charges. */
export function withOtherEnergy(life: CellLife, most?: number): CellLife | null {
  const { charging_energy_other_wh: charging, discharging_energy_other_wh: discharging } = life;
  const pairs = [
    [life.charging_energy_wh, charging] as const,
    [life.discharging_energy_wh, discharging] as const,
  ];
  if (!isDoubtful(pairs, most)) return null;
  const efficiency = life.energy_efficiency.map((reported, i) => {
    const [out, put] = [discharging[i], charging[i]];
    return reported !== null && out && put ? out / put : null;
  });
  return {
    ...life,
    charging_energy_wh: charging,
    discharging_energy_wh: discharging,
    energy_efficiency: efficiency,
    mean_discharging_voltage_volt: life.mean_discharging_voltage_other_volt,
  };
}

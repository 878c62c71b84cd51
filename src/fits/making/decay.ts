import {
  conditionChanges,
  type DecayFit,
  type DecayInput,
  fitDecay,
  type OtherDecay,
  withoutLevels,
} from '../../analysis/decay/index.js';
import { NotComputable } from '../../analysis/result.js';
import { assumedValues } from '../../analysis/uncertainty/index.js';
import { cyclingMessages as say } from '../../messages/cycling.js';
import type { SqlRow } from '../../store/connection.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, outcomeOf } from '../fit.js';
import { type FitSet, subjectsOfLives } from '../fit-set.js';
import { decay } from '../kinds/decay.js';
import { voltageFade } from '../kinds/voltage-fade.js';
import { type CellLife, OTHER_CHARGE, withKnownDirection, withOtherCharge } from '../lives.js';
import { quantityRows } from '../quantity-rows.js';

/** Cells whose capacity fades; in Li‖Cu and symmetric cells the protocol sets the capacity. */
export const fadingTypes: readonly (string | null)[] = [
  'full',
  'anode_free',
  'cathode_half',
  'anode_half',
  null,
];

/**
 * Which capacity of a cycle is the one that the cell can still give; for an anode half cell it is the delithiation.
 */
export const usableCapacity = (cell: CellRecord) =>
  cell.cell_type === 'anode_half' ? ('charging_capacity_ah' as const) : ('discharging_capacity_ah' as const);

interface DecaySubjectInput {
  series: {
    cycle: number[];
    capacity: (number | null)[];
    energy: (number | null)[];
    label: (string | null)[];
  };
  /** The capacities from the source that is not reported (counter or integral); null where the two agree. */
  other_capacity?: (number | null)[];
  /** The capacities as if conditions that changed in between had not; only where they did. */
  steady_capacity?: (number | null)[];
  unit: string;
  /** Half width of slow changes of the capacity: stated for the cell, else assumed. */
  wander: number;
  unknown_direction: number;
}

function decayInput(cell: CellRecord, life: CellLife): DecaySubjectInput {
  const { kept, unknown } = withKnownDirection(life);
  const pick = <T>(values: readonly T[]) => kept.map((i) => values[i] as T);
  const mass = cell.active_mass_mg;
  // Ah to mAh/g, or to mAh where the mass is not known: D is the same in both.
  const scale = mass === null ? 1000 : 1e6 / mass;
  const inUnit = (values: readonly (number | null)[]) =>
    pick(values).map((value) => (value === null ? null : value * scale));
  const other = withOtherCharge(life);
  const steady = steadyCapacity(life, kept, life[usableCapacity(cell)]);
  return {
    ...(steady === null ? {} : { steady_capacity: inUnit(steady) }),
    ...(other === null ? {} : { other_capacity: inUnit(other[usableCapacity(cell)]) }),
    series: {
      cycle: pick(life.cycle),
      capacity: inUnit(life[usableCapacity(cell)]),
      energy: pick(life.discharging_energy_wh),
      label: pick(life.label),
    },
    unit: mass === null ? 'mAh' : 'mAh/g',
    wander: cell.capacity_wander_relative ?? assumedValues.capacity_wander.value,
    unknown_direction: unknown,
  };
}

/**
 * The capacities of a life with those of ageing cycles as if rate, window and temperature had not changed between them;
 * null where they did not.
 */
function steadyCapacity(
  life: CellLife,
  kept: readonly number[],
  capacity: readonly (number | null)[],
): (number | null)[] | null {
  const ageing = kept.filter((i) => life.label[i] === 'ageing' && (capacity[i] ?? 0) > 0);
  const changes = conditionChanges(life, ageing);
  if (changes.length === 0) return null;
  const steady = withoutLevels(
    ageing.map((i) => life.cycle[i] as number),
    ageing.map((i) => capacity[i] as number),
    changes.map((change) => ageing.indexOf(change)),
  );
  const corrected = [...capacity];
  for (const [at, i] of ageing.entries()) corrected[i] = steady[at] as number;
  return corrected;
}

function directionRefusal(count: number): NotComputable {
  return new NotComputable('CURRENT_DIRECTION_UNKNOWN', say('CURRENT_DIRECTION_UNKNOWN/decay', { n: count }));
}

/** Decay of capacity and energy of every cell that was cycled. */
export function make(set: FitSet, known: KnownFits): Promise<Fit<DecayFit>[]> {
  const subjects = subjectsOfLives(set, fadingTypes, decayInput);
  return fitSubjects(decay.kind, subjects, known, (inputs) =>
    inputs.map((input) =>
      outcomeOf(() => {
        const { series, unknown_direction } = input;
        if (series.cycle.length === 0 && unknown_direction > 0) throw directionRefusal(unknown_direction);
        return fitWithOthers(input);
      }),
    ),
  );
}

const STEADY = 'as if rate, window and temperature had not changed';

/** The fit, with the D that results from the charges that are not reported, and without changes of the conditions. */
function fitWithOthers(input: DecaySubjectInput): DecayFit {
  const { series, other_capacity, steady_capacity, unit, wander } = input;
  // The bootstrap is only information, and takes most of the time.
  const options = { capacity_unit: unit, capacity_wander_relative: wander, bootstrap_samples: 0 };
  const fit = fitDecay(series as DecayInput, options);
  const others = [
    { choice: 'charge', alternative: OTHER_CHARGE, capacity: other_capacity },
    { choice: 'conditions', alternative: STEADY, capacity: steady_capacity },
  ] as const;
  const alternatives = others.flatMap(({ choice, alternative, capacity }): OtherDecay[] => {
    if (capacity === undefined) return [];
    const { result } = outcomeOf(() => fitDecay({ ...series, capacity } as DecayInput, options));
    return result === null ? [] : [{ choice, alternative, estimate: result.verdict_D.window }];
  });
  return { ...fit, alternatives: [...fit.alternatives, ...alternatives] };
}

function decayRows(set: FitSet): SqlRow[] {
  const ofCapacity = set.of(decay).flatMap(({ result, run_id, cell_id }) => {
    if (result === null) return [];
    const series = result.series === 'checkup' ? 'checkup_capacity' : 'capacity';
    return result.results.flatMap((row) => {
      const shared = { run_id, cell_id, series: row.quantity === 'D_energy' ? 'energy' : series };
      return quantityRows([row], shared, result);
    });
  });
  const ofVoltage = set
    .of(voltageFade)
    .flatMap(({ result, run_id, cell_id }) =>
      quantityRows(result?.results ?? [], { run_id, cell_id, series: 'mean_discharging_voltage' }, {}),
    );
  return [...ofCapacity, ...ofVoltage];
}

export const rows = { decay_fits: decayRows };

import {
  type CellType,
  type CoulombicEfficiencyFit,
  type CoulombicEfficiencyInput,
  type CoulombicEfficiencyOptions,
  fitCoulombicEfficiency,
} from '../../analysis/coulombic-efficiency/index.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, outcomeOf, type Subject } from '../fit.js';
import { type CellLife, withKnownDirection } from '../lives.js';
import { chargeRatioComponent } from '../uncertainty.js';

/** Above this, counter and integral contradict each other and the cycle counts for nothing. */
const LARGEST_COUNTER_DEVIATION = 0.01;

/** Cells that have a coulombic efficiency. */
export const efficiencyTypes: readonly (string | null)[] = [
  'full',
  'anode_free',
  'cathode_half',
  'anode_half',
  'li_cu',
];

/** The series of a cell's efficiencies; cycles of unknown current direction are left out. */
export function efficiencyInput(life: CellLife): CoulombicEfficiencyInput {
  const { kept } = withKnownDirection(life);
  const pick = <T>(values: readonly T[]) => kept.map((i) => values[i] as T);
  return {
    cycle: pick(life.cycle),
    charge: pick(life.charging_capacity_ah),
    discharge: pick(life.discharging_capacity_ah),
    coulombic_efficiency: pick(life.coulombic_efficiency),
    label: pick(life.label),
    counter_conflict: pick(life.counter_deviation).map(
      (deviation) => deviation !== null && deviation > LARGEST_COUNTER_DEVIATION,
    ),
  };
}

/** How a cell's efficiencies are to be taken, but for what a target asks. */
export function efficiencyOptions(cell: CellRecord): CoulombicEfficiencyOptions {
  const ratio = chargeRatioComponent(cell);
  return {
    cell_type: cell.cell_type as CellType,
    instrument_half_width: ratio.standard_uncertainty * Math.sqrt(3),
    instrument_declared: ratio.kind === 'declared',
  };
}

interface EfficiencySubjectInput {
  series: CoulombicEfficiencyInput;
  options: CoulombicEfficiencyOptions;
}

/** Coulombic-efficiency statistics of every cell that has efficiencies. */
export function fitEfficiencies(
  cells: readonly CellRecord[],
  lives: ReadonlyMap<string, CellLife>,
  known: KnownFits,
): Promise<Fit<CoulombicEfficiencyFit>[]> {
  const subjects = cells.flatMap((cell): Subject<EfficiencySubjectInput>[] => {
    const life = lives.get(cell.cell_id);
    if (life === undefined || !efficiencyTypes.includes(cell.cell_type)) return [];
    return [
      {
        subject: cell.cell_id,
        cell_id: cell.cell_id,
        input: { series: efficiencyInput(life), options: efficiencyOptions(cell) },
      },
    ];
  });
  return fitSubjects('coulombic_efficiency', subjects, known, (inputs) =>
    inputs.map(({ series, options }) => outcomeOf(() => fitCoulombicEfficiency(series, options))),
  );
}

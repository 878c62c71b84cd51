/** What a verdict hangs on: choices that a method made without decisive evidence, and what the others would give. */
import type { UncertaintyComponent } from '../uncertainty/index.js';

/** Every choice that is tried again, each with what would settle it; the list is closed. */
export const settledBy = {
  branch: 'measure heating and cooling again, or state which one counts (heating_branch in cells.csv)',
  circuit: 'measure over a wider band of frequencies, or name the circuit in cells.csv',
  assignment: 'name the arc (arc_roles in cells.csv), or measure two thicknesses',
  law: 'measure at more temperatures, around 25 °C and over a wider span',
  points: 'measure again what was left out or flagged',
  estimator: 'more cycles, or leave the outliers out with a reason (cellar exclude)',
  window: 'more cycles, until early and late ones agree',
  charge: 'check the calibration of the current: counter and integrated current differ',
  'assumed uncertainty': 'state it in the metadata',
  cells: 'measure more cells',
} as const;

/** A choice that is tried again. */
export type Choice = keyof typeof settledBy;

/** A value under another defensible choice, in the unit of the value it stands beside. */
export interface OtherChoice {
  choice: Choice;
  /** What was chosen instead, the same words for every cell. */
  alternative: string;
  value: number;
  /** Where its uncertainty comes from; on the ln scale relative. */
  components: UncertaintyComponent[];
}

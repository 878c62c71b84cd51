/** Which quotient of a cycle is its coulombic efficiency. */
import { cyclingMessages as say } from '../../messages/cycling.js';
import type { Message } from '../../messages/message.js';

/** Kinds of cells, as `cells.csv` names them. */
export type CellType =
  | 'full'
  | 'anode_free'
  | 'cathode_half'
  | 'anode_half'
  | 'li_cu'
  | 'symmetric'
  | 'pellet';

/** Charge out over charge in: the electrode under test takes up charge in the first direction. */
const OUT_OF: Readonly<Record<CellType, 'discharge' | 'charge' | null>> = {
  full: 'discharge',
  anode_free: 'discharge',
  cathode_half: 'discharge',
  anode_half: 'charge',
  li_cu: 'charge',
  symmetric: null,
  pellet: null,
};

/** Efficiency of one cycle as a fraction, or why there is none, in words and as a code with values. */
export interface EfficiencyOfCycle {
  value: number | null;
  reason: string | null;
  why: Message | null;
}

/**
 * Coulombic efficiency of one cycle, a fraction: discharge/charge for cells used as batteries, charge/discharge
 * (delithiation/lithiation, stripping/plating) for anode half cells and Li‖Cu.
 * Source: J. Xiao et al., Nat. Energy 5 (2020) 561.
 *
 * @param charge capacity of the cycle's charge
 * @param discharge of the same cycle, same unit
 * @param complete false for a partial or interrupted cycle, whose quotient is no efficiency
 */
export function coulombicEfficiency(
  cellType: CellType,
  charge: number | null,
  discharge: number | null,
  complete = true,
): EfficiencyOfCycle {
  const out = OUT_OF[cellType];
  const none = (why: Message): EfficiencyOfCycle => ({ value: null, reason: why.message, why });
  if (out === null) return none(say('EFFICIENCY_NOT_DEFINED'));
  if (!complete) return none(say('NOT_COMPLETE'));
  const given = out === 'discharge' ? charge : discharge;
  const returned = out === 'discharge' ? discharge : charge;
  if (given === null || !(given > 0))
    return none(say(out === 'discharge' ? 'NO_CHARGE/charge' : 'NO_CHARGE/discharge'));
  if (returned === null || !Number.isFinite(returned)) return none(say(`NO_CHARGE/${out}`));
  return { value: returned / given, reason: null, why: null };
}

/**
 * Σ out/Σ in over some cycles, which a single short cycle hardly changes. Null where the cell type has no efficiency.
 */
export function chargeWeightedEfficiency(
  cellType: CellType,
  charge: ArrayLike<number>,
  discharge: ArrayLike<number>,
): number | null {
  let charged = 0;
  let discharged = 0;
  for (let i = 0; i < charge.length; i++) {
    charged += charge[i] as number;
    discharged += discharge[i] as number;
  }
  return coulombicEfficiency(cellType, charged, discharged).value;
}

/**
 * Whether the efficiency of a cell says something about a lithium-metal anode. Excess lithium hides what the anode
 * loses: the quotient is then that of the cathode.
 *
 * @param lithiumExcess mAh; null where nobody states it
 */
export function isAnodeEvidence(cellType: string | null, lithiumExcess: number | null): boolean {
  if (cellType === 'li_cu' || cellType === 'anode_free' || cellType === 'anode_half') return true;
  return cellType === 'full' && lithiumExcess === 0;
}

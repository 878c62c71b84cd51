/** Which quotient of a cycle is its coulombic efficiency. */

export type CellType =
  | 'full'
  | 'anode_free'
  | 'cathode_half'
  | 'anode_half'
  | 'li_cu'
  | 'symmetric'
  | 'pellet';

/** Out over in: the electrode under test takes up charge in the first direction. */
const OUT_OF: Readonly<Record<CellType, 'discharge' | 'charge' | null>> = {
  full: 'discharge',
  anode_free: 'discharge',
  cathode_half: 'discharge',
  anode_half: 'charge',
  li_cu: 'charge',
  symmetric: null,
  pellet: null,
};

/** Efficiency of one cycle, a fraction, or why there is none. */
export interface EfficiencyOfCycle {
  value: number | null;
  /** Why there is none. */
  reason: string | null;
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
  const none = (reason: string): EfficiencyOfCycle => ({ value: null, reason });
  if (out === null)
    return none('not defined: both electrodes are reservoirs, the protocol fixes the quotient');
  if (!complete) return none('the cycle is not complete');
  const given = out === 'discharge' ? charge : discharge;
  const returned = out === 'discharge' ? discharge : charge;
  if (given === null || !(given > 0))
    return none(`no ${out === 'discharge' ? 'charge' : 'discharge'} in this cycle`);
  if (returned === null || !Number.isFinite(returned)) return none(`no ${out} in this cycle`);
  return { value: returned / given, reason: null };
}

/** Σ out/Σ in over some cycles: one short cycle hardly moves it. Null where the cell type has no efficiency. */
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
 * Whether the efficiency of a cell says something about a lithium-metal anode. Lithium beyond what is cycled hides what
 * the anode loses: then the quotient is that of the cathode.
 *
 * @param lithiumExcess mAh; null where nobody states it
 */
export function isAnodeEvidence(cellType: string | null, lithiumExcess: number | null): boolean {
  if (cellType === 'li_cu' || cellType === 'anode_free' || cellType === 'anode_half') return true;
  return cellType === 'full' && lithiumExcess === 0;
}

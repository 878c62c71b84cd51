/**
 * Efficiencies of a cycle from its sums, shared by `cycles` and the view `cell_cycles`. Charge out over charge in: a
 * battery returns on discharge what it took up on charge; an anode half cell or Li‖Cu cell is delithiated or stripped
 * on charge after it was lithiated or plated on discharge.
 */

const chargedFirst = `cell_type IN ('anode_half', 'li_cu')`;

/** The bare quotient of the two capacities, wherever both are above 0. */
export const chargeQuotient = `
  CASE WHEN charging_capacity_ah > 0 AND discharging_capacity_ah > 0 THEN
    CASE WHEN ${chargedFirst} THEN charging_capacity_ah / discharging_capacity_ah
      ELSE discharging_capacity_ah / charging_capacity_ah END
  END`;

/** Neither efficiency is defined for a part of a cycle, nor where the direction of the current is not known. */
const isJudged = (label: string) =>
  `${label} NOT IN ('partial', 'interrupted') AND coalesce(current_direction, 'known') <> 'unknown'`;

/**
 * Null for cells whose two electrodes are equal (symmetric, pellet) or of unknown type, and where something other than
 * the cell sets the charges (`efficiency_objection`).
 */
export const coulombicEfficiency = (label: string) => `
  CASE WHEN ${isJudged(label)} AND efficiency_objection IS NULL AND cell_type IN ('full', 'anode_free', 'cathode_half', 'anode_half', 'li_cu')
    THEN ${chargeQuotient} END`;

/** Discharging energy over charging energy, DC, at the cell. */
export const energyEfficiency = (label: string) => `
  CASE WHEN ${isJudged(label)} AND coalesce(cell_type, 'full') NOT IN ('symmetric', 'pellet')
      AND charging_energy_wh > 0 AND discharging_energy_wh > 0
    THEN discharging_energy_wh / charging_energy_wh END`;

import { netAh, netWh } from '../simulate/cycling.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * A record with BioLogic's bookkeeping of charge.
 * @typedef {object} HalfCycleRecord
 * @property {CyclerRecord} r
 * @property {number} half number of the half cycle, from 0
 * @property {number} dq_ah signed, since the previous record
 * @property {number} net_ah signed, since the test began
 * @property {number} charge_ah since the direction last changed; 0 while the other direction's half cycle lasts
 * @property {number} discharge_ah likewise
 * @property {number} charge_wh likewise
 * @property {number} discharge_wh likewise
 */

/**
 * A half cycle lasts until the current turns round; rests belong to the half cycle before them.
 * @param {CyclerRecord[]} records
 * @returns {HalfCycleRecord[]}
 */
export function halfCycles(records) {
  let half = 0;
  let direction = 0;
  let base = { ah: 0, wh: 0 };
  let previous = { ah: 0, wh: 0 };
  return records.map((r) => {
    const net = { ah: netAh(r), wh: netWh(r) };
    const sign = r.step_type === 'rest' ? direction : r.step_type === 'cc_discharge' ? -1 : 1;
    if (direction !== 0 && sign !== direction) {
      half++;
      base = previous;
    }
    direction = sign;
    const dq_ah = net.ah - previous.ah;
    previous = net;
    return {
      r,
      half,
      dq_ah,
      net_ah: net.ah,
      charge_ah: Math.max(net.ah - base.ah, 0),
      discharge_ah: Math.max(base.ah - net.ah, 0),
      charge_wh: Math.max(net.wh - base.wh, 0),
      discharge_wh: Math.max(base.wh - net.wh, 0),
    };
  });
}

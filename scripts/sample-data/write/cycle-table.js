/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * What a vendor's summary states of each cycle: its first and last record (whose counters hold the cycle's totals) and
 * the extremes of current and voltage.
 * @param {CyclerRecord[]} records at least one
 */
export function summariseCycles(records) {
  const numbers = [...new Set(records.map((r) => r.cycle))];
  return numbers.map((number) => {
    const cycle = records.filter((r) => r.cycle === number);
    return {
      first: /** @type {CyclerRecord} */ (cycle[0]),
      last: /** @type {CyclerRecord} */ (cycle.at(-1)),
      current: extremes(cycle.map((r) => r.current_ampere)),
      voltage: extremes(cycle.map((r) => r.voltage_volt)),
    };
  });
}

/** @param {number[]} values */
function extremes(values) {
  return { low: Math.min(...values), high: Math.max(...values) };
}

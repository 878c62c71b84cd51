/** dQ/dV over voltage bins of one width. */
export interface DifferentialCapacity {
  /** Middle of each voltage bin. */
  voltage_volt: Float64Array;
  /** dQ/dV, Ah/V; its sum times the width of a bin is the charge of the branch. */
  dq_dv_ah_per_volt: Float64Array;
}

/**
 * dQ/dV of one charge or discharge branch: the charge between two records is spread evenly over the voltages between
 * them and summed in bins, so that noise which reverses the voltage causes no division by zero and loses no charge. On
 * the use of such curves: I. Bloom et al., J. Power Sources 139 (2005) 295.
 *
 * @param voltage_volt voltage of each record, in order of time
 * @param capacity_ah capacity passed since the branch began, not decreasing
 * @param bin_volt width of a bin; 5 mV resolves plateaus without showing the noise of an ordinary cycler
 */
export function differentialCapacity(
  voltage_volt: ArrayLike<number>,
  capacity_ah: ArrayLike<number>,
  bin_volt = 0.005,
): DifferentialCapacity {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < voltage_volt.length; i++) {
    low = Math.min(low, voltage_volt[i] as number);
    high = Math.max(high, voltage_volt[i] as number);
  }
  if (!(high >= low)) return { voltage_volt: new Float64Array(), dq_dv_ah_per_volt: new Float64Array() };
  const first = Math.floor(low / bin_volt);
  const bins = Math.floor(high / bin_volt) - first + 1;
  const charge = new Float64Array(bins);
  for (let i = 1; i < voltage_volt.length; i++) {
    const passed = (capacity_ah[i] as number) - (capacity_ah[i - 1] as number);
    spread(charge, first, bin_volt, voltage_volt[i - 1] as number, voltage_volt[i] as number, passed);
  }
  return {
    voltage_volt: Float64Array.from(charge, (_, k) => (first + k + 0.5) * bin_volt),
    dq_dv_ah_per_volt: charge.map((value) => value / bin_volt),
  };
}

function spread(
  charge: Float64Array,
  first: number,
  bin: number,
  from: number,
  to: number,
  passed: number,
): void {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  const start = Math.floor(low / bin) - first;
  const end = Math.min(Math.floor(high / bin) - first, charge.length - 1);
  if (start === end || high === low) {
    charge[start] = (charge[start] as number) + passed;
    return;
  }
  for (let k = start; k <= end; k++) {
    const overlap = Math.min((first + k + 1) * bin, high) - Math.max((first + k) * bin, low);
    charge[k] = (charge[k] as number) + (passed * Math.max(overlap, 0)) / (high - low);
  }
}

/** One impedance point as read. */
export interface ImpedancePoint {
  line_number: number;
  frequency_hertz: number;
  real_impedance_ohm: number;
  imaginary_impedance_ohm: number;
  test_time_second: number | null;
  vendor_cycle_count: number | null;
  temperature_celsius: number | null;
}

/** A relative change of frequency smaller than this is not a turn. */
const sameFrequency = 1e-4;

/**
 * Cuts points in file order into sweeps: a new one begins where the frequency turns against the direction of the
 * sweep, where the cycle column changes, or after rows that are not impedance points.
 *
 * @param otherLines line numbers of measurement rows in the same table, ascending
 */
export function splitSweeps(
  points: readonly ImpedancePoint[],
  otherLines: readonly number[],
): ImpedancePoint[][] {
  const sweeps: ImpedancePoint[][] = [];
  let sweep: ImpedancePoint[] = [];
  let direction = 0;
  let nextOther = 0;
  for (const point of points) {
    const previous = sweep.at(-1);
    if (previous !== undefined) {
      while (nextOther < otherLines.length && otherLines[nextOther]! < previous.line_number) nextOther++;
      const isInterrupted = nextOther < otherLines.length && otherLines[nextOther]! < point.line_number;
      const ratio = point.frequency_hertz / previous.frequency_hertz - 1;
      const turn = Math.abs(ratio) < sameFrequency ? 0 : Math.sign(ratio);
      const isNew =
        isInterrupted ||
        point.vendor_cycle_count !== previous.vendor_cycle_count ||
        (direction !== 0 && turn !== 0 && turn !== direction);
      if (isNew) {
        sweeps.push(sweep);
        sweep = [];
        direction = 0;
      } else if (direction === 0) direction = turn;
    }
    sweep.push(point);
  }
  if (sweep.length > 0) sweeps.push(sweep);
  return sweeps;
}

/** A sample that drifts further than this during a sweep (K) has no one temperature. */
const largestDrift = 2;

/** The temperature (°C) that a sweep's own column gives; null where it has none or it moved. */
export function temperatureOf(sweep: readonly ImpedancePoint[]): number | null {
  const known = sweep.flatMap(({ temperature_celsius }) => temperature_celsius ?? []);
  if (known.length === 0) return null;
  const [lowest, highest] = [Math.min(...known), Math.max(...known)];
  if (highest - lowest > largestDrift) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

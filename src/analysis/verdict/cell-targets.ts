/** Targets whose evidence has rules of its own: a range of temperatures, peak discharge. */
import { exactEstimate, insufficient, judge, type Verdict } from './judge.js';
import { judgeMaterial, type PooledEstimate, poolSamples } from './pooling.js';

const MINIMUM_CELLS = 3;

/** What was measured at one end of a temperature range. */
export interface TemperatureEnd {
  temperature_celsius: number;
  /** Discharge capacity at this temperature over that at 25 °C, one per cell. */
  shares: readonly number[];
  /** Smallest share that counts as operating. */
  required_share: number;
}

/** Shares of the capacity at 25 °C that count as operating where a target names none. */
export const DEFAULT_SHARES = { cold: 0.7, hot: 0.95 } as const;

/** Operation over a range: both ends keep their share of the capacity at 25 °C, three cells or more at each. */
export function judgeTemperatureRange(
  ends: readonly TemperatureEnd[],
): Verdict & { pooled: PooledEstimate[] } {
  const short = ends.find((end) => end.shares.length < MINIMUM_CELLS);
  if (short || ends.length < 2) {
    const what = short
      ? `${short.shares.length} cells at ${short.temperature_celsius} °C; three are needed`
      : 'capacities at both ends of the range are needed';
    const needed = short
      ? `${MINIMUM_CELLS - short.shares.length} more cells at ${short.temperature_celsius} °C`
      : what;
    return { ...insufficient(what, needed), pooled: [] };
  }
  const pooled = ends.map((end) => poolSamples(end.shares));
  const verdicts = ends.map((end, i) =>
    judgeMaterial(pooled[i] as PooledEstimate, { comparison: '>=', threshold: end.required_share }),
  );
  const rank = { FAIL: 0, 'INSUFFICIENT DATA': 1, INCONCLUSIVE: 2, PASS: 3 } as const;
  const worst = verdicts.reduce((a, b) => (rank[b.verdict] < rank[a.verdict] ? b : a));
  const at = ends[verdicts.indexOf(worst)] as TemperatureEnd;
  return { ...worst, reason: `at ${at.temperature_celsius} °C: ${worst.reason}`, pooled };
}

/** A peak discharge rate with the conditions it was measured under. */
export interface PeakDischarge {
  c_rate: number;
  pulse_second: number | null;
  state_of_charge: number | null;
  cutoff_volt: number | null;
}

/** A peak rate is a claim only together with its pulse length, state of charge and cut-off. */
export function judgePeakDischarge(peak: PeakDischarge, threshold: number): Verdict {
  const stated = {
    'pulse length': peak.pulse_second,
    'state of charge': peak.state_of_charge,
    'cut-off voltage': peak.cutoff_volt,
  };
  const missing = Object.entries(stated)
    .filter(([, value]) => value === null)
    .map(([name]) => name);
  if (missing.length > 0) {
    return insufficient(`peak discharge without ${missing.join(', ')}`, `state ${missing.join(', ')}`);
  }
  return judge(exactEstimate(peak.c_rate), { comparison: '>', threshold });
}

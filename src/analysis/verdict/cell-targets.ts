/** Targets with their own rules of evidence: a range of temperatures, peak discharge. */
import { named } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import { exactEstimate, insufficient, judge, type Verdict } from './judge.js';
import { judgeMaterial, type PooledEstimate, poolSamples } from './pooling.js';

const MINIMUM_CELLS = 3;

/** What was measured at one end of a temperature range. */
export interface TemperatureEnd {
  temperature_celsius: number;
  /** Discharge capacity at this temperature divided by that at 25 °C, one value per cell. */
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
    if (short === undefined) return { ...insufficient(say('BOTH_ENDS')), pooled: [] };
    const { shares, temperature_celsius: celsius } = short;
    const needs = say('MORE_CELLS_AT', { more: MINIMUM_CELLS - shares.length, celsius });
    const because = say('CELLS_AT_TEMPERATURE', { cells: shares.length, celsius });
    return { ...insufficient(because, needs), pooled: [] };
  }
  const pooled = ends.map((end) => poolSamples(end.shares));
  const verdicts = ends.map((end, i) =>
    judgeMaterial(pooled[i] as PooledEstimate, { comparison: '>=', threshold: end.required_share }),
  );
  const rank = { FAIL: 0, 'INSUFFICIENT DATA': 1, INCONCLUSIVE: 2, PASS: 3 } as const;
  const worst = verdicts.reduce((a, b) => (rank[b.verdict] < rank[a.verdict] ? b : a));
  const at = ends[verdicts.indexOf(worst)] as TemperatureEnd;
  const because = say('AT_TEMPERATURE', { celsius: at.temperature_celsius, reason: worst.because });
  return { ...worst, reason: because.message, because, pooled };
}

/** A peak discharge rate with the conditions it was measured under. */
export interface PeakDischarge {
  c_rate: number;
  pulse_second: number | null;
  state_of_charge: number | null;
  cutoff_volt: number | null;
}

/** A peak rate has a meaning only together with its pulse length, state of charge and cut-off. */
export function judgePeakDischarge(peak: PeakDischarge, threshold: number): Verdict {
  const stated = {
    'pulse length': peak.pulse_second,
    'state of charge': peak.state_of_charge,
    'cut-off voltage': peak.cutoff_volt,
  };
  const missing = Object.entries(stated)
    .filter(([, value]) => value === null)
    .map(([name]) => named(name));
  if (missing.length > 0) {
    return insufficient(say('PEAK_WITHOUT', { names: missing }), say('STATE', { names: missing }));
  }
  return judge(exactEstimate(peak.c_rate), { comparison: '>', threshold });
}

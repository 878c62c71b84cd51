/** Targets whose evidence has rules of its own: long life, a range of temperatures, peak discharge. */
import { type Estimate, exactEstimate, insufficient, judge, type Verdict } from './judge.js';
import { judgeMaterial, type PooledEstimate, poolSamples } from './pooling.js';

const SMALLEST_OBSERVED_SHARE = 0.2;
const MINIMUM_CELLS = 3;

/** What a claim of cycle life is judged by. */
export interface CycleLifeEvidence {
  claimed_cycles: number;
  /** Cycles from the first included one to the last. */
  observed_cycles: number;
  /** Cycles to the observed end of life (80 %); null where not reached. */
  cycles_to_end_of_life: number | null;
  /** D with its bounds, a fraction per cycle. */
  decay: Estimate | null;
  /** An accepted knee or another law: the modelled life does not hold. */
  extrapolation_allowed: boolean;
}

/**
 * Life to 80 %. Extrapolating a few hundred cycles to thousands proves nothing: unless the end was seen, a fifth of
 * the claimed cycles must be, and D must stay below 1 − 0.8^{1/N}.
 */
export function judgeCycleLife(evidence: CycleLifeEvidence): Verdict {
  const { claimed_cycles: claimed, observed_cycles: observed, cycles_to_end_of_life: end, decay } = evidence;
  if (end !== null) return judge(exactEstimate(end), { comparison: '>=', threshold: claimed });
  if (observed >= claimed) return judge(exactEstimate(observed), { comparison: '>=', threshold: claimed });
  const required = Math.ceil(SMALLEST_OBSERVED_SHARE * claimed);
  if (observed < required) {
    const reason = `${observed} of ${claimed} claimed cycles; a fifth, ${required}, must be measured`;
    return insufficient(reason, `${required - observed} more cycles, or a validated accelerated model`);
  }
  const threshold = -Math.expm1(Math.log(0.8) / claimed);
  if (!evidence.extrapolation_allowed) {
    return {
      verdict: 'INCONCLUSIVE',
      reason: 'the fade does not follow one exponential law, so its end cannot be calculated',
      margin: null,
      needed: 'cycle to the end of life or to the claimed number',
      notes: [],
    };
  }
  const verdict = judge(decay, { comparison: '<', threshold }, 'D has no interval');
  return { ...verdict, reason: `D against ${(100 * threshold).toPrecision(3)} %/cycle: ${verdict.reason}` };
}

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

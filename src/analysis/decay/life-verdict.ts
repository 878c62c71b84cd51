import { exactEstimate, insufficient, judge, type Verdict, type VerdictWord } from '../verdict/judge.js';
import { admittedLaws, projectedShare, recentShare } from './life.js';
import type { LifeProjection } from './types.js';

/** Claims on fewer than this share of their cycles are not judged. */
const SMALLEST_OBSERVED_SHARE = 0.2;
/** A life may be projected over the last 15 %: before, one in twenty claims or more would fall to a knee unseen. */
const PROJECTED_FROM_SHARE = 0.85;
const END_OF_LIFE_SHARE = 0.8;

/** What a claim of cycle life is judged by. */
export interface CycleLifeEvidence {
  claimed_cycles: number;
  /** Cycles done from the first included one to the last. */
  observed_cycles: number;
  /** Cycles to the observed end of life (80 %); null where not reached. */
  cycles_to_end_of_life: number | null;
  /** The laws of fade on what was observed; null where there are too few points. */
  projection: LifeProjection | null;
  /** The fade has begun to accelerate. */
  knee_accepted: boolean;
}

/**
 * Life to 80 %: seen, or projected over its last 15 % where every law that describes the fade, and its last third
 * prolonged, keep the capacity above 80 %. What is unsafe about a projection from further away is not the fit but the
 * knee that nobody has seen.
 */
export function judgeCycleLife(evidence: CycleLifeEvidence): Verdict {
  const { claimed_cycles: claimed, observed_cycles: observed, cycles_to_end_of_life: end } = evidence;
  if (end !== null) return judge(exactEstimate(end), { comparison: '>=', threshold: claimed });
  if (observed >= claimed) return judge(exactEstimate(observed), { comparison: '>=', threshold: claimed });
  const required = Math.ceil(SMALLEST_OBSERVED_SHARE * claimed);
  if (observed < required) {
    const reason = `${observed} of ${claimed} claimed cycles; a fifth, ${required}, must be measured`;
    return insufficient(reason, `${required - observed} more cycles, or a validated accelerated model`);
  }
  const { projection } = evidence;
  if (projection === null) return insufficient('too few points that measure capacity', 'ten or more of them');
  const laws = admittedLaws(projection).map(([name, law]) => ({ name, ...projectedShare(law, claimed) }));
  const share = percent(observed / claimed);
  const said = laws.map(({ name, estimate, lower, upper }) => {
    return `${name} ${percent(estimate)} [${percent(lower)}, ${percent(upper)}]`;
  });
  const projected = `${share} % of ${claimed} cycles seen; % of the initial capacity left then by each law: ${said.join(', ')}`;
  const decided = (verdict: VerdictWord, reason: string, needed: string | null = null): Verdict => ({
    verdict,
    reason: `${reason}; ${projected}`,
    margin: null,
    needed,
    notes: [],
  });
  if (laws.every(({ upper }) => upper <= END_OF_LIFE_SHARE)) {
    return decided('FAIL', 'every law of fade ends below 80 %');
  }
  const recent = recentShare(projection, claimed);
  const holds =
    laws.every(({ lower }) => lower > END_OF_LIFE_SHARE) && recent !== null && recent > END_OF_LIFE_SHARE;
  const left = Math.ceil(PROJECTED_FROM_SHARE * claimed) - observed;
  if (left > 0) {
    const enough = `${left} more cycles, to ${100 * PROJECTED_FROM_SHARE} % of the claimed number`;
    return decided('INCONCLUSIVE', 'a knee may come in what was not seen', enough);
  }
  if (holds && !evidence.knee_accepted) {
    return decided('PASS', `projected over the last ${percent(1 - observed / claimed)} %`);
  }
  const why = evidence.knee_accepted ? 'the fade accelerates' : 'not every projection stays above 80 %';
  return decided('INCONCLUSIVE', why, `${claimed - observed} more cycles, to the claimed number`);
}

function percent(fraction: number): string {
  return String(Number((100 * fraction).toPrecision(3)));
}

import { cyclingMessages as say } from '../../messages/cycling.js';
import { type Message, named } from '../../messages/message.js';
import {
  exactEstimate,
  insufficient,
  judge,
  type Verdict,
  type VerdictWord,
  verdictOf,
} from '../verdict/judge.js';
import { admittedLaws, projectedShare, recentShare } from './life.js';
import type { LifeProjection } from './types.js';

/** A claim is not judged before this share of its cycles was done. */
const SMALLEST_OBSERVED_SHARE = 0.2;
/**
 * A life may be projected only over its last 15 %: over a longer distance one claim in twenty or more would be wrong
 * because of a knee that was not seen yet.
 */
const PROJECTED_FROM_SHARE = 0.85;
const END_OF_LIFE_SHARE = 0.8;

/** What a claim of cycle life is judged by. */
export interface CycleLifeEvidence {
  claimed_cycles: number;
  /** Number of cycles from the first to the last included one. */
  observed_cycles: number;
  /** Cycles to the observed end of life (80 %); null where not reached. */
  cycles_to_end_of_life: number | null;
  /** The laws of fade on what was observed; null where there are too few points. */
  projection: LifeProjection | null;
  /** The fade has begun to accelerate. */
  knee_accepted: boolean;
}

/**
 * Life to 80 %: observed, or projected over its last 15 % if every law that describes the fade, and the extrapolated
 * last third, keep the capacity above 80 %. A projection from further away is unsafe not because of the fit but
 * because of a knee that nobody has seen yet.
 */
export function judgeCycleLife(evidence: CycleLifeEvidence): Verdict {
  const { claimed_cycles: claimed, observed_cycles: observed, cycles_to_end_of_life: end } = evidence;
  if (end !== null) return judge(exactEstimate(end), { comparison: '>=', threshold: claimed });
  if (observed >= claimed) return judge(exactEstimate(observed), { comparison: '>=', threshold: claimed });
  const required = Math.ceil(SMALLEST_OBSERVED_SHARE * claimed);
  if (observed < required) {
    return insufficient(
      say('CLAIM_TOO_FAR', { done: observed, claimed, required }),
      say('MORE_CYCLES_OR_MODEL', { more: required - observed }),
    );
  }
  const { projection } = evidence;
  if (projection === null) return insufficient(say('TOO_FEW_CAPACITIES'), say('TEN_OR_MORE'));
  const laws = admittedLaws(projection).map(([name, law]) => ({ name, ...projectedShare(law, claimed) }));
  const share = percent(observed / claimed);
  const said = laws.map(({ name, estimate, lower, upper }) =>
    say('LAW_LEAVES', {
      law: named(name),
      share: percent(estimate),
      low: percent(lower),
      high: percent(upper),
    }),
  );
  const decided = (verdict: VerdictWord, reason: Message, needs: Message | null = null): Verdict =>
    verdictOf(verdict, say('LIFE_REASON', { reason, percent: share, claimed, laws: said }), needs);
  if (laws.every(({ upper }) => upper <= END_OF_LIFE_SHARE)) {
    return decided('FAIL', say('ALL_LAWS_BELOW'));
  }
  const recent = recentShare(projection, claimed);
  const holds =
    laws.every(({ lower }) => lower > END_OF_LIFE_SHARE) && recent !== null && recent > END_OF_LIFE_SHARE;
  const left = Math.ceil(PROJECTED_FROM_SHARE * claimed) - observed;
  if (left > 0) {
    const enough = say('MORE_TO_SHARE', { more: left, percent: 100 * PROJECTED_FROM_SHARE });
    return decided('INCONCLUSIVE', say('KNEE_MAY_COME'), enough);
  }
  if (holds && !evidence.knee_accepted) {
    return decided('PASS', say('PROJECTED_LAST', { percent: percent(1 - observed / claimed) }));
  }
  const why = say(evidence.knee_accepted ? 'FADE_ACCELERATES' : 'NOT_ALL_ABOVE');
  return decided('INCONCLUSIVE', why, say('MORE_TO_CLAIM', { more: claimed - observed }));
}

function percent(fraction: number): string {
  return String(Number((100 * fraction).toPrecision(3)));
}

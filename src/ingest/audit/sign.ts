import { auditMessages as say } from '../../messages/audit.js';
import type { Finding } from '../findings.js';
import type { Repair } from '../repair.js';
import type { Audit, TestContext } from './audit.js';
import type { AuditFacts } from './facts.js';

/**
 * Shares of time beyond which the trend of the voltage is taken as evidence for, or against, the sign (ANALYSIS: sign
 * check).
 */
const fineShare = 0.8;
const flippedShare = 0.2;

/**
 * Share of the time of constant-current steps in which the voltage rises on positive and falls on negative current;
 * undefined where the voltage changes its polarity (symmetric cells, plating) or no step says anything.
 */
export function trendShare(facts: AuditFacts): number | undefined {
  const changesPolarity = facts.smallest_voltage < -0.01 && facts.largest_voltage > 0.01;
  const total = facts.trend_along + facts.trend_against;
  return changesPolarity || total === 0 ? undefined : facts.trend_along / total;
}

/**
 * Share of the counted charge that was counted in the direction of the current; undefined without independent
 * counters.
 */
export function counterShare(facts: AuditFacts, hasPair: boolean): number | undefined {
  const total = facts.counted_along + facts.counted_against;
  return !hasPair || total === 0 ? undefined : facts.counted_along / total;
}

/** Reverses the current, together with the counters that follow it. */
function turned(facts: AuditFacts, hasPair: boolean): Repair {
  return {
    kind: 'turn_current',
    swaps_counters: !hasPair || facts.counted_along > facts.counted_against,
    negates_net: facts.net_along > facts.net_against,
  };
}

const percent = (share: number) => Math.round(100 * share);

/** The trend of the voltage and the counters as evidence for the sign of the current. */
export const currentSign: Audit = (facts, context) => {
  const trend = trendShare(facts);
  const counters = counterShare(facts, context.hasPair);
  if (!context.isDirectionKnown) return directionHint(facts, context, trend);
  const findings: Finding[] = [];
  if (trend !== undefined && trend < flippedShare) {
    const against = percent(1 - trend);
    findings.push({
      ...(counters === undefined
        ? say('SIGN_FLIPPED', { against })
        : say('SIGN_FLIPPED/counters', { against, along: percent(counters) })),
      repair: turned(facts, context.hasPair),
    });
  } else if (trend !== undefined && trend <= fineShare) {
    findings.push(say('SIGN_UNCERTAIN', { along: percent(trend) }));
  } else if (counters !== undefined && counters < flippedShare) {
    findings.push(say('COUNTERS_SWAPPED', { against: percent(1 - counters) }));
  }
  return findings;
};

/** The direction that the voltage suggests where nothing in the file states it. */
function directionHint(facts: AuditFacts, context: TestContext, trend: number | undefined): Finding[] {
  if (trend === undefined || facts.trend_steps < 2) return [];
  if (trend > flippedShare && trend <= fineShare) return [];
  const isTurned = trend < flippedShare;
  const repair: Repair = isTurned ? turned(facts, context.hasPair) : { kind: 'accept_direction' };
  const share = percent(isTurned ? 1 - trend : trend);
  return [{ ...say(`CURRENT_DIRECTION_HINT/${isTurned ? 'falls' : 'rises'}`, { share }), repair }];
}

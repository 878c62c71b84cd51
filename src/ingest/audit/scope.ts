import { auditMessages as say } from '../../messages/audit.js';
import type { Audit } from './audit.js';
import type { AuditFacts } from './facts.js';

const scopes = ['step', 'half_cycle', 'cycle', 'test'] as const;
const isScope = (name: string | undefined): name is (typeof scopes)[number] =>
  scopes.some((scope) => scope === name);

/**
 * When the capacity counters of a test reset, as shown by where they fall: at changes of step in the same direction,
 * at changes of direction, at new cycles. Undefined where the data do not contradict the declaration, or follow no
 * pattern.
 */
export function detectScope(
  { resets: found }: Pick<AuditFacts, 'resets'>,
  declared: string,
): string | undefined {
  if (!isScope(declared)) return undefined;
  const share = ({ chances, falls }: { chances: number; falls: number }) =>
    chances === 0 ? undefined : falls / chances;
  const within = share(found.within);
  const reversal = share(found.reversal);
  const cycle = share(found.cycle);
  if (within !== undefined && within >= 0.8) return 'step';
  if (reversal !== undefined && reversal >= 0.4) {
    if (within !== undefined && within <= 0.2) return 'half_cycle';
    // No step follows another one in the same direction, so that both scopes mean the same.
    return within === undefined && !['step', 'half_cycle'].includes(declared) ? 'half_cycle' : undefined;
  }
  if (within !== undefined && within > 0.2) return undefined;
  if (cycle !== undefined && cycle >= 0.8)
    return reversal === undefined && declared !== 'test' ? undefined : 'cycle';
  if (cycle !== undefined && cycle > 0.2) return undefined;
  if (reversal === undefined && within === undefined && cycle === undefined) return undefined;
  // The counter did not fall where the declared scope would have reset it.
  if (declared === 'step') return 'test';
  if (declared === 'half_cycle') return reversal === undefined && cycle === undefined ? undefined : 'test';
  if (declared === 'cycle') return cycle === undefined ? undefined : 'test';
  return undefined;
}

/** Counters that reset differently from what the format says. */
export const counterScope: Audit = (_facts, { declaredScope, detectedScope }) =>
  !isScope(detectedScope) || !isScope(declaredScope) || detectedScope === declaredScope
    ? []
    : [
        say('COUNTER_SCOPE', {
          found: say(`RESETS/${detectedScope}`),
          declared: say(`RESETS/${declaredScope}`),
        }),
      ];

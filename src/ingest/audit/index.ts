import type { Finding, FindingCode } from '../findings.js';
import type { Audit, TestContext } from './audit.js';
import type { AuditFacts } from './facts.js';
import { counterFalls, cycleNumbers, duplicateRecords } from './records.js';
import { counterScope } from './scope.js';
import { currentSign } from './sign.js';
import { timeBackward, timeGap, timePlausible } from './time.js';
import { countersAndIntegral, magnitudes, unitsOfCounters } from './units.js';
import { valuesNotStored } from './values.js';

export type { TestContext } from './audit.js';
export { type AuditFacts, auditFacts, collectFacts } from './facts.js';

/** Every audit of a test, in the order in which findings are reported. */
const audits: readonly Audit[] = [
  currentSign,
  magnitudes,
  unitsOfCounters,
  countersAndIntegral,
  counterScope,
  counterFalls,
  timePlausible,
  timeBackward,
  timeGap,
  cycleNumbers,
  duplicateRecords,
  valuesNotStored,
];

/** What all audits find in a test. */
export function auditTest(facts: AuditFacts, context: TestContext): Finding[] {
  return audits.flatMap((audit) => audit(facts, context));
}

/** Findings that follow only from the stored values, and so are made again when those change. */
export const auditCodes: readonly FindingCode[] = [
  'SIGN_FLIPPED',
  'SIGN_UNCERTAIN',
  'COUNTERS_SWAPPED',
  'CURRENT_DIRECTION_HINT',
  'UNIT_IMPLAUSIBLE',
  'COUNTER_INTEGRAL_DIFF',
  'COUNTER_INTEGRAL_CONFLICT',
  'COUNTER_FALLS',
  'TIME_BACKWARD',
  'TIME_GAP',
  'CYCLE_JUMP',
  'CYCLE_NOT_INTEGER',
  'DUPLICATE_RECORDS',
];

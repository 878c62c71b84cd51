import { auditMessages as say } from '../../messages/audit.js';
import type { Message } from '../../messages/message.js';
import type { Finding } from '../findings.js';
import type { AuditFacts } from './facts.js';

/** What an audit knows of a test besides its facts. */
export interface TestContext {
  /** Header, as written in the file, of the column that fills a column of `measurements`. */
  headerOf(column: string): string | undefined;
  /** Whether the file has a counter for each direction, rather than one for both. */
  hasPair: boolean;
  isDirectionKnown: boolean;
  /** Number of temperatures without a sensor, which are already removed. */
  sensorless: number;
  /** Scope of the counters, as the format declares it and as the data show it. */
  declaredScope: string;
  detectedScope: string | undefined;
}

/** Judges the facts of a test: at most one finding for each of its codes. */
export type Audit = (facts: AuditFacts, context: TestContext) => Finding[];

/** A factor in a message. */
export function times(factor: number): Message {
  return factor >= 1
    ? say('TIMES', { n: Math.round(factor) })
    : say('TIMES/part', { n: Math.round(1 / factor) });
}

/** A number for a message: three significant digits. */
export function brief(value: number): number {
  return Number(value.toPrecision(3));
}

/** Factors of wrong units: milli, minutes, hours, days. */
const unitFactors = [1000, 3600, 60, 3_600_000, 60_000, 1e6, 86_400];

/** The unit factor (or its inverse) nearest to a ratio, where it is within `tolerance` of it. */
export function unitFactor(ratio: number, tolerance = 0.05): number | undefined {
  for (const factor of unitFactors.flatMap((each) => [each, 1 / each])) {
    if (Math.abs(ratio / factor - 1) <= tolerance) return factor;
  }
  return undefined;
}

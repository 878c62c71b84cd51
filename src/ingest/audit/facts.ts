import type { DuckDBConnection } from '@duckdb/node-api';
import type { CountedColumn, RecordFacts } from '../load/record-facts.js';
import type { Sighting, StepFacts } from '../load/step-facts.js';
import { storedFacts } from './stored-facts.js';

/**
 * What one pass over the records of a test shows; the audits judge it. Capacities in Ah, energies in Wh, times in s.
 */
export interface AuditFacts {
  records: number;
  /** Records without a value, by column of `measurements`. */
  empty: Record<CountedColumn, number>;
  /** Records with current for which the counter of neither direction has a value. */
  uncounted: number;
  first_line: number;
  /** Longest time reached minus the first. */
  duration: number;
  largest_voltage: number;
  median_voltage: number;
  smallest_voltage: number;
  largest_current: number;
  /** Current integrated over time inside steps, by direction. */
  charge: number;
  discharge: number;
  /** Uncertainty of the integral: how the current changed between two different records is not known. */
  charge_unsure: number;
  /** Resolution of the current by its digits (A), where it is coarse; else 0. */
  current_resolution: number;
  /** Records in which current flows. */
  flowing_records: number;
  /** Power integrated over time inside steps, both directions together. */
  energy: number;
  /** Rises of the counters inside steps. */
  charge_counted: number;
  discharge_counted: number;
  energy_counted: number;
  /** Rises and falls of the net counter inside steps. */
  net_charge_counted: number;
  net_discharge_counted: number;
  /** Rises of the directed counters in steps whose current flows in their direction, and against it. */
  counted_along: number;
  counted_against: number;
  /** The same for the net counter. */
  net_along: number;
  net_against: number;
  /** Time of constant-current steps in which the voltage follows the sign of the current, and in which it does not. */
  trend_along: number;
  trend_against: number;
  trend_steps: number;
  backward: Sighting;
  gap: Sighting & { seconds: number };
  duplicates: Sighting;
  cycle_jumps: Sighting & { from: number; to: number };
  fractional_cycles: Sighting & { value: number };
  counter_falls: Sighting & { total: number };
  /** Changes of step at which a counter could fall, and at which it did. */
  resets: Record<'within' | 'reversal' | 'cycle', { chances: number; falls: number }>;
}

/** In a CC step the current deviates no more than this from its mean. */
const constantCurrentSpread = 0.05;
const trendRecords = 10;

/** +1: a charging step; −1: a discharging step; undefined: neither clearly. */
function directionOf({ integrals: { charge, discharge } }: StepFacts): 1 | -1 | undefined {
  return charge > 1.2 * discharge ? 1 : discharge > 1.2 * charge ? -1 : undefined;
}

/** Values of a counter at the two ends of a step. */
interface CounterStep {
  step: StepFacts;
  first: number;
  last: number;
}

/**
 * The counters of a test, step by step. A counter for both directions was split by the sign of the current when it was
 * read.
 */
function countersOf(steps: readonly StepFacts[], hasPair: boolean): CounterStep[][] {
  if (hasPair)
    return (['chargingEnds', 'dischargingEnds'] as const).map((ends) =>
      steps
        .filter((step) => !Number.isNaN(step[ends].first))
        .map((step) => ({ step, first: step[ends].first, last: step[ends].last })),
    );
  const orZero = (value: number) => (Number.isNaN(value) ? 0 : value);
  const counted = steps.filter(
    ({ chargingEnds, dischargingEnds }) =>
      !Number.isNaN(chargingEnds.first) || !Number.isNaN(dischargingEnds.first),
  );
  return [
    counted.map((step) => ({
      step,
      first: orZero(step.chargingEnds.first) + orZero(step.dischargingEnds.first),
      last: orZero(step.chargingEnds.last) + orZero(step.dischargingEnds.last),
    })),
  ];
}

/** What happens to counters from one step to the next, where they could fall. */
function resetsOf(steps: readonly StepFacts[], hasPair: boolean): AuditFacts['resets'] {
  const resets = {
    within: { chances: 0, falls: 0 },
    reversal: { chances: 0, falls: 0 },
    cycle: { chances: 0, falls: 0 },
  };
  for (const counter of countersOf(steps, hasPair)) {
    const largest = counter.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY);
    let before: 1 | -1 | undefined;
    for (const [index, { step, first }] of counter.entries()) {
      const held = counter[index - 1]?.last ?? Number.NaN;
      const direction = directionOf(step);
      if (held > 1e-3 * largest && held > 0) {
        const cycle = step.cycleEnds.first;
        const cycleBefore = counter[index - 1]!.step.cycleEnds.last;
        const isNewCycle = cycle !== cycleBefore && !(Number.isNaN(cycle) && Number.isNaN(cycleBefore));
        const isReversal = direction !== undefined && before !== undefined && direction !== before;
        const reset = isNewCycle ? resets.cycle : isReversal ? resets.reversal : resets.within;
        reset.chances++;
        if (first < 0.5 * held) reset.falls++;
      }
      before = direction ?? before;
    }
  }
  return resets;
}

/** A constant-current step, in which the voltage shows the sign of the current. */
function isSteady({ count, currents, voltageEnds: { first, last } }: StepFacts): boolean {
  return (
    count >= trendRecords &&
    currents.spread <= constantCurrentSpread * Math.abs(currents.mean) &&
    !Number.isNaN(first) &&
    first !== last
  );
}

/** A gap is much longer than the other intervals of its step; nobody logs so rarely while current flows. */
const hasGap = ({ count, gap, seconds }: StepFacts) =>
  count >= 5 && gap > 600 && gap > (10 * (seconds - gap)) / (count - 2);

const total = (steps: readonly StepFacts[], of: (step: StepFacts) => number) =>
  steps.reduce((sum, step) => sum + of(step), 0);

function medianOf(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return sorted.length === 0 ? 0 : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** The largest (or smallest) value over the steps; 0 where there is none. */
function extreme(values: readonly number[], of: (...values: number[]) => number): number {
  const there = values.filter(Number.isFinite);
  return there.length === 0 ? 0 : there.reduce((most, value) => of(most, value));
}

/** Rises and falls of the counters, in the direction of the current of their step and against it. */
function countedByDirection(steps: readonly StepFacts[]) {
  const charging = steps.filter(({ integrals }) => integrals.charge > integrals.discharge);
  const discharging = steps.filter(({ integrals }) => integrals.charge < integrals.discharge);
  return {
    counted_along: total(charging, (s) => s.charging.rise) + total(discharging, (s) => s.discharging.rise),
    counted_against: total(charging, (s) => s.discharging.rise) + total(discharging, (s) => s.charging.rise),
    net_along: total(charging, (s) => s.net.rise) + total(discharging, (s) => s.net.fall),
    net_against: total(charging, (s) => s.net.fall) + total(discharging, (s) => s.net.rise),
  };
}

/** Time in which the voltage follows the sign of the current, and in which it does not. */
function trendsOf(steps: readonly StepFacts[]) {
  const steady = steps.filter(isSteady);
  const trend = ({ voltageEnds: { first, last }, currents }: StepFacts) =>
    Math.sign(last - first) * Math.sign(currents.mean);
  return {
    trend_along: total(steady, (step) => (trend(step) > 0 ? step.seconds : 0)),
    trend_against: total(steady, (step) => (trend(step) < 0 ? step.seconds : 0)),
    trend_steps: steady.length,
  };
}

function gapsOf(steps: readonly StepFacts[]): AuditFacts['gap'] {
  const gaps = steps.filter(hasGap);
  const largest = gaps.reduce<StepFacts | undefined>(
    (most, step) => (most === undefined || step.gap > most.gap ? step : most),
    undefined,
  );
  return { count: gaps.length, line: largest?.gapLine, seconds: largest?.gap ?? 0 };
}

/** Records that repeat the one before; in a step without duration they are placeholders, which are always equal. */
function duplicatesOf(steps: readonly StepFacts[]): Sighting {
  const repeated = steps.filter((step) => step.lasts && step.repeats.count > 0);
  return { count: total(repeated, ({ repeats }) => repeats.count), line: repeated[0]?.repeats.line };
}

/**
 * What the audits judge, computed from the facts of the records of a test.
 *
 * @param hasPair whether its file has a counter for each direction, rather than one for both
 */
export function auditFacts(facts: RecordFacts, hasPair: boolean): AuditFacts {
  const { steps } = facts;
  const [coarse] = facts.decimals;
  const hasCurrent = steps.some(({ currents }) => !Number.isNaN(currents.largest));
  const highest = extreme(
    steps.map(({ time }) => time.high),
    Math.max,
  );
  return {
    records: facts.records,
    empty: facts.empty,
    uncounted: facts.uncounted,
    first_line: facts.firstLine,
    duration:
      highest -
      extreme(
        steps.map(({ time }) => time.low),
        Math.min,
      ),
    largest_voltage: extreme(
      steps.map(({ voltage }) => voltage.high),
      Math.max,
    ),
    smallest_voltage: extreme(
      steps.map(({ voltage }) => voltage.low),
      Math.min,
    ),
    median_voltage: medianOf(steps.map(({ voltage }) => (voltage.low + voltage.high) / 2)),
    largest_current: extreme(
      steps.map(({ currents }) => currents.largest),
      Math.max,
    ),
    charge: total(steps, ({ integrals }) => integrals.charge),
    discharge: total(steps, ({ integrals }) => integrals.discharge),
    charge_unsure: total(steps, ({ integrals }) => integrals.unsure),
    current_resolution: coarse === undefined || !hasCurrent ? 0 : 1 / 10 ** coarse,
    flowing_records: total(steps, ({ currents }) => currents.flowing),
    energy: total(steps, ({ integrals }) => integrals.energy),
    charge_counted: total(steps, ({ charging }) => charging.rise),
    discharge_counted: total(steps, ({ discharging }) => discharging.rise),
    energy_counted: total(steps, ({ energyIn, energyOut }) => energyIn.rise + energyOut.rise),
    net_charge_counted: total(steps, ({ net }) => net.rise),
    net_discharge_counted: total(steps, ({ net }) => net.fall),
    ...countedByDirection(steps),
    ...trendsOf(steps),
    backward: facts.backward,
    gap: gapsOf(steps),
    duplicates: duplicatesOf(steps),
    cycle_jumps: facts.cycleJumps,
    fractional_cycles: facts.fractionalCycles,
    counter_falls: facts.counterFalls,
    resets: resetsOf(steps, hasPair),
  };
}

/** The facts of stored tests, by test. `hasPair`: see `auditFacts`. */
export async function collectFacts(
  connection: DuckDBConnection,
  testIds: readonly number[],
  hasPair: boolean,
): Promise<Map<number, AuditFacts>> {
  const facts = new Map<number, AuditFacts>();
  for (const testId of testIds) {
    const found = await storedFacts(connection, testId);
    if (found.records > 0) facts.set(testId, auditFacts(found, hasPair));
  }
  return facts;
}

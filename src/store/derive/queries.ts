import { steps } from '../tables/index.js';
import { cycleParts, lifeCycles, placedSteps } from './cycle-sums.js';
import { cyclesSelect } from './cycles-query.js';
import type { SqlDialect, Stage } from './dialect.js';
import { labelledCycles } from './labels.js';
import { lifeParts } from './life-parts.js';
import { derivedTests, numberedSteps, type TestSelection } from './numbering.js';
import { gapStages } from './record-gaps.js';
import { type RecordSource, sortedRecords } from './records.js';
import { reportedSteps } from './reported-steps.js';
import { stepBoundaries, stepEnds, taperingSteps } from './step-ends.js';
import { stepRows } from './step-rows.js';
import { constantCurrent, stepMedians, stepSums } from './step-sums.js';
import { typedSteps } from './step-types.js';
import { turningPoints } from './turning-points.js';

/**
 * From records to `step_rows`: the stages that need `measurements`. Only the first one reads every record of every
 * step.
 */
export function recordStages(dialect: SqlDialect, source: RecordSource): Stage[] {
  return [
    stepSums(source),
    stepMedians(source),
    ...gapStages(source),
    stepBoundaries(source),
    stepEnds,
    taperingSteps,
    constantCurrent(source),
    stepRows(dialect),
  ];
}

/**
 * From `step_rows` to numbered steps and labelled cycles: only small tables. `longest`: number of steps of the longest
 * life.
 */
export function numberingStages(dialect: SqlDialect, longest?: number): Stage[] {
  return [
    lifeParts,
    typedSteps(dialect),
    reportedSteps,
    ...turningPoints(dialect, longest),
    numberedSteps(dialect),
    placedSteps(dialect),
    cycleParts,
    lifeCycles,
    labelledCycles,
  ];
}

/**
 * Every stage in order, each a SELECT over `measurements`, `tests`, `cells` and the stages before it. An engine that
 * makes a temporary view of each can then run `stepsQuery` and `cyclesQuery`.
 */
export function derivationStages(
  dialect: SqlDialect,
  source: RecordSource = sortedRecords('measurements'),
  selection: TestSelection = { where: 'TRUE', running: [] },
): Stage[] {
  return [derivedTests(selection, dialect), ...recordStages(dialect, source), ...numberingStages(dialect)];
}

/** Rows of the table `steps`, from the stages. */
export const stepsQuery = `SELECT ${steps.columns.map(({ name }) => name).join(', ')} FROM numbered_steps`;

/** Rows of the table `cycles`, from the stages. */
export const cyclesQuery = cyclesSelect;

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { insertRows, select } from '../../../src/store/connection.js';
import { goldenFiles, sayIfAbsent } from '../../shared-data.js';
import { addTest, derive, emptyDatabase } from './fixture.js';

/** Time without records is not integrated, and what a log can tell is known, beside the reference. */

const [gapFile, logFile] = ['cyc-n2-gaps.json', 'ce-13-log-interval.json'].map((name) =>
  goldenFiles().get(name),
);
sayIfAbsent(gapFile !== undefined, 'the golden gaps');

// biome-ignore lint/suspicious/noExplicitAny: the reference has a shape per kind.
type Case = any;
const casesOf = (file: string | undefined): Case[] =>
  file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8')).cases;
const [gaps, logs] = [casesOf(gapFile), casesOf(logFile)];

interface Step {
  time_gap_second: number;
  log_error_ah: number | null;
  capacity_ah: number;
  charging_capacity_integrated_ah: number;
}

async function stepsOf(
  tests: { steps: { t_s: number[]; I_A: number[]; counter_Ah?: number[] | null }[] }[],
): Promise<Step[][]> {
  const database = await emptyDatabase();
  const { connection } = database;
  await insertRows(connection, 'cells', [{ cell_id: 'cell', cell_type: 'full' }]);
  for (const [at, { steps }] of tests.entries()) {
    let record = 0;
    const rows = steps.flatMap(({ t_s, I_A, counter_Ah }, step) =>
      t_s.map((time, i) => ({
        test_id: at + 1,
        record_index: ++record,
        test_time_second: time,
        step_count: step + 1,
        current_ampere: I_A[i]!,
        voltage_volt: 3.5,
        ...(counter_Ah ? { charging_capacity_ah: counter_Ah[i]! } : {}),
      })),
    );
    await addTest(connection, rows, { testId: at + 1, counters: steps[0]?.counter_Ah ? 'test' : 'none' });
  }
  await derive(
    connection,
    tests.map((_, at) => at + 1),
  );
  const rows = await select<Step & { test_id: number }>(
    connection,
    'SELECT * FROM steps ORDER BY test_id, step_count',
  );
  database.close();
  return tests.map((_, at) => rows.filter(({ test_id }) => test_id === at + 1));
}

describe.skipIf(gapFile === undefined)('time without records', () => {
  let found: Step[][];
  beforeAll(async () => {
    found = await stepsOf(gaps.map(({ inputs }) => ({ steps: [inputs] })));
  });
  it.each(gaps.map(({ name }, at) => [name, at] as const))('%s', (_name, at) => {
    const { inputs, expected } = gaps[at];
    const step = found[at]![0]!;
    const missing = expected.gap_after_record
      .map((record: number) => inputs.t_s[record + 1] - inputs.t_s[record])
      .reduce((sum: number, length: number) => sum + length, 0);
    expect(step.time_gap_second).toBe(missing);
    expect(step.charging_capacity_integrated_ah).toBeCloseTo(expected.Q_integrated_Ah, 9);
    expect(step.capacity_ah).toBeCloseTo(expected.reported_Ah, 9);
  });
});

describe.skipIf(logFile === undefined)('what the interval of a log leaves open', () => {
  let found: Step[][];
  beforeAll(async () => {
    found = await stepsOf(logs.map(({ inputs }) => inputs));
  });
  it.each(logs.map(({ name }, at) => [name, at] as const))('%s', (_name, at) => {
    for (const [i, step] of logs[at].expected.steps.entries()) {
      expect(found[at]![i]!.charging_capacity_integrated_ah).toBeCloseTo(step.Q_Ah, 9);
      expect(found[at]![i]!.log_error_ah).toBeCloseTo(step.halving_Ah, 10);
    }
  });
});

describe.skipIf(logFile === undefined)('what the log leaves open of a half cycle, with its edges', () => {
  interface Cycle {
    charging_capacity_ah: number;
    log_interval_bound: number;
    efficiency_objection: string | null;
  }
  let found: Cycle[];
  beforeAll(async () => {
    const database = await emptyDatabase();
    const { connection } = database;
    for (const [at, { inputs }] of logs.entries()) {
      const [testId, cellId] = [at + 1, `log ${at}`];
      await insertRows(connection, 'cells', [
        { cell_id: cellId, cell_type: 'full', lower_cutoff_volt: 3, upper_cutoff_volt: 4.2 },
      ]);
      const charged = (inputs.steps as { t_s: number[]; I_A: number[] }[]).flatMap(({ t_s, I_A }, step) =>
        t_s.map((time, i) => ({ time, current: I_A[i] as number, step, voltage: step === 0 ? 3.9 : 4.2 })),
      );
      // A discharge at constant current, logged at its ends: nothing of it is left open.
      const discharged = Array.from({ length: 21 }, (_, i) => ({
        time: inputs.next_record_s + 60 * i,
        current: -4,
        step: 2,
        voltage: 4 - i / 20,
      }));
      const rows = [...charged, ...discharged].map(({ time, current, step, voltage }, i) => ({
        test_id: testId,
        record_index: i + 1,
        test_time_second: time,
        step_count: step + 1,
        current_ampere: current,
        voltage_volt: voltage,
      }));
      await addTest(connection, rows, { testId, cellId });
    }
    await derive(
      connection,
      logs.map((_, at) => at + 1),
    );
    found = await select<Cycle>(connection, 'SELECT * FROM cycles ORDER BY test_id');
    database.close();
  });
  it.each(logs.map(({ name }, at) => [name, at] as const))('%s', (_name, at) => {
    const { Q_Ah, bound_relative, eligible, added_half_width } = logs[at].expected;
    const { charging_capacity_ah, log_interval_bound, efficiency_objection } = found[at]!;
    expect(found).toHaveLength(logs.length);
    expect(charging_capacity_ah / Q_Ah).toBeCloseTo(1, 8);
    expect(log_interval_bound / (bound_relative > 2e-4 ? bound_relative : 1)).toBeCloseTo(
      bound_relative > 2e-4 ? 1 : 0,
      6,
    );
    if (eligible) expect(log_interval_bound).toBeCloseTo(added_half_width, 8);
    expect(efficiency_objection).toBe(eligible ? null : 'LOG_INTERVAL');
  });
});

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { isAnodeEvidence } from '../../../src/analysis/coulombic-efficiency/index.js';
import { insertRows, type SqlRow, select } from '../../../src/store/connection.js';
import { goldenFiles, sayIfAbsent } from '../../shared-data.js';
import { addTest, derive, emptyDatabase } from './fixture.js';

/** Which cycles give an efficiency: those whose returning half cycle ended at its voltage limit. */

const file = goldenFiles().get('ce-09-eligibility.json');
sayIfAbsent(file !== undefined, 'the golden eligibility');

interface Cycle {
  Q_in_mAh: number;
  Q_out_mAh: number;
  return_end_V: number;
  return_median_V: number;
}

interface Case {
  name: string;
  cell_type: string;
  return_cutoff_V: number | null;
  lithium_excess_mAh?: number | null;
  cycles: Cycle[];
  expected: { eligible: boolean[]; reason?: Record<string, string>; evidence_on_anode?: boolean };
}

const cases: Case[] = file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8')).cases;

const RECORDS = 100;
const AMPERE = 1e-3;
/** Cells of which the charge gives back what the discharge plated or lithiated. */
const returnsOnCharge = (cellType: string) => cellType === 'li_cu' || cellType === 'anode_half';

/** Records of the cycles: plateaus, the returning ones with a bend over the last third to where they end. */
function recordsOf(testId: number, cellType: string, cycles: readonly Cycle[]): SqlRow[] {
  const rows: SqlRow[] = [];
  let time = 0;
  let step = 0;
  const half = (milliampereHours: number, sign: number, volt: (share: number) => number) => {
    step++;
    const seconds = (3600 * milliampereHours) / (1000 * AMPERE);
    for (let i = 0; i <= RECORDS; i++) {
      rows.push({
        test_id: testId,
        record_index: rows.length + 1,
        test_time_second: time + (seconds * i) / RECORDS,
        step_count: step,
        step_id: String(step % 2),
        current_ampere: sign * AMPERE,
        voltage_volt: volt(i / RECORDS),
      });
    }
    time += seconds;
  };
  const back = returnsOnCharge(cellType) ? 1 : -1;
  for (const { Q_in_mAh, Q_out_mAh, return_end_V: end, return_median_V: middle } of cycles) {
    half(Q_in_mAh, -back, (share) => (back > 0 ? -0.04 : 3.6 + 0.6 * share));
    half(Q_out_mAh, back, (share) => middle + (end - middle) * Math.max(0, (share - 2 / 3) * 3));
  }
  return rows;
}

describe.skipIf(file === undefined)('efficiencies beside the reference', () => {
  const found = new Map<
    string,
    { efficiency_objection: string | null; coulombic_efficiency: number | null }[]
  >();
  beforeAll(async () => {
    const database = await emptyDatabase();
    const { connection } = database;
    for (const [at, { name, cell_type, return_cutoff_V, cycles }] of cases.entries()) {
      const cutoff = returnsOnCharge(cell_type) ? 'upper_cutoff_volt' : 'lower_cutoff_volt';
      await insertRows(connection, 'cells', [{ cell_id: name, cell_type, [cutoff]: return_cutoff_V }]);
      await addTest(connection, recordsOf(at + 1, cell_type, cycles), { testId: at + 1, cellId: name });
    }
    await derive(
      connection,
      cases.map((_, at) => at + 1),
    );
    for (const [at, { name }] of cases.entries()) {
      found.set(
        name,
        await select(connection, `SELECT * FROM cycles WHERE test_id = ${at + 1} ORDER BY cycle_count`),
      );
    }
    database.close();
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (name, { cycles, expected }) => {
    const own = found.get(name)!;
    expect(own.map(({ efficiency_objection }) => efficiency_objection === null)).toEqual(expected.eligible);
    for (const [at, reason] of Object.entries(expected.reason ?? {})) {
      expect(own[Number(at)]?.efficiency_objection).toBe(reason);
    }
    own.forEach(({ coulombic_efficiency, efficiency_objection }, i) => {
      const { Q_in_mAh, Q_out_mAh } = cycles[i]!;
      if (efficiency_objection === null) expect(coulombic_efficiency).toBeCloseTo(Q_out_mAh / Q_in_mAh, 9);
      else expect(coulombic_efficiency).toBeNull();
    });
  });

  it.each(
    cases.flatMap(({ name, cell_type, lithium_excess_mAh = null, expected: { evidence_on_anode } }) =>
      evidence_on_anode === undefined
        ? []
        : ([[name, cell_type, lithium_excess_mAh, evidence_on_anode]] as const),
    ),
  )('%s: evidence on an anode or not', (_name, cellType, excess, evidence) => {
    expect(isAnodeEvidence(cellType, excess)).toBe(evidence);
  });
});

describe('a strip that runs away', () => {
  it('is told by the voltage it was mostly at, not by a mean that its end pulls up', async () => {
    const database = await emptyDatabase();
    const { connection } = database;
    await insertRows(connection, 'cells', [{ cell_id: 'C', cell_type: 'li_cu' }]);
    // The last third rises from 0.03 to 0.15 V: its end lies 0.12 V above the median, and 0.10 V above the mean.
    const cycle = { Q_in_mAh: 1, Q_out_mAh: 0.99, return_end_V: 0.149, return_median_V: 0.03 };
    const cycles = Array.from({ length: 5 }, (_, i) => ({ ...cycle, Q_out_mAh: 0.99 - 0.004 * i }));
    await addTest(connection, recordsOf(1, 'li_cu', cycles), { cellId: 'C' });
    await derive(connection, [1]);
    const steps = await select<{ median_voltage_volt: number; mean_voltage_volt: number }>(
      connection,
      `SELECT median_voltage_volt, mean_voltage_volt FROM steps WHERE step_type = 'charge'`,
    );
    const objections = await select(connection, 'SELECT DISTINCT efficiency_objection AS code FROM cycles');
    database.close();
    for (const { median_voltage_volt, mean_voltage_volt } of steps) {
      expect(median_voltage_volt).toBeCloseTo(0.03, 9);
      expect(mean_voltage_volt + 0.1).toBeGreaterThan(0.149);
    }
    expect(objections).toEqual([{ code: null }]);
  });
});

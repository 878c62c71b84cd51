import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../src/store/connection.js';
import { golden, hasGolden, hasRealData, realData, sayIfAbsent } from '../../shared-data.js';
import { addTest, cyclesOf, derive, derived, emptyDatabase, stepsOf } from './fixture.js';

sayIfAbsent(hasGolden && hasRealData, 'the golden cycle summaries');

const relative = (expected: number) => 1e-9 * Math.max(Math.abs(expected), 1e-6);
const near = (value: unknown, expected: number, tolerance = relative(expected)) =>
  expect(Math.abs(Number(value) - expected), `${value} instead of ${expected}`).toBeLessThanOrEqual(
    tolerance,
  );

interface GoldenStep {
  seq: number;
  n: number;
  direction: string;
  V_first: number;
  V_last: number;
  q_integrated_Ah: number;
  q_counter_Ah: number;
  e_counter_Wh: number;
}

interface GoldenCycle {
  cycle: number;
  discharge_Ah: number;
  charge_Ah: number;
  discharge_Wh: number;
  charge_Wh: number;
  discharge_Ah_counter: number;
  charge_Ah_counter: number;
  seqs: number[];
  ce_anode_half_cell: number;
  complete: boolean;
}

describe.skipIf(!hasGolden || !hasRealData)(
  'a silicon half cell with two cycles under one vendor number',
  () => {
    const load = async () => {
      const { expected } = JSON.parse(readFileSync(join(golden, 'cyc-r1-neware-uio.json'), 'utf8')) as {
        expected: { steps: GoldenStep[]; cycles_own_segmentation: GoldenCycle[] };
      };
      const database = await emptyDatabase();
      const { connection } = database;
      await connection.run(`INSERT INTO cells (cell_id, cell_type) VALUES ('cell', 'anode_half')`);
      await addTest(connection, [], { cellId: 'cell', counters: 'step' });
      await connection.run(`
      INSERT INTO measurements BY NAME
      SELECT 1 AS test_id, "DataPoint" AS record_index, epoch("Cumulative Time"::INTERVAL) AS test_time_second,
        dense_rank() OVER (ORDER BY "Cycle Index", "Step Index") AS step_count, "Step Index"::VARCHAR AS step_id,
        "Step Type" AS vendor_step_type, "Cycle Index" AS vendor_cycle_count, "Current(A)" AS current_ampere,
        "Voltage(V)" AS voltage_volt, "Chg. Cap.(Ah)" AS charging_capacity_ah, "DChg. Cap.(Ah)" AS discharging_capacity_ah,
        "Chg. Energy(Wh)" AS charging_energy_wh, "DChg. Energy(Wh)" AS discharging_energy_wh
      FROM read_csv(${literal(join(realData, 'neware', 'neware_uio.csv'))}, types = {'Cumulative Time': 'VARCHAR', 'Current(A)': 'DOUBLE'})
      ORDER BY "DataPoint"`);
      await derive(connection, [1]);
      const found = { steps: await stepsOf(connection), cycles: await cyclesOf(connection), expected };
      database.close();
      return found;
    };

    test('steps and cycles are those computed elsewhere', async () => {
      const { steps, cycles, expected } = await load();
      expect(steps.map(({ step_type }) => step_type)).toEqual(
        expected.steps.map(({ direction }) => direction),
      );
      for (const [index, wanted] of expected.steps.entries()) {
        const step = steps[index];
        expect(step?.record_count).toBe(wanted.n);
        expect(step?.start_voltage_volt).toBe(wanted.V_first);
        expect(step?.end_voltage_volt).toBe(wanted.V_last);
        near(
          Number(step?.charging_capacity_integrated_ah) - Number(step?.discharging_capacity_integrated_ah),
          wanted.q_integrated_Ah,
        );
        near(step?.capacity_ah, wanted.q_counter_Ah);
        near(step?.energy_wh, wanted.e_counter_Wh);
      }
      expect(cycles).toHaveLength(expected.cycles_own_segmentation.length);
      for (const [index, wanted] of expected.cycles_own_segmentation.entries()) {
        const cycle = cycles[index];
        expect(cycle?.cycle_count).toBe(wanted.cycle);
        near(cycle?.discharging_capacity_integrated_ah, wanted.discharge_Ah);
        near(cycle?.charging_capacity_integrated_ah, wanted.charge_Ah);
        near(cycle?.discharging_energy_integrated_wh, wanted.discharge_Wh);
        near(cycle?.charging_energy_integrated_wh, wanted.charge_Wh);
        near(cycle?.discharging_capacity_ah, wanted.discharge_Ah_counter);
        near(cycle?.charging_capacity_ah, wanted.charge_Ah_counter);
        // The quotient of the counters; the golden one is that of the integrals.
        near(cycle?.charge_quotient, wanted.ce_anode_half_cell, 2e-4);
        expect(cycle?.is_complete).toBe(wanted.complete);
        expect(cycle?.coulombic_efficiency === null).toBe(!wanted.complete);
        const counted = steps.filter(
          ({ cycle_count, step_type }) => cycle_count === wanted.cycle && step_type !== 'rest',
        );
        expect(counted.map(({ step_count }) => step_count)).toEqual(wanted.seqs);
      }
      expect(cycles.map(({ label }) => label)).toEqual([
        'ageing',
        'ageing',
        'ageing',
        'checkup',
        'interrupted',
      ]);
    });
  },
);

describe.skipIf(!hasGolden)('a cycle in closed form', () => {
  test('charge, energy, efficiencies and share of constant current', async () => {
    const { data, expected } = JSON.parse(readFileSync(join(golden, 'cyc-s1-analytic.json'), 'utf8')) as {
      data: { rows: [number, number, string, number, number][] };
      expected: {
        analytic: Record<
          'q_dis_Ah' | 'e_dis_Wh' | 'ce' | 'energy_efficiency' | 'mean_v_chg' | 'voltage_hysteresis',
          number
        >;
        trapezoid: { q_chg_Ah: number; e_chg_Wh: number };
        cc_fraction_of_charge: number;
      };
    };
    const rows = data.rows.map(
      ([test_time_second, step_count, vendor_step_type, current_ampere, voltage_volt], index) => ({
        test_id: 1,
        record_index: index + 1,
        test_time_second,
        step_count,
        vendor_step_type,
        current_ampere,
        voltage_volt,
      }),
    );
    const { cycles } = await derived({ rows }, { cell: { cell_type: 'full' } });
    const [cycle] = cycles;
    const { analytic, trapezoid } = expected;
    near(cycle?.charging_capacity_ah, trapezoid.q_chg_Ah, 1e-10);
    near(cycle?.charging_energy_wh, trapezoid.e_chg_Wh, 1e-10);
    near(cycle?.discharging_capacity_ah, analytic.q_dis_Ah, 2e-4);
    near(cycle?.discharging_energy_wh, analytic.e_dis_Wh, 2e-4);
    near(cycle?.coulombic_efficiency, analytic.ce, 2e-4);
    near(cycle?.energy_efficiency, analytic.energy_efficiency, 2e-4);
    near(cycle?.mean_charging_voltage_volt, analytic.mean_v_chg, 2e-4);
    near(cycle?.voltage_hysteresis_volt, analytic.voltage_hysteresis, 2e-4);
    near(cycle?.constant_current_share, expected.cc_fraction_of_charge, 2e-4);
    expect(cycle).toMatchObject({ label: 'ageing', is_complete: true, warnings: '[]' });
  });
});

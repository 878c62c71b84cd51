import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFacts } from '../../../src/ingest/audit/index.js';
import { TestRecords } from '../../../src/ingest/audit/stored-facts.js';
import { type FactRows, factColumns, RecordFacts } from '../../../src/ingest/load/record-facts.js';
import { type Database, insertRows, openInMemory, run } from '../../../src/store/connection.js';
import { createSchema } from '../../../src/store/schema.js';

/** What is gathered of records is the truth about them, in whatever portions they pass by, and from the database alike. */

interface Row {
  step: number;
  word: string | null;
  vendor_record_index?: number;
  test_time_second: number;
  current_ampere?: number;
  voltage_volt: number;
  vendor_cycle_count?: number;
  charging_capacity_ah?: number;
  discharging_capacity_ah?: number;
  net_capacity_ah?: number;
  charging_energy_wh?: number;
  ambient_temperature_celsius?: number;
}

const hour = 3600;
/** Line numbers are twice the record's. */
const rows: Row[] = [
  {
    step: 1,
    word: 'CC Chg',
    test_time_second: 0,
    current_ampere: 1,
    voltage_volt: 3,
    vendor_cycle_count: 1,
    charging_capacity_ah: 0,
  },
  {
    step: 1,
    word: 'CC Chg',
    test_time_second: hour,
    current_ampere: 1,
    voltage_volt: 3.5,
    vendor_cycle_count: 1,
    charging_capacity_ah: 1,
  },
  // Repeats the one before.
  {
    step: 1,
    word: 'CC Chg',
    test_time_second: hour,
    current_ampere: 1,
    voltage_volt: 3.5,
    vendor_cycle_count: 1,
    charging_capacity_ah: 1,
  },
  // The counter falls although the current flows on; the current goes from 1 to 2 A.
  {
    step: 1,
    word: 'CC Chg',
    test_time_second: 2 * hour,
    current_ampere: 2,
    voltage_volt: 4,
    vendor_cycle_count: 1,
    charging_capacity_ah: 0.5,
  },
  // A rest without duration: its records are alike.
  {
    step: 2,
    word: 'Rest',
    test_time_second: 2 * hour,
    current_ampere: 0,
    voltage_volt: 3.9,
    vendor_cycle_count: 1,
  },
  {
    step: 2,
    word: 'Rest',
    test_time_second: 2 * hour,
    current_ampere: 0,
    voltage_volt: 3.9,
    vendor_cycle_count: 1,
  },
  // Time runs back, the cycle number jumps, and then is no whole number.
  {
    step: 3,
    word: 'CC DChg',
    test_time_second: hour,
    current_ampere: -0.5004,
    voltage_volt: 3.8,
    vendor_cycle_count: 3,
    discharging_capacity_ah: 0,
    ambient_temperature_celsius: -327,
  },
  {
    step: 3,
    word: 'CC DChg',
    test_time_second: 3 * hour,
    current_ampere: -0.5004,
    voltage_volt: 3.4,
    vendor_cycle_count: 3.5,
    discharging_capacity_ah: 1,
  },
  {
    step: 3,
    word: null,
    test_time_second: 4 * hour,
    current_ampere: -0.5004,
    voltage_volt: 3.2,
    vendor_cycle_count: 3.5,
  },
]; // prettier-ignore

const words = ['CC Chg', 'Rest', 'CC DChg'];

/** Records `from` to `to`, as they are given while a file is read. */
function block(from: number, to: number): FactRows {
  const taken = rows.slice(from, to);
  const column = (name: (typeof factColumns)[number]) =>
    taken.some((row) => name in row)
      ? Float64Array.from(taken, (row) => (row as unknown as Record<string, number>)[name] ?? Number.NaN)
      : undefined;
  return {
    count: taken.length,
    firstRecord: from + 1,
    firstLine: 2,
    places: taken.map((_, at) => 2 * (from + at)),
    steps: taken.map(({ step }) => step),
    numbers: Object.fromEntries(factColumns.map((name) => [name, column(name)])),
    states: { codes: Int32Array.from(taken, ({ word }) => words.indexOf(word ?? '')), words },
  };
}

function gathered(size: number): RecordFacts {
  const facts = new RecordFacts();
  for (let from = 0; from < rows.length; from += size) facts.take(block(from, from + size));
  return facts;
}

const judged = (facts: RecordFacts) => ({
  ...auditFacts(facts, true),
  signs: Object.fromEntries([...facts.signs].filter(([, { positive, negative }]) => positive + negative > 0)),
});
const whole = judged(gathered(rows.length));

describe('the facts of records', () => {
  it('are integrals, rises and oddities as worked out by hand', () => {
    expect(whole).toMatchObject({
      records: 9,
      first_line: 2,
      duration: 4 * hour,
      largest_voltage: 4,
      smallest_voltage: 3,
      median_voltage: 3.5,
      largest_current: 2,
      current_resolution: 1e-4,
      flowing_records: 7,
      charge: 1 + 1.5,
      charge_unsure: 0.5,
      counter_falls: { count: 1, line: 8, total: 0.5 },
      duplicates: { count: 1, line: 6 },
      backward: { count: 1, line: 14 },
      cycle_jumps: { count: 1, line: 14, from: 1, to: 3 },
      fractional_cycles: { count: 2, line: 16, value: 3.5 },
      charge_counted: 1,
      discharge_counted: 1,
      uncounted: 1,
      empty: { vendor_cycle_count: 0, charging_capacity_ah: 5, discharging_capacity_ah: 7 },
      signs: {
        'CC Chg': { positive: 4, negative: 0 },
        'CC DChg': { positive: 0, negative: 2 },
        undefined: { positive: 0, negative: 1 },
      },
    });
    expect(whole.discharge).toBeCloseTo(0.5004 * 3, 12);
    expect(whole.energy).toBeCloseTo(3.25 + (3.5 + 8) / 2 + 0.5004 * (3.6 * 2 + 3.3), 12);
  });

  it.each([1, 2, 3, 5])('are the same in portions of %d', (size) => {
    expect(judged(gathered(size))).toEqual(whole);
  });

  describe('of a stored test', () => {
    let database: Database;
    beforeAll(async () => {
      database = await openInMemory();
      await createSchema(database.connection);
      const stored = rows.map(({ step, word, ...values }, at) => ({
        test_id: 1,
        record_index: at + 1,
        line_number: 2 * (at + 1),
        step_count: step,
        vendor_step_type: word,
        ...values,
      }));
      for (const row of stored) await insertRows(database.connection, 'measurements', [row]);
    });
    afterAll(() => database.close());

    it('are the same, and are gathered again once values were changed', async () => {
      const records = new TestRecords(database.connection, 1);
      expect(judged(await records.facts())).toEqual(whole);
      await run(database.connection, 'UPDATE measurements SET current_ampere = -current_ampere');
      records.noteChange();
      const { charge, discharge } = auditFacts(await records.facts(), true);
      expect([charge, discharge]).toEqual([whole.discharge, whole.charge]);
    });
  });
});

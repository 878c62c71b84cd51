import { describe, expect, it } from 'vitest';
import { storedValues } from '../../src/ingest/findings.js';
import { findingMessages } from '../../src/messages/findings.js';
import { wordsOf } from '../../src/messages/message.js';
import type { SqlRow } from '../../src/store/connection.js';
import { fadingCycles, Laboratory } from './laboratory.js';

const capacity = {
  id: 'capacity',
  category: 'li_rich_cathode',
  metric: 'specific_capacity',
  comparison: '>',
  threshold: 300,
  unit: 'mAh/g',
};

/** Three cathodes; `charged` is the capacity the cells gave, mAh/g of the mass in the table. */
function cathodes(charged: number, more: SqlRow, material: SqlRow = {}): Laboratory {
  const lab = new Laboratory().material('M', 'li_rich_cathode', material);
  for (const id of ['C1', 'C2', 'C3'])
    lab
      .cell(id, 'M', 'cathode_half', { active_mass_mg: 5, ...more })
      .cycled(id, fadingCycles(20, charged, 3e-4));
  return lab;
}

describe('an implausible value', () => {
  it('is shown and not judged, and says what to correct or confirm', async () => {
    const judged = await cathodes(320, { active_mass_mg: 0.005 }).judge(capacity);
    expect(judged).toMatchObject({ verdict: 'INCONCLUSIVE', sample_size: 3 });
    expect(judged.value).toBeGreaterThan(1e5);
    expect(judged.codes).toContain('IMPLAUSIBLE');
    expect(judged.reason).toMatch(
      /^implausible, confirm; .*C1: specific_capacity is \d+ mAh\/g, plausible is 60 to 480/,
    );
    expect(judged.missing).toContain('write specific_capacity into its column confirmed');
  });

  it('is judged, with a note, once it is confirmed', async () => {
    const judged = await cathodes(500, { confirmed: 'specific_capacity' }).judge(capacity);
    expect(judged).toMatchObject({ verdict: 'PASS' });
    expect(judged.codes).toContain('CONFIRMED');
    expect(judged.reason).toContain('confirmed: C1: specific_capacity');
  });

  it('of one cell is enough to keep the material from a FAIL too', async () => {
    const lab = cathodes(200, {});
    lab.cell('C4', 'M', 'cathode_half', { active_mass_mg: 5, nominal_capacity_mah: 2400 });
    lab.cycled('C4', fadingCycles(20, 200, 3e-4));
    const judged = await lab.judge(capacity);
    expect(judged).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(judged.reason).toContain('C4: capacity_over_nominal');
  });

  it('of a material keeps its cost from being judged', async () => {
    const cost = { cost: 1, reference_cost: 1000, cost_basis: 'kg', cost_currency: 'EUR', price_year: 2025 };
    const reduction = { ...capacity, metric: 'cost_reduction', threshold: 50, unit: 'percent' };
    const of = (more: SqlRow) =>
      cathodes(320, {}, { ...cost, cost_scale: 'quote', ...more }).judge(reduction);
    expect(await of({})).toMatchObject({
      verdict: 'INCONCLUSIVE',
      codes: expect.arrayContaining(['IMPLAUSIBLE']),
    });
    expect(await of({ confirmed: 'cost_ratio' })).toMatchObject({ verdict: 'PASS' });
  });

  it('leaves metrics alone that it has no part in', async () => {
    const judged = await cathodes(320, { active_mass_mg: 0.005 }).judge({
      ...capacity,
      metric: 'decay_rate',
      comparison: '<',
      threshold: 0.1,
      unit: 'percent_per_cycle',
      conditions: { minimum_cycles: 10 },
    });
    expect(judged.codes).not.toContain('IMPLAUSIBLE');
  });
});

describe('a voltage that is the potential of one electrode against a reference', () => {
  const said = findingMessages('VOLTAGE_AGAINST_REFERENCE', { column: 'Ewe/V', reference: 'Li/Li+' });
  const finding = {
    file_id: 2,
    code: said.code,
    message: said.message,
    message_values: storedValues(said),
  };
  const judge = (type: string, metric: string, unit: string, more: SqlRow = {}) => {
    const lab = new Laboratory().material('M', 'cell').add('findings', finding);
    for (const id of ['C1', 'C2', 'C3'])
      lab.cell(id, 'M', type, { active_mass_mg: 5, ...more }).cycled(id, fadingCycles(20, 200, 3e-4));
    return lab.judge({ ...capacity, category: 'cell', metric, threshold: 90, unit });
  };

  it('keeps the energy of a whole cell from being judged until it is confirmed', async () => {
    const judged = await judge('full', 'round_trip_efficiency', 'percent');
    expect(judged).toMatchObject({ verdict: 'INCONCLUSIVE', value: expect.closeTo(92.2, 0) });
    expect(judged.codes).toContain('VOLTAGE_AGAINST_REFERENCE');
    expect(judged.missing).toContain('write voltage_volt into its column confirmed');
    const warning = judged.warnings.find(({ code }) => code === 'VOLTAGE_AGAINST_REFERENCE')!;
    expect(warning.message).toContain('the voltage is "Ewe/V", the potential of one electrode');
    expect(wordsOf(warning, { language: 'zh' })).toMatch(
      /：电压为 "Ewe\/V"，即一个电极相对于 Li\/Li\+ 的电位/,
    );
    const confirmed = await judge('full', 'round_trip_efficiency', 'percent', { confirmed: 'voltage_volt' });
    expect(confirmed).toMatchObject({ verdict: 'PASS', codes: expect.arrayContaining(['CONFIRMED']) });
  });

  it('says nothing against a half cell', async () => {
    const judged = await judge('cathode_half', 'round_trip_efficiency', 'percent');
    expect(judged.codes).not.toContain('VOLTAGE_AGAINST_REFERENCE');
  });
});

describe('what the ingest found doubtful about the records of a cell', () => {
  const judge = (code: string, more: SqlRow = {}) => {
    const lab = cathodes(320, more);
    return lab.add('findings', { file_id: 2, code, message: 'said', repaired: false }).judge(capacity);
  };

  it.each([
    ['SIGN_FLIPPED', 'current_ampere'],
    ['UNIT_IMPLAUSIBLE', 'current_ampere'],
    ['SAME_RECORDS', 'records'],
    ['TESTS_OVERLAP', 'records'],
  ])('%s keeps its capacity from being judged until it is confirmed', async (code, name) => {
    const judged = await judge(code);
    expect(judged.verdict).toBe('INCONCLUSIVE');
    expect(judged.codes).toContain(code);
    expect(judged.missing).toContain(`write ${name} into its column confirmed`);
    expect(await judge(code, { confirmed: name })).toMatchObject({ verdict: 'PASS' });
  });
});

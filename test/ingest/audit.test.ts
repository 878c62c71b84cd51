import { describe, expect } from 'vitest';
import { judgeAgainstCell } from '../../src/ingest/audit/cells.js';
import { detectScope } from '../../src/ingest/audit/scope.js';
import type { Finding, FindingCode } from '../../src/ingest/findings.js';
import { type SharedLaboratory, testsOfOneDatabase } from '../shared-laboratory.js';
import {
  ownArbinCsv as arbinCsv,
  type CyclingRecord,
  changed,
  cyclingRecords,
  ownPlainCsv as plainCsv,
  type Scope,
} from './cycling.js';

const it = testsOfOneDatabase();

const healthy = cyclingRecords();

/** Findings of a file of its own. */
async function findingsIn(lab: SharedLaboratory, content: string): Promise<Finding[]> {
  const summary = await lab.ingest(lab.write('test.csv', content));
  expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested']);
  return summary.outcomes[0]!.findings;
}

const codesIn = async (lab: SharedLaboratory, content: string) =>
  (await findingsIn(lab, content)).map(({ code }) => code);
const find = (findings: readonly Finding[], code: FindingCode) => findings.find((each) => each.code === code);

/** Line of a record in the file: the header is line 1. */
const lineOf = (index: number) => index + 2;

describe.concurrent('a healthy file', () => {
  it.for<[string, (lab: SharedLaboratory) => string]>([
    ['as Arbin writes it', (lab) => arbinCsv(lab, healthy)],
    [
      'without a constant-voltage step',
      (lab) => arbinCsv(lab, cyclingRecords({ hasConstantVoltage: false })),
    ],
    ['at a hundredth of the current', (lab) => arbinCsv(lab, cyclingRecords({ current: 0.015 }))],
    ['logged every ten minutes', (lab) => arbinCsv(lab, cyclingRecords({ interval: 600 }))],
    [
      'paused for a day, so that its clock runs ahead',
      (lab) => arbinCsv(lab, healthy, (time) => (time > 3000 ? time + 86_400 : time)),
    ],
    [
      'a symmetric cell, whose voltage tells no direction',
      (lab) =>
        arbinCsv(
          lab,
          changed(healthy, ({ current }, index) => ({ voltage: 0.05 * current + 0.0001 * (index % 3) })),
        ),
    ],
  ])('%s: nothing to find', async ([, content], { lab }) => {
    expect(await findingsIn(lab, content(lab))).toEqual([]);
  });
});

describe.concurrent('sign of the current', () => {
  const turned = changed(healthy, ({ current }) => ({ current: -current }));
  const sums = (lab: SharedLaboratory) =>
    lab.rows(
      `SELECT round(sum(charging_capacity_ah), 6) AS charging, round(sum(discharging_capacity_ah), 6) AS discharging FROM cycles`,
    );

  it('against the voltage: a finding, and turned on request only', async ({ lab }) => {
    const findings = await findingsIn(lab, arbinCsv(lab, turned));
    expect(find(findings, 'SIGN_FLIPPED')).toMatchObject({
      message: expect.stringMatching(/100 %.*--repair SIGN_FLIPPED/),
      repair: { kind: 'turn_current', swaps_counters: false },
    });
    const [before] = await lab.rows("SELECT sum(current_ampere) AS i FROM measurements WHERE step_id = '1'");
    expect(before!.i).toBeLessThan(0);
    const summary = await lab.ingest(lab.exports, { repair: ['SIGN_FLIPPED'] });
    expect(summary.repaired).toMatchObject([{ code: 'SIGN_FLIPPED' }]);
    const repaired = await sums(lab);
    const other = lab.another();
    await other.ingest(other.write('test.csv', arbinCsv(other, healthy)));
    expect(repaired).toEqual(await sums(other));
    expect(await lab.rows('SELECT code, repaired FROM findings')).toEqual([
      { code: 'SIGN_FLIPPED', repaired: true },
    ]);
    expect(
      await lab.rows(`SELECT parameters->'repair' AS repair FROM runs ORDER BY run_id DESC LIMIT 1`),
    ).toEqual([{ repair: '["SIGN_FLIPPED"]' }]);
    // Asked again, there is nothing left to do.
    expect((await lab.ingest(lab.exports, { repair: ['SIGN_FLIPPED'] })).repaired).toEqual([]);
  });

  it('with counters that agree with it: both are turned', async ({ lab }) => {
    const both = changed(turned, ({ charge, discharge }) => ({ charge: discharge, discharge: charge }));
    const summary = await lab.ingest(lab.write('test.csv', arbinCsv(lab, both)), {
      repair: ['SIGN_FLIPPED'],
    });
    expect(summary.outcomes[0]!.findings).toMatchObject([
      { code: 'SIGN_FLIPPED', repaired: true, repair: { swaps_counters: true } },
    ]);
    expect(
      await lab.rows(
        'SELECT max(charging_capacity_ah) > max(discharging_capacity_ah) AS fits FROM measurements',
      ),
    ).toEqual([
      {
        fits:
          Math.max(...healthy.map(({ charge }) => charge)) >
          Math.max(...healthy.map(({ discharge }) => discharge)),
      },
    ]);
  });

  it('a repaired test grows without a contradiction, and stays repaired', async ({ lab }) => {
    const text = (count: number) => arbinCsv(lab, turned.slice(0, count));
    await lab.ingest(lab.write('night1.csv', text(100)), { repair: ['SIGN_FLIPPED'] });
    const summary = await lab.ingest(lab.write('night2.csv', text(turned.length)));
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    expect(summary.outcomes[0]!.findings.map(({ code }) => code)).not.toContain('SIGN_FLIPPED');
    const stored = await lab.rows<{ i: number }>(
      'SELECT current_ampere AS i FROM measurements ORDER BY record_index',
    );
    expect(stored.map(({ i }) => i + 0)).toEqual(healthy.map(({ current }) => current + 0));
  });

  it('neither with nor against the voltage: uncertain', async ({ lab }) => {
    const mixed = changed(healthy, ({ current, cycle }) => (cycle === 2 ? { current: -current } : {}));
    expect(await codesIn(lab, arbinCsv(lab, mixed))).toContain('SIGN_UNCERTAIN');
  });

  it('counters that changed places', async ({ lab }) => {
    const swapped = changed(healthy, ({ charge, discharge }) => ({ charge: discharge, discharge: charge }));
    expect(await codesIn(lab, arbinCsv(lab, swapped))).toContain('COUNTERS_SWAPPED');
  });

  it('is forgiven where the cell turns out to be symmetric', async ({ lab }) => {
    lab.write('cells.csv', 'cell_id,material_id,cell_type\nSYM-1,,symmetric\n');
    await lab.ingest(lab.write('SYM-1.csv', arbinCsv(lab, turned)));
    expect(await lab.rows(`SELECT cell_id FROM tests`)).toEqual([{ cell_id: 'SYM-1' }]);
    expect(await lab.rows(`SELECT code FROM findings WHERE code LIKE 'SIGN%'`)).toEqual([]);
  });
});

describe.concurrent('a current without a sign, in a file that tells neither steps nor states', () => {
  const columns = 'test_time_second,voltage_volt,current_ampere,charging_capacity_ah,discharging_capacity_ah';
  /** Charges and discharges of 2 h at 1 A in turn, without a rest, a record every 5 min. */
  const lines = ({ number }: SharedLaboratory, cycles: number, sign: 1 | -1): string[] => {
    const moved = { charge: 0, discharge: 0 };
    let time = 0;
    return Array.from({ length: 2 * cycles }, (_, half) => {
      const way = half % 2 === 0 ? 'charge' : 'discharge';
      return Array.from({ length: 25 }, (_, at) => {
        if (at > 0) moved[way] += 1 / 12;
        const volt = (way === 'charge' ? 3 + at * 0.05 : 4.2 - at * 0.05) + number / 1000;
        const current = way === 'charge' ? 1 : sign;
        const line = [time, volt.toFixed(4), current, moved.charge.toFixed(7), moved.discharge.toFixed(7)];
        time += at === 24 ? 1 : 300;
        return line.join(',');
      });
    }).flat();
  };
  const csv = (rows: readonly string[]) => `${[columns, ...rows].join('\n')}\n`;
  const stored = (lab: SharedLaboratory) =>
    lab.rows(
      'SELECT record_index, step_count, current_ampere FROM measurements ORDER BY test_id, record_index',
    );

  it('takes it from the counter that rises, and begins a step where that turns', async ({ lab }) => {
    const finding = find(await findingsIn(lab, csv(lines(lab, 4, 1))), 'CURRENT_DIRECTION_FROM_COUNTERS');
    expect(finding).toMatchObject({ repaired: true, message: expect.stringMatching(/^.*100 records/) });
    const unsigned = await stored(lab);
    const cycles = await lab.rows(
      'SELECT charging_capacity_ah AS charged, discharging_capacity_ah AS discharged, counter_deviation FROM cycles',
    );
    expect(cycles).toHaveLength(4);
    for (const { charged, discharged, counter_deviation } of cycles) {
      expect(charged).toBeCloseTo(2, 6);
      expect(discharged).toBeCloseTo(2, 6);
      expect(counter_deviation as number).toBeLessThan(0.002);
    }
    const signed = lab.another();
    await signed.ingest(signed.write('test.csv', csv(lines(signed, 4, -1))));
    expect(unsigned).toEqual(await stored(signed));
  });

  it('the same where the file grew over night, inside a discharge', async ({ lab }) => {
    const all = lines(lab, 4, 1);
    await lab.ingest(lab.write('night.csv', csv(all.slice(0, 90))));
    const summary = await lab.ingest(lab.write('night.csv', csv(all)));
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    const grown = await stored(lab);
    expect(grown.map(({ current_ampere }) => current_ampere)).toEqual(
      all.map((_, i) => (Math.floor(i / 25) % 2 === 0 ? 1 : -1)),
    );
    expect(grown.map(({ step_count }) => Number(step_count))).toEqual(
      all.map((_, i) => 1 + Math.floor(i / 25)),
    );
  });

  it('is not told where both counters rise at once', async ({ lab }) => {
    const both = lines(lab, 2, 1).map((line, i) => line.replace(/[^,]*,[^,]*$/, `${i},${i}`));
    expect(find(await findingsIn(lab, csv(both)), 'CURRENT_DIRECTION_FROM_COUNTERS')).toBeUndefined();
  });
});

describe.concurrent('a direction that the format does not state', () => {
  const direction = (lab: SharedLaboratory) => lab.rows('SELECT current_direction FROM tests');
  const withCounters = ['time', 'cycle', 'step', 'current', 'voltage', 'charge', 'discharge'] as const;
  const currents = async (lab: SharedLaboratory) =>
    (await lab.rows<{ i: number }>('SELECT current_ampere AS i FROM measurements ORDER BY record_index')).map(
      ({ i }) => i + 0,
    );
  const truth = healthy.map(({ current }) => current + 0);

  it.for<[string, (record: CyclingRecord) => number]>([
    ['positive charges', ({ current }) => current],
    ['positive discharges', ({ current }) => -current],
    ['a magnitude', ({ current }) => Math.abs(current)],
  ])('%s: the counters settle it', async ([, current], { lab }) => {
    const records = changed(healthy, (record) => ({ current: current(record) }));
    expect(await codesIn(lab, plainCsv(lab, records, withCounters))).toContain(
      'CURRENT_DIRECTION_FROM_COUNTERS',
    );
    expect(await direction(lab)).toEqual([{ current_direction: 'known' }]);
    expect(await currents(lab)).toEqual(truth);
  });

  it.for([1, -1])(
    'with the voltage alone (sign %i): unknown, and a hint that can be taken',
    async (sign, { lab }) => {
      const records = changed(healthy, ({ current }) => ({ current: sign * current }));
      const path = lab.write('test.csv', plainCsv(lab, records));
      const summary = await lab.ingest(path);
      const found = summary.outcomes[0]!.findings.map(({ code }) => code);
      expect(found).toContain('CURRENT_DIRECTION_UNKNOWN');
      expect(found).toContain('CURRENT_DIRECTION_HINT');
      expect(await direction(lab)).toEqual([{ current_direction: 'unknown' }]);
      expect(await currents(lab)).toEqual(records.map(({ current }) => current + 0));
      await lab.ingest(path, { repair: ['CURRENT_DIRECTION_HINT'] });
      expect(await direction(lab)).toEqual([{ current_direction: 'known' }]);
      expect(await currents(lab)).toEqual(truth);
    },
  );
});

describe.concurrent('units', () => {
  it('milliampere under an ampere header, beside counters', async ({ lab }) => {
    const records = changed(cyclingRecords({ current: 15 }), ({ current }) => ({ current: 1000 * current }));
    const findings = await findingsIn(lab, arbinCsv(lab, records));
    expect(find(findings, 'UNIT_IMPLAUSIBLE')).toMatchObject({
      message: expect.stringMatching(/1000 times.*Current \(A\).*milliampere/),
      repair: { kind: 'scale', columns: ['current_ampere'], divide: 1000 },
    });
    expect(find(findings, 'COUNTER_INTEGRAL_CONFLICT')).toBeUndefined();
    await lab.ingest(lab.exports, { repair: ['UNIT_IMPLAUSIBLE'] });
    expect(await lab.rows('SELECT max(current_ampere) AS high FROM measurements')).toEqual([{ high: 15 }]);
    expect(await lab.rows('SELECT code, repaired FROM findings')).toEqual([
      { code: 'UNIT_IMPLAUSIBLE', repaired: true },
    ]);
  });

  it('a thousandfold between current and counters that nothing decides: said, not changed', async ({
    lab,
  }) => {
    const records = changed(healthy, ({ charge, discharge }) => ({
      charge: charge * 1000,
      discharge: discharge * 1000,
    }));
    const finding = find(await findingsIn(lab, arbinCsv(lab, records)), 'UNIT_IMPLAUSIBLE');
    expect(finding?.message).toMatch(/1\/1000 of the charge.*nominal capacity/);
    expect(finding?.repair).toBeUndefined();
  });

  it('the same, decided by the nominal capacity of the cell', async ({ lab }) => {
    const records = changed(healthy, ({ charge, discharge }) => ({
      charge: charge * 1000,
      discharge: discharge * 1000,
    }));
    lab.write('cells.csv', 'cell_id,material_id,cell_type,nominal_capacity_mah\nNMC-7,,full,500\n');
    const path = lab.write('NMC-7.csv', arbinCsv(lab, records));
    await lab.ingest(path);
    expect(await lab.rows(`SELECT message FROM findings WHERE repair IS NOT NULL`)).toMatchObject([
      { message: expect.stringMatching(/nominal capacity of NMC-7, 500 mAh/) },
    ]);
    const summary = await lab.ingest(path, { repair: ['UNIT_IMPLAUSIBLE'] });
    expect(summary.repaired).toHaveLength(1);
    const highest = Math.max(...healthy.map(({ charge }) => charge));
    const [stored] = await lab.rows<{ q: number }>('SELECT max(charging_capacity_ah) AS q FROM measurements');
    expect(stored!.q).toBeCloseTo(highest, 9);
  });

  it('millivolt under a volt header', async ({ lab }) => {
    const records = changed(healthy, ({ voltage }) => ({ voltage: voltage * 1000 }));
    const findings = await findingsIn(lab, arbinCsv(lab, records));
    expect(find(findings, 'UNIT_IMPLAUSIBLE')).toMatchObject({
      repair: { columns: ['voltage_volt'], divide: 1000 },
    });
  });

  const facts = { test_id: 1, file_id: 1, cell_id: 'A', nominal: 2 };
  it.each([
    ['both fit', 1.9, 1.9, undefined],
    ['a pulse', 1e-4, 1e-4, undefined],
    ['a cell better than its label', 4.5, 4.5, undefined],
    [
      'counters in mAh',
      1.9,
      1900,
      { columns: ['charging_capacity_ah', 'discharging_capacity_ah', 'net_capacity_ah'], divide: 1000 },
    ],
    ['current in mA', 1900, 1.9, { columns: ['current_ampere'], divide: 1000 }],
    ['time in minutes', 1.9 / 60, 1.9, undefined],
    ['time in minutes, a small cell', 0.6 / 60, 0.6, { columns: ['test_time_second'], multiply: 60 }],
    ['no counters, current in mA', 1900, null, { columns: ['current_ampere'], divide: 1000 }],
  ])('beside the nominal capacity: %s', (_what, integrated, counted, repair) => {
    const finding = judgeAgainstCell({ ...facts, integrated, counted });
    if (repair === undefined) expect(finding).toBeUndefined();
    else expect(finding?.repair).toMatchObject(repair);
  });
});

describe.concurrent('counters', () => {
  it.for<[Scope, string]>([
    ['step', 'step'],
    ['half_cycle', 'half_cycle'],
    ['cycle', 'cycle'],
    ['test', 'test'],
  ])('that reset by %s are recognised', async ([scope, expected], { lab }) => {
    const findings = await findingsIn(lab, arbinCsv(lab, cyclingRecords({ scope })));
    expect(await lab.rows('SELECT counter_scope FROM tests')).toEqual([{ counter_scope: expected }]);
    expect(find(findings, 'COUNTER_SCOPE') !== undefined).toBe(scope !== 'cycle');
    const [sums] = await lab.rows<{ q: number; n: number }>(
      'SELECT sum(discharging_capacity_counter_ah) AS q, sum(discharging_capacity_integrated_ah) AS n FROM cycles',
    );
    expect(sums!.q).toBeCloseTo(sums!.n, 6);
  });

  it('of a file that says too little keep the declared scope', () => {
    const none = { chances: 0, falls: 0 };
    for (const declared of ['step', 'half_cycle', 'cycle', 'test']) {
      expect(
        detectScope({ resets: { within: none, reversal: none, cycle: none } }, declared),
      ).toBeUndefined();
    }
    expect(
      detectScope({ resets: { within: { chances: 5, falls: 2 }, reversal: none, cycle: none } }, 'cycle'),
    ).toBeUndefined();
    expect(detectScope({ resets: { within: none, reversal: none, cycle: none } }, 'net')).toBeUndefined();
  });

  it.for<[number, FindingCode | undefined]>([
    [1.001, undefined],
    [1.005, 'COUNTER_INTEGRAL_DIFF'],
    [1.05, 'COUNTER_INTEGRAL_CONFLICT'],
  ])('%f times the integrated current: %s', async ([factor, code], { lab }) => {
    const records = changed(cyclingRecords({ hasConstantVoltage: false }), ({ charge, discharge }) => ({
      charge: charge * factor,
      discharge: discharge * factor,
    }));
    expect(await codesIn(lab, arbinCsv(lab, records))).toEqual(code === undefined ? [] : [code]);
  });

  it('that fall while the current flows on', async ({ lab }) => {
    const fallen = changed(healthy, ({ charge }, index) => (index === 15 ? { charge: charge * 0.2 } : {}));
    expect(find(await findingsIn(lab, arbinCsv(lab, fallen)), 'COUNTER_FALLS')).toMatchObject({
      line: lineOf(15),
    });
  });
});

describe.concurrent('time', () => {
  it('that runs backwards', async ({ lab }) => {
    const records = changed(healthy, ({ time }, index) =>
      index === 30 || index === 60 ? { time: time - 500 } : {},
    );
    expect(find(await findingsIn(lab, arbinCsv(lab, records)), 'TIME_BACKWARD')).toMatchObject({
      line: lineOf(30),
      message: expect.stringMatching(/2 records/),
    });
  });

  it('with a gap in it', async ({ lab }) => {
    const records = changed(healthy, ({ time }, index) => (index >= 10 ? { time: time + 7200 } : {}));
    expect(find(await findingsIn(lab, arbinCsv(lab, records)), 'TIME_GAP')).toMatchObject({
      line: lineOf(10),
      message: expect.stringMatching(/2\.02 h/),
    });
  });

  describe('counted from a wall clock of no known zone', () => {
    /** A charge of 0.1 A whose records are `minutes` apart, by a clock that is moved by an hour before its `at`th record. */
    const clocked = (
      { number }: SharedLaboratory,
      first: string,
      minutes: number,
      moved: number,
      at = 12,
      count = 30,
    ) => {
      const rows = Array.from({ length: count }, (_, index) => {
        const seconds = 60 * minutes * index + (index >= at ? moved * 3600 : 0);
        const clock = new Date(Date.parse(`${first}Z`) + seconds * 1000).toISOString();
        return `${clock.slice(0, 19).replace('T', ' ')},${(3 + index / 100).toFixed(2)},${0.1 + number / 1000}`;
      });
      return ['DateTime,Voltage / V,Current / A', ...rows, ''].join('\n');
    };
    const times = async (lab: SharedLaboratory) =>
      (
        await lab.rows<{ t: number }>('SELECT test_time_second AS t FROM measurements ORDER BY record_index')
      ).map(({ t }) => t);
    const evenly = (minutes: number, count = 30) =>
      Array.from({ length: count }, (_, index) => 60 * minutes * index);

    it.for<[string, string, number, number]>([
      ['Europe, spring', '2026-03-29T01:00:00', 5, 1],
      ['Europe, spring, seldom', '2026-03-28T20:10:00', 30, 1],
      ['Europe, autumn', '2026-10-25T02:00:00', 5, -1],
      ['America, spring', '2026-03-08T01:00:00', 5, 1],
      ['America, autumn', '2026-11-01T01:00:00', 5, -1],
    ])('counts no hour that only the clock made: %s', async ([, first, minutes, moved], { lab }) => {
      const findings = await findingsIn(lab, clocked(lab, first, minutes, moved));
      expect(find(findings, 'DAYLIGHT_SAVING')).toMatchObject({ line: lineOf(12), repaired: true });
      expect(findings.map(({ code }) => code)).not.toContain('TIME_GAP');
      expect(await times(lab)).toEqual(evenly(minutes));
    });

    it.for<[string, string, number, number]>([
      ['on another day', '2026-03-30T01:00:00', 5, 1],
      ['at another hour', '2026-03-29T07:00:00', 5, 1],
      ['by another time', '2026-03-29T01:00:00', 5, 0.9],
    ])('leaves a pause as it is: %s', async ([, first, minutes, moved], { lab }) => {
      expect(
        find(await findingsIn(lab, clocked(lab, first, minutes, moved)), 'DAYLIGHT_SAVING'),
      ).toBeUndefined();
      expect(await times(lab)).not.toEqual(evenly(minutes));
    });

    it('does so too where the night brings the rest of the file', async ({ lab }) => {
      const whole = clocked(lab, '2026-03-29T01:00:00', 5, 1, 12, 60);
      lab.write('grown.csv', `${whole.split('\n').slice(0, 13).join('\n')}\n`);
      await lab.ingest();
      lab.write('grown.csv', whole);
      const { outcomes } = await lab.ingest();
      expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
      expect(await times(lab)).toEqual(evenly(5, 60));
      expect(outcomes[0]!.findings.map(({ code }) => code)).toContain('DAYLIGHT_SAVING');
    });
  });

  it.for([1000, 1 / 60, 1 / 3600])(
    'that runs %f times the clock: corrected on request',
    async (factor, { lab }) => {
      const records = changed(healthy, ({ time }) => ({ time: time * factor }));
      const findings = await findingsIn(
        lab,
        arbinCsv(lab, records, (time) => time / factor),
      );
      expect(find(findings, 'TIME_SCALE')).toMatchObject({
        line: 2,
        repair: { columns: ['test_time_second'] },
      });
      await lab.ingest(lab.exports, { repair: ['TIME_SCALE'] });
      const [last] = await lab.rows<{ t: number }>('SELECT max(test_time_second) AS t FROM measurements');
      expect(last!.t).toBeCloseTo(healthy.at(-1)!.time, 6);
      expect(await lab.rows('SELECT code FROM findings WHERE NOT repaired')).toEqual([]);
    },
  );

  it('of many years, without a clock: said, with what it would be in other units', async ({ lab }) => {
    const records = changed(healthy, ({ time }) => ({ time: time * 1e5 }));
    const finding = find(await findingsIn(lab, plainCsv(lab, records)), 'UNIT_IMPLAUSIBLE');
    expect(finding?.message).toMatch(/years.*3600 times/);
    expect(finding?.repair).toBeUndefined();
  });
});

describe.concurrent('records', () => {
  it('that repeat the one before', async ({ lab }) => {
    const doubled = arbinCsv(lab, healthy).trimEnd().split('\n');
    doubled.splice(10, 0, doubled[10]!, doubled[10]!);
    expect(find(await findingsIn(lab, `${doubled.join('\n')}\n`), 'DUPLICATE_RECORDS')).toMatchObject({
      line: 12,
      message: expect.stringMatching(/2 records/),
    });
  });

  it('whose cycle numbers jump', async ({ lab }) => {
    const records = changed(healthy, ({ cycle }) => ({ cycle: cycle === 3 ? 7 : cycle }));
    const first = healthy.findIndex(({ cycle }) => cycle === 3);
    expect(find(await findingsIn(lab, arbinCsv(lab, records)), 'CYCLE_JUMP')).toMatchObject({
      line: lineOf(first),
      message: expect.stringMatching(/from 2 to 7/),
    });
  });

  it('whose cycle numbers are turns', async ({ lab }) => {
    const records = changed(healthy, ({ cycle }) => ({ cycle: cycle * 2 * Math.PI }));
    expect(find(await findingsIn(lab, arbinCsv(lab, records)), 'CYCLE_NOT_INTEGER')).toMatchObject({
      line: 2,
      message: expect.stringMatching(/6\.28.*2π/),
    });
  });
});

describe.concurrent('values', () => {
  it('that are empty or not a number are counted', async ({ lab }) => {
    const records = changed(healthy, (_record, index) =>
      index % 10 === 0 ? { temperature: index % 20 === 0 ? '' : 'N/A' } : {},
    );
    const count = Math.ceil(healthy.length / 10);
    expect(find(await findingsIn(lab, arbinCsv(lab, records)), 'VALUES_NOT_STORED')?.message).toContain(
      `${count} of ${healthy.length} in "Aux_Temperature_1 (C)"`,
    );
  });

  it.for(['-327.67', '-2501'])('of no sensor (%s °C) are not stored', async (temperature, { lab }) => {
    const records = changed(healthy, (_record, index) => (index < 20 ? { temperature } : {}));
    expect(find(await findingsIn(lab, arbinCsv(lab, records)), 'VALUES_NOT_STORED')?.message).toMatch(
      /^stored as NULL: 20 in "Aux_Temperature_1 \(C\)" are below -200 °C/,
    );
    const [coldest] = await lab.rows<{ t: number }>(
      'SELECT min(ambient_temperature_celsius) AS t FROM measurements',
    );
    expect(coldest!.t).toBeGreaterThan(20);
  });
});

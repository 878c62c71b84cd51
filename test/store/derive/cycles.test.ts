import { describe, expect, test } from 'vitest';
import { charge, cycle, derived, discharge, repeat, rest, type Segment } from './fixture.js';

const numbers = (steps: readonly { cycle_count: number }[]) => steps.map(({ cycle_count }) => cycle_count);

describe.concurrent('numbering', () => {
  const leadingDischarge = [discharge(1, 1800), rest(), ...cycle(), ...cycle()];

  test('a leading part in the other direction is cycle 0', async () => {
    const { steps, cycles } = await derived(leadingDischarge, { cell: { cell_type: 'full' } });
    expect(numbers(steps)).toEqual([0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(cycles.map(({ label }) => label)).toEqual(['partial', 'ageing', 'ageing']);
    expect(cycles[0]).toMatchObject({ is_complete: false, coulombic_efficiency: null });
  });

  test('an anode half cell begins with its discharge', async () => {
    const { steps } = await derived(leadingDischarge, { cell: { cell_type: 'anode_half' } });
    expect(numbers(steps)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
  });

  test.each([{ cell: { cell_type: 'symmetric' } }, {}])(
    'the first direction seen opens a cycle of %o',
    async (made) => {
      const { steps } = await derived(leadingDischarge, made);
      expect(numbers(steps)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
    },
  );

  test('rests before the first cycle belong to it, and a rest alone is a partial cycle', async () => {
    const { steps } = await derived([rest(), rest(), ...cycle()], { cell: { cell_type: 'full' } });
    expect(numbers(steps)).toEqual([1, 1, 1, 1, 1, 1]);
    const alone = await derived([rest()]);
    expect(alone.cycles).toMatchObject([{ cycle_count: 1, label: 'partial', charging_capacity_ah: 0 }]);
  });

  test('steps of one direction add up', async () => {
    const staged = [discharge(1, 3000), rest(), discharge(0.5, 600), rest(), discharge(0.1, 600)];
    const { cycles } = await derived([charge(), ...staged, charge(), ...staged]);
    expect(cycles.map(({ cycle_count }) => cycle_count)).toEqual([1, 2]);
    expect(cycles[0]?.discharging_capacity_ah).toBeCloseTo((3000 + 300 + 60) / 3600, 12);
  });

  test('pulses below one percent change no direction', async () => {
    const pulses = [charge(1, 20, { every: 10 }), discharge(1, 20, { every: 10 })];
    const { cycles } = await derived([
      ...cycle(),
      charge(),
      ...pulses,
      discharge(1, 1800),
      ...pulses,
      discharge(1, 1800),
    ]);
    expect(cycles.map(({ cycle_count }) => cycle_count)).toEqual([1, 2]);
  });

  test('a nominal capacity a thousand times too large makes no step a pulse', async () => {
    const { cycles } = await derived(
      repeat(3, () => cycle()),
      {
        cell: { cell_type: 'full', nominal_capacity_mah: 1e6 },
      },
    );
    expect(cycles).toHaveLength(3);
  });
});

describe.concurrent('efficiency', () => {
  const uneven = [charge(1, 3600), rest(), discharge(1, 3420), rest()];

  test.each([
    ['full', 0.95],
    ['anode_free', 0.95],
    ['cathode_half', 0.95],
    ['symmetric', null],
  ])('of a %s cell', async (cell_type, efficiency) => {
    const { cycles } = await derived([...uneven, ...uneven], { cell: { cell_type } });
    if (efficiency === null) expect(cycles[0]?.coulombic_efficiency).toBeNull();
    else expect(cycles[0]?.coulombic_efficiency).toBeCloseTo(efficiency, 10);
    expect(cycles[0]?.charge_quotient).toBeCloseTo(0.95, 10);
  });

  test.each(['anode_half', 'li_cu'])(
    'of %s is what comes out on charge over what went in on discharge',
    async (cell_type) => {
      const strip = [discharge(1, 3600), rest(), charge(1, 3420), rest()];
      const { cycles } = await derived([...strip, ...strip], { cell: { cell_type } });
      expect(cycles[0]?.coulombic_efficiency).toBeCloseTo(0.95, 10);
    },
  );

  test('is null, the quotient is not, where the direction of the current is unknown', async () => {
    const { cycles } = await derived([...uneven, ...uneven], {
      cell: { cell_type: 'full' },
      direction: 'unknown',
    });
    expect(cycles[0]).toMatchObject({ coulombic_efficiency: null, energy_efficiency: null });
    expect(cycles[0]?.charge_quotient).toBeCloseTo(0.95, 10);
    expect(cycles[0]?.warnings).toContain('CURRENT_DIRECTION_UNKNOWN');
  });

  test('outside 0.5 to 1.05 is kept and flagged', async () => {
    const { cycles } = await derived([charge(1, 1800), rest(), ...cycle().slice(2), ...cycle(), ...cycle()], {
      cell: { cell_type: 'full' },
    });
    expect(cycles[0]?.coulombic_efficiency).toBeCloseTo(2, 10);
    expect(cycles[0]?.warnings).toBe('["CE_IMPLAUSIBLE"]');
  });

  test('energies, mean voltages and rests', async () => {
    const { cycles } = await derived(
      [charge(1, 3600), rest(600, { volt: [4.2, 4.1] }), discharge(1, 3600), rest(600, { volt: [2.8, 3.0] })],
      { cell: { cell_type: 'full' } },
    );
    expect(cycles[0]?.energy_efficiency).toBeCloseTo(3.45 / 3.6, 10);
    expect(cycles[0]?.mean_charging_voltage_volt).toBeCloseTo(3.6, 10);
    expect(cycles[0]?.voltage_hysteresis_volt).toBeCloseTo(0.15, 10);
    expect(cycles[0]).toMatchObject({
      end_of_charge_rest_voltage_volt: 4.1,
      end_of_discharge_rest_voltage_volt: 3.0,
      charging_duration_second: 3600,
      duration_second: 8400,
    });
  });
});

describe.concurrent('label', () => {
  const labels = async (
    segments: readonly Segment[],
    cell: Record<string, string | number> = {},
    isRunning = false,
  ) =>
    (await derived(segments, { cell: { cell_type: 'full', ...cell } }, { isRunning })).cycles.map(
      ({ label }) => label,
    );

  test('the last cycle of a running test is partial though both directions are there', async () => {
    expect(
      await labels(
        repeat(3, () => cycle()),
        {},
        true,
      ),
    ).toEqual(['ageing', 'ageing', 'partial']);
  });

  test('a charge that ends below what the others reach is interrupted, and not complete at the end of a test', async () => {
    const cut = (volt: number) => [charge(1, 1800, { volt: [3, volt] }), rest(), discharge(1, 1800), rest()];
    const { cycles } = await derived([...cycle(), ...cut(3.6), ...cycle(), ...cycle(), ...cut(3.8)], {
      cell: { cell_type: 'full' },
    });
    expect(
      cycles.map(({ label, is_complete, coulombic_efficiency }) => [
        label,
        is_complete,
        coulombic_efficiency === null,
      ]),
    ).toEqual([
      ['ageing', true, false],
      ['interrupted', true, true],
      ['ageing', true, false],
      ['ageing', true, false],
      ['interrupted', false, true],
    ]);
  });

  test('a coarse log that misses the limit interrupts nothing', async () => {
    // Logged every ten minutes: the last record before the limit of 4.2 V stands up to 0.2 V lower.
    const coarse = (index: number): Segment[] => [
      charge(1, 3600, { volt: [3, 4.2 - 0.03 * (index % 5)], every: 600 }),
      rest(),
      discharge(1, 3600, { volt: [4.1, 2.5 + 0.04 * (index % 4)], every: 600 }),
      rest(),
    ];
    expect(new Set(await labels(repeat(12, coarse)))).toEqual(new Set(['ageing']));
  });

  test('a gap of hours inside a charge interrupts; a long rest or a rest that is not logged does not', async () => {
    const segments = [...cycle(), ...cycle(), charge(), rest(40_000), discharge(), rest()];
    expect(await labels(segments)).toEqual(['ageing', 'ageing', 'ageing']);
    const { records } = await import('./fixture.js');
    const rows = records(segments).map((row) =>
      Number(row.record_index) > 160
        ? { ...row, test_time_second: Number(row.test_time_second) + 20_000 }
        : row,
    );
    const { cycles } = await derived({ rows }, { cell: { cell_type: 'full' } });
    expect(cycles.map(({ label, warnings }) => [label, warnings])).toEqual([
      ['ageing', '[]'],
      ['interrupted', expect.stringContaining('TIME_GAP')],
      ['ageing', '[]'],
    ]);
  });

  test('pulse tests are pulse', async () => {
    const hppc = repeat(9, () => [
      discharge(1, 360),
      rest(),
      discharge(1, 10, { every: 1 }),
      rest(40, { every: 10 }),
      charge(0.75, 10, { every: 1, volt: [3.6, 3.7] }),
      rest(),
    ]);
    expect(await labels([...cycle(), ...cycle(), charge(), ...hppc])).toEqual(['ageing', 'ageing', 'pulse']);
  });

  test('leading slow cycles are formation, at most five; what the laboratory declares holds', async () => {
    const slow = repeat(2, () => cycle(0.1, 36_000));
    const usual = repeat(6, () => cycle());
    expect((await labels([...slow, ...usual])).slice(0, 4)).toEqual([
      'formation',
      'formation',
      'ageing',
      'ageing',
    ]);
    expect((await labels([...slow, ...usual], { formation_cycles: 3 })).slice(0, 4)).toEqual([
      'formation',
      'formation',
      'formation',
      'ageing',
    ]);
    expect((await labels([...slow, ...usual], { formation_cycles: 0 })).slice(0, 3)).toEqual([
      'checkup',
      'checkup',
      'ageing',
    ]);
  });

  test('a slow cycle between others is a check-up', async () => {
    const slow = cycle(0.05, 72_000);
    expect(await labels([...repeat(3, () => cycle()), ...slow, ...repeat(3, () => cycle())])).toEqual([
      'ageing',
      'ageing',
      'ageing',
      'checkup',
      'ageing',
      'ageing',
      'ageing',
    ]);
  });

  test('other voltage limits that recur are a check-up', async () => {
    const narrow = [
      charge(1, 2400, { volt: [3, 4.0] }),
      rest(),
      discharge(1, 2400, { volt: [3.9, 3.1] }),
      rest(),
    ];
    const usual = repeat(3, () => cycle());
    expect(
      (await labels([...usual, ...narrow, ...usual, ...narrow])).filter((label) => label !== 'ageing'),
    ).toEqual(['checkup', 'checkup']);
  });

  test('fixed charge below the limit is capacity-limited, fixed plating too, a stable cell is not', async () => {
    const drifting = (index: number) => [
      charge(1, 3600, { volt: [3, 3.8 + 0.01 * index] }),
      rest(),
      discharge(1, 3590 - index, { volt: [3.7, 2.8] }),
      rest(),
    ];
    const limited = Array.from({ length: 8 }, () => 'capacity_limited');
    expect(await labels(repeat(8, drifting), { upper_cutoff_volt: 4.2, lower_cutoff_volt: 2.8 })).toEqual(
      limited,
    );
    expect(await labels(repeat(8, drifting))).toEqual(limited);
    const plating = (index: number) => [
      discharge(1, 3600, { volt: [0, -0.05 - 0.0005 * index] }),
      rest(),
      charge(1, 3500 + 7 * index, { volt: [0, 1] }),
      rest(),
    ];
    expect(await labels(repeat(8, plating), { cell_type: 'li_cu' })).toEqual(limited);
    expect(
      new Set(
        await labels(
          repeat(8, () => cycle()),
          { upper_cutoff_volt: 4.2, lower_cutoff_volt: 2.8 },
        ),
      ),
    ).toEqual(new Set(['ageing']));
  });
});

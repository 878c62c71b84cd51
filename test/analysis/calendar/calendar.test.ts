import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CalendarInput, fitCalendar, lossOfCapacity } from '../../../src/analysis/calendar/index.js';
import { NotComputable } from '../../../src/analysis/result.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';
import { goldenFiles, hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectFigures, expectNear } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

const boltzmann = 8.617333262145179e-5;
const days = [30, 60, 90, 120, 180, 270, 360, 450, 540];

/** Cells stored at 25, 40 and 55 °C, three each: loss of 1.9 % after 180 days at 25 °C, Eₐ 0.45 eV. */
function stored(exponent: number, betweenCells = 0, energy = 0.45): Record<string, (number | string)[]> {
  const normal = normalDeviates(mulberry32(7));
  const rows = [25, 40, 55].flatMap((celsius) =>
    [1, 2, 3].flatMap((copy) => {
      const own = Math.exp(betweenCells * normal());
      return days.map((day) => ({
        cell: `T${celsius}-${copy}`,
        celsius,
        day,
        loss:
          0.019 *
          own *
          Math.exp((-energy / boltzmann) * (1 / (celsius + 273.15) - 1 / 298.15)) *
          (day / 180) ** exponent,
      }));
    }),
  );
  return {
    cell: rows.map(({ cell }) => cell),
    temperature_celsius: rows.map(({ celsius }) => celsius),
    time_day: rows.map(({ day }) => day),
    loss: rows.map(({ loss }) => loss),
  };
}

const input = (columns: Record<string, unknown>) => columns as unknown as CalendarInput;
const only = (columns: Record<string, unknown[]>, keep: (i: number) => boolean) =>
  input(Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, v.filter((_, i) => keep(i))])));

describe('the calendar law', () => {
  it.runIf(hasGolden)('cal-01-calendar', () => {
    const path = goldenFiles().get('cal-01-calendar.json') as string;
    const { data, expected } = JSON.parse(readFileSync(path, 'utf8'));
    const rows = data.cells.flatMap((cell: { t_day: number[] }) => cell.t_day.map((_, i) => ({ cell, i })));
    // biome-ignore lint/suspicious/noExplicitAny: rows of the reference file.
    const column = (of: (row: any) => unknown) => rows.map(of);
    const fit = fitCalendar(
      input({
        cell: column(({ cell }) => cell.cell),
        temperature_celsius: column(({ cell }) => cell.temperature_c),
        time_day: column(({ cell, i }) => cell.t_day[i]),
        loss: column(({ cell, i }) => cell.loss[i]),
      }),
    );
    const [n, Ea] = fit.results;
    const relative = { relative: 1e-8 };
    expect(fit.cells.length).toBe(expected.cells);
    expectFigures(
      fit.cells.map(({ exponent }) => exponent),
      expected.n_per_cell,
      () => relative,
    );
    expectNear(n?.value, expected.n_mean, relative, 'n');
    expectNear(n?.standard_error, expected.n_se, relative, 'se of n');
    expectFigures([n?.ci95_low, n?.ci95_high], expected.n_ci95, () => relative);
    expectNear(n?.bound95_high, expected.n_upper95, relative, 'upper bound of n');
    expectNear(Ea?.value, expected.Ea_eV, relative, 'Ea');
    expectNear(Ea?.standard_error, expected.Ea_se_eV, relative, 'se of Ea');
    expectFigures([Ea?.ci95_low, Ea?.ci95_high], expected.Ea_ci95, () => relative);
    expect(fit.verdict_n.verdict).toBe(expected.verdict);
  });

  it('gives back what exact losses were made from', () => {
    const [n, Ea, loss] = fitCalendar(input(stored(0.48))).results;
    expect(n?.value).toBeCloseTo(0.48, 12);
    expect(Ea?.value).toBeCloseTo(0.45, 10);
    expect(loss?.value).toBeCloseTo(0.019, 10);
  });

  it('takes the cell for the unit: more points of a cell are no more cells', () => {
    const columns = stored(0.45, 0.2);
    const Ea = fitCalendar(input(columns)).results[1];
    expect(Ea?.dof).toBe(7);
    const half = only(columns, (i) => i % 2 === 0);
    expect(
      (fitCalendar(half).results[1]?.standard_error as number) / (Ea?.standard_error as number),
    ).toBeCloseTo(1, 1);
  });

  it('adds what the temperature does to the energy, and not to the exponent', () => {
    const columns = input(stored(0.45, 0.05));
    const [n, Ea] = fitCalendar(columns).results;
    const [wideN, wideEa] = fitCalendar(columns, { temperature_half_width_kelvin: 2 }).results;
    expect(wideN).toEqual(n);
    // 0.45 eV · 2/√3 K · √((2/313)² + 2/30²) = 0.0247 eV.
    const half = (row: typeof Ea) => ((row?.ci95_high as number) - (row?.ci95_low as number)) / 2;
    const u = Math.sqrt(half(wideEa) ** 2 - half(Ea) ** 2) / 1.959964;
    expect(u / ((wideEa?.value as number) / 0.45)).toBeCloseTo(0.0247, 3);
  });

  it('judges n below 0.5 by its upper bound, and needs temperatures, cells and times', () => {
    const verdict = (columns: CalendarInput) => fitCalendar(columns).verdict_n.verdict;
    expect(verdict(input(stored(0.45)))).toBe('PASS');
    expect(verdict(input(stored(0.6)))).toBe('FAIL');
    const columns = stored(0.45) as Record<string, never[]>;
    const cold = only(columns, (i) => (columns.temperature_celsius?.[i] as unknown as number) < 50);
    const two = fitCalendar(cold);
    expect(two.verdict_n).toMatchObject({ verdict: 'INSUFFICIENT DATA' });
    expect(two.verdict_n.reason).toContain('2 temperatures, 3 are needed');
    expect(verdict(only(columns, (i) => String(columns.cell?.[i]).endsWith('-1')))).toBe('INSUFFICIENT DATA');
    expect(verdict(only(columns, (i) => i % 9 < 4))).toBe('INSUFFICIENT DATA');
    expect(() => fitCalendar(only(columns, (i) => i < 9))).toThrow(NotComputable);
  });

  it('takes losses from capacities, the first of each cell as the initial one', () => {
    const loss = lossOfCapacity(['a', 'b', 'a', 'b'], [30, 0, 0, 60], [1.9, 3, 2, 2.7]);
    expect(loss.map((share) => Number(share.toFixed(12)))).toEqual([0.05, 0, 0, 0.1]);
    expect(lossOfCapacity(['a'], [Number.NaN], [2])[0]).toBeNaN();
  });

  it('leaves out what is scatter, and says so', () => {
    const columns = stored(0.45);
    (columns.loss as number[])[0] = 0.003;
    (columns.loss as number[])[10] = Number.NaN;
    (columns.time_day as number[])[20] = 0;
    const fit = fitCalendar(input(columns));
    expect(fit.excluded.map(({ index }) => index)).toEqual([0, 10, 20]);
    expect(fit.results[0]?.value).toBeCloseTo(0.45, 10);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  expectFigures,
  expectNear,
  type GoldenCase,
  goldenCases,
  type Tolerance,
} from '../analysis/golden-figures.js';
import { hasGolden, projectRoot, sayIfAbsent } from '../shared-data.js';
import { cellar, temporaryFolder } from './run.js';

sayIfAbsent(hasGolden, 'golden values');

const folder = temporaryFolder();

/** A plain file of columns; null is an empty field. */
function plainFile(name: string, columns: Record<string, readonly unknown[] | null | undefined>): string {
  const given = Object.entries(columns).filter(([, values]) => values != null) as [string, unknown[]][];
  const length = given[0]?.[1].length ?? 0;
  const rows = Array.from({ length }, (_, i) => given.map(([, values]) => values[i] ?? '').join(','));
  const path = join(folder, name);
  writeFileSync(path, `${given.map(([column]) => column).join(',')}\n${rows.join('\n')}\n`);
  return path;
}

/** What `cellar fit … --json` says. */
function fitted(kind: string, file: string, ...options: string[]): GoldenCase {
  const run = cellar(['fit', kind, file, '--json', ...options]);
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  const answer = JSON.parse(run.stdout);
  expect(answer).toMatchObject({ schema: 'cellar.fit/1', kind, input: { file } });
  return answer;
}

const rowOf = (answer: { results: GoldenCase[] }, name: string): GoldenCase =>
  answer.results.find((row) => row.quantity === name) ?? {};

/** Geometry and temperatures known exactly: the interval is that of the scatter. */
const known = ['--geometry-uncertainty', '0', '--temperature-half-width', '0'];

const spectrumFile = ({ id, data }: GoldenCase) =>
  plainFile(`${id}.csv`, {
    frequency_hertz: data.freq_hz,
    real_impedance_ohm: data.z_re_ohm,
    imaginary_impedance_ohm: data.z_im_ohm,
  });

describe.skipIf(!hasGolden)('reference cases through the command line', () => {
  it.each(goldenCases('arr-', 'arrhenius'))('%s', (id, { data, expected, tolerance }) => {
    const file = plainFile(`${id}.csv`, {
      temperature_celsius: data.temperature_c,
      conductivity_siemens_per_centimeter: data.sigma_S_cm,
    });
    const answer = fitted('arrhenius', file, ...known);
    const relative = { relative: tolerance.rel };
    for (const form of ['ln_sigma', 'ln_sigma_T'] as const) {
      const found = answer.forms[form];
      const wanted = expected[form];
      for (const name of ['Ea_eV', 'Ea_kJ_mol', 'prefactor', 'sigma25_S_cm', 'slope_K', 'intercept']) {
        expectNear(rowOf(found, name).value, wanted[name], relative, `${form} ${name}`);
      }
      if (wanted.Ea_ci95_eV) {
        const { ci95_low, ci95_high } = rowOf(found, 'Ea_eV');
        expectFigures({ ci95: [ci95_low, ci95_high] }, { ci95: wanted.Ea_ci95_eV }, () => relative);
        const sigma = rowOf(found, 'sigma25_S_cm');
        expectNear(sigma.bound95_low, wanted.sigma25_lower95_one_sided, relative, 'lower bound');
      }
      if (!wanted.with_geometry) continue;
      const { u_geom_rel, ...bounds } = wanted.with_geometry;
      const wider = fitted('arrhenius', file, ...known, '--geometry-uncertainty', String(u_geom_rel)).forms[
        form
      ];
      const sigma = rowOf(wider, 'sigma25_S_cm');
      expectNear(sigma.bound95_low, bounds.sigma25_lower95_one_sided, relative, 'bound with geometry');
    }
  });

  it.each(goldenCases('arr-', 'arrhenius-replicates'))('%s', (id, { data, expected, tolerance }) => {
    const file = plainFile(`${id}.csv`, {
      temperature_celsius: data.temperature_c,
      conductivity_siemens_per_centimeter: data.sigma_S_cm,
      branch: data.branch,
    });
    const answer = fitted('arrhenius', file, ...known);
    expectFigures(answer.hysteresis_test, expected.hysteresis_test, () => ({ relative: tolerance.rel }));
    expect(answer.warnings.map(({ code }: { code: string }) => code)).toContain('HYSTERESIS');
  });

  it.each(goldenCases('dec-', 'decay'))('%s', (id, { data, expected }) => {
    const answer = fitted('decay', plainFile(`${id}.csv`, { cycle: data.cycle, capacity: data.capacity }));
    const hasOutliers = answer.warnings.some(({ code }: { code: string }) => code === 'OUTLIERS');
    const toleranceOf = (path: string): Tolerance | null => {
      if (/\.(note|reason|target|iterations)$/.test(path)) return null;
      if (hasOutliers && /\.knee$/.test(path)) return null;
      // Bounds hold the wander of the capacity now, which the reference did not have; the verdict stays.
      if (path.startsWith('.verdict_D')) return /verdict$|D$/.test(path) && !hasOutliers ? {} : null;
      if (path.includes('.block_bootstrap')) return path.endsWith('.B') ? null : { relative: 0.15 };
      if (/aicc/.test(path)) return { absolute: 0.01 };
      if (path.endsWith('.exponent')) return { absolute: 1e-3 };
      return { relative: path.includes('.power.') ? 1e-4 : 1e-6 };
    };
    expectFigures(answer, expected, toleranceOf);
    const assumed = answer.warnings.find(({ code }: { code: string }) => code === 'ASSUMED');
    expect(assumed.message).toContain('capacity_wander = ±0.5 %');
    if (!hasOutliers) expectNear(rowOf(answer, 'D').value, expected.log_ols.D, { relative: 1e-8 }, 'D');
  });

  it.each(goldenCases('dec-', 'decay-exclusion'))('%s', (id, { data, expected, tolerance }) => {
    const { cycle, capacity, label } = data;
    const answer = fitted('decay', plainFile(`${id}.csv`, { cycle, capacity, label }));
    expectFigures(answer, expected, () => ({ relative: tolerance.rel }));
    expect(answer.excluded.length).toBe(cycle.length - expected.ageing_only.n);
  });

  it('calendar losses, from capacities too, with the temperature assumed', () => {
    const cells = [25, 40, 55].flatMap((celsius) =>
      ['a', 'b'].map((copy) => ({ name: `${celsius}${copy}`, celsius })),
    );
    const days = [0, 30, 60, 120, 240, 480];
    const rows = cells.flatMap((cell, k) => days.map((day) => ({ ...cell, day, k })));
    const lossOf = ({ celsius, day, k }: (typeof rows)[number]) =>
      0.01 * (celsius / 25) * (1 + 0.02 * k) * (day / 30) ** 0.4;
    const known = {
      cell: rows.map(({ name }) => name),
      temperature_celsius: rows.map(({ celsius }) => celsius),
      time_day: rows.map(({ day }) => day),
    };
    const byLoss = fitted('calendar', plainFile('loss.csv', { ...known, loss: rows.map(lossOf) }));
    expectNear(rowOf(byLoss, 'n').value, 0.4, { relative: 1e-9 }, 'n');
    expect(byLoss.verdict_n.verdict).toBe('PASS');
    expect(byLoss.warnings.map(({ message }: { message: string }) => message).join()).toContain(
      'ASSUMED temperature = ±2 K',
    );
    const capacity = rows.map((row) => 3 * (1 - lossOf(row)));
    const byCapacity = fitted('calendar', plainFile('capacity.csv', { ...known, capacity }));
    expectNear(rowOf(byCapacity, 'Ea_eV').value, rowOf(byLoss, 'Ea_eV').value, { relative: 1e-9 }, 'Ea');
  });

  it.each(goldenCases('ce-', 'ce-series'))('%s', (id, { data, policy, expected, tolerance }) => {
    const file = plainFile(`${id}.csv`, {
      cycle: data.cycle,
      coulombic_efficiency: data.ce,
      label: data.label,
    });
    const answer = fitted(
      'coulombic-efficiency',
      file,
      ...['--required-cycles', String(policy.n_required), '--threshold', String(policy.target)],
      ...['--instrument-half-width', String(policy.instrument_half_width)],
    );
    expectFigures(answer, expected, (path) => {
      if (path === '.reason') return null;
      return { relative: /\.(sd|rho1.*|n_eff|se_mean)$/.test(path) ? 2e-7 : tolerance.rel };
    });
    const { mean } = expected.statistics_first_500_eligible;
    expectNear(rowOf(answer, 'mean').value, mean, { relative: tolerance.rel }, 'mean');
  });

  it.each(goldenCases('kk-', 'linkk'))('%s', (_id, reference) => {
    const { recommended: wanted, tolerance } = reference;
    const answer = fitted('kramers-kronig', spectrumFile(reference));
    expect(answer).toMatchObject({ M: wanted.M, add_cap: wanted.add_cap, verdict: wanted.verdict });
    expectNear(answer.mu, wanted.mu, { absolute: tolerance.mu_abs }, 'mu');
    expectNear(answer.rms_residual, wanted.rms_residual, { absolute: tolerance.residual_abs }, 'rms');
  });

  const circuits = [...goldenCases('eis-', 'eis-fit', 'eis-synthetic-exact')];
  it.each(circuits)('%s', (_id, reference) => {
    const { circuit, weighting, expected, tolerance } = reference;
    const answer = fitted(
      'impedance',
      spectrumFile(reference),
      '--circuit',
      circuit,
      '--weighting',
      weighting,
    );
    expect(answer.circuit).toBe(circuit);
    for (const [name, wanted] of Object.entries<GoldenCase>(expected.parameters)) {
      const absolute = (tolerance.param_in_se ?? 0) * (wanted.se ?? 0);
      const found = rowOf(answer, name);
      expectNear(found.value, wanted.value, { relative: tolerance.param_rel ?? 0, absolute }, name);
      expect(found.unit).toBe(wanted.unit);
      if (wanted.se)
        expectNear(found.standard_error, wanted.se, { relative: tolerance.se_rel }, `se ${name}`);
    }
  });

  it.each(goldenCases('eis-m', 'eis-model-selection'))('%s', (_id, reference) => {
    expect(fitted('impedance', spectrumFile(reference)).circuit).toBe(reference.expected.chosen);
  });
});

describe('cellar fit', () => {
  const twoTemperatures = plainFile('two.csv', {
    temperature_celsius: [25, 60],
    conductivity_siemens_per_centimeter: [1e-3, 4e-3],
  });

  it('reads an export of an instrument as well as plain columns', () => {
    const file = join(projectRoot, 'sample-data', 'lab', 'zplot', 'LPSC-04_25degC.z');
    const answer = fitted('impedance', file);
    expect(answer.circuit).toBe('L0-R0-CPE1');
    expect(rowOf(answer, 'R0').value).toBeGreaterThan(5);
  });

  it('reads semicolons with decimal commas', () => {
    const path = join(folder, 'comma.csv');
    writeFileSync(path, 'cycle;capacity\n1;3,00\n2;2,97\n3;2,9403\n4;2,910897\n');
    expectNear(rowOf(fitted('decay', path), 'D').value, 0.01, { relative: 1e-6 }, 'D');
  });

  it('takes the quotient of the cell type', () => {
    const path = plainFile('licu.csv', {
      cycle: [1, 2, 3],
      charge: [0.99, 0.98, 0.99],
      discharge: [1, 1, 1],
    });
    expectNear(
      rowOf(fitted('coulombic-efficiency', path, '--cell-type', 'li_cu'), 'median').value,
      0.99,
      { relative: 1e-12 },
      'median',
    );
    expectNear(
      rowOf(fitted('coulombic-efficiency', path), 'median').value,
      1 / 0.99,
      { relative: 1e-12 },
      'median',
    );
  });

  it('leaves with 5 where the data allow no fit', () => {
    const path = plainFile('one.csv', {
      temperature_celsius: [25],
      conductivity_siemens_per_centimeter: [1e-3],
    });
    const run = cellar(['fit', 'arrhenius', path, '--json']);
    expect(run.status).toBe(5);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('needs two');
  });

  it('leaves with 2 for a missing column, a bad number, a bad circuit, an unknown kind or option', () => {
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, 'cycle,capacity\n1,3\n2,abc\n');
    for (const [args, text] of [
      [['decay', twoTemperatures], 'no column cycle, capacity; its columns are: temperature_celsius'],
      [['decay', bad], 'line 3, column capacity: "abc"'],
      [['impedance', join(folder, 'nothing.csv')], 'cannot be read'],
      [['fade', twoTemperatures], 'no fit of the kind fade'],
      [['decay', bad, '--required-cycles', 'many'], 'required-cycles'],
    ] as const) {
      const run = cellar(['fit', ...args]);
      expect(run.status, args.join(' ')).toBe(2);
      expect(run.stderr).toContain(text);
    }
    const spectrum = plainFile('z.csv', {
      frequency_hertz: [1],
      real_impedance_ohm: [1],
      imaginary_impedance_ohm: [-1],
    });
    const run = cellar(['fit', 'impedance', spectrum, '--circuit', 'R0-Q1']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('circuit "R0-Q1"');
  });

  const five = plainFile('five.csv', {
    temperature_celsius: [0, 20, 40, 60, 80],
    conductivity_siemens_per_centimeter: [3.47e-3, 8.23e-3, 1.753e-2, 3.47e-2, 6.33e-2],
  });

  it('judges conductivities against a threshold, in the text and in the JSON', () => {
    const run = cellar(['fit', 'arrhenius', five, '--threshold', '0.001']);
    expect(run.stdout).toContain('PASS: the one-sided 95 % bound is > 0.001');
    expect(fitted('arrhenius', five, '--threshold', '0.02').verdict).toMatchObject({ verdict: 'FAIL' });
    expect(fitted('arrhenius', five, '--threshold', '0.01').verdict).toMatchObject({
      verdict: 'INCONCLUSIVE',
    });
  });

  it('assumes what nobody states, says so, and shows the interval of the scatter beside', () => {
    const sigma = rowOf(fitted('arrhenius', five), 'sigma25_S_cm');
    const exact = rowOf(fitted('arrhenius', five, ...known), 'sigma25_S_cm');
    expect(sigma.ci95_statistical_low).toBeCloseTo(exact.ci95_low, 14);
    expect(sigma.ci95_low).toBeLessThan(0.97 * exact.ci95_low);
    const { stdout } = cellar(['fit', 'arrhenius', five]);
    expect(stdout).toContain('ASSUMED temperature = ±2 K');
    expect(stdout).toContain('scatter alone, 95 %');
  });

  it('marks a conductivity that is extrapolated by far in its own row', () => {
    const hot = plainFile('hot.csv', {
      temperature_celsius: [255, 270, 285, 300],
      conductivity_siemens_per_centimeter: [1e-4, 2e-4, 4e-4, 8e-4],
    });
    expect(rowOf(fitted('arrhenius', hot), 'sigma25_S_cm').status).toBe('warn');
  });

  it('prints a table for people, with intervals and warnings', () => {
    const run = cellar(['fit', 'arrhenius', twoTemperatures]);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/Ea \(ln σ\) +0\.339/);
    expect(run.stdout).toContain('FEW_TEMPERATURES');
  });
});

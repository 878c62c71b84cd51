import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { frequencies, simulated } from '../analysis/impedance/simulated.js';
import { cellar, temporaryFolder } from './run.js';

/** σ = l/(R·A) of the simulated pellet: 100 ohm at 25 °C, Ea 0.35 eV. */
const celsius = [0, 25, 45, 70];
const resistance = (at: number) => 100 * Math.exp((0.35 / 8.617333e-5) * (1 / (at + 273.15) - 1 / 298.15));

describe('cellar fit conductivity', () => {
  const folder = temporaryFolder();
  const drawn = temporaryFolder();
  const files = celsius.map((at) => join(folder, at === 70 ? 'last.csv' : `LPS_${at}degC.csv`));

  beforeAll(() => {
    celsius.forEach((at, i) => {
      const values = { R0: resistance(at), CPE1_Q: 2e-6, CPE1_n: 0.9 };
      const {
        frequency_hertz: f,
        real_impedance_ohm: re,
        imaginary_impedance_ohm: im,
      } = simulated('R0-CPE1', values, frequencies(1e6, 10, 5), 0.002, i + 1);
      const rows = Array.from(f, (hertz, k) => `${hertz},${re[k]},${im[k]}`);
      const header = 'frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm';
      writeFileSync(files[i]!, `${[header, ...rows].join('\n')}\n`);
    });
  });

  const geometry = ['--thickness-um', '800', '--diameter-mm', '10'];

  it('goes from a folder of spectra to σ(25 °C) and Ea, and says which temperatures it took from names', () => {
    const page = join(drawn, 'page.html');
    const run = cellar([
      'fit',
      'conductivity',
      folder,
      ...geometry,
      '--temperature',
      'last.csv=70',
      '-o',
      page,
    ]);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/LPS_45degC\.csv\s+45 °C ASSUMED from the name\s+R0-CPE1/);
    expect(run.stdout).toMatch(/last\.csv\s+70 °C\s+R0-CPE1/);
    expect(run.stdout).toContain('ASSUMED thickness = ±2 %');
    const Ea = Number(/Ea \(ln σ\): ([\d.]+)/.exec(run.stdout)?.[1]);
    expect(Math.abs(Ea - 0.35)).toBeLessThan(0.002);
    const sigma = Number(/σ\(25 °C\): ([\d.]+)/.exec(run.stdout)?.[1]);
    expect(Math.abs(sigma / (0.08 / (100 * 0.7853981634)) - 1)).toBeLessThan(0.01);
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('conductivity over temperature');
    expect(text.match(/<figure/g)?.length).toBe(5);
  });

  it('leaves out a spectrum without a temperature, and says so', () => {
    const run = cellar(['fit', 'conductivity', ...files, ...geometry, '--json']);
    const { readings, warnings } = JSON.parse(run.stdout);
    const last = readings.find(({ path }: { path: string }) => path.endsWith('last.csv'));
    expect(last).toMatchObject({ temperature_celsius: null, temperature_source: null });
    expect(last.excluded_reason).toContain('temperature not known');
    expect(warnings.map(({ code }: { code: string }) => code)).toContain('TEMPERATURE_ASSUMED');
  });

  it('asks for the geometry, and for files that are there', () => {
    expect(cellar(['fit', 'conductivity', folder]).stderr).toContain('--thickness-um and --diameter-mm');
    const unknown = cellar(['fit', 'conductivity', folder, ...geometry, '--temperature', 'other.csv=20']);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('other.csv');
  });

  it('takes a window and single frequencies for one spectrum, and shows the values with them', () => {
    const options = ['--max-hertz', '2e5', '--exclude', '1000', '--no-alternatives', '--circuit', 'R0-CPE1'];
    const run = cellar(['fit', 'impedance', files[1]!, ...options]);
    expect(run.stdout).toContain('left out by the user');
    expect(run.stdout).toMatch(/with them: R0 \d/);
    const { excluded, goodness, with_excluded } = JSON.parse(
      cellar(['fit', 'impedance', files[1]!, ...options, '--json']).stdout,
    );
    expect(goodness.n_points).toBe(26 - excluded.length);
    expect(with_excluded.n_points).toBe(26);
    expect(Math.abs(with_excluded.parameters.R0 / 100 - 1)).toBeLessThan(0.02);
  });

  it('draws the distribution of relaxation times', () => {
    const page = join(drawn, 'drt.svg');
    const run = cellar(['fit', 'drt', files[1]!, '-o', page]);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('R_infinity_ohm');
    expect(readFileSync(page, 'utf8')).toContain('<svg');
  });
});

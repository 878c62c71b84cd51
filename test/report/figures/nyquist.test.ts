import { describe, expect, test } from 'vitest';
import { simulateImpedance } from '../../../src/analysis/impedance/index.js';
import type { CellRecord } from '../../../src/fits/cells.js';
import { fitSpectrum, type StoredImpedanceFit } from '../../../src/fits/making/spectrum-fit.js';
import type { SpectrumRecord } from '../../../src/fits/spectra.js';
import { fittedSpectrum } from '../../../src/report/figures/fitted-spectrum.js';
import { nyquistFigure } from '../../../src/report/figures/nyquist.js';
import { frequencies, simulated } from '../../analysis/impedance/simulated.js';

/** A pellet whose bulk arc lies half above the band: alone the spectrum may be given R0 in its place. */
const code = 'p(R1,CPE1)-p(R2,CPE2)-CPE3';
const values = {
  R1: 900,
  CPE1_Q: 1e-10,
  CPE1_n: 0.95,
  R2: 600,
  CPE2_Q: 2e-8,
  CPE2_n: 0.88,
  CPE3_Q: 4e-6,
  CPE3_n: 0.9,
};
const points = simulated(code, values, frequencies(1e6, 1, 8), 0.003);
const alone = fitSpectrum({ spectrum: points, lead: null, circuit: null, window: null });
const pellet = {
  cell_id: 'LLZO-1',
  cell_type: 'pellet',
  thickness_um: 1000,
  diameter_mm: 10,
  arc_roles: null,
} as CellRecord;
const record = { spectrum_id: 7, temperature_celsius: 25, branch: null } as SpectrumRecord;

const seriesOf = (circuit: string | null) => ({
  series: { arcs: 2, tail: 'CPE' as const, arc_median_C_F: [1e-9, 1e-11] },
  reading: {
    temperature_celsius: 25,
    circuit,
    parameters: circuit === null ? {} : { ...values, R0: 5 },
    resistors: circuit === null ? [] : ['R2', 'R1'],
    free_circuit: null,
    free_parameters: {},
  },
});

describe('the Nyquist plot of a spectrum', () => {
  const own = alone.result as StoredImpedanceFit;
  // Another circuit than its own, as its series has it.
  const ofSeries = own.circuit === code ? `R0-${code}` : code;

  test('draws the circuit of its series, fitted to the same points, as verdicts have it', () => {
    const subject = fittedSpectrum(pellet, record, own, seriesOf(ofSeries));
    expect(subject.fit.circuit).toBe(ofSeries);
    expect(subject.fit.curve.real_impedance_ohm).toEqual([...points.real_impedance_ohm]);
    const sum = subject.arcs.reduce((total, { R_ohm }) => total + (R_ohm ?? 0), subject.seriesResistance);
    expect(Math.abs(sum / 1500 - 1)).toBeLessThan(0.02);
    const drawn = simulateImpedance(ofSeries, parametersOf(subject.fit), points.frequency_hertz);
    const worst = subject.fit.curve.fitted_real_impedance_ohm.map(
      (re, i) => re / (drawn.real_impedance_ohm[i] as number) - 1,
    );
    expect(Math.max(...worst.map(Math.abs))).toBeLessThan(1e-9);
    const { words } = nyquistFigure(subject);
    expect(words).toContain(`circuit ${ofSeries}, chosen automatically, of one kind for all temperatures`);
  });

  test('draws its own circuit where it has no series, and says so where its series does not describe it', () => {
    const free = nyquistFigure(fittedSpectrum(pellet, record, own, null));
    expect(free.words).toContain(`circuit ${own.circuit}, chosen automatically.`);
    const left = nyquistFigure(fittedSpectrum(pellet, record, own, seriesOf(null)));
    expect(left.words).toContain(
      `circuit ${own.circuit}, chosen automatically for this spectrum alone: no circuit`,
    );
  });
});

function parametersOf(fit: StoredImpedanceFit): Record<string, number> {
  const rows = fit.circuit.match(/[A-Z]+\d/g) as string[];
  const names = rows.flatMap((label) => (label.startsWith('CPE') ? [`${label}_Q`, `${label}_n`] : [label]));
  return Object.fromEntries(names.map((name, i) => [name, fit.model.values[i] as number]));
}

import { expect, it } from 'vitest';
import { fitImpedance, simulateImpedance } from '../../../src/analysis/impedance/index.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';

/** A loop at low frequency is told even where it is too small for a misfit, and never where there is none. */

const hertz = Float64Array.from({ length: 49 }, (_, i) => 1e4 * (1e-2 / 1e4) ** (i / 48));

/** An arc of 0.5 ohm behind 1 ohm, and a loop of so many ohm about 0.1 Hz, with noise of 0.1 %. */
function spectrum(loop_ohm: number, seed = 1) {
  const R0 = 1 - loop_ohm;
  const L2 = loop_ohm / (2 * Math.PI * 0.1);
  const z =
    loop_ohm === 0
      ? simulateImpedance('R0-p(R1,C1)', { R0, R1: 0.5, C1: 0.01 }, hertz)
      : simulateImpedance('R0-p(R1,C1)-p(R2,L2)', { R0, R1: 0.5, C1: 0.01, R2: loop_ohm, L2 }, hertz);
  const normal = normalDeviates(mulberry32(seed));
  const size = Array.from(
    hertz,
    (_, i) => 1e-3 * Math.hypot(z.real_impedance_ohm[i]!, z.imaginary_impedance_ohm[i]!),
  );
  return {
    frequency_hertz: hertz,
    real_impedance_ohm: Array.from(z.real_impedance_ohm, (re, i) => re + size[i]! * normal()),
    imaginary_impedance_ohm: Array.from(z.imaginary_impedance_ohm, (im, i) => im + size[i]! * normal()),
  };
}

const codesOf = (loop_ohm: number, circuit: string, seed = 1) =>
  fitImpedance(spectrum(loop_ohm, seed), { circuit, compare_circuits: false }).warnings.map(
    ({ code }) => code,
  );

it('is told where it stands out of the noise, with a misfit or without', () => {
  expect(codesOf(0.02, 'R0-p(R1,C1)')).toContain('LOW_FREQUENCY_LOOP');
  expect(codesOf(0.02, 'R0-p(R1,C1)')).not.toContain('MISFIT');
  expect(codesOf(0.1, 'R0-p(R1,C1)')).toEqual(expect.arrayContaining(['LOW_FREQUENCY_LOOP', 'MISFIT']));
});

it('is not told where there is none, nor where the circuit has it', () => {
  for (const seed of [1, 2, 3, 4, 5])
    expect(codesOf(0, 'R0-p(R1,C1)', seed)).not.toContain('LOW_FREQUENCY_LOOP');
  expect(codesOf(0.1, 'R0-p(R1,C1)-p(R2,L2)')).not.toContain('LOW_FREQUENCY_LOOP');
});

import { describe, expect, it } from 'vitest';
import { plainLinKkSettings, testKramersKronig } from '../../../src/analysis/impedance/index.js';
import { frequencies, simulated } from './simulated.js';

const band = frequencies(1e5, 0.01, 10);
const code = 'R0-p(R1,CPE1)';
const values = { R0: 20, R1: 100, CPE1_Q: 1e-5, CPE1_n: 0.9 };

/** The first spectrum down to point k, the second from there on. */
function changedAfter(k: number, after: Record<string, number>, noise = 0.001) {
  const first = simulated(code, values, band, noise, 3);
  const second = simulated(code, after, band, noise, 4);
  const join = (a: Float64Array, b: Float64Array) => Float64Array.of(...a.slice(0, k + 1), ...b.slice(k + 1));
  return {
    frequency_hertz: band,
    real_impedance_ohm: join(first.real_impedance_ohm, second.real_impedance_ohm),
    imaginary_impedance_ohm: join(first.imaginary_impedance_ohm, second.imaginary_impedance_ohm),
  };
}

describe('testKramersKronig', () => {
  it('passes a stationary spectrum, with a blocking tail too', () => {
    expect(testKramersKronig(simulated(code, values, band, 0.001))).toMatchObject({
      verdict: 'valid',
      add_cap: false,
      flagged: [],
      jump: null,
    });
    const blocking = simulated(`${code}-CPE2`, { ...values, CPE2_Q: 1e-3, CPE2_n: 0.9 }, band, 0.001);
    expect(testKramersKronig(blocking)).toMatchObject({ verdict: 'valid', add_cap: true });
  });

  it('has residuals of the size of the noise', () => {
    const { rms_residual } = testKramersKronig(simulated(code, values, band, 0.003, 9));
    expect(rms_residual).toBeGreaterThan(0.0015);
    expect(rms_residual).toBeLessThan(0.0035);
  });

  it("needs more relaxations than Schönleber's rule takes", () => {
    const clean = simulated(code, { ...values, CPE1_n: 0.99 }, band, 1e-4);
    expect(testKramersKronig(clean, plainLinKkSettings).rms_residual).toBeGreaterThan(0.02);
    expect(testKramersKronig(clean).verdict).toBe('valid');
  });

  it('flags a single wrong point by its input index and keeps the verdict', () => {
    const spectrum = simulated(code, values, band, 2e-4);
    spectrum.real_impedance_ohm[30]! *= 1.04;
    const { flagged, verdict, warnings } = testKramersKronig(spectrum);
    expect(flagged.map(({ index }) => index)).toContain(30);
    expect(flagged.length).toBeLessThan(5);
    expect(verdict).not.toBe('fail');
    expect(warnings.map((warning) => warning.code)).toContain('KK_OUTLIERS');
  });

  it.each([
    ['the arc grew by 20 %', 40, { ...values, R1: 120 }],
    ['a contact added 5 ohm', 20, { ...values, R0: 25 }],
    ['a contact added 5 ohm, seen late', 45, { ...values, R0: 25 }],
    ['all resistances rose by 10 %', 35, { R0: 22, R1: 110, CPE1_Q: 1e-5 / 1.1, CPE1_n: 0.9 }],
  ])('fails a cell that changed during the sweep: %s', (_what, k, after) => {
    const test = testKramersKronig(changedAfter(k, after));
    expect(test.verdict).toBe('fail');
    expect(test.jump!.frequency_above_hertz).toBeCloseTo(band[k]!, 9);
    expect(test.warnings.map((warning) => warning.code)).toContain('KK_JUMP');
  });

  it('takes neither noise nor a spike for a jump', () => {
    for (let seed = 1; seed <= 40; seed++) {
      expect(testKramersKronig(simulated(code, values, band, 0.01, seed)).jump).toBeNull();
    }
  });

  it('fails what is no impedance of a stationary cell', () => {
    const wrongSign = simulated(code, values, band);
    const test = testKramersKronig({
      ...wrongSign,
      imaginary_impedance_ohm: wrongSign.imaginary_impedance_ohm.map((value, i) => (i % 2 ? value : -value)),
    });
    expect(test.verdict).toBe('fail');
    expect(test.warnings.map((warning) => warning.code)).toContain('KK_FAIL');
  });

  it('refuses fewer than five points', () => {
    expect(() => testKramersKronig(simulated(code, values, band.slice(0, 4)))).toThrow(
      '5 frequencies; there are 4',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { cellar } from './run.js';

describe('cellar calc', () => {
  it('prints the source form, the value with its interval, and what was assumed, as JSON too', () => {
    const given = ['calc', 'layer-resistance', 'thickness=10.0(3) um', 'conductivity=1.00(4)e-4'];
    const text = cellar(given).stdout;
    expect(text).toContain('R_int = δ/σ');
    expect(text).toMatch(/area_specific_resistance +10 +Ω·cm² +0\.5 +9\.02 … 10\.98/);
    expect(text).toContain('assumed: conductivity is in S/cm');
    const json = JSON.parse(cellar([...given, '--json']).stdout);
    expect(json).toMatchObject({ schema: 'cellar.calc/1', form: 'R_int = δ/σ', is_scenario: false });
    expect(json.outputs[0].standard_uncertainty).toBeCloseTo(0.5, 6);
  });

  it('leaves with 2 where an input is wrong and with 5 where the formula means nothing', () => {
    const wrong = cellar(['calc', 'heat', 'current=1V', 'temperature=300']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/V does not fit current/);
    expect(wrong.stderr).toMatch(/kelvin or degrees/);
    expect(cellar(['calc', 'haet', 'current=1A']).stderr).toContain('Did you mean heat?');
    const meaningless = cellar(['calc', 'ion-velocity']);
    expect(meaningless.status).toBe(5);
    expect(meaningless.stderr).toContain('mol/(V·s²)');
  });
});

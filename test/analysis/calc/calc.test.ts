import { describe, expect, it } from 'vitest';
import {
  type Calculation,
  calculate,
  formulas,
  meaninglessFormulas,
  WrongInputs,
} from '../../../src/analysis/calc/index.js';
import { readInput } from '../../../src/analysis/calc/input.js';
import { convert, parseUnit, type Unit } from '../../../src/analysis/calc/units.js';

const run = (name: string, values: Record<string, string>): Calculation => {
  const formula = formulas.find((one) => one.name === name);
  if (formula === undefined) throw new Error(`no formula ${name}`);
  return calculate(formula, new Map(Object.entries(values)));
};

const result = (name: string, values: Record<string, string>, output: string) => {
  const found = run(name, values).outputs.find((one) => one.name === output);
  if (found === undefined) throw new Error(`${name} does not give ${output}`);
  return found;
};

const problems = (name: string, values: Record<string, string>): readonly string[] => {
  try {
    run(name, values);
  } catch (error) {
    if (error instanceof WrongInputs) return error.problems;
    throw error;
  }
  return [];
};

describe('units', () => {
  const in_ = (value: number, from: string, to: string) =>
    convert(value, parseUnit(from) as Unit, parseUnit(to) as Unit);

  it('convert what laboratories write', () => {
    expect(in_(1, 'mS/cm', 'S/m')).toBeCloseTo(0.1, 14);
    expect(in_(10, 'µm', 'cm')).toBeCloseTo(1e-3, 16);
    expect(in_(10, '\u03bcm', 'um')).toBeCloseTo(10, 12);
    expect(in_(1, 'Ω·cm²', 'ohm m2')).toBeCloseTo(1e-4, 18);
    expect(in_(1, 'k\u2126', 'ohm')).toBe(1000);
    expect(in_(25, '°C', 'K')).toBe(298.15);
    expect(in_(3600, 'mAh', 'C')).toBeCloseTo(12960, 9);
    expect(in_(2, 'cm2/(V s)', 'm2 V-1 s-1')).toBeCloseTo(2e-4, 18);
    expect(in_(1e22, '/cm3', 'cm^-3')).toBe(1e22);
    expect(in_(5, 'min', 's')).toBe(300);
    expect(in_(2, 'd', 'h')).toBe(48);
    expect(in_(3, '%', '1')).toBeCloseTo(0.03, 16);
    expect(in_(1, 'eV', 'J')).toBe(1.602176634e-19);
  });

  it('are not what can be read in two ways, or names nothing', () => {
    for (const text of [
      'J/mol K',
      'a/b',
      'constructor',
      'toString',
      'S//cm',
      '°C/s',
      '°C2',
      'kmin',
      'cm2/V/s',
    ]) {
      expect(parseUnit(text), text).toBeNull();
    }
  });
});

describe('inputs', () => {
  it('carry limits, relative limits and standard uncertainties', () => {
    const u = (text: string) => {
      const read = readInput(text, false);
      return typeof read === 'string'
        ? read
        : [read.numbers[0]?.value, read.numbers[0]?.uncertainty, read.unit];
    };
    expect(u('10±0.3um')).toEqual([10, 0.3 / Math.sqrt(3), 'um']);
    expect(u('10 +- 5% um')).toEqual([10, 0.5 / Math.sqrt(3), 'um']);
    expect(u('1.234(5) mS/cm')).toEqual([1.234, 0.005, 'mS/cm']);
    expect(u('1.20(15)e-3 S/cm')).toEqual([1.2e-3, 0.15e-3, 'S/cm']);
    expect(u('-5e-4V/K')).toEqual([-5e-4, null, 'V/K']);
    expect(u('10eV')).toEqual([10, null, 'eV']);
  });

  it('say what cannot be read', () => {
    expect(readInput('0,5 um', false)).toMatch(/decimal point/);
    expect(readInput('50±5%', false)).toMatch(/two ways/);
    expect(readInput('1e999', false)).toMatch(/finite/);
    expect(readInput('ten', false)).toMatch(/is not a number/);
    expect(readInput('1.2.3', false)).toMatch(/is not a number/);
    expect(readInput('1mS/cm,2S/cm', true)).toMatch(/several units/);
  });
});

/** Values by hand: constants and arithmetic are written out here, not taken from the program. */
describe('formulas give what a hand calculation gives', () => {
  const cases: [string, Record<string, string>, string, number, string][] = [
    [
      'layer-resistance',
      { thickness: '10um', conductivity: '0.1mS/cm' },
      'area_specific_resistance',
      10,
      'ohm cm2',
    ],
    ['total-resistance', { resistances: '10,20.5,0.5ohm' }, 'resistance', 31, 'ohm'],
    [
      'conductivity',
      { carriers: '1e22/cm3', mobility: '1e-6cm2/(V s)' },
      'conductivity',
      1.602176634e-3,
      'S/cm',
    ],
    // 1e-3 · 1.380649e-23 · 300 / (1e22 · (1.602176634e-19)²)
    [
      'diffusivity',
      { conductivity: '1mS/cm', temperature: '300K', carriers: '1e22 cm-3' },
      'diffusivity',
      1.613554913e-8,
      'cm2/s',
    ],
    ['power', { voltage: '3.6V', resistance: '30mohm' }, 'attainable', 108, 'W'],
    ['power', { voltage: '3.6V', resistance: '30mohm' }, 'short_circuit', 432, 'W'],
    ['specific-power', { current: '10A', voltage: '3.5V', mass: '50g' }, 'specific_power', 700, 'W/kg'],
    [
      'specific-energy',
      { capacity: '5000mAh', voltage: '3.6V', mass: '60g' },
      'specific_energy',
      300,
      'Wh/kg',
    ],
    ['energy-density', { capacity: '5Ah', voltage: '3.6V', volume: '25cm3' }, 'energy_density', 720, 'Wh/L'],
    [
      'composite-conductivity',
      { fractions: '0.25,0.75', conductivities: '4,1mS/cm' },
      'upper_bound',
      1.75e-3,
      'S/cm',
    ],
    // 1/(0.25/4 + 0.75/1) mS/cm
    [
      'composite-conductivity',
      { fractions: '0.25,0.75', conductivities: '4,1mS/cm' },
      'lower_bound',
      1e-3 / 0.8125,
      'S/cm',
    ],
    ['learning-curve', { cost: '160EUR/kWh', exponent: '1', volume: '8' }, 'cost', 20, 'EUR/kWh'],
    ['learning-curve', { cost: '160EUR/kWh', exponent: '1', volume: '8' }, 'progress_ratio', 0.5, '1'],
    ['cost-path', { cost: '100', rate: '10%/a', time: '10a' }, 'cost', 36.787944117, ''],
    [
      'market-share',
      { ceiling: '40%', steepness: '0.5/a', midpoint: '2030', time: '2030' },
      'share',
      0.2,
      '1',
    ],
    ['yield', { losses: '10,20%' }, 'yield', 0.72, '1'],
    // (100 + 10/1.1) / (55/1.1)
    [
      'storage-cost',
      { costs: '100,10EUR', energy: '0,55kWh', discount_rate: '10%' },
      'cost',
      2.181818181818,
      'EUR/kWh',
    ],
    ['flight-time', { efficiency: '80%', energy: '100Wh', power: '160W' }, 'time', 0.5, 'h'],
  ];
  for (const [name, values, output, wanted, unit] of cases) {
    it(`${name}: ${output}`, () => {
      const { value, unit: got } = result(name, values, output);
      expect(Math.abs(value / wanted - 1)).toBeLessThan(2e-6);
      expect(got).toBe(unit);
    });
  }

  it('covers every formula', () => {
    expect(new Set([...cases.map(([name]) => name), 'heat'])).toEqual(
      new Set(formulas.map(({ name }) => name)),
    );
  });

  it('charging with a positive entropic coefficient warms, discharging cools', () => {
    const heat = { resistance: '0ohm', temperature: '300K', entropic_coefficient: '0.1mV/K' };
    expect(result('heat', { ...heat, current: '1A' }, 'total').value).toBeCloseTo(0.03, 15);
    expect(result('heat', { ...heat, current: '-1A' }, 'total').value).toBeCloseTo(-0.03, 15);
    expect(result('heat', { ...heat, current: '1A', temperature: '26.85°C' }, 'total').value).toBeCloseTo(
      0.03,
      12,
    );
    expect(
      result('heat', { ...heat, current: '2A', resistance: '20mohm', reaction: '0.5W' }, 'total').value,
    ).toBeCloseTo(0.08 + 0.06 + 0.5, 14);
  });

  it("Bruggeman's medium of equal parts 4 and 1 lies between the bounds where the balance vanishes", () => {
    const { value } = result(
      'composite-conductivity',
      { fractions: '0.5,0.5', conductivities: '4,1S/cm' },
      'bruggeman',
    );
    expect(0.5 * ((4 - value) / (4 + 2 * value)) + 0.5 * ((1 - value) / (1 + 2 * value))).toBeCloseTo(0, 12);
    expect(value).toBeGreaterThan(1.6);
    expect(value).toBeLessThan(2.5);
  });
});

describe('uncertainty', () => {
  it('of a quotient combines the relative ones, and the shares add up to one', () => {
    const r = result(
      'layer-resistance',
      { thickness: '10.0(3)um', conductivity: '0.100(4)mS/cm' },
      'area_specific_resistance',
    );
    expect(r.standard_uncertainty).toBeCloseTo(0.5, 6);
    expect(r.ci95_high).toBeCloseTo(10 + 1.959964 * 0.5, 5);
    expect(r.budget.map(({ share }) => share)[0]).toBeCloseTo(0.36, 6);
    expect(r.budget.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('of V²/(4R) counts the voltage twice; limits are rectangular', () => {
    const r = result('power', { voltage: '4±0.04V', resistance: '10mohm' }, 'attainable');
    expect(r.standard_uncertainty).toBeCloseTo((400 * 2 * 0.01) / Math.sqrt(3), 6);
  });

  it('of a temperature in °C is a difference in kelvin', () => {
    const r = result(
      'diffusivity',
      { conductivity: '1mS/cm', temperature: '26.85±6°C', carriers: '1e22/cm3' },
      'diffusivity',
    );
    expect((r.standard_uncertainty as number) / r.value).toBeCloseTo(6 / Math.sqrt(3) / 300, 8);
  });

  it('of a list adds element by element', () => {
    const r = result('total-resistance', { resistances: '10±0.3,20±0.4ohm' }, 'resistance');
    expect(r.standard_uncertainty).toBeCloseTo(0.5 / Math.sqrt(3), 9);
    expect(r.budget.map(({ input }) => input)).toEqual(['resistances 1', 'resistances 2']);
  });

  it('that was not given leaves no interval, and is said', () => {
    const { outputs, notes } = run('layer-resistance', { thickness: '10um', conductivity: '0.1mS/cm' });
    expect(outputs[0]?.standard_uncertainty).toBeNull();
    expect(notes.join('\n')).toMatch(/no uncertainty was given/);
    const partly = run('layer-resistance', { thickness: '10±1um', conductivity: '0.1mS/cm' });
    expect(partly.notes.join('\n')).toMatch(/taken as exact.*conductivity/);
  });

  it('within which the formula bends makes the interval approximate', () => {
    const { notes } = run('layer-resistance', { thickness: '10um', conductivity: '1.0(5)mS/cm' });
    expect(notes.join('\n')).toMatch(/is curved within the uncertainty of conductivity/);
  });

  it('of an uncertain fraction moves the others with it', () => {
    const r = result(
      'composite-conductivity',
      { fractions: '0.50(2),0.5', conductivities: '4,1S/cm' },
      'upper_bound',
    );
    // φ₁/(φ₁ + 0.5): the slope of the sum is (4 − 1)·0.5
    expect(r.standard_uncertainty).toBeCloseTo(0.02 * 1.5, 6);
  });
});

describe('what does not fit is refused, all of it at once', () => {
  it('unit, name, missing value and range', () => {
    const found = problems('layer-resistance', { thickness: '10S/cm', sigma: '1' });
    expect(found).toHaveLength(3);
    expect(found.join('\n')).toMatch(/sigma is not an input/);
    expect(found.join('\n')).toMatch(/S\/cm does not fit thickness of the layer; give it in cm/);
    expect(found.join('\n')).toMatch(/conductivity is missing/);
    expect(problems('layer-resistance', { thickness: '-1um', conductivity: '1S/cm' })[0]).toMatch(/positive/);
    expect(problems('yield', { losses: '10,20' })[0]).toMatch(/share between 0 and 1/);
    expect(problems('layer-resistance', { thickness: '1±3um', conductivity: '1S/cm' })[0]).toMatch(
      /as large as the value/,
    );
  });

  it('a bare temperature; any other bare number is taken in its unit, as assumed', () => {
    const values = { conductivity: '1e-3', temperature: '25', carriers: '1e22' };
    expect(problems('diffusivity', values)[0]).toMatch(/kelvin or degrees/);
    const { notes } = run('diffusivity', { ...values, temperature: '25°C' });
    expect(notes).toContain('assumed: conductivity is in S/cm, no unit was given');
    expect(notes).toContain('assumed: valence = 1, nothing was given');
    expect(problems('diffusivity', { ...values, temperature: '-300°C' })[0]).toMatch(/absolute zero/);
  });

  it('lists that do not go together', () => {
    expect(
      problems('composite-conductivity', { fractions: '0.5,0.4', conductivities: '1,2S/cm' })[0],
    ).toMatch(/add up to 0.9/);
    expect(problems('composite-conductivity', { fractions: '0.5,0.5', conductivities: '1S/cm' })[0]).toMatch(
      /one of each/,
    );
    expect(problems('storage-cost', { costs: '1,2EUR', energy: '1kWh', discount_rate: '5%' })[0]).toMatch(
      /every year/,
    );
  });

  it('formulas that mean nothing say why and what to use', () => {
    expect(meaninglessFormulas.map(({ form }) => form)).toEqual(['N = ΔQ/Q₀', 'v = (J/zF)·µ']);
    for (const { why, instead } of meaninglessFormulas) {
      expect(why.length).toBeGreaterThan(40);
      expect(instead.length).toBeGreaterThan(40);
    }
  });
});

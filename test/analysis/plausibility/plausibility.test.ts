import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  boundOf,
  contradicts,
  implausible,
  implausibleCell,
  implausibleMaterial,
  looksLikeKelvin,
  plausibleBounds,
  temperaturesNamedIn,
} from '../../../src/analysis/plausibility/index.js';
import { hasGolden, projectRoot, sayIfAbsent } from '../../shared-data.js';
import { type GoldenCase, goldenCases } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

/** Names of the reference and those of this project. */
const names: Record<string, string> = {
  sigma25_S_cm: 'conductivity_25c',
  specific_capacity_mAh_g: 'specific_capacity',
  asr_ohm_cm2: 'interfacial_asr',
  areal_mass_mg_cm2: 'areal_mass_mg_per_cm2',
  specific_energy_Wh_kg: 'specific_energy',
};

describe('plausibility of the reference', () => {
  it.each(goldenCases('tgt-', 'plausibility'))('%s', (_id, { cases }) => {
    for (const {
      quantity,
      value,
      confirmed,
      expected,
      series,
      file_name,
      conditions,
    } of cases as GoldenCase[]) {
      if (series) expect(looksLikeKelvin(series)).toBe(!expected.plausible);
      else if (file_name)
        expect(contradicts(conditions, temperaturesNamedIn(file_name))).toBe(!expected.plausible);
      else {
        const [name, kind = null] = quantity.split('|');
        const isReference = kind === 'reference';
        const own = isReference ? 'reference_areal_mass_mg_per_cm2' : (names[name] ?? name);
        const of = isReference ? 'current_collector' : kind;
        expect([boundOf(own, of)?.lower, boundOf(own, of)?.upper], quantity).toEqual(expected.bounds);
        const found = implausible({ quantity: own, of, value }, confirmed ? own : null);
        expect(found === null, `${quantity} ${value}`).toBe(expected.plausible);
        if (found) expect(found.isConfirmed).toBe(expected.effect === 'note');
      }
    }
  });
});

const cell = {
  cell_type: 'pellet',
  electrode_area_cm2: null,
  thickness_um: 820,
  diameter_mm: 10,
  relative_density: 0.93,
  interface_count: null,
  active_mass_mg: null,
  current_accuracy_relative: null,
  charge_ratio_half_width: null,
  confirmed: null,
};
const quantitiesOf = (more: object) => implausibleCell({ ...cell, ...more }).map(({ quantity }) => quantity);

describe('entries of the tables', () => {
  it('a sound pellet is sound', () => expect(quantitiesOf({})).toEqual([]));

  it('slips of a unit are seen where the unit is typed', () => {
    expect(quantitiesOf({ thickness_um: 0.82 })).toEqual(['thickness_um', 'cell_constant_per_cm']);
    expect(quantitiesOf({ diameter_mm: 1 })).toEqual(['diameter_mm', 'cell_constant_per_cm']);
    // 93 %, as it is often written.
    expect(quantitiesOf({ relative_density: 93 })).toEqual(['relative_density']);
    expect(quantitiesOf({ relative_density: 93, confirmed: 'relative_density' })).toEqual([
      'relative_density',
    ]);
    expect(quantitiesOf({ current_accuracy_relative: 0.02 })).toEqual(['current_accuracy_relative']);
    // 12 mg as 0.012 g on 1.13 cm².
    expect(quantitiesOf({ cell_type: 'cathode_half', active_mass_mg: 0.012, diameter_mm: 12 })).toEqual([
      'active_loading_mg_per_cm2',
    ]);
    const collector = { category: 'current_collector', cost: null, reference_cost: null, confirmed: null };
    const masses = { areal_mass_mg_per_cm2: 24.1, reference_areal_mass_mg_per_cm2: 53.8 };
    expect(implausibleMaterial({ ...collector, ...masses }).map(({ quantity }) => quantity)).toEqual([
      'reference_areal_mass_mg_per_cm2',
    ]);
  });

  it('a symmetric cell has two interfaces at most', () => {
    const symmetric = { cell_type: 'symmetric', thickness_um: 30 };
    expect(quantitiesOf({ ...symmetric, interface_count: 2 })).toEqual([]);
    expect(quantitiesOf({ ...symmetric, interface_count: 4 })).toEqual(['interface_count']);
  });

  it('area and diameter that contradict each other do not both hold', () => {
    expect(quantitiesOf({ electrode_area_cm2: 0.0785 })).toContain('electrode_area_cm2');
    expect(quantitiesOf({ electrode_area_cm2: 0.78 })).toEqual([]);
  });

  it('0 is a statement, and a laboratory may set its own bounds', () => {
    expect(quantitiesOf({ current_accuracy_relative: 0 })).toEqual([]);
    expect(implausibleCell(cell, { thickness_um: [900, 1500] })).toMatchObject([
      { quantity: 'thickness_um' },
    ]);
  });

  it('every bound has a source, and its ends in order', () => {
    for (const { lower, upper, source } of plausibleBounds) {
      expect(lower).toBeLessThan(upper);
      expect(source).not.toBe('');
    }
  });
});

describe('temperatures that look like kelvin', () => {
  it.each([
    ['all of them', [278, 298, 323], true],
    ['one among degrees', [-10, 5, 298.15, 45, 65], true],
    ['a furnace that is heated step by step', [25, 100, 160, 220, 280, 340], false],
    ['a furnace that starts hot', [200, 255, 270, 290], false],
    ['one far above, that is no kelvin of the others', [25, 40, 60, 390], false],
  ])('%s', (_name, celsius, expected) => expect(looksLikeKelvin(celsius)).toBe(expected));
});

describe('temperatures in names', () => {
  it.each([
    ['p_140deg.csv', [140]],
    ['LPSC-01_25degC_2.mpt', [25]],
    ['pellet-10C.csv', [10, -10]],
    ['x_298K.csv', [298 - 273.15]],
    ['run 24.5 °C.txt', [24.5]],
    ['cell12C3.csv', []],
    ['B1_T25.csv', []],
  ])('%s', (name, expected) => expect(temperaturesNamedIn(name)).toEqual(expected));
});

it('docs/method.md lists every bound with its source', () => {
  const text = readFileSync(join(projectRoot, 'docs', 'method.md'), 'utf8');
  const listed = [...text.matchAll(/^\| (\w+) \| (\w*) ?\| (\d\S*) \| (\d\S*)(?: \S+)? \| .+ \|$/gm)].map(
    ([, quantity, of, from, to]) => [quantity, of || null, Number(from), Number(to)],
  );
  expect(listed).toEqual(
    plausibleBounds.map(({ quantity, of, lower, upper }) => [quantity, of, lower, upper]),
  );
});

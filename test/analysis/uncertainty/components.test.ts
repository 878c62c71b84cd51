import { describe, expect, it } from 'vitest';
import { boundsAround } from '../../../src/analysis/statistics/intervals.js';
import {
  assumedText,
  assumedValues,
  boundsAt,
  boundsFrom,
  combined,
  declaredHalfWidth,
  fromScatter,
  sharedComponents,
  statedOrAssumed,
} from '../../../src/analysis/uncertainty/index.js';

describe('bounds from components', () => {
  it('are those of the expanded uncertainties in quadrature', () => {
    const components = [
      fromScatter('readings', 0.3, 4),
      declaredHalfWidth('gauge', 0.2),
      declaredHalfWidth('mass', 0.1),
    ];
    const systematic = Math.hypot(0.2, 0.1) / Math.sqrt(3);
    const expected = boundsAround(10, 0.3, 4, systematic);
    const bounds = boundsFrom(10, components);
    for (const key of ['ci95_low', 'ci95_high', 'bound95_low', 'bound95_high'] as const)
      expect(bounds[key]).toBeCloseTo(expected[key] as number, 12);
    expect(combined(components)).toBeCloseTo(Math.hypot(0.3, systematic), 12);
  });

  it('are symmetric on the scale they are judged on', () => {
    const { bound95_low, bound95_high } = boundsFrom(0.01, [declaredHalfWidth('gauge', 0.05)], 'ln');
    expect((bound95_low as number) * (bound95_high as number)).toBeCloseTo(1e-4, 15);
  });

  it('use the quantile of the probability that is asked for', () => {
    // 99 % quantiles: t(4) 3.7469, normal 2.3263.
    const [low] = boundsAt(
      0,
      [fromScatter('readings', 1, 4), declaredHalfWidth('gauge', Math.sqrt(3))],
      'linear',
      0.99,
    );
    expect(low).toBeCloseTo(-Math.hypot(3.746947, 2.326348), 5);
  });

  it('are unknown where the scatter is, and where there is no component', () => {
    expect(
      boundsFrom(1, [fromScatter('readings', Number.NaN, 0), declaredHalfWidth('gauge', 0.1)]).bound95_low,
    ).toBeNull();
    expect(boundsFrom(1, []).ci95_low).toBeNull();
  });
});

describe('what is not stated', () => {
  it('takes the half width of the table over √3, and says so', () => {
    const one = statedOrAssumed('thickness', null);
    expect(one.standard_uncertainty).toBeCloseTo(0.02 / Math.sqrt(3), 15);
    expect(one).toMatchObject({ kind: 'assumed', assumed: 'ASSUMED thickness = ±2 %', shared: true });
    expect(assumedText('activation_energy')).toBe('ASSUMED activation_energy = 0.4 ± 0.25 eV');
    expect(assumedText('temperature')).toBe('ASSUMED temperature = ±2 K');
  });

  it('is not asked for where 0 is stated', () => {
    expect(statedOrAssumed('diameter', 0, 2)).toMatchObject({ kind: 'declared', standard_uncertainty: 0 });
  });

  it('has a reason and a way to state it for each value', () => {
    for (const { value, why, stated_as } of Object.values(assumedValues)) {
      expect(value).toBeGreaterThan(0);
      expect(why.length * stated_as.length).toBeGreaterThan(0);
    }
  });
});

it('of several cells the largest shared component counts once, and none that belongs to one cell', () => {
  const shared = sharedComponents([
    [declaredHalfWidth('gauge', 0.1), fromScatter('readings', 1, 3)],
    [declaredHalfWidth('gauge', 0.3), declaredHalfWidth('chamber', 0.2)],
  ]);
  expect(shared.map(({ component, standard_uncertainty: u }) => [component, u])).toEqual([
    ['gauge', 0.3 / Math.sqrt(3)],
    ['chamber', 0.2 / Math.sqrt(3)],
  ]);
});

import { describe, expect, it } from 'vitest';
import { findCriticalCurrent, type PlatingStep } from '../../../src/analysis/critical-current/index.js';

/** A half cycle of 600 s with a record every 5 s: 50 Ω·cm², so 0.05 V at 1 mA/cm²; from `shortAt` on a tenth of it. */
function half(
  current_density: number,
  direction: PlatingStep['direction'],
  shortAt = Number.POSITIVE_INFINITY,
) {
  const sign = direction === 'charge' ? 1 : -1;
  const time = Array.from({ length: 121 }, (_, i) => 5 * i);
  const voltage = time.map(
    (t) => sign * 0.05 * current_density * (t >= shortAt ? 0.1 : 1) * (1 + 0.02 * Math.sin(t)),
  );
  return { direction, current_density, time, voltage };
}

const pair = (current_density: number) => [
  half(current_density, 'charge'),
  half(current_density, 'discharge'),
];

describe('the critical current density', () => {
  it('lies between the last current without and the first with a short', () => {
    const steps = [...pair(0.5), ...pair(1), ...pair(1.5), half(2, 'charge', 200)];
    const found = findCriticalCurrent(steps);
    expect(found).toMatchObject({ lower: 1.5, upper: 2, levels: [0.5, 1, 1.5, 2] });
    expect(found?.short).toEqual({ step: 6, record: 40 });
    expect(found?.areal_capacity).toBeCloseTo((1.5 * 600) / 3600, 12);
  });

  it('is only bounded from below where no short was seen', () => {
    expect(findCriticalCurrent([...pair(0.5), ...pair(1), ...pair(1.5)])).toMatchObject({
      lower: 1.5,
      upper: null,
    });
  });

  it('takes no spike, and no fall shorter than ten seconds, for a short', () => {
    const spiked = half(2, 'charge');
    for (const i of [50, 51]) spiked.voltage[i] = 0;
    const found = findCriticalCurrent([...pair(0.5), ...pair(1), ...pair(1.5), spiked, half(2, 'discharge')]);
    expect(found).toMatchObject({ lower: 2, upper: null });
  });

  it('looks at the rise alone, and needs three levels of it with both directions', () => {
    const later = [...pair(0.5), ...pair(1), ...pair(1.5), half(0.1, 'charge', 0)];
    expect(findCriticalCurrent(later)).toMatchObject({ lower: 1.5, upper: null });
    expect(findCriticalCurrent([...pair(0.5), ...pair(1)])).toBeNull();
    expect(findCriticalCurrent([half(0.5, 'charge'), half(1, 'charge'), half(1.5, 'charge')])).toBeNull();
  });
});

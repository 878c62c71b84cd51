import { describe, expect, it } from 'vitest';
import { metricOf, metrics } from '../../src/targets/metrics/index.js';
import { scaleIn, thresholdIn } from '../../src/targets/units.js';

/** Limits are drawn and compared in a metric's own unit, whatever unit the target is written in. */

const inOwnUnit = (metric: string, threshold: number, unit: string) =>
  thresholdIn(metricOf(metric)!, { threshold, unit });

describe('a threshold in the metric’s own unit', () => {
  it.each([
    ['conductivity_25c', 10, 'mS/cm', 0.01],
    ['conductivity_25c', 1, 'S/m', 0.01],
    ['decay_rate', 0.05, 'percent_per_cycle', 0.0005],
    ['coulombic_efficiency', 99.9, 'percent', 0.999],
    ['specific_capacity', 250, 'Ah/kg', 250],
    ['interfacial_asr', 0.001, 'ohm m2', 10],
    ['energy_density', 700, 'kWh/m3', 700],
  ])('%s: %d %s', (metric, threshold, unit, own) => {
    expect(inOwnUnit(metric, threshold, unit)).toBeCloseTo(own, 12);
  });

  it('is the threshold itself in the first unit of every metric', () => {
    for (const metric of metrics) expect(scaleIn(metric, Object.keys(metric.units)[0]!), metric.id).toBe(1);
  });

  it('is never guessed for a unit that the metric does not have', () => {
    expect(() => inOwnUnit('decay_rate', 1, 'mAh/g')).toThrow('no unit "mAh/g"');
  });
});

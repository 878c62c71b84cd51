import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type CycleLifeEvidence,
  fitDecay,
  fitLifeProjection,
  judgeCycleLife,
  type LifeProjection,
  ofInitial,
  projectedLife,
  projectedShare,
  recentShare,
} from '../../../src/analysis/decay/index.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';
import { goldenFiles, hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectNear, type GoldenCase } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

const laws = ['exponential', 'linear', 'sqrt', 'power'] as const;

describe.runIf(hasGolden)('a life that was not seen, of the reference', () => {
  const path = goldenFiles().get('tgt-07-extrapolated-life.json');
  const cases: GoldenCase[] = path === undefined ? [] : JSON.parse(readFileSync(path, 'utf8')).cases;
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { inputs, expected }) => {
    const n = Float64Array.from(inputs.ageing_cycles_done as number[]);
    const claimed = inputs.claimed_cycles as number;
    const relative = { relative: 1e-6 };
    const wander = inputs.wander_half_width as number;
    const projection = fitLifeProjection(n, Float64Array.from(inputs.capacity_Ah), wander) as LifeProjection;
    for (const name of laws) {
      const law = projection.laws[name];
      const share = projectedShare(law, claimed);
      const reference = expected.laws[name];
      expect(law.admitted, name).toBe(reference.admitted);
      expectNear(law.sse, reference.sse, relative, `${name} sse`);
      expectNear(law.aic_eff, reference.aic_eff, relative, `${name} aic`);
      expectNear(share.estimate, reference.estimate, relative, `${name} estimate`);
      expectNear(share.lower, reference.lower, relative, `${name} lower`);
      expectNear(share.upper, reference.upper, relative, `${name} upper`);
      if (name === 'power') expect(law.best.exponent).toBeCloseTo(reference.exponent, 10);
    }
    expectNear(recentShare(projection, claimed), expected.recent_lower, relative, 'last third');
    const verdict = judgeCycleLife({
      claimed_cycles: claimed,
      observed_cycles: n.at(-1) as number,
      cycles_to_end_of_life: null,
      projection,
      knee_accepted: false,
    });
    expect(verdict.verdict).toBe(expected.verdict);
  });
});

/** Ninety check-points of a fade over `observed` cycles. */
function fade(observed: number, share: (n: number) => number, noise = 0.0005, seed = 1) {
  const normal = normalDeviates(mulberry32(seed));
  const n = Float64Array.from({ length: 90 }, (_, i) => Math.round((i * observed) / 89));
  return { n, capacity: n.map((cycles) => 3 * share(cycles) * (1 + noise * normal())) };
}

const claimed = 2000;
/** Reaches 80 % after `life` cycles. */
const linear = (life: number) => (n: number) => 1 - (0.2 * n) / life;
const power = (life: number, z: number) => (n: number) => 1 - 0.2 * (n / life) ** z;

function judged(observed: number, share: (n: number) => number, more: Partial<CycleLifeEvidence> = {}) {
  const { n, capacity } = fade(observed, share);
  return judgeCycleLife({
    claimed_cycles: claimed,
    observed_cycles: observed,
    cycles_to_end_of_life: null,
    projection: fitLifeProjection(n, ofInitial(capacity), 0.005),
    knee_accepted: false,
    ...more,
  });
}

describe('a claim of cycle life', () => {
  it('asks for a fifth of the claimed cycles', () => {
    expect(judged(399, linear(4000))).toMatchObject({
      verdict: 'INSUFFICIENT DATA',
      needed: '1 more cycles, or a validated accelerated model',
    });
    expect(judged(400, linear(4000)).verdict).toBe('INCONCLUSIVE');
  });

  it('does not pass from 420 cycles of 2000, however clear the law', () => {
    const verdict = judged(420, linear(6000));
    expect(verdict.verdict).toBe('INCONCLUSIVE');
    expect(verdict.needed).toBe('1280 more cycles, to 85 % of the claimed number');
    expect(verdict.reason).toContain('21 % of 2000 cycles seen');
    expect(verdict.reason).toContain('linear');
  });

  it('passes over the last 15 % where every law and the last third hold, and no knee has come', () => {
    expect(judged(1700, linear(2600))).toMatchObject({ verdict: 'PASS', needed: null });
    expect(judged(1700, linear(2600)).reason).toContain('projected over the last 15 %');
    expect(judged(1700, power(2600, 0.6)).verdict).toBe('PASS');
    expect(judged(1690, linear(2600)).verdict).toBe('INCONCLUSIVE');
    expect(judged(1700, linear(2600), { knee_accepted: true }).verdict).toBe('INCONCLUSIVE');
    expect(judged(1700, linear(2010)).verdict).toBe('INCONCLUSIVE');
    const bending = (n: number) => linear(4000)(n) - 4e-4 * Math.max(n - 1500, 0);
    expect(judged(1700, bending).verdict).toBe('INCONCLUSIVE');
  });

  it('fails where every law ends below 80 %, and by what was seen', () => {
    expect(judged(800, linear(1000)).verdict).toBe('FAIL');
    expect(judged(800, power(1000, 1.8)).verdict).toBe('FAIL');
    expect(judged(800, linear(2600), { cycles_to_end_of_life: 1999 }).verdict).toBe('FAIL');
    expect(judged(800, linear(2600), { cycles_to_end_of_life: 2000 }).verdict).toBe('PASS');
    expect(judged(2000, linear(2001)).verdict).toBe('PASS');
  });

  it('needs ten points', () => {
    const { n, capacity } = fade(1700, linear(2600));
    const few = (array: Float64Array) => array.filter((_, i) => i % 11 === 0);
    expect(fitLifeProjection(few(n), few(capacity), 0.005)).toBeNull();
    expect(judged(1700, linear(2600), { projection: null }).verdict).toBe('INSUFFICIENT DATA');
  });

  it('has no recent slope where the last check-ups stand at one place', () => {
    const n = Float64Array.from([0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2]);
    const capacity = Float64Array.from(n, (cycles, i) => 1 - 0.001 * cycles - 0.0001 * i);
    expect(fitLifeProjection(n, capacity, 0.005)?.recent).toBeNull();
  });

  it('does not depend on the unit of the capacity', () => {
    const { n, capacity } = fade(1700, power(2600, 1.3));
    const projectionOf = (factor: number) => {
      const cycle = Array.from(n, (cycles) => cycles + 1);
      const options = { capacity_wander_relative: 0.005, bootstrap_samples: 0 };
      return fitDecay({ cycle, capacity: Array.from(capacity, (q) => factor * q) }, options).life_projection;
    };
    const inAh = projectionOf(1) as LifeProjection;
    const inMah = projectionOf(1000) as LifeProjection;
    for (const name of laws) {
      const [a, b] = [projectedShare(inAh.laws[name], claimed), projectedShare(inMah.laws[name], claimed)];
      expect(b.lower / a.lower, name).toBeCloseTo(1, 9);
      expect(b.upper / a.upper, name).toBeCloseTo(1, 9);
      expect(inMah.laws[name].admitted).toBe(inAh.laws[name].admitted);
    }
  });
});

describe('a projected life', () => {
  it('is that of the best law, and as wide as the admitted ones', () => {
    const { n, capacity } = fade(1500, linear(2600));
    const life = projectedLife(fitLifeProjection(n, ofInitial(capacity), 0.005) as LifeProjection);
    expect((life.cycles as number) / 2600).toBeCloseTo(1, 1);
    expect(life.low as number).toBeLessThan(life.cycles as number);
    expect(life.high as number).toBeGreaterThan(life.cycles as number);
    expect((life.high as number) / (life.low as number)).toBeGreaterThan(1.1);
  });

  it('has no end while nothing is lost', () => {
    const { n, capacity } = fade(1500, () => 1);
    expect(projectedLife(fitLifeProjection(n, ofInitial(capacity), 0.005) as LifeProjection).high).toBeNull();
  });

  it('is not made where the end was seen', () => {
    const cycle = Array.from({ length: 300 }, (_, i) => i + 1);
    const of = (life: number) => fitDecay({ cycle, capacity: cycle.map(linear(life)) }).life_projection;
    expect(of(200)).toBeNull();
    expect(of(2000)).not.toBeNull();
  });
});

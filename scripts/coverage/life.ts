/** Claims of cycle life whose end was not seen, with a life that is known. */
import { fitDecay, judgeCycleLife } from '../../src/analysis/decay/index.js';
import { normal, type Random, type Simulation, uniform } from './simulation.js';

const CLAIM = 15_000;
const POINTS = 90;
const WANDER = 0.005;

type Share = (n: number) => number;

/** A fade that reaches 80 % after `life` cycles: a fifth of them with a knee at 30 to 95 % of the life. */
function anyFade(random: Random, life: number): Share {
  const z = [0, 1, 0.5, uniform(random, 0.4, 2.5)][Math.floor(4 * random())] as number;
  const lost: Share = (n) => (z === 0 ? 1 - 0.8 ** (n / life) : 0.2 * (n / life) ** z);
  if (random() >= 0.2) return (n) => 1 - lost(n);
  // A line that bends where a share of the loss is reached, so that both meet 80 % at the life.
  const bend = life * uniform(random, 0.3, 0.95);
  const steeper = uniform(random, 3, 8);
  const slope = 0.2 / (bend + steeper * (life - bend));
  return (n) => 1 - slope * Math.min(n, bend) - steeper * slope * Math.max(n - bend, 0);
}

function verdictOf(random: Random, share: Share, observed: number): string {
  const done = Array.from({ length: POINTS }, (_, i) => Math.round((i * observed * CLAIM) / (POINTS - 1)));
  const capacity = done.map((n) => 3 * share(n) * Math.exp(0.001 * normal(random)));
  const fit = fitDecay(
    { cycle: done.map((n) => n + 1), capacity },
    { capacity_wander_relative: WANDER, bootstrap_samples: 0 },
  );
  return judgeCycleLife({
    claimed_cycles: CLAIM,
    observed_cycles: done.at(-1) as number,
    cycles_to_end_of_life: fit.results.find(({ quantity }) => quantity === 'cycles_to_80pct')?.value ?? null,
    projection: fit.life_projection,
    knee_accepted: fit.verdict_D.knee?.accepted ?? false,
  }).verdict;
}

const row = (
  situation: string,
  life: number,
  observed: number,
  outcome: 'PASS' | 'FAIL',
  aim: { least?: number; most?: number },
  fade = anyFade,
): Simulation => ({
  table: 'life of 15,000 cycles to 80 %, not seen',
  situation: `${situation}, ${100 * observed} % observed`,
  aims: { [outcome]: aim },
  once: (random) => ({
    [outcome]: verdictOf(random, fade(random, life * CLAIM), observed) === outcome,
  }),
});

const withoutKnee = (random: Random, life: number): Share => {
  const z = uniform(random, 0.4, 2.5);
  return (n) => 1 - 0.2 * (n / life) ** z;
};

/** All rows on extrapolated lives. */
export const lifeSimulations: readonly Simulation[] = [
  row('life just below the claim', 0.999, 0.2, 'PASS', { most: 0 }),
  row('life just below the claim', 0.999, 0.5, 'PASS', { most: 0 }),
  row('life just below the claim', 0.999, 0.8, 'PASS', { most: 0 }),
  row('life just below the claim', 0.999, 0.85, 'PASS', { most: 0.045 }),
  row('life just below the claim', 0.999, 0.9, 'PASS', { most: 0.03 }),
  row('life 1.3 of the claim', 1.3, 0.85, 'PASS', { least: 0.85 }),
  row('life 1.3 of the claim', 1.3, 0.9, 'PASS', { least: 0.85 }),
  row('life 1.05 of the claim', 1.05, 0.5, 'FAIL', { most: 0 }),
  row('life 0.6 of the claim, no knee', 0.6, 0.2, 'FAIL', { least: 0.38 }, withoutKnee),
];

/** What the simulations of `npm run bench:coverage` have in common. Truth is made here, without the code under test. */

/** Uniform deviates in [0, 1). */
export type Random = () => number;

/** Bounds of a share; what a row is held to within twice its binomial error. */
export interface Aim {
  least?: number;
  most?: number;
}

/** One row of a coverage table: data of a known truth, made and judged again and again. */
export interface Simulation {
  table: string;
  situation: string;
  /** What one data set takes beside those of other rows: so many times fewer are made. */
  cost?: number;
  /** Each outcome of `once`, and what its share may be. */
  aims: Readonly<Record<string, Aim>>;
  /** One data set: whether each outcome came true. */
  once(random: Random): Record<string, boolean>;
}

/** A multiply-with-carry generator (G. Marsaglia): not the one that the program resamples with. */
export function seeded(seed: number): Random {
  let z = 362436069 ^ seed;
  let w = 521288629 ^ Math.imul(seed, 69069);
  const next = () => {
    z = Math.imul(36969, z & 65535) + (z >>> 16);
    w = Math.imul(18000, w & 65535) + (w >>> 16);
    return (((z << 16) + (w & 65535)) >>> 0) / 4294967296;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

/** One standard normal deviate (G. E. P. Box & M. E. Muller, Ann. Math. Stat. 29 (1958) 610). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Stationary first-order autoregressive noise of standard deviation `sd`. */
export function autoregressive(random: Random, n: number, rho: number, sd: number): number[] {
  let state = normal(random);
  return Array.from({ length: n }, (_, i) => {
    if (i > 0) state = rho * state + Math.sqrt(1 - rho * rho) * normal(random);
    return sd * state;
  });
}

const between = (random: Random, low: number, high: number) => low + (high - low) * random();

/** Uniform between two limits. */
export { between as uniform };

/** Shares of each outcome over so many data sets, with their binomial standard errors. */
export function simulate(
  simulation: Simulation,
  dataSets: number,
  seed = 1,
): Record<string, { share: number; error: number; aim: Aim; holds: boolean }> {
  const random = seeded(seed);
  const counts: Record<string, number> = {};
  for (let i = 0; i < dataSets; i++) {
    for (const [name, came] of Object.entries(simulation.once(random)))
      counts[name] = (counts[name] ?? 0) + Number(came);
  }
  return Object.fromEntries(
    Object.entries(simulation.aims).map(([name, aim]) => {
      const share = (counts[name] ?? 0) / dataSets;
      // Of a share of 0 or 1 the error is that of one case more or less.
      const p = Math.min(Math.max(share, 1 / dataSets), 1 - 1 / dataSets);
      const error = Math.sqrt((p * (1 - p)) / dataSets);
      const holds = share >= (aim.least ?? 0) - 2 * error && share <= (aim.most ?? 1) + 2 * error;
      return [name, { share, error, aim, holds }];
    }),
  );
}

import {
  type LeastSquaresProblem,
  levenbergMarquardt,
  type Minimum,
} from '../../linear-algebra/levenberg-marquardt.js';

/** Sums that differ by less than this share are the same minimum. */
export const sameMinimum = 1e-6;
/** Relative residuals that are only rounding errors. */
export const exact = 1e-18;

export interface MultistartMinimum extends Minimum {
  starts: number;
  /** Number of starts that ended at the lowest sum. */
  starts_at_minimum: number;
}

/** A minimum that was reached is preferred to a search that was given up while it still improved. */
function isBetter(a: Minimum, b: Minimum): boolean {
  if (a.ending === 'run_away' && b.ending !== 'run_away') return a.ssr < b.ssr * (1 - sameMinimum);
  if (b.ending === 'run_away' && a.ending !== 'run_away') return a.ssr <= b.ssr * (1 + sameMinimum);
  return a.ssr < b.ssr;
}

/** Starts are compared after this many iterations, so that only promising ones are followed to their end. */
const glanceIterations = 3;
/** How far a start is followed among others; the lowest one is then followed to the last digit. */
const searchSettings = {
  maximum_iterations: 60,
  ssr_relative_tolerance: 1e-9,
  step_tolerance: 1e-6,
  by_normal_equations: true,
};

/** The lowest minimum of one problem so far, over any number of starts. */
export class MinimumSearch {
  private readonly sums: number[] = [];
  private lowest: Minimum | undefined;
  private readonly finish: (start: Float64Array) => Minimum;
  private readonly descend: (start: Float64Array, toBeat?: number) => Minimum;
  private readonly glance: (start: Float64Array) => Minimum;

  private readonly problem: LeastSquaresProblem;

  constructor(problem: LeastSquaresProblem) {
    this.problem = problem;
    this.finish = levenbergMarquardt(problem);
    this.descend = levenbergMarquardt(problem, searchSettings);
    this.glance = levenbergMarquardt(problem, { ...searchSettings, maximum_iterations: glanceIterations });
  }

  /** Minimises from a start, as long as it is worthwhile. */
  follow(start: Float64Array, toTheEnd = false): void {
    const minimum = this.descend(start, toTheEnd ? undefined : this.lowest?.ssr);
    this.sums.push(minimum.ssr);
    if (!this.lowest || isBetter(minimum, this.lowest)) this.lowest = minimum;
  }

  /**
   * Takes a few steps from each start, and follows up to `most` of those that are then lowest and distinct from each
   * other.
   */
  followBest(starts: readonly Float64Array[], most: number): void {
    if (starts.length <= most) {
      for (const start of starts) this.follow(start);
      return;
    }
    const seen = starts.map((start) => this.glance(start)).sort((a, b) => a.ssr - b.ssr);
    const apart = seen.filter(
      ({ ssr, ending }, i) =>
        ending !== 'run_away' && (i === 0 || ssr > seen[i - 1]!.ssr * (1 + sameMinimum)),
    );
    for (const { parameters } of apart.slice(0, most)) this.follow(parameters);
  }

  /** Follows the one start whose sum is lowest without any step. */
  followNearest(starts: readonly Float64Array[]): void {
    const sums = starts.map((start) => {
      this.problem.evaluate(start, false);
      return this.problem.residual.reduce((sum, r) => sum + r * r, 0);
    });
    const nearest = starts[sums.indexOf(Math.min(...sums))];
    if (nearest) this.follow(nearest);
  }

  get starts(): number {
    return this.sums.length;
  }

  /** The lowest sum of squares; infinite where nothing was followed. */
  get lowestSum(): number {
    return this.lowest?.ssr ?? Number.POSITIVE_INFINITY;
  }

  /** Parameters at the lowest sum. */
  get lowestPlace(): Float64Array | undefined {
    return this.lowest?.parameters;
  }

  /** The lowest minimum, and how many starts ended there. */
  get best(): MultistartMinimum | undefined {
    return this.lowest && { ...this.lowest, starts: this.starts, starts_at_minimum: this.hits };
  }

  /** The lowest minimum to the last digit. */
  get settled(): MultistartMinimum | undefined {
    if (!this.lowest) return undefined;
    const end = this.finish(this.lowest.parameters);
    return {
      ...(isBetter(this.lowest, end) ? this.lowest : end),
      starts: this.starts,
      starts_at_minimum: this.hits,
    };
  }

  get hits(): number {
    const { lowest } = this;
    if (!lowest) return 0;
    return this.sums.filter((ssr) => ssr <= lowest.ssr * (1 + sameMinimum) || ssr < exact).length;
  }
}

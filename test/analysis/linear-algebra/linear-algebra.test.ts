import { describe, expect, it } from 'vitest';
import { solveLeastSquares } from '../../../src/analysis/linear-algebra/householder.js';
import {
  type LeastSquaresProblem,
  levenbergMarquardt,
} from '../../../src/analysis/linear-algebra/levenberg-marquardt.js';
import { nonnegativeLeastSquares } from '../../../src/analysis/linear-algebra/nonnegative-least-squares.js';
import { singularValues } from '../../../src/analysis/linear-algebra/singular-values.js';
import { mulberry32 } from '../../../src/analysis/statistics/random.js';

function randomMatrix(rows: number, columns: number, seed: number): Float64Array {
  const random = mulberry32(seed);
  return Float64Array.from({ length: rows * columns }, () => random() - 0.5);
}

function times(a: Float64Array, rows: number, x: ArrayLike<number>): Float64Array {
  const product = new Float64Array(rows);
  for (let j = 0; j < x.length; j++) for (let i = 0; i < rows; i++) product[i]! += a[i + j * rows]! * x[j]!;
  return product;
}

describe('solveLeastSquares', () => {
  it('recovers a solution over twelve orders of magnitude of column lengths', () => {
    const rows = 30;
    const a = randomMatrix(rows, 5, 1);
    for (let j = 0; j < 5; j++) for (let i = 0; i < rows; i++) a[i + j * rows]! *= 10 ** (3 * j - 6);
    const x = [1, -2, 3, -4, 5].map((value, j) => value * 10 ** (6 - 3 * j));
    const { solution, rank } = solveLeastSquares(a, rows, 5, times(a, rows, x));
    expect(rank).toBe(5);
    x.forEach((value, j) => {
      expect(solution[j]! / value).toBeCloseTo(1, 11);
    });
  });

  it('leaves a residual orthogonal to the columns', () => {
    const rows = 12;
    const a = randomMatrix(rows, 3, 2);
    const b = randomMatrix(rows, 1, 3);
    const { solution } = solveLeastSquares(a, rows, 3, b);
    const model = times(a, rows, solution);
    for (let j = 0; j < 3; j++) {
      let dot = 0;
      for (let i = 0; i < rows; i++) dot += a[i + j * rows]! * (b[i]! - model[i]!);
      expect(Math.abs(dot)).toBeLessThan(1e-14);
    }
  });

  it('finds dependent columns', () => {
    const a = randomMatrix(10, 3, 4);
    for (let i = 0; i < 10; i++) a[20 + i] = 2 * a[i]! - a[10 + i]!;
    const { rank, solution } = solveLeastSquares(a, 10, 3, times(a, 10, [1, 1, 1]));
    expect(rank).toBe(2);
    times(a, 10, solution).forEach((value, i) => {
      expect(value).toBeCloseTo(times(a, 10, [1, 1, 1])[i]!, 12);
    });
  });
});

describe('singularValues', () => {
  it('gives those of a rotated diagonal, small ones with relative accuracy', () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const { values, right } = singularValues(Float64Array.from([3 * c, 3 * s, -1e-12 * s, 1e-12 * c]), 2, 2);
    expect(values[0]! / 3).toBeCloseTo(1, 14);
    expect(values[1]! / 1e-12).toBeCloseTo(1, 10);
    expect(Math.abs(right[0]!)).toBeCloseTo(1, 12);
  });

  it('rebuilds AᵀA', () => {
    const a = randomMatrix(9, 4, 5);
    const { values, right } = singularValues(a, 9, 4);
    for (let p = 0; p < 4; p++) {
      for (let q = 0; q < 4; q++) {
        let product = 0;
        let rebuilt = 0;
        for (let i = 0; i < 9; i++) product += a[i + p * 9]! * a[i + q * 9]!;
        for (let k = 0; k < 4; k++) rebuilt += values[k]! ** 2 * right[p + k * 4]! * right[q + k * 4]!;
        expect(rebuilt).toBeCloseTo(product, 13);
      }
    }
  });
});

describe('nonnegativeLeastSquares', () => {
  it('agrees with the unconstrained solution where that is positive', () => {
    const a = randomMatrix(20, 4, 6);
    const x = nonnegativeLeastSquares(a, 20, 4, times(a, 20, [1, 2, 3, 4]));
    [1, 2, 3, 4].forEach((value, j) => {
      expect(x[j]).toBeCloseTo(value, 10);
    });
  });

  it('meets the Kuhn–Tucker conditions where it is not', () => {
    const a = randomMatrix(20, 8, 7);
    const b = randomMatrix(20, 1, 8);
    const x = nonnegativeLeastSquares(a, 20, 8, b);
    const model = times(a, 20, x);
    expect(x.some((value) => value === 0) && x.some((value) => value > 0)).toBe(true);
    for (let j = 0; j < 8; j++) {
      let slope = 0;
      for (let i = 0; i < 20; i++) slope += a[i + j * 20]! * (b[i]! - model[i]!);
      if (x[j]! > 0) expect(Math.abs(slope)).toBeLessThan(1e-12);
      else expect(slope).toBeLessThan(1e-12);
    }
  });
});

/** Rosenbrock's valley as residuals 10(y − x²), 1 − x. */
function rosenbrock(): LeastSquaresProblem {
  const residual = new Float64Array(2);
  const jacobian = new Float64Array(4);
  return {
    parameterCount: 2,
    residualCount: 2,
    residual,
    jacobian,
    evaluate([x, y]) {
      residual.set([10 * (y! - x! * x!), 1 - x!]);
      jacobian.set([-20 * x!, -1, 10, 0]);
    },
    hasRunAway: ([x]) => Math.abs(x!) > 50,
  };
}

describe('levenbergMarquardt', () => {
  it('follows a curved valley to its end', () => {
    const minimum = levenbergMarquardt(rosenbrock())(Float64Array.from([-1.2, 1]));
    expect(minimum.ending).toBe('converged');
    expect(minimum.parameters[0]).toBeCloseTo(1, 10);
    expect(minimum.parameters[1]).toBeCloseTo(1, 10);
  });

  it('gives up a start that runs away', () => {
    const problem = rosenbrock();
    const away: LeastSquaresProblem = {
      ...problem,
      evaluate([x, y]) {
        problem.residual.set([Math.exp(-x!), 0 * y!]);
        problem.jacobian.set([-Math.exp(-x!), 0, 0, 1e-3]);
      },
    };
    expect(levenbergMarquardt(away)(Float64Array.from([0, 0])).ending).toBe('run_away');
  });
});

import { type HuberFit, huberLine, theilSenLine } from '../statistics/robust-line.js';
import { decayOfSlope, fitLogLinear } from './log-linear.js';
import type { LogOls, RobustFits } from './types.js';

const OUTLIER_SCALES = 5;
const INLIER_WEIGHT = 0.5;
/** More consecutive points off the line are the shape of the curve (a knee), not outliers. */
const LONGEST_OUTLIER_RUN = 5;

/**
 * Theil–Sen and Huber on ln Q. Huber's D is reported when it lies more than three standard errors from that of OLS,
 * counted with the OLS on points of Huber weight ≥ 0.5: outliers inflate the error of the full OLS, which therefore is
 * no yardstick.
 * Sources: P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379; P. J. Huber, Ann. Math. Stat. 35 (1964) 73.
 */
export function fitRobust(n: ArrayLike<number>, capacity: ArrayLike<number>, ols: LogOls): RobustFits {
  const y = Float64Array.from(capacity, Math.log);
  const theilSen = theilSenLine(n, y);
  const huber = huberLine(n, y);
  const outliers = findOutliers(huber);
  const inliers = Array.from(y.keys()).filter((i) => (huber.weights[i] as number) >= INLIER_WEIGHT);
  const inlier_ols =
    outliers.length > 0 && inliers.length > 4
      ? fitLogLinear(
          inliers.map((i) => n[i] as number),
          inliers.map((i) => capacity[i] as number),
        )
      : null;
  const D = decayOfSlope(huber.slope);
  return {
    theil_sen: {
      slope: theilSen.slope,
      D: decayOfSlope(theilSen.slope),
      D_ci95: [decayOfSlope(theilSen.slope_ci95_high), decayOfSlope(theilSen.slope_ci95_low)],
    },
    huber: {
      slope: huber.slope,
      D,
      Q0: Math.exp(huber.intercept),
      scale: huber.scale,
      n_downweighted: huber.weights.filter((weight) => weight < 1).length,
      iterations: huber.iterations,
    },
    outliers,
    inlier_ols,
    huber_reported: inlier_ols !== null && Math.abs(D - ols.D) > 3 * inlier_ols.D_se_reported,
  };
}

/** Points beyond five robust scales, unless more than five neighbours lie off the line on the same side. */
function findOutliers({ residuals, scale }: HuberFit): number[] {
  if (scale < 1e-12) return [];
  const outliers: number[] = [];
  let run: number[] = [];
  for (let i = 0; i <= residuals.length; i++) {
    const residual = residuals[i] ?? 0;
    const far = Math.abs(residual) > OUTLIER_SCALES * scale;
    const continues = far && run.length > 0 && residual > 0 === (residuals[i - 1] as number) > 0;
    if (!continues) {
      if (run.length <= LONGEST_OUTLIER_RUN) outliers.push(...run);
      run = [];
    }
    if (far) run.push(i);
  }
  return outliers;
}

/** Does one straight line describe ln σ over 1/T? Quadratic term, Vogel–Tammann–Fulcher, two segments. */
import { BOLTZMANN_EV_PER_KELVIN, REFERENCE_KELVIN } from '../constants.js';
import { studentTTwoSidedP } from '../statistics/distributions.js';
import { aicc } from '../statistics/information-criterion.js';
import { fitLine, leastSquares } from '../statistics/linear-regression.js';
import { goldenSectionMinimum } from '../statistics/root-finding.js';
import { kelvinOf } from './form.js';
import type { Reading } from './readings.js';
import type { ArrheniusModel, ModelComparison, TwoSegmentFit, VtfFit } from './types.js';

const MINIMUM_POINTS = { quadratic: 4, vtf: 6, two_segment: 8 } as const;
/**
 * With a mean square residual below this, about the line of either form, the data are exact and there is nothing to
 * compare.
 */
const EXACT_MEAN_SQUARE = 1e-18;

interface Series {
  kelvin: number[];
  lnSigma: number[];
}

/**
 * Fits the alternatives to one straight line, each only where there are enough points; null for exact data. Source of
 * the criterion: C. M. Hurvich & C.-L. Tsai, Biometrika 76 (1989) 297.
 */
export function compareModels(points: Reading[]): ModelComparison | null {
  const series = { kelvin: points.map(kelvinOf), lnSigma: points.map((point) => point.ln_conductivity) };
  const n = points.length;
  const inverse = series.kelvin.map((t) => 1 / t);
  const line = fitLine(inverse, series.lnSigma);
  const hopping = fitLine(
    inverse,
    series.lnSigma.map((y, i) => y + Math.log(series.kelvin[i] as number)),
  );
  if (Math.min(line.sse, hopping.sse) / n < EXACT_MEAN_SQUARE) return null;
  const comparison: ModelComparison = { n, arrhenius: { sse: line.sse, aicc: aicc(n, 3, line.sse / n) } };
  if (n >= MINIMUM_POINTS.quadratic) comparison.quadratic = fitQuadratic(series);
  if (n >= MINIMUM_POINTS.vtf) comparison.vtf = fitVtf(series);
  if (n >= MINIMUM_POINTS.two_segment) comparison.two_segment = fitTwoSegments(series);
  return comparison;
}

function fitQuadratic({ kelvin, lnSigma }: Series): NonNullable<ModelComparison['quadratic']> {
  const n = kelvin.length;
  const centre = kelvin.reduce((sum, t) => sum + 1 / t, 0) / n;
  const x = kelvin.map((t) => 1 / t - centre);
  const fit = leastSquares([x.map(() => 1), x, x.map((v) => v * v)], lnSigma);
  const error = Math.sqrt((fit.sse / fit.dof) * (fit.inverse[2]?.[2] as number));
  const t_quadratic = (fit.coefficients[2] as number) / error;
  return {
    sse: fit.sse,
    aicc: aicc(n, 4, fit.sse / n),
    t_quadratic,
    p_value: studentTTwoSidedP(t_quadratic, fit.dof),
  };
}

/**
 * σ = A·exp(−B/(T − T₀)): T₀ profiled from 0 K to 20 K below the coldest point, ln A and B linear.
 * Sources: H. Vogel, Phys. Z. 22 (1921) 645; G. S. Fulcher, J. Am. Ceram. Soc. 8 (1925) 339; G. Tammann &
 * W. Hesse, Z. Anorg. Allg. Chem. 156 (1926) 245.
 */
function fitVtf({ kelvin, lnSigma }: Series): VtfFit {
  const n = kelvin.length;
  const highest = Math.min(...kelvin) - 20;
  const lineAt = (t0: number) =>
    fitLine(
      kelvin.map((t) => 1 / (t - t0)),
      lnSigma,
    );
  let best = { t0: 0, sse: Number.POSITIVE_INFINITY };
  for (let t0 = 0; t0 <= highest; t0++) {
    const { sse } = lineAt(t0);
    if (sse < best.sse) best = { t0, sse };
  }
  const at_bound = best.t0 === 0 || best.t0 + 1 > highest;
  const refined = goldenSectionMinimum(
    (t0) => lineAt(t0).sse,
    Math.max(best.t0 - 1, 0),
    Math.min(best.t0 + 1, highest),
    1e-7,
  );
  const T0_K = refined.value < best.sse ? refined.x : best.t0;
  const line = lineAt(T0_K);
  const ln_sigma25 = line.intercept + line.slope / (REFERENCE_KELVIN - T0_K);
  return {
    T0_K,
    B_K: -line.slope,
    B_eV: -line.slope * BOLTZMANN_EV_PER_KELVIN,
    lnA: line.intercept,
    sse: line.sse,
    at_bound,
    ln_sigma25,
    ln_sigma25_se: vtfError(kelvin, line.slope, T0_K, line.sse),
    sigma25_S_cm: Math.exp(ln_sigma25),
    aicc: aicc(n, 4, line.sse / n),
  };
}

/** Delta method on the three parameters ln A, B, T₀; the Jacobian row at T is [1, −1/(T−T₀), −B/(T−T₀)²]. */
function vtfError(kelvin: number[], slope: number, t0: number, sse: number): number | null {
  const row = (t: number) => [1, 1 / (t - t0), slope / (t - t0) ** 2];
  const rows = kelvin.map(row);
  try {
    const { inverse } = leastSquares(
      [0, 1, 2].map((k) => rows.map((r) => r[k] as number)),
      kelvin,
    );
    const at = row(REFERENCE_KELVIN);
    let variance = 0;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++)
        variance += (at[i] as number) * (at[j] as number) * (inverse[i]?.[j] as number);
    }
    return Math.sqrt((variance * sse) / (kelvin.length - 3));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Continuous line with one bend in 1/T, for melting or a phase transition. The bend is tried half-way (in 1/T) between
 * neighbouring temperatures, with at least three points on each side.
 */
function fitTwoSegments(series: Series): TwoSegmentFit {
  const order = series.kelvin
    .map((_, i) => i)
    .sort((i, j) => (series.kelvin[j] as number) - (series.kelvin[i] as number));
  const x = order.map((i) => 1 / (series.kelvin[i] as number));
  const y = order.map((i) => series.lnSigma[i] as number);
  const n = x.length;
  let best: { bend: number; fit: ReturnType<typeof leastSquares> } | null = null;
  for (let left = 3; left <= n - 3; left++) {
    const bend = ((x[left - 1] as number) + (x[left] as number)) / 2;
    const fit = leastSquares(
      [x.map(() => 1), x.map((v) => v - bend), x.map((v) => Math.max(v - bend, 0))],
      y,
    );
    if (best === null || fit.sse < best.fit.sse) best = { bend, fit };
  }
  const { bend, fit } = best as NonNullable<typeof best>;
  const [height, hot, change] = fit.coefficients as unknown as [number, number, number];
  const at = [1, 1 / REFERENCE_KELVIN - bend, Math.max(1 / REFERENCE_KELVIN - bend, 0)];
  // The position of the bend is one more fitted parameter.
  const variance = fit.sse / (n - 4);
  let spread = 0;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++)
      spread += (at[i] as number) * (at[j] as number) * (fit.inverse[i]?.[j] as number);
  }
  return {
    sse: fit.sse,
    break_T_K: 1 / bend,
    Ea_high_T_eV: -hot * BOLTZMANN_EV_PER_KELVIN,
    Ea_low_T_eV: -(hot + change) * BOLTZMANN_EV_PER_KELVIN,
    delta_Ea_se_eV: Math.sqrt(variance * (fit.inverse[2]?.[2] as number)) * BOLTZMANN_EV_PER_KELVIN,
    ln_sigma25: height + hot * (at[1] as number) + change * (at[2] as number),
    ln_sigma25_se: Math.sqrt(variance * spread),
    aicc: aicc(n, 5, fit.sse / n),
  };
}

/** A curved model must be better than the simpler ones by this many units of AICc. */
const MARGIN = { vtf: 4, two_segment: 6 };
/** Within this distance of such a margin the other model is about as good a choice. */
const NEAR_MARGIN = 4;

/**
 * By how many units of AICc each curved model is better than the models it has to beat; null where it is not usable.
 */
function advantages({ arrhenius, quadratic, vtf, two_segment: segments }: ModelComparison) {
  const line = arrhenius.aicc;
  if (line === null) return { vtf: null, two_segment: null };
  const others = [line, quadratic?.aicc ?? line, vtf?.aicc ?? line];
  const isBent =
    segments !== undefined &&
    Math.abs(segments.Ea_high_T_eV - segments.Ea_low_T_eV) > 3 * segments.delta_Ea_se_eV;
  const isResolved = vtf !== undefined && !vtf.at_bound && vtf.ln_sigma25_se !== null;
  return {
    vtf: isResolved && vtf.aicc !== null ? line - vtf.aicc : null,
    two_segment: isBent && segments.aicc !== null ? Math.min(...others) - segments.aicc : null,
  };
}

/**
 * The model to take σ at 25 °C from: VTF if it is at least 4 units of AICc better than the line and T₀ lies inside its
 * range; two segments if they are at least 6 units better than any other model and their activation energies are more
 * than three standard errors apart.
 */
export function selectModel(comparison: ModelComparison | null): ArrheniusModel {
  if (comparison === null) return 'arrhenius';
  const { vtf, two_segment } = advantages(comparison);
  if (two_segment !== null && two_segment >= MARGIN.two_segment) return 'two_segment';
  return vtf !== null && vtf >= MARGIN.vtf ? 'vtf' : 'arrhenius';
}

/** The models that would be selected if AICc were up to 4 units different. */
export function nearlySelected(comparison: ModelComparison | null): ArrheniusModel[] {
  if (comparison === null) return [];
  const selected = selectModel(comparison);
  const { vtf, two_segment } = advantages(comparison);
  const isNear = (advantage: number | null, margin: number) =>
    advantage !== null && Math.abs(advantage - margin) <= NEAR_MARGIN;
  const simpler = vtf !== null && vtf >= MARGIN.vtf ? 'vtf' : 'arrhenius';
  const near: ArrheniusModel[] = [];
  if (isNear(two_segment, MARGIN.two_segment))
    near.push(selected === 'two_segment' ? simpler : 'two_segment');
  if (selected !== 'two_segment' && isNear(vtf, MARGIN.vtf))
    near.push(selected === 'vtf' ? 'arrhenius' : 'vtf');
  return near;
}

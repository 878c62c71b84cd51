import type { ArrheniusFit } from '../../analysis/arrhenius/index.js';
import type { Quantity } from '../../analysis/result.js';
import { Z_ONE_SIDED, Z_TWO_SIDED } from '../../analysis/statistics/intervals.js';

/** Standard uncertainties that come from the choice of circuits: of Eₐ (eV), and of ln σ at 25 °C. */
export interface CircuitTerm {
  u_Ea_eV: number;
  u_ln_sigma25: number;
  /** Whether the freely chosen circuits give a value outside the statistical interval. */
  matters: boolean;
}

/** Whether a value lies outside the interval from the scatter of the temperatures alone. */
function isOutside(value: number, row: Quantity): boolean {
  const low = row.ci95_statistical_low ?? row.ci95_low;
  const high = row.ci95_statistical_high ?? row.ci95_high;
  return low !== null && high !== null && (value < low || value > high);
}

/** |difference|/√3 between a series with one kind of circuit and with freely chosen ones; rectangular. */
export function circuitTerm(
  fit: ArrheniusFit,
  free: { Ea_eV: number | null; sigma25_S_cm: number | null } | null,
): CircuitTerm {
  const row = (name: string) => fit.results.find(({ quantity }) => quantity === name);
  const [Ea, sigma] = [row('Ea_eV'), row('sigma25_S_cm')];
  if (free?.Ea_eV == null || free.sigma25_S_cm == null || Ea?.value == null || sigma?.value == null) {
    return { u_Ea_eV: 0, u_ln_sigma25: 0, matters: false };
  }
  return {
    u_Ea_eV: Math.abs(free.Ea_eV - Ea.value) / Math.sqrt(3),
    u_ln_sigma25: Math.abs(Math.log(free.sigma25_S_cm / sigma.value)) / Math.sqrt(3),
    matters: isOutside(free.Ea_eV, Ea) || isOutside(free.sigma25_S_cm, sigma),
  };
}

const ends = [
  ['ci95_low', Z_TWO_SIDED],
  ['ci95_high', Z_TWO_SIDED],
  ['bound95_low', Z_ONE_SIDED],
  ['bound95_high', Z_ONE_SIDED],
] as const;

/** A row whose interval holds one more standard uncertainty, in quadrature of expanded uncertainties. */
function widened(row: Quantity, u: number, scale: 'linear' | 'ln'): Quantity {
  if (row.value === null) return row;
  const [to, from] = scale === 'ln' ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const wide = { ...row };
  for (const [end, z] of ends) {
    const value = row[end];
    if (value === null) continue;
    const half = to(value) - to(row.value);
    wide[end] = from(to(row.value) + Math.sign(half) * Math.hypot(half, z * u));
  }
  return wide;
}

/** The judged quantities of a series with the term of the circuits in their intervals. */
export function withCircuitTerm(fit: ArrheniusFit, { u_Ea_eV, u_ln_sigma25 }: CircuitTerm): ArrheniusFit {
  const results = fit.results.map((row) => {
    if (row.quantity === 'Ea_eV') return widened(row, u_Ea_eV, 'linear');
    if (row.quantity === 'sigma25_S_cm') return widened(row, u_ln_sigma25, 'ln');
    return row;
  });
  return { ...fit, results };
}

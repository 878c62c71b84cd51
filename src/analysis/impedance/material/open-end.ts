import { impedanceMessages as say } from '../../../messages/impedance.js';
import type { Message } from '../../../messages/message.js';
import { elementsOf } from '../circuit/parse.js';
import type { AssignedArc, ImpedanceFit } from '../result.js';
import type { CellDescription } from './geometry.js';

/** −Z'' counts as rising at the low end if it rises by more than this many standard deviations of the noise. */
const risingFactor = 3;

/** Noise of the spectrum (fraction of |Z|): of the Kramers–Kronig model, else of the fit. */
function noiseOf(fit: ImpedanceFit): number {
  return fit.kramers_kronig?.s_kk ?? (fit.goodness.rms_residual_of_modulus as number);
}

/** Whether −Z'' still rises at the lowest frequencies, by the means of the last two and the two before. */
export function risesAtTheEnd(fit: ImpedanceFit): boolean {
  const y = fit.curve.imaginary_impedance_ohm.slice(-4).map((im) => -im);
  if (y.length < 4) return false;
  const modulus = Math.hypot(fit.curve.real_impedance_ohm.at(-1)!, y[3]!);
  return (y[3]! + y[2]! - y[1]! - y[0]!) / 2 > risingFactor * noiseOf(fit) * modulus;
}

/** Why the low-frequency end of a cell without blocking electrodes is open; null: it is closed. */
export function whyOpen(
  fit: ImpedanceFit,
  arcs: readonly AssignedArc[],
  cell: CellDescription,
): Message | null {
  const slow = arcs.filter(({ below_band }) => below_band);
  if (slow.length > 0) {
    const list = slow.map(({ resistor, f_char_hz }) =>
      say('OPEN_END/arc', { resistor, hertz: f_char_hz?.toPrecision(2) ?? '?' }),
    );
    return say('OPEN_END/below', { arcs: list });
  }
  const diffusion = elementsOf(fit.model.circuit.root).find(({ element }) => element.symbol === 'W');
  if (diffusion && !cell.tail_is_diffusion) {
    return say('OPEN_END/diffusion', { element: diffusion.label });
  }
  return !diffusion && risesAtTheEnd(fit) ? say('OPEN_END/rises') : null;
}

/**
 * The least resistance (ohm) between `before` and the lowest frequency: Z' of a passive, relaxing cell only grows
 * towards low frequency, so no model is needed.
 */
export function lowerBound(fit: ImpedanceFit, before: number, se_before: number): number {
  return fit.curve.real_impedance_ohm.at(-1)! * (1 - 2 * noiseOf(fit)) - before - 2 * se_before;
}

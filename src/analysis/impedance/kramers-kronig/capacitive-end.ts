import type { PreparedSpectrum } from '../spectrum.js';

const phaseLimitDegree = -5;

/** Whether the low-frequency end is capacitive: phase below −5° and −Z'' rising over the last three points. */
export function hasCapacitiveEnd(spectrum: PreparedSpectrum): boolean {
  const im = spectrum.imaginary_impedance_ohm;
  if (im.length < 3) return false;
  const [a, b, c] = [im.at(-3)!, im.at(-2)!, im.at(-1)!];
  const phase = (Math.atan2(c, spectrum.real_impedance_ohm.at(-1)!) * 180) / Math.PI;
  return phase < phaseLimitDegree && -b > -a && -c > -b;
}

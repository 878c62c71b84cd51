import { impedanceMessages as say } from '../../messages/impedance.js';
import type { AnalysisWarning } from '../result.js';
import type { PreparedSpectrum } from './spectrum.js';

/** Z'' must exceed this multiple of the noise, at this many neighbouring points. */
const noiseFactor = 3;
const fewestPoints = 3;

/** Frequencies (Hz) of the longest run of inductive points below the first capacitive one. */
function inductiveRun(spectrum: PreparedSpectrum, s_kk: number): number[] {
  const { frequency_hertz: f, real_impedance_ohm: re, imaginary_impedance_ohm: im } = spectrum;
  const shares = Array.from(im, (value, i) => value / Math.hypot(re[i]!, value));
  const capacitive = shares.findIndex((share) => share < -noiseFactor * s_kk);
  let longest: number[] = [];
  let run: number[] = [];
  for (let i = capacitive; capacitive >= 0 && i < shares.length; i++) {
    run = shares[i]! > noiseFactor * s_kk ? [...run, f[i]!] : [];
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

/**
 * A loop below the real axis at low frequency (adsorbed intermediates, a cell that changes). No circuit of the family
 * has one, and a small loop leaves too little residual for `MISFIT`.
 *
 * @param s_kk noise of the spectrum (fraction of |Z|)
 */
export function loopWarnings(spectrum: PreparedSpectrum, s_kk: number): AnalysisWarning[] {
  const run = inductiveRun(spectrum, s_kk);
  if (run.length < fewestPoints) return [];
  const [from = '', to = ''] = [run.at(-1)!, run[0]!].map((hertz) => hertz.toPrecision(3));
  return [say('LOW_FREQUENCY_LOOP', { n: run.length, from, to })];
}

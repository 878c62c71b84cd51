import { NotComputable } from '../result.js';
import { type PreparedSpectrum, prepareSpectrum, type Spectrum } from './spectrum.js';

/**
 * The impedance of the leads at each frequency of a spectrum: interpolated in ln f; beyond the band of the blank its
 * last resistance and inductance are continued.
 */
function leadImpedance(lead: PreparedSpectrum, frequency: number): { re: number; im: number } {
  const f = lead.frequency_hertz;
  const re = lead.real_impedance_ohm;
  const im = lead.imaginary_impedance_ohm;
  const last = f.length - 1;
  if (frequency >= f[0]!) return { re: re[0]!, im: (im[0]! * frequency) / f[0]! };
  if (frequency <= f[last]!) return { re: re[last]!, im: (im[last]! * frequency) / f[last]! };
  const below = f.findIndex((value) => value < frequency);
  const share = Math.log(frequency / f[below]!) / Math.log(f[below - 1]! / f[below]!);
  const between = (values: Float64Array) => values[below]! + share * (values[below - 1]! - values[below]!);
  return { re: between(re), im: between(im) };
}

/**
 * The spectrum without its leads: `lead` is their resistance (ohm), or the spectrum of a shorted cell.
 * @throws NotComputable `NO_LEAD_SPECTRUM` where the blank has no usable point, `BAD_LEAD_RESISTANCE` below 0
 */
export function withoutLeads(spectrum: PreparedSpectrum, lead: number | Spectrum): PreparedSpectrum {
  if (typeof lead === 'number') {
    if (!(lead >= 0))
      throw new NotComputable('BAD_LEAD_RESISTANCE', `lead resistance ${lead} ohm is not 0 or more`);
    return { ...spectrum, real_impedance_ohm: spectrum.real_impedance_ohm.map((re) => re - lead) };
  }
  const blank = prepareSpectrum(lead);
  if (blank.frequency_hertz.length === 0) {
    throw new NotComputable('NO_LEAD_SPECTRUM', 'the spectrum of the leads has no usable point');
  }
  const leads = Array.from(spectrum.frequency_hertz, (frequency) => leadImpedance(blank, frequency));
  return {
    ...spectrum,
    real_impedance_ohm: spectrum.real_impedance_ohm.map((re, i) => re - leads[i]!.re),
    imaginary_impedance_ohm: spectrum.imaginary_impedance_ohm.map((im, i) => im - leads[i]!.im),
  };
}

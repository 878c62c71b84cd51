import { impedanceMessages as say } from '../../messages/impedance.js';
import { type AnalysisWarning, NotComputable } from '../result.js';
import {
  type KramersKronigTest,
  kramersKronigResidual,
  testPreparedSpectrum,
} from './kramers-kronig/linear-test.js';
import { withoutLeads } from './leads.js';
import {
  type FrequencyWindow,
  inductivePoints,
  insideWindow,
  type PreparedSpectrum,
  prepareSpectrum,
  type Spectrum,
  withoutPoints,
} from './spectrum.js';

/** What is removed from a spectrum before it is fitted. */
export interface PreparationOptions {
  /** Resistance of the leads (ohm), or the spectrum of a shorted cell; subtracted before fitting. */
  lead?: number | Spectrum | undefined;
  /** Frequencies that the user leaves out. */
  window?: FrequencyWindow | undefined;
  /**
   * Whether to leave out inductive points at the high end where there are fewer than three, too few to determine an
   * inductance. Default false.
   */
  drop_few_inductive_points?: boolean | undefined;
}

/** A spectrum as it is fitted. */
export interface Preparation {
  spectrum: PreparedSpectrum;
  /** The same with every usable point; null where none was left out. */
  whole: PreparedSpectrum | null;
  kramers_kronig: KramersKronigTest | null;
  warnings: AnalysisWarning[];
}

/** Fewer inductive points than this do not determine an inductance. */
const fewInductivePoints = 3;
/**
 * Artefacts at the ends of the band: at most this share of the points and at most three; without them the residual
 * must fall to a third.
 */
const mostTrimmed = { share: 0.05, points: 3 };
const trimmedResidual = 1 / 3;

/** A Kramers–Kronig test, if there are enough points for one. */
function kramersKronigIfPossible(spectrum: PreparedSpectrum): KramersKronigTest | null {
  try {
    return testPreparedSpectrum(spectrum);
  } catch (error) {
    if (error instanceof NotComputable) return null;
    throw error;
  }
}

interface Trim {
  high: number;
  low: number;
  rms: number;
}

/**
 * The smallest number of end points without which the Kramers–Kronig residual falls to a third; null where there is
 * none.
 */
function findTrim(spectrum: PreparedSpectrum, rms: number): Trim | null {
  const n = spectrum.frequency_hertz.length;
  const most = Math.max(1, Math.min(mostTrimmed.points, Math.ceil(mostTrimmed.share * n)));
  for (let total = 1; total <= most && n - total >= 5; total++) {
    const splits = Array.from({ length: total + 1 }, (_, high): Trim => {
      const low = total - high;
      return { high, low, rms: kramersKronigResidual(trimmed(spectrum, high, low, '')) };
    });
    const best = splits.reduce((a, b) => (b.rms < a.rms ? b : a));
    if (best.rms <= rms * trimmedResidual) return best;
  }
  return null;
}

function trimmed(spectrum: PreparedSpectrum, high: number, low: number, reason: string): PreparedSpectrum {
  const n = spectrum.frequency_hertz.length;
  return withoutPoints(spectrum, (i) => i >= high && i < n - low, reason);
}

const percent = (share: number) => `${(share * 100).toPrecision(2)} %`;

/**
 * Leaves out end points that alone violate the Kramers–Kronig relations; inner points are flagged but never left out.
 */
function withoutArtefacts(spectrum: PreparedSpectrum): Omit<Preparation, 'whole'> {
  const kramers_kronig = kramersKronigIfPossible(spectrum);
  const asItIs = { spectrum, kramers_kronig, warnings: [] };
  if (kramers_kronig === null || kramers_kronig.verdict === 'valid' || kramers_kronig.sign_reversed)
    return asItIs;
  const trim = findTrim(spectrum, kramers_kronig.rms_residual);
  if (trim === null) return asItIs;
  const figures = say('END_POINTS_TRIMMED/figures', {
    before: percent(kramers_kronig.rms_residual),
    after: percent(trim.rms),
  });
  const why = `artefact at the end of the band: ${figures.message}`;
  const left = trimmed(spectrum, trim.high, trim.low, why);
  const f = [...spectrum.frequency_hertz];
  const list = [...f.slice(0, trim.high), ...f.slice(f.length - trim.low)].map((hz) => hz.toPrecision(4));
  return {
    spectrum: left,
    kramers_kronig: kramersKronigIfPossible(left),
    warnings: [say('END_POINTS_TRIMMED', { frequencies: list, figures })],
  };
}

/**
 * Sorts a spectrum, applies the user's window, subtracts the leads, and leaves out artefacts at the ends of the band.
 * Everything left out is listed with its reason.
 * @throws NotComputable `TOO_FEW_POINTS` where no usable point is left
 */
export function prepareForFit(spectrum: Spectrum, options: PreparationOptions): Preparation {
  const all = prepareSpectrum(spectrum);
  const subtracted = options.lead === undefined ? all : withoutLeads(all, options.lead);
  let used = insideWindow(subtracted, options.window ?? {});
  const inductive = inductivePoints(used);
  if (options.drop_few_inductive_points && inductive > 0 && inductive < fewInductivePoints) {
    const reason = "inductive (Z'' > 0), too few to determine an inductance";
    used = withoutPoints(used, (i) => i >= inductive, reason);
  }
  if (used.frequency_hertz.length === 0) {
    const missing =
      all.frequency_hertz.length === 0 ? 'none with a frequency above 0 Hz' : 'all lie outside the window';
    throw new NotComputable('TOO_FEW_POINTS', `the spectrum has no usable point: ${missing}`);
  }
  const clean = withoutArtefacts(used);
  const complete = clean.spectrum.frequency_hertz.length === subtracted.frequency_hertz.length;
  return { ...clean, whole: complete ? null : subtracted };
}

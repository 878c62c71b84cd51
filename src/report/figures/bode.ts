import { html } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, line, type Plane, points } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { extent, linearScale, logScale, padded, paddedLog, type Scale } from '../plot/scale.js';
import { type FittedSpectrum, spectrumSlug, spectrumTitle } from './impedance-subject.js';
import { frequencyText } from './nyquist.js';

const WIDTH = 420;
const HEIGHT = 384;
const LEFT = 52;
const ACROSS = 354;
const PERCENT = 100;
const MODULUS: Box = { left: LEFT, top: 24, width: ACROSS, height: 108 };
const PHASE: Box = { left: LEFT, top: 158, width: ACROSS, height: 82 };
const RESIDUALS: Box = { left: LEFT, top: 266, width: ACROSS, height: 82 };
/** Residuals beyond this are no valid spectrum, % of |Z|. */
const FAIL_PERCENT = 2;
const VALID_PERCENT = 0.5;

const modulus = (re: number, im: number) => Math.hypot(re, im);
const phase = (re: number, im: number) => (Math.atan2(im, re) * 180) / Math.PI;

function zip<T>(frequencies: readonly number[], of: (i: number) => T): { x: number; y: T }[] {
  return frequencies.map((x, i) => ({ x, y: of(i) }));
}

function modulusPanel(x: Scale, { fit }: FittedSpectrum) {
  const { curve } = fit;
  const measured = zip(curve.frequency_hertz, (i) =>
    modulus(curve.real_impedance_ohm[i] as number, curve.imaginary_impedance_ohm[i] as number),
  );
  const fitted = zip(curve.frequency_hertz, (i) =>
    modulus(curve.fitted_real_impedance_ohm[i] as number, curve.fitted_imaginary_impedance_ohm[i] as number),
  );
  const y = logScale(paddedLog(extent(measured.map((point) => point.y)) ?? [1, 10]), upwards(MODULUS), 4);
  const plane: Plane = { x, y };
  return panel({
    box: MODULUS,
    ...plane,
    yLabel: '|Z| (Ω)',
    hideXTicks: true,
    marks: [line(plane, fitted, 'fit'), points(plane, measured, 'data', { radius: 2.2 })],
  });
}

function phasePanel(x: Scale, { fit }: FittedSpectrum) {
  const { curve } = fit;
  const measured = zip(curve.frequency_hertz, (i) =>
    phase(curve.real_impedance_ohm[i] as number, curve.imaginary_impedance_ohm[i] as number),
  );
  const fitted = zip(curve.frequency_hertz, (i) =>
    phase(curve.fitted_real_impedance_ohm[i] as number, curve.fitted_imaginary_impedance_ohm[i] as number),
  );
  const y = linearScale(
    padded(extent([0, ...measured.map((point) => point.y)]) ?? [-90, 0], 0.08),
    upwards(PHASE),
    4,
  );
  const plane: Plane = { x, y };
  return panel({
    box: PHASE,
    ...plane,
    yLabel: 'phase (°)',
    hideXTicks: true,
    marks: [
      horizontalRule(plane, 0, 'zero'),
      line(plane, fitted, 'fit'),
      points(plane, measured, 'data', { radius: 2.2 }),
    ],
  });
}

function residualPanel(x: Scale, { fit }: FittedSpectrum) {
  const test = fit.kramers_kronig;
  const percent = (values: readonly number[]) => values.map((value) => PERCENT * value);
  const [re, im] = [percent(test?.residual_re ?? []), percent(test?.residual_im ?? [])];
  const largest = Math.max(1.3 * VALID_PERCENT, ...re.map(Math.abs), ...im.map(Math.abs));
  const y = linearScale([-1.15 * largest, 1.15 * largest], upwards(RESIDUALS), 4);
  const plane: Plane = { x, y };
  const frequencies = test?.frequency_hertz ?? [];
  const flagged = new Set((test?.flagged ?? []).map(({ frequency_hertz }) => frequency_hertz));
  const limits = [VALID_PERCENT, FAIL_PERCENT].filter((limit) => limit <= 1.15 * largest);
  return panel({
    box: RESIDUALS,
    ...plane,
    xLabel: 'frequency (Hz)',
    yLabel: 'Kramers–Kronig residual (% of |Z|)',
    marks: [
      horizontalRule(plane, 0, 'zero'),
      ...limits.flatMap((limit) => [
        horizontalRule(plane, limit, 'bound'),
        horizontalRule(plane, -limit, 'bound'),
      ]),
      points(
        plane,
        zip(frequencies, (i) => re[i] as number),
        'data',
        { radius: 2.2 },
      ),
      points(
        plane,
        zip(frequencies, (i) => im[i] as number),
        'second',
        { shape: 'ring', radius: 2.2 },
      ),
      points(
        plane,
        zip(frequencies, (i) => re[i] as number).filter((point) => flagged.has(point.x)),
        'excluded',
        { shape: 'square', radius: 4.5 },
      ),
    ],
  });
}

const verdictWords = {
  valid: 'the spectrum is valid',
  marginal: 'the spectrum is marginal',
  fail: 'the spectrum fails and supports no PASS',
} as const;

function wordsFor({ fit }: FittedSpectrum): string {
  const relative = fit.goodness.rel_rms_residual;
  const sentences: string[] = [];
  if (typeof relative === 'number') {
    sentences.push(`The fit leaves ${plainNumber(PERCENT * relative, 2)} % of |Z| (root mean square).`);
  }
  const test = fit.kramers_kronig;
  if (test === null) sentences.push('Too few points for a Kramers–Kronig test.');
  else {
    sentences.push(
      `Kramers–Kronig residuals are ${plainNumber(PERCENT * test.rms_residual, 2)} % (root mean square, valid up to 0.5 %, fail above 2 %), at most ${plainNumber(PERCENT * test.max_abs_residual, 2)} %: ${verdictWords[test.verdict]}.`,
    );
    const flagged = test.flagged.map(({ frequency_hertz }) => frequencyText(frequency_hertz));
    if (flagged.length > 0) {
      sentences.push(
        `Flagged and kept: ${flagged.slice(0, 6).join(', ')}${flagged.length > 6 ? ` and ${flagged.length - 6} more` : ''}.`,
      );
    }
  }
  return sentences.join(' ');
}

const key: readonly KeyEntry[] = [
  { mark: 'dot', className: 'data', text: 'measured; residual of Z′' },
  { mark: 'ring', className: 'second', text: 'residual of Z″' },
  { mark: 'line', className: 'fit', text: 'fit' },
  { mark: 'dashes', className: 'bound', text: 'limit 0.5 % (or 2 %)' },
];

const flaggedKey: KeyEntry = { mark: 'square', className: 'excluded', text: 'flagged, kept' };

/** Modulus, phase and Kramers–Kronig residuals of a spectrum over frequency. */
export function bodeFigure(subject: FittedSpectrum): Figure {
  const ends = extent(subject.fit.curve.frequency_hertz) ?? [1, 10];
  const x = logScale(paddedLog(ends, 0.03), across(MODULUS), 8);
  return {
    id: `bode-${spectrumSlug(subject)}`,
    title: `${subject.cell.cell_id}: Bode plot and Kramers–Kronig residuals at ${spectrumTitle(subject.spectrum)}`,
    words: wordsFor(subject),
    key: subject.fit.kramers_kronig?.flagged.length ? [...key, flaggedKey] : key,
    width: WIDTH,
    height: HEIGHT,
    drawing: html`${modulusPanel(x, subject)}${phasePanel(x, subject)}${residualPanel(x, subject)}`,
  };
}

import { html } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, line, type Plane, points } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { extent, linearScale, logScale, padded, paddedLog, type Scale } from '../plot/scale.js';
import { figureWords } from '../speech.js';
import { inARow } from '../words.js';
import { type FittedSpectrum, spectrumSlug, spectrumTitle } from './fitted-spectrum.js';
import { frequencyText } from './nyquist.js';

const WIDTH = 420;
const HEIGHT = 384;
const LEFT = 52;
const ACROSS = 354;
const PERCENT = 100;
const MODULUS: Box = { left: LEFT, top: 24, width: ACROSS, height: 108 };
const PHASE: Box = { left: LEFT, top: 158, width: ACROSS, height: 82 };
const RESIDUALS: Box = { left: LEFT, top: 266, width: ACROSS, height: 82 };
/** With residuals above this, % of |Z|, a spectrum is not valid. */
const FAIL_PERCENT = 2;
const VALID_PERCENT = 0.5;
/** This many flagged frequencies are named; the others are counted. */
const MOST_FLAGGED = 6;

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
    yLabel: figureWords('bode_phase'),
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
    xLabel: figureWords('bode_frequency'),
    yLabel: figureWords('bode_residual'),
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

function wordsFor({ fit }: FittedSpectrum): string {
  const relative = fit.goodness.rel_rms_residual;
  const sentences: string[] = [];
  if (typeof relative === 'number') {
    sentences.push(figureWords('bode_fit_leaves', { percent: plainNumber(PERCENT * relative, 2) }));
  }
  const test = fit.kramers_kronig;
  if (test === null) sentences.push(figureWords('bode_no_test'));
  else {
    sentences.push(
      figureWords('bode_test', {
        rms: plainNumber(PERCENT * test.rms_residual, 2),
        largest: plainNumber(PERCENT * test.max_abs_residual, 2),
        verdict: figureWords(`kk/${test.verdict}`),
      }),
    );
    const flagged = test.flagged.map(({ frequency_hertz }) => frequencyText(frequency_hertz));
    if (flagged.length > 0) {
      sentences.push(
        flagged.length > MOST_FLAGGED
          ? figureWords('bode_flagged_more', {
              list: flagged.slice(0, MOST_FLAGGED),
              n: String(flagged.length - MOST_FLAGGED),
            })
          : figureWords('bode_flagged', { list: flagged }),
      );
    }
  }
  return inARow(sentences);
}

const keyOf = (hasFlagged: boolean): KeyEntry[] => [
  { mark: 'dot', className: 'data', text: figureWords('bode_key_measured') },
  { mark: 'ring', className: 'second', text: figureWords('bode_key_imaginary') },
  { mark: 'line', className: 'fit', text: figureWords('fig_fit') },
  { mark: 'dashes', className: 'bound', text: figureWords('bode_key_limit') },
  ...(hasFlagged
    ? [{ mark: 'square', className: 'excluded', text: figureWords('bode_key_flagged') } as const]
    : []),
];

/** Modulus, phase and Kramers–Kronig residuals of a spectrum over frequency. */
export function bodeFigure(subject: FittedSpectrum): Figure {
  const ends = extent(subject.fit.curve.frequency_hertz) ?? [1, 10];
  const x = logScale(paddedLog(ends, 0.03), across(MODULUS), 8);
  return {
    id: `bode-${spectrumSlug(subject)}`,
    title: figureWords('bode_title', {
      cell: subject.cell.cell_id,
      where: spectrumTitle(subject.spectrum),
    }),
    words: wordsFor(subject),
    key: keyOf((subject.fit.kramers_kronig?.flagged.length ?? 0) > 0),
    width: WIDTH,
    height: HEIGHT,
    drawing: html`${modulusPanel(x, subject)}${phasePanel(x, subject)}${residualPanel(x, subject)}`,
  };
}

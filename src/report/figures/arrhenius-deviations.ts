import type { Markup } from '../html.js';
import { band, horizontalRule, line, type Plane } from '../plot/marks.js';
import { type Box, panel, upwards } from '../plot/panel.js';
import { extent, linearScale, padded, type Scale } from '../plot/scale.js';
import { figureWords } from '../speech.js';
import { sampled } from './arrhenius-model.js';
import { inverseOf, type PlacedReading, readingMarks, type Series } from './arrhenius-readings.js';
import type { LineBands } from './line-bands.js';
import { isCalm } from './outliers.js';

const PERCENT = 100;
const PER_KILO = 1000;
/** Deviations of good data are below this, %; with a finer scale noise would look like structure. */
const LEAST_SHOWN = 1;

export interface Deviations {
  box: Box;
  /** 1000/T in 1/K, as in the plot above. */
  x: Scale;
  xLabel: string;
  bands: LineBands;
  /** ln σ of a curved model over T; null where the line is the fit. */
  curve: ((kelvin: number) => number) | null;
  series: readonly Series[];
}

const percentOf = (lnRatio: number) => PERCENT * Math.expm1(lnRatio);

/**
 * What sets the scale: the judged readings, the confidence band, and the prediction band and other readings unless
 * these are far larger.
 */
function domainOf(
  { bands, series, x }: Deviations,
  deviationOf: (reading: PlacedReading) => number,
): [number, number] {
  const [judged = [], ...others] = series.map(({ readings }) => readings.map(deviationOf));
  const ends = (interval: LineBands['confidence']) =>
    x.domain.flatMap((at) => interval(at / PER_KILO).map((ln) => percentOf(ln - bands.at(at / PER_KILO))));
  const basis = [...judged, ...ends(bands.confidence), -LEAST_SHOWN, LEAST_SHOWN];
  const calm = [...others.flat(), ...ends(bands.prediction)].filter((value) => isCalm(value, basis));
  return padded(extent([...basis, ...calm]) as [number, number], 0.08);
}

/**
 * Each reading as the percentage by which it differs from the line, with the bands around it: over the decades that
 * conductivities span, bands of a few percent are thinner than the line.
 *
 * @returns the drawing, and how many readings lie outside it
 */
export function deviationPanel(deviations: Deviations): { drawing: Markup; outside: number } {
  const { box, x, xLabel, bands, curve, series } = deviations;
  const deviationOf = ({ sigma, temperature_celsius }: PlacedReading) =>
    percentOf(Math.log(sigma.value) - bands.at(inverseOf(temperature_celsius) / PER_KILO));
  const plane: Plane = { x, y: linearScale(domainOf(deviations, deviationOf), upwards(box), 4) };
  const xs = sampled(x.domain);
  const area = (interval: (at: number) => readonly [number, number]) =>
    xs.map((at) => {
      const [low, high] = interval(at / PER_KILO).map((ln) => percentOf(ln - bands.at(at / PER_KILO)));
      return { x: at, low: low as number, high: high as number };
    });
  const [low, high] = plane.y.domain;
  const all = series.flatMap(({ readings }) => readings.map(deviationOf));
  const drawing = panel({
    box,
    ...plane,
    xLabel,
    yLabel: figureWords('arr_deviation_axis'),
    marks: [
      ...(bands.hasIntervals
        ? [
            band(plane, area(bands.prediction), 'band-prediction'),
            band(plane, area(bands.confidence), 'band-confidence'),
          ]
        : []),
      horizontalRule(plane, 0, curve === null ? 'fit' : 'fit-other'),
      ...(curve === null
        ? []
        : [
            line(
              plane,
              xs.map((at) => ({ x: at, y: percentOf(curve(PER_KILO / at) - bands.at(at / PER_KILO)) })),
              'fit',
            ),
          ]),
      readingMarks(plane, series, deviationOf),
    ],
  });
  return { drawing, outside: all.filter((value) => value < low || value > high).length };
}

import type { ArrheniusFit } from '../../analysis/arrhenius/index.js';
import { REFERENCE_KELVIN, ZERO_CELSIUS_KELVIN } from '../../analysis/constants.js';
import type { Quantity } from '../../analysis/result.js';
import type { PelletFit } from '../../fits/making/arrhenius.js';
import type { ConductivityReading } from '../../fits/making/conductivities.js';
import type { Message } from '../../messages/message.js';
import { html, type Markup, nothing, slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { band, horizontalRule, label, line, type Plane, px, verticalRule } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { extent, linearScale, logScale, padded, paddedLog, type Scale, type Tick } from '../plot/scale.js';
import { figureWords, spoken } from '../speech.js';
import { estimateText, inARow, sentence, stopped } from '../words.js';
import { deviationPanel } from './arrhenius-deviations.js';
import { curvedModel, judgedForm, rowOf, sampled } from './arrhenius-model.js';
import {
  excludedText,
  inverseOf,
  isReading,
  type PlacedReading,
  readingMarks,
  type Series,
  seriesOf,
} from './arrhenius-readings.js';
import { type LineBands, lineBands } from './line-bands.js';

const WIDTH = 420;
const HEIGHT = 384;
const HEIGHT_ALONE = 276;
const X_LABEL = '1000/T (1/K)';
const BOX: Box = { left: 58, top: 44, width: 348, height: 196 };
const DEVIATIONS: Box = { left: 58, top: 264, width: 348, height: 84 };

/** What the Arrhenius plots of one material share, so that they can be compared by eye. */
export interface ArrheniusAxes {
  /** 1000/T in 1/K. */
  inverse: [number, number];
  /** S/cm. */
  conductivity: [number, number];
}

/** Axes that hold every reading of all pellets, 25 °C and the limit. */
export function arrheniusAxes(
  pellets: readonly (readonly ConductivityReading[])[],
  limit: number | null,
): ArrheniusAxes {
  const readings = pellets.flat().filter(isReading);
  const inverse = [...readings.map((point) => inverseOf(point.temperature_celsius)), 1000 / REFERENCE_KELVIN];
  const values = [...readings.map(({ sigma }) => sigma.value), limit];
  return {
    inverse: padded(extent(inverse) ?? [3, 4]),
    conductivity: paddedLog(extent(values) ?? [1e-4, 1e-2]),
  };
}

/** °C on the top axis, hot at the left as 1/T has it. */
function celsiusScale(inverse: Scale): Scale {
  const [low, high] = inverse.domain;
  const [hot, cold] = [1000 / low - ZERO_CELSIUS_KELVIN, 1000 / high - ZERO_CELSIUS_KELVIN];
  const nice = linearScale([cold, hot], [0, 1], 7).ticks;
  const place = (celsius: number) => inverse.at(inverseOf(celsius));
  const ticks: Tick[] = [];
  for (const tick of nice.toReversed()) {
    const last = ticks.at(-1);
    if (last === undefined || Math.abs(place(tick.value) - place(last.value)) >= 26) ticks.push(tick);
  }
  return { domain: inverse.domain, at: place, ticks };
}

function fitMarks(plane: Plane, fit: ArrheniusFit, bands: LineBands | null): Markup[] {
  if (bands === null) return [];
  const xs = sampled(plane.x.domain);
  const area = (interval: (x: number) => readonly [number, number]) =>
    xs.map((x) => {
      const [low, high] = interval(x / 1000);
      return { x, low: Math.exp(low), high: Math.exp(high) };
    });
  const curve = curvedModel(fit);
  return [
    bands.hasIntervals ? band(plane, area(bands.prediction), 'band-prediction') : nothing,
    bands.hasIntervals ? band(plane, area(bands.confidence), 'band-confidence') : nothing,
    line(
      plane,
      xs.map((x) => ({ x, y: Math.exp(bands.at(x / 1000)) })),
      curve === null ? 'fit' : 'fit-other',
    ),
    curve === null
      ? nothing
      : line(
          plane,
          xs.map((x) => ({ x, y: Math.exp(curve(1000 / x)) })),
          'fit',
        ),
  ];
}

function referenceMarks(plane: Plane, sigma: Quantity | undefined): { inside: Markup[]; over: Markup[] } {
  const at = 1000 / REFERENCE_KELVIN;
  const x = plane.x.at(at);
  const inside = [verticalRule(plane, at, 'reference')];
  const over = [label(x + 4, BOX.top + 13, '25 °C', 'note strong')];
  if (sigma?.value == null) return { inside, over };
  const y = plane.y.at(sigma.value);
  const [low, high] = [sigma.ci95_low ?? sigma.value, sigma.ci95_high ?? sigma.value].map((value) =>
    px(plane.y.at(value)),
  );
  inside.push(html`<path class="estimate" d="M${px(x)} ${low}V${high}"/>`);
  inside.push(html`<circle class="estimate" cx="${px(x)}" cy="${px(y)}" r="4.5"/>`);
  return { inside, over };
}

function keyOf(
  series: readonly Series[],
  bands: LineBands | null,
  fit: ArrheniusFit | undefined,
): KeyEntry[] {
  const entries = series.map(({ key }) => key);
  if (bands === null || fit === undefined) return entries;
  const curved = fit.model_selected !== 'arrhenius';
  if (curved) {
    const name = figureWords(fit.model_selected === 'vtf' ? 'arr_vtf' : 'arr_segments');
    entries.push({ mark: 'line', className: 'fit', text: name });
  }
  entries.push({
    mark: curved ? 'dashes' : 'line',
    className: curved ? 'fit-other' : 'fit',
    text: figureWords('arr_line'),
  });
  if (bands.hasIntervals) {
    entries.push({ mark: 'band', className: 'band-confidence', text: figureWords('arr_confidence') });
    entries.push({ mark: 'band', className: 'band-prediction', text: figureWords('arr_prediction') });
  }
  entries.push({ mark: 'ring', className: 'estimate', text: figureWords('arr_estimate') });
  return entries;
}

function wordsFor(
  readings: readonly PlacedReading[],
  pellet: PelletFit | null,
  refusal: Message | null,
  outside: number,
): string {
  const used = readings.filter(({ excluded_reason }) => excluded_reason === null);
  const range = extent(used.map(({ temperature_celsius }) => temperature_celsius));
  const n = used.length;
  const measured =
    range === null
      ? figureWords('arr_readings', { n })
      : range[0] === range[1]
        ? figureWords('arr_readings_at', { n, celsius: plainNumber(range[0]) })
        : figureWords('arr_readings_between', { n, low: plainNumber(range[0]), high: plainNumber(range[1]) });
  if (pellet === null) {
    return figureWords('arr_no_line', {
      measured,
      why: refusal === null ? figureWords('arr_too_few') : spoken(refusal),
    });
  }
  const { fit } = pellet;
  const sigma = rowOf(fit.results, 'sigma25_S_cm') ?? rowOf(fit.results, 'sigma25_measured_S_cm');
  const energy = rowOf(fit.results, 'Ea_eV');
  const sentences = [measured];
  if (sigma?.value != null) sentences.push(figureWords('arr_sigma', { value: estimateText(sigma, 'S/cm') }));
  if (energy?.value != null) {
    const kind = fit.model_selected === 'arrhenius' ? 'arr_energy' : 'arr_energy_apparent';
    sentences.push(figureWords(kind, { label: String(energy.label), value: estimateText(energy, 'eV') }));
  }
  const excluded = readings.filter(({ excluded_reason }) => excluded_reason !== null);
  if (excluded.length > 0) {
    const reasons = [...new Set(excluded.map(excludedText))];
    sentences.push(figureWords('arr_excluded', { n: excluded.length, reasons }));
  }
  if (outside > 0) {
    sentences.push(figureWords('arr_outside', { n: outside }));
  }
  if (fit.warnings.length > 0) {
    sentences.push(...fit.warnings.map((warning) => stopped(sentence(spoken(warning)))));
  }
  return inARow(sentences);
}

export interface ArrheniusSubject {
  cell_id: string;
  conductivities: readonly ConductivityReading[];
  pellet: PelletFit | null;
  /** Why there is no fit. */
  refusal: Message | null;
}

/** Conductivity of one pellet over temperature, with its fit; null where no reading has a temperature. */
export function arrheniusFigure(
  { cell_id, conductivities, pellet, refusal }: ArrheniusSubject,
  axes: ArrheniusAxes,
  limit: number | null,
): Figure | null {
  const readings = conductivities.filter(isReading);
  if (readings.length === 0) return null;
  const plane: Plane = {
    x: linearScale(axes.inverse, across(BOX), 6),
    y: logScale(axes.conductivity, upwards(BOX)),
  };
  const form = pellet === null ? null : judgedForm(pellet.fit);
  const bands = form === null ? null : lineBands(form.results, form.residual_sd);
  const series = seriesOf(readings, pellet?.fit.judged_branch);
  const sigma =
    pellet === null
      ? undefined
      : (rowOf(pellet.fit.results, 'sigma25_S_cm') ?? rowOf(pellet.fit.results, 'sigma25_measured_S_cm'));
  const reference = referenceMarks(plane, sigma);
  const deviations =
    pellet === null || bands === null
      ? null
      : deviationPanel({
          box: DEVIATIONS,
          x: plane.x,
          xLabel: X_LABEL,
          bands,
          curve: curvedModel(pellet.fit),
          series,
        });
  const target =
    limit === null
      ? nothing
      : label(
          BOX.left + 5,
          plane.y.at(limit) - 4,
          figureWords('arr_target', { limit: plainNumber(limit) }),
          'note target-text',
        );
  return {
    id: `arrhenius-${slug(cell_id)}`,
    title: figureWords('arr_title', { cell: cell_id }),
    words: wordsFor(readings, pellet, refusal, deviations?.outside ?? 0),
    key: keyOf(series, bands, pellet?.fit),
    width: WIDTH,
    height: deviations === null ? HEIGHT_ALONE : HEIGHT,
    drawing: html`${panel({
      box: BOX,
      ...plane,
      yLabel: 'σ (S/cm)',
      hideXTicks: deviations !== null,
      ...(deviations === null ? { xLabel: X_LABEL } : {}),
      top: { scale: celsiusScale(plane.x), label: '°C' },
      marks: [
        ...(pellet === null ? [] : fitMarks(plane, pellet.fit, bands)),
        limit === null ? nothing : horizontalRule(plane, limit, 'target'),
        ...reference.inside,
        readingMarks(plane, series, ({ sigma: { value } }) => value),
      ],
      over: [target, ...reference.over],
    })}${deviations?.drawing}`,
  };
}

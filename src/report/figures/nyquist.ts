import { html, joined, type Markup, nothing } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, label, line, type Plane, points, px } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { linearScale } from '../plot/scale.js';
import { freeSpot, overlaps, type Rectangle, textBox, textWidth } from '../plot/spots.js';
import { figureWords } from '../speech.js';
import { inARow } from '../words.js';
import {
  arcName,
  type FittedSpectrum,
  fittedImpedance,
  spectrumSlug,
  spectrumTitle,
} from './fitted-spectrum.js';

const WIDTH = 420;
const LEFT = 52;
const TOP = 24;
const ACROSS = 354;
const BELOW = 40;
const LOWEST_BOX = 120;
const HIGHEST_BOX = 236;
const CURVE_POINTS = 220;
/** Space for what follows the resistances, in multiples of them; the tail of a blocking electrode has no end. */
const SHOWN = 1.9;
const BELOW_AXIS = 0.08;
/** The origin is in view unless it would leave arcs less than this share of the width. */
const LEAST_SHARE_OF_ARCS = 0.65;
const NAME_ROW = 13;
const NAMES_TOP = 6;

/** The part of the complex plane to show, and its place in the drawing; both axes have the same scale. */
interface View extends Plane {
  box: Box;
}

/** Range of the real axis: the resistances and the beginning of what follows. */
function realSpan({ fit, arcs, seriesResistance }: FittedSpectrum): [number, number] {
  const { real_impedance_ohm: re } = fit.curve;
  const resistance = seriesResistance + arcs.reduce((sum, { R_ohm }) => sum + (R_ohm ?? 0), 0);
  const largest = Math.max(...re);
  const right = 1.06 * (resistance > 0 ? Math.min(largest, SHOWN * resistance) : largest);
  const first = Math.min(...re, ...(seriesResistance > 0 ? [seriesResistance] : []));
  if (arcs.length > 0 && right - first < LEAST_SHARE_OF_ARCS * right) {
    return [first - 0.06 * (right - first), right];
  }
  return [Math.min(0, ...re.filter((value) => value > -right)), right];
}

/** As high as needed, with space for the names of the arcs below the axis. */
function viewOf(subject: FittedSpectrum): View {
  const { real_impedance_ohm: re, imaginary_impedance_ohm: im } = subject.fit.curve;
  const [left, right] = realSpan(subject);
  const ohmPerUnit = (right - left) / ACROSS;
  const shown = im.filter((_, i) => (re[i] as number) <= right).map((value) => -value);
  const names = subject.arcs.length === 0 ? 0 : NAMES_TOP + NAME_ROW * Math.min(subject.arcs.length, 3);
  const deepest = Math.max(Math.min(0, ...shown), -BELOW_AXIS * (right - left)) - 0.02 * (right - left);
  const lowest = Math.min(deepest, -names * ohmPerUnit);
  const wanted = (1.2 * Math.max(0, ...shown) - lowest) / ohmPerUnit;
  const height = Math.min(Math.max(Math.ceil(wanted), LOWEST_BOX), HIGHEST_BOX);
  const box: Box = { left: LEFT, top: TOP, width: ACROSS, height };
  return {
    box,
    x: linearScale([left, right], across(box), 6),
    y: linearScale([lowest, lowest + height * ohmPerUnit], upwards(box), height < 170 ? 3 : 4),
  };
}

interface Place {
  frequency: number;
  x: number;
  y: number;
}

function placesOf({ fit }: FittedSpectrum): Place[] {
  const { frequency_hertz: f, real_impedance_ohm: re, imaginary_impedance_ohm: im } = fit.curve;
  return f.map((frequency, i) => ({ frequency, x: re[i] as number, y: -(im[i] as number) }));
}

function isInside({ x, y }: Plane, place: Place): boolean {
  return place.x >= x.domain[0] && place.x <= x.domain[1] && place.y >= y.domain[0] && place.y <= y.domain[1];
}

export function frequencyText(hertz: number): string {
  if (hertz >= 1e6) return `${plainNumber(hertz / 1e6, 3)} MHz`;
  if (hertz >= 1e3) return `${plainNumber(hertz / 1e3, 3)} kHz`;
  if (hertz >= 1) return `${plainNumber(hertz, 3)} Hz`;
  return `${plainNumber(hertz * 1e3, 3)} mHz`;
}

/** The points nearest to whole powers of ten, without those that are too close together. */
function decadePlaces(plane: Plane, places: readonly Place[]): Place[] {
  const chosen: Place[] = [];
  const isNearDecade = ({ frequency }: Place) => {
    const decade = Math.log10(frequency);
    return Math.abs(decade - Math.round(decade)) < 0.06;
  };
  for (const place of places.filter((one) => isNearDecade(one) && isInside(plane, one))) {
    const isClear = chosen.every(
      (other) =>
        Math.abs(plane.x.at(other.x) - plane.x.at(place.x)) > 46 ||
        Math.abs(plane.y.at(other.y) - plane.y.at(place.y)) > 15,
    );
    if (isClear) chosen.push(place);
  }
  return chosen;
}

/** Points at whole decades, each with its frequency where that covers nothing. */
function frequencyMarks(view: View, places: readonly Place[], names: readonly Rectangle[]): Markup {
  const { box } = view;
  const frame = { left: box.left, right: box.left + box.width, top: box.top, bottom: box.top + box.height };
  const at = ({ x, y }: Place) => ({ x: view.x.at(x), y: view.y.at(y) });
  const dots = places.filter((place) => isInside(view, place)).map(at);
  const taken = [...names];
  return joined(
    decadePlaces(view, places).map((place) => {
      const text = frequencyText(place.frequency);
      const spot = freeSpot(at(place), text, taken, dots, frame);
      if (spot !== null) taken.push(spot.box);
      const words = spot === null ? nothing : label(spot.x, spot.y, text, 'note', spot.anchor);
      return html`${points(view, [{ ...place, title: text }], 'decade', { radius: 3.2 })}${words}`;
    }),
  );
}

interface NamedArcs {
  marks: Markup;
  boxes: Rectangle[];
}

/** The span of each arc along the real axis with its name below it. */
function arcMarks(view: View, { arcs, seriesResistance }: FittedSpectrum): NamedArcs {
  const { box } = view;
  const boxes: Rectangle[] = [];
  const base = view.y.at(0);
  let from = seriesResistance;
  const marks = arcs.map((arc) => {
    if (arc.R_ohm === null) return nothing;
    const [left, right] = [view.x.at(from), view.x.at(from + arc.R_ohm)];
    from += arc.R_ohm;
    const text = `${arc.resistor} ${arcName(arc)}`;
    const half = textWidth(text) / 2;
    const middle = Math.min(Math.max((left + right) / 2, box.left + half), box.left + box.width - half);
    const rows = arcs.map((_, row) => base + NAMES_TOP + NAME_ROW * (row + 1) - 3);
    const y =
      rows.find((row) => !boxes.some((other) => overlaps(other, textBox(middle, row, text, 'middle')))) ??
      (rows.at(-1) as number);
    boxes.push(textBox(middle, y, text, 'middle'), { left, right, top: base - 5, bottom: base + 5 });
    const bracket = `M${px(left)} ${px(base - 4)}v8M${px(right)} ${px(base - 4)}v8M${px(left)} ${px(base)}H${px(right)}`;
    return html`<path class="bracket" d="${bracket}"/>${label(middle, y, text, 'note strong', 'middle')}`;
  });
  return { marks: joined(marks), boxes };
}

/** Mark where the spectrum of a pellet without arcs crosses the axis. */
function seriesMark(view: View, { seriesResistance, arcs }: FittedSpectrum): NamedArcs {
  if (!(seriesResistance > 0)) return { marks: nothing, boxes: [] };
  const [x, base] = [view.x.at(seriesResistance), view.y.at(0)];
  const tick = html`<path class="bracket" d="M${px(x)} ${px(base - 7)}v14"/>`;
  if (arcs.length > 0) return { marks: tick, boxes: [] };
  const text = `R = ${plainNumber(seriesResistance)} Ω`;
  const words = label(x - 7, base - 8, text, 'note strong', 'end');
  return { marks: html`${tick}${words}`, boxes: [textBox(x - 7, base - 8, text, 'end')] };
}

function wordsFor(subject: FittedSpectrum, outside: number): string {
  const { fit, arcs, choice, seriesResistance, cell } = subject;
  const frequencies = fit.curve.frequency_hertz;
  const sentences = [
    figureWords('nyq_frequencies', {
      n: frequencies.length,
      high: frequencyText(frequencies[0] as number),
      low: frequencyText(frequencies.at(-1) as number),
      circuit: fit.circuit,
      choice: figureWords(`choice/${choice}`),
    }),
  ];
  if (seriesResistance > 0) {
    const isAll = arcs.length === 0 && cell.cell_type === 'pellet';
    const ohm = plainNumber(seriesResistance);
    sentences.push(figureWords(isAll ? 'nyq_series_all' : 'nyq_series', { ohm }));
  }
  for (const arc of arcs) {
    const parts = [
      arc.R_ohm === null ? figureWords('nyq_ohm_none') : `${plainNumber(arc.R_ohm)} Ω`,
      ...(arc.f_char_hz === null
        ? []
        : [figureWords('nyq_centred', { frequency: frequencyText(arc.f_char_hz) })]),
      ...(arc.C_eff_F === null ? [] : [`${plainNumber(arc.C_eff_F, 3)} F`]),
    ];
    const doubts = `${arc.resolved ? '' : figureWords('nyq_unresolved')}${arc.in_band ? '' : figureWords('nyq_outside_band')}`;
    sentences.push(figureWords('nyq_arc', { resistor: arc.resistor, kind: arcName(arc), parts, doubts }));
  }
  if (outside > 0) {
    sentences.push(figureWords('nyq_outside', { n: outside }));
  }
  sentences.push(figureWords(fit.leads_subtracted ? 'nyq_leads' : 'nyq_no_leads'));
  return inARow(sentences);
}

const keyEntries = (): KeyEntry[] => [
  { mark: 'dot', className: 'data', text: figureWords('fig_measured') },
  { mark: 'line', className: 'fit', text: figureWords('fig_fit') },
  { mark: 'dot', className: 'decade', text: figureWords('nyq_key_decade') },
];

/** A spectrum in the complex plane, with fit and arcs; both axes have the same scale. */
export function nyquistFigure(subject: FittedSpectrum): Figure {
  const view = viewOf(subject);
  const places = placesOf(subject);
  const shown = places.filter((place) => isInside(view, place));
  const frequencies = subject.fit.curve.frequency_hertz;
  const [high, low] = [Math.log(frequencies[0] as number), Math.log(frequencies.at(-1) as number)];
  const dense = Array.from({ length: CURVE_POINTS }, (_, i) =>
    Math.exp(high + ((low - high) * i) / (CURVE_POINTS - 1)),
  );
  const curve = fittedImpedance(subject, dense);
  const fitted = dense.map((_, i) => ({
    x: curve.real_impedance_ohm[i] as number,
    y: -(curve.imaginary_impedance_ohm[i] as number),
  }));
  // Far outside the view nothing needs to be drawn.
  const reach = 2 * (view.x.domain[1] - view.x.domain[0]);
  const near = fitted.filter(({ x, y }) => x <= view.x.domain[1] + reach && y <= view.y.domain[1] + reach);
  const [series, arcs] = [seriesMark(view, subject), arcMarks(view, subject)];
  return {
    id: `nyquist-${spectrumSlug(subject)}`,
    title: figureWords('nyq_title', {
      cell: subject.cell.cell_id,
      where: spectrumTitle(subject.spectrum),
    }),
    words: wordsFor(subject, places.length - shown.length),
    key: keyEntries(),
    width: WIDTH,
    height: TOP + view.box.height + BELOW,
    drawing: panel({
      ...view,
      xLabel: 'Z′ (Ω)',
      yLabel: '−Z″ (Ω)',
      marks: [
        horizontalRule(view, 0, 'zero'),
        line(view, near, 'fit'),
        points(view, shown, 'data', { radius: 2.4 }),
        series.marks,
        arcs.marks,
        frequencyMarks(view, places, [...series.boxes, ...arcs.boxes]),
      ],
    }),
  };
}

import { html, joined, type Markup, nothing } from '../html.js';
import { counted, plainNumber } from '../numbers.js';
import type { Figure, KeyEntry } from '../plot/figure.js';
import { horizontalRule, label, line, type Plane, points, px } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { linearScale } from '../plot/scale.js';
import {
  arcName,
  fittedImpedance,
  type ImpedanceSubject,
  spectrumSlug,
  spectrumTitle,
} from './impedance-subject.js';

const WIDTH = 420;
const HEIGHT = 300;
const BOX: Box = { left: 52, top: 24, width: 354, height: 236 };
const CURVE_POINTS = 220;
/** Room for what follows the resistances, in multiples of them; a blocking electrode's tail has no end. */
const SHOWN = 1.9;
const BELOW_AXIS = 0.12;

/** The part of the complex plane to show: the resistances and the beginning of what follows, both axes alike. */
function viewOf({ fit, arcs, seriesResistance }: ImpedanceSubject): {
  x: [number, number];
  y: [number, number];
} {
  const { real_impedance_ohm: re, imaginary_impedance_ohm: im } = fit.curve;
  const resistance = seriesResistance + arcs.reduce((sum, { R_ohm }) => sum + (R_ohm ?? 0), 0);
  const largest = Math.max(...re);
  const right = 1.06 * (resistance > 0 ? Math.min(largest, SHOWN * resistance) : largest);
  const left = Math.min(0, ...re.filter((value) => value > -right));
  const span = right - left;
  const height = (span * BOX.height) / BOX.width;
  const shown = im.filter((_, i) => (re[i] as number) <= right).map((value) => -value);
  const lowest = Math.max(Math.min(0, ...shown), -BELOW_AXIS * height) - 0.03 * height;
  return { x: [left, right], y: [lowest, lowest + height] };
}

interface Place {
  frequency: number;
  x: number;
  y: number;
}

function placesOf({ fit }: ImpedanceSubject): Place[] {
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

/** The points nearest to whole powers of ten, those that stand too close together left out. */
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

function frequencyMarks(plane: Plane, places: readonly Place[]): Markup {
  return joined(
    decadePlaces(plane, places).map((place) => {
      const [x, y] = [plane.x.at(place.x), plane.y.at(place.y)];
      const isRight = x > BOX.left + BOX.width - 54;
      return html`${points(plane, [place], 'decade', { radius: 3.2 })}${label(isRight ? x - 6 : x + 6, y + 11, frequencyText(place.frequency), 'note', isRight ? 'end' : 'start')}`;
    }),
  );
}

/** The span of each arc along the real axis with its name above the axis. */
function arcMarks(plane: Plane, { arcs, seriesResistance }: ImpedanceSubject): Markup {
  let from = seriesResistance;
  return joined(
    arcs.map((arc) => {
      if (arc.R_ohm === null) return nothing;
      const [left, right] = [plane.x.at(from), plane.x.at(from + arc.R_ohm)];
      from += arc.R_ohm;
      const exponent = arc.exponent ?? 1;
      const height = (arc.R_ohm / 2) * Math.tan((exponent * Math.PI) / 4);
      const top = Math.max(plane.y.at(height) - 9, BOX.top + 12);
      const base = plane.y.at(0);
      const bracket = `M${px(left)} ${px(base - 4)}v8M${px(right)} ${px(base - 4)}v8M${px(left)} ${px(base)}H${px(right)}`;
      const middle = Math.min(Math.max((left + right) / 2, BOX.left + 40), BOX.left + BOX.width - 44);
      return html`<path class="bracket" d="${bracket}"/>${label(middle, top, `${arc.resistor} ${arcName(arc)}`, 'note strong', 'middle')}`;
    }),
  );
}

function seriesMark(plane: Plane, { seriesResistance, arcs }: ImpedanceSubject): Markup {
  if (!(seriesResistance > 0)) return nothing;
  const [x, base] = [plane.x.at(seriesResistance), plane.y.at(0)];
  const name = arcs.length === 0 ? `R = ${plainNumber(seriesResistance)} Ω` : 'R0';
  const words = arcs.length === 0 ? label(x - 7, base - 8, name, 'note strong', 'end') : nothing;
  return html`<path class="bracket" d="M${px(x)} ${px(base - 7)}v14"/>${words}`;
}

function wordsFor(subject: ImpedanceSubject, outside: number): string {
  const { fit, arcs, seriesResistance, cell } = subject;
  const frequencies = fit.curve.frequency_hertz;
  const sentences = [
    `${counted(frequencies.length, 'frequency', 'frequencies')} from ${frequencyText(frequencies[0] as number)} to ${frequencyText(frequencies.at(-1) as number)}, circuit ${fit.circuit}${fit.requested_circuit === null ? ', chosen automatically' : ', as cells.csv asks'}.`,
  ];
  if (seriesResistance > 0) {
    const what = arcs.length === 0 && cell.cell_type === 'pellet' ? ', all of the electrolyte' : '';
    sentences.push(`Series resistance ${plainNumber(seriesResistance)} Ω${what}.`);
  }
  for (const arc of arcs) {
    const capacitance = arc.C_eff_F === null ? '' : `, ${plainNumber(arc.C_eff_F, 3)} F`;
    const peak = arc.f_char_hz === null ? '' : `, centred at ${frequencyText(arc.f_char_hz)}`;
    const resistance = arc.R_ohm === null ? 'not determined' : `${plainNumber(arc.R_ohm)} Ω`;
    const doubt = `${arc.resolved ? '' : '; not resolved'}${arc.in_band ? '' : '; outside the measured band, extrapolated'}`;
    sentences.push(
      `${arc.resistor}, by its capacitance ${arcName(arc)}: ${resistance}${peak}${capacitance}${doubt}.`,
    );
  }
  if (outside > 0) {
    sentences.push(`${counted(outside, 'point')} of the low-frequency branch lie outside the view.`);
  }
  sentences.push(fit.leads_subtracted ? 'Leads are subtracted.' : 'Leads are not subtracted.');
  return sentences.join(' ');
}

const key: readonly KeyEntry[] = [
  { mark: 'dot', className: 'data', text: 'measured' },
  { mark: 'line', className: 'fit', text: 'fit' },
  { mark: 'dot', className: 'decade', text: 'whole decade' },
];

/** A spectrum in the complex plane, with fit and arcs; both axes have the same scale. */
export function nyquistFigure(subject: ImpedanceSubject): Figure {
  const view = viewOf(subject);
  const plane: Plane = { x: linearScale(view.x, across(BOX)), y: linearScale(view.y, upwards(BOX), 4) };
  const places = placesOf(subject);
  const shown = places.filter((place) => isInside(plane, place));
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
  const reach = 2 * (view.x[1] - view.x[0]);
  const near = fitted.filter(({ x, y }) => x <= view.x[1] + reach && y <= view.y[1] + reach);
  return {
    id: `nyquist-${spectrumSlug(subject)}`,
    title: `${subject.cell.cell_id}: Nyquist plot at ${spectrumTitle(subject.spectrum)}`,
    words: wordsFor(subject, places.length - shown.length),
    key,
    width: WIDTH,
    height: HEIGHT,
    drawing: panel({
      box: BOX,
      ...plane,
      xLabel: 'Z′ (Ω)',
      yLabel: '−Z″ (Ω)',
      marks: [
        horizontalRule(plane, 0, 'zero'),
        line(plane, near, 'fit'),
        points(plane, shown, 'data', { radius: 2.4 }),
        seriesMark(plane, subject),
        arcMarks(plane, subject),
        frequencyMarks(plane, places),
      ],
    }),
  };
}

import type { DrtFit } from '../../analysis/impedance/index.js';
import { html, slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { Figure } from '../plot/figure.js';
import { line, type Plane, points } from '../plot/marks.js';
import { across, type Box, panel, upwards } from '../plot/panel.js';
import { linearScale, logScale } from '../plot/scale.js';
import { figureWords } from '../speech.js';

const WIDTH = 420;
const HEIGHT = 276;
const BOX: Box = { left: 58, top: 24, width: 348, height: 204 };

/** Distribution of relaxation times of one spectrum. */
export function drtFigure(name: string, { tau_s, R_k_ohm, peaks, lambda }: DrtFit): Figure {
  const largest = Math.max(...R_k_ohm, 1e-12);
  const plane: Plane = {
    x: logScale([tau_s[0] as number, tau_s.at(-1) as number], across(BOX)),
    y: linearScale([0, 1.1 * largest], upwards(BOX), 5),
  };
  const curve = tau_s.map((x, k) => ({ x, y: R_k_ohm[k] as number }));
  const tops = peaks.map(({ tau_s: x }) => ({
    x,
    y: (R_k_ohm[nearest(tau_s, x)] as number) ?? 0,
  }));
  const list = peaks.map(({ tau_s: tau, R_ohm, share }) =>
    figureWords('drt_peak', {
      ohm: plainNumber(R_ohm),
      tau: plainNumber(tau),
      percent: plainNumber(100 * share),
    }),
  );
  return {
    id: `drt-${slug(name)}`,
    title: figureWords('drt_title', { name }),
    words: figureWords('drt_words', { n: peaks.length, list, lambda: plainNumber(lambda) }),
    key: [
      { mark: 'line', className: 'fit', text: figureWords('drt_key') },
      { mark: 'dot', className: 'data', text: figureWords('drt_key_peak') },
    ],
    width: WIDTH,
    height: HEIGHT,
    drawing: html`${panel({
      box: BOX,
      ...plane,
      xLabel: 'τ (s)',
      yLabel: figureWords('drt_axis'),
      marks: [line(plane, curve, 'fit'), points(plane, tops, 'data')],
    })}`,
  };
}

function nearest(values: readonly number[], wanted: number): number {
  return values.reduce(
    (best, value, i) =>
      Math.abs(Math.log(value / wanted)) < Math.abs(Math.log((values[best] as number) / wanted)) ? i : best,
    0,
  );
}

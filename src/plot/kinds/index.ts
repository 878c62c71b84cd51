import { arrhenius } from './arrhenius.js';
import { capacity } from './capacity.js';
import { curves } from './curves.js';
import { dqdv } from './dqdv.js';
import { drt } from './drt.js';
import type { Kind } from './kind.js';
import { rate } from './rate.js';
import { resistance } from './resistance.js';
import { bode, nyquist, spectrum } from './spectrum.js';
import { trace } from './trace.js';

/** Every kind of plot, in the order in which help and page list them. */
export const kinds: readonly Kind[] = [
  capacity,
  curves,
  dqdv,
  rate,
  resistance,
  trace,
  spectrum,
  nyquist,
  bode,
  arrhenius,
  drt,
];

export const kindOf = (name: string): Kind | undefined => kinds.find((kind) => kind.name === name);
export type { Kind, PlotContent } from './kind.js';

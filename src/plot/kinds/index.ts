import { capacity } from './capacity.js';
import { curves } from './curves.js';
import { dqdv } from './dqdv.js';
import type { Kind } from './kind.js';
import { trace } from './trace.js';

/** Every kind of plot, in the order in which help and page list them. */
export const kinds: readonly Kind[] = [capacity, curves, dqdv, trace];

export const kindOf = (name: string): Kind | undefined => kinds.find((kind) => kind.name === name);
export type { Drawn, Kind } from './kind.js';

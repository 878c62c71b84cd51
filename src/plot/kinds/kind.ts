import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { Chart } from '../../report/figures/chart.js';
import type { Figure } from '../../report/plot/figure.js';
import { literal } from '../../store/connection.js';

/** What is to be drawn: cells, or numbers of tests or spectra, as a person named them. */
export interface PlotRequest<Options> {
  subjects: readonly string[];
  options: Options;
}

/** What a kind returns for a request. */
export interface PlotContent {
  /** The statement whose rows are drawn; `cellar query` gives the same rows. */
  sql: string;
  /** Figures as data, drawn anywhere. */
  charts: readonly Chart[];
  /** Figures that are drawn already. */
  figures?: readonly Figure[];
  /** What is missing, where nothing is drawn. */
  empty?: string;
}

/** A kind of plot: which rows, and how they are drawn. Pure functions of an open database. */
export interface Kind {
  name: string;
  title: string;
  /** One sentence for `--help` and the documentation. */
  summary: string;
  /** What a subject may be, apart from a cell. */
  subject: 'cell' | 'test' | 'spectrum';
  /** Options, with the names that they have in the address of the page; texts. */
  options: z.ZodObject;
  // biome-ignore lint/suspicious/noExplicitAny: each kind knows its own options
  draw(connection: DuckDBConnection, request: PlotRequest<any>): Promise<PlotContent>;
}

/** Declares a kind; the types of its options follow from their checks. */
export function kind<Shape extends z.ZodRawShape>(declared: {
  name: string;
  title: string;
  summary: string;
  subject: Kind['subject'];
  options: z.ZodObject<Shape>;
  draw(connection: DuckDBConnection, request: PlotRequest<z.infer<z.ZodObject<Shape>>>): Promise<PlotContent>;
}): Kind {
  return declared as unknown as Kind;
}

/** `IN ('A', 'B')`. */
export const among = (values: readonly string[]): string => `IN (${values.map(literal).join(', ')})`;
/** `IN (1, 2)`. */
export const amongNumbers = (values: readonly number[]): string => `IN (${values.join(', ')})`;

/** Most cycles that are drawn into one figure. */
export const MOST_CYCLES = 50;

/** Reads `2,100,200-210` as numbers. */
export const cyclesOption = z
  .string()
  .max(1_000)
  .regex(/^\s*\d{1,9}(-\d{1,9})?(\s*,\s*\d{1,9}(-\d{1,9})?)*\s*$/, 'lists cycles: 2,100 or 1-10')
  .transform((text) => {
    const cycles = new Set<number>();
    for (const part of text.split(',')) {
      const [from = 0, to = from] = part.split('-').map(Number);
      for (let cycle = from; cycle <= to && cycles.size <= MOST_CYCLES; cycle++) cycles.add(cycle);
    }
    return [...cycles].sort((a, b) => a - b);
  })
  .refine((cycles) => cycles.length <= MOST_CYCLES, `at most ${MOST_CYCLES} cycles`)
  .optional();

export const perOption = z.enum(['g', 'cm2', 'cell']).optional();
export type Per = 'g' | 'cm2' | 'cell';

export const byOption = z.enum(['cell', 'batch', 'material']).default('cell');

/** SQL that converts a capacity in Ah to the requested unit, and that unit; `l` is the row of `cells`. */
export function capacityIn(per: Per, column: string): string {
  if (per === 'g') return `1e6 * ${column} / l.active_mass_mg`;
  return per === 'cm2' ? `1e3 * ${column} / l.electrode_area_cm2` : `1e3 * ${column}`;
}
export const capacityUnit: Readonly<Record<Per, string>> = { g: 'mAh/g', cm2: 'mAh/cm²', cell: 'mAh' };

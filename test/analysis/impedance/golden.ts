import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImpedanceFit, Spectrum } from '../../../src/analysis/impedance/index.js';
import { golden, hasGolden } from '../../shared-data.js';

const amended = join(golden, '..', 'amended');

// biome-ignore lint/suspicious/noExplicitAny: the cases are JSON of several kinds, read field by field
export type GoldenCase = Record<string, any>;

function casesIn(folder: string): GoldenCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as GoldenCase);
}

/** The golden cases of one kind, by id; an amended case stands in place of the first one. None where the folder is absent. */
export function goldenCases(kind: string): GoldenCase[] {
  if (!hasGolden) return [];
  const byId = new Map([...casesIn(golden), ...casesIn(amended)].map((found) => [found.id, found]));
  return [...byId.values()].filter((candidate) => candidate.kind === kind);
}

export function spectrumOf({ data }: GoldenCase): Spectrum {
  return {
    frequency_hertz: data.freq_hz,
    real_impedance_ohm: data.z_re_ohm,
    imaginary_impedance_ohm: data.z_im_ohm,
  };
}

export function row(fit: Pick<ImpedanceFit, 'results'>, quantity: string) {
  const found = fit.results.find((candidate) => candidate.quantity === quantity);
  if (!found) throw new Error(`no quantity ${quantity}`);
  return found;
}

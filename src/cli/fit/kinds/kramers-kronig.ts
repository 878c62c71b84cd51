import { readSpectrum } from '../spectrum.js';
import type { PlainFit } from './definition.js';

/** The linear Kramers-Kronig test of one spectrum. */
export const kramersKronig: PlainFit = {
  kind: 'kramers-kronig',
  columns: 'the same',
  examples: [],
  fit: async (path, options) => {
    const { testKramersKronig } = await import('../../../analysis/impedance/index.js');
    return testKramersKronig(await readSpectrum(path, options));
  },
};

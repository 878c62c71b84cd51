import { windowOf } from '../circuit-options.js';
import { saveFigures } from '../save-figures.js';
import { readSpectrum } from '../spectrum.js';
import type { PlainFit } from './definition.js';

/** The distribution of relaxation times of one spectrum. */
export const drt: PlainFit = {
  kind: 'drt',
  columns: 'the same: the distribution of relaxation times, a picture that no verdict rests on',
  examples: [],
  fit: async (path, options) => {
    const { fitDrt } = await import('../../../analysis/impedance/index.js');
    const fit = fitDrt(await readSpectrum(path, options), {
      window: windowOf(options),
      lead: options.leadOhm,
    });
    if (options.output !== undefined) {
      const { drtFigure } = await import('../../../report/figures/drt.js');
      await saveFigures([drtFigure(path, fit)], options.output);
    }
    return fit;
  },
};

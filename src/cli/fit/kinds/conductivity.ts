import type { PlainFit } from './definition.js';

/** σ over temperature of one pellet from its spectra, activation energy and σ at 25 °C. */
export const conductivity: PlainFit = {
  kind: 'conductivity',
  columns: 'spectra of one pellet, files or folders: σ over temperature, Ea and σ at 25 °C',
  examples: ['cellar fit conductivity pellet/ --thickness-um 800 --diameter-mm 10 -o pellet.html'],
  run: async (session, options, files) => {
    const { runConductivity } = await import('../conductivity.js');
    await runConductivity(session, options, files);
  },
};

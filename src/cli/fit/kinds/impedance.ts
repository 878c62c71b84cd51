import type { CellDescription } from '../../../analysis/impedance/index.js';
import { checkCircuit, windowOf } from '../circuit-options.js';
import { readSpectrum } from '../spectrum.js';
import type { FitCommandOptions, PlainFit } from './definition.js';

const UM_PER_CM = 1e4;
const MM_PER_CM = 10;

/** The cell that the options describe; undefined where they do not state its geometry. */
function cellOf({ cellType, thicknessUm, diameterMm }: FitCommandOptions): CellDescription | undefined {
  if (thicknessUm === undefined && diameterMm === undefined) return undefined;
  const diameter = diameterMm === undefined ? null : diameterMm / MM_PER_CM;
  return {
    cell_type: cellType,
    thickness_cm: thicknessUm === undefined ? null : thicknessUm / UM_PER_CM,
    area_cm2: diameter === null ? null : (Math.PI * diameter ** 2) / 4,
  };
}

/** The circuit fit of one spectrum. */
export const impedance: PlainFit = {
  kind: 'impedance',
  columns:
    'frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm; or any export of an impedance analyser',
  examples: [
    'cellar fit impedance spectrum.mpt --circuit "L0-R0-p(R1,CPE1)-CPE2" --json',
    'cellar fit impedance spectrum.csv --max-hertz 1e6 --exclude 50 100',
  ],
  fit: async (path, options) => {
    const { circuit, weighting, alternatives } = options;
    const impedance = await import('../../../analysis/impedance/index.js');
    if (circuit !== undefined) await checkCircuit(circuit);
    const { model: _model, ...fit } = impedance.fitImpedance(await readSpectrum(path, options), {
      circuit,
      weighting,
      compare_circuits: alternatives,
      window: windowOf(options),
      lead: options.leadOhm,
      cell: cellOf(options),
    });
    return fit;
  },
};

import type { FrequencyWindow } from '../../analysis/impedance/index.js';
import { usageError } from '../../errors.js';
import type { FitCommandOptions } from './kinds/definition.js';

/** What the options leave out of a spectrum. */
export const windowOf = ({ minHertz, maxHertz, exclude }: FitCommandOptions): FrequencyWindow => ({
  min_hertz: minHertz,
  max_hertz: maxHertz,
  exclude_hertz: exclude,
});

/** A circuit that cannot be read is a wrong request, not data that allow no fit. */
export async function checkCircuit(code: string): Promise<void> {
  const { parseCircuit } = await import('../../analysis/impedance/index.js');
  try {
    parseCircuit(code);
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

import { impedanceSamples } from './impedance.js';
import { timeSeriesSamples } from './time-series.js';

/**
 * One small export per format and dialect, in a folder named by the format, and the truth of each.
 * @param {number} seed
 * @returns {{files: import('../truth.js').SampleFile[], truth: object}} paths relative to the formats folder
 */
export function makeFormatSamples(seed) {
  const files = [...timeSeriesSamples(seed), ...impedanceSamples(seed)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return { files, truth: Object.fromEntries(files.map(({ path, truth }) => [path, truth])) };
}

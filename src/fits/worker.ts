import { parentPort } from 'node:worker_threads';
import { fitSpectrum, type ImpedanceInput } from './making/spectrum-fit.js';

parentPort?.on('message', (input: ImpedanceInput) => {
  try {
    parentPort?.postMessage({ outcome: fitSpectrum(input) });
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});

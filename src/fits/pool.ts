import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './fit.js';
import { fitSpectrum, type ImpedanceInput, type StoredImpedanceFit } from './making/spectrum-fit.js';

type SpectrumOutcome = Outcome<StoredImpedanceFit>;

export interface PoolOptions {
  /** Called as each spectrum is done. */
  onDone?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

const script = fileURLToPath(new URL('./worker.js', import.meta.url));
/** Starting a thread costs about as much as fitting this many spectra. */
const worthAThread = 4;

/** Fits spectra on as many threads as the machine has processors; the results are in the order of the inputs. */
export async function fitSpectra(
  inputs: readonly ImpedanceInput[],
  options: PoolOptions = {},
): Promise<SpectrumOutcome[]> {
  const threads = Math.min(availableParallelism(), Math.floor(inputs.length / worthAThread));
  // Tests run the sources without compiling them; a worker cannot.
  if (threads < 2 || !existsSync(script)) return fitHere(inputs, options);
  const outcomes: SpectrumOutcome[] = new Array(inputs.length);
  let next = 0;
  const workers = Array.from({ length: threads }, () => new Worker(script));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        while (next < inputs.length) {
          options.signal?.throwIfAborted();
          const index = next++;
          outcomes[index] = await ask(worker, inputs[index] as ImpedanceInput);
          options.onDone?.();
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return outcomes;
}

async function fitHere(inputs: readonly ImpedanceInput[], options: PoolOptions): Promise<SpectrumOutcome[]> {
  const outcomes: SpectrumOutcome[] = [];
  for (const input of inputs) {
    options.signal?.throwIfAborted();
    outcomes.push(fitSpectrum(input));
    options.onDone?.();
    // Lets signals and the progress bar run.
    await nextTurn();
  }
  return outcomes;
}

function ask(worker: Worker, input: ImpedanceInput): Promise<SpectrumOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      act();
    };
    const onMessage = ({ outcome, error }: { outcome?: SpectrumOutcome; error?: string }) =>
      settle(() => (outcome === undefined ? reject(new Error(error)) : resolve(outcome)));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(input);
  });
}

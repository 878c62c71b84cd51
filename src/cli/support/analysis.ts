import type { FitOptions } from '../../fits/fit-set.js';
import type { Session } from './session.js';
import { createStyle, mayColor } from './style.js';

const clearLine = '\r\u001b[2K';

/** Reports the progress of fitting spectra on stderr: a counter on a terminal, one line elsewhere. */
export function fitProgress(session: Session): Pick<FitOptions, 'onStart' | 'onSpectrum'> & { stop(): void } {
  const { options, notes } = session;
  const isLive = process.stderr.isTTY === true && options.progress && options.quiet !== true;
  const style = createStyle(mayColor(process.stderr, options.color));
  let total = 0;
  let done = 0;
  const draw = () => process.stderr.write(`${clearLine}${style.dim(`fitting spectra ${done}/${total}`)}`);
  return {
    onStart(spectra) {
      total = spectra;
      if (isLive) draw();
      else notes.note(`fitting ${spectra} spectra`);
    },
    onSpectrum() {
      done += 1;
      if (isLive) draw();
    },
    stop() {
      if (isLive && total > 0) process.stderr.write(clearLine);
    },
  };
}

/** `--wait`. */
export function waitOption(given: string): number {
  const seconds = Number(given);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : 10;
}

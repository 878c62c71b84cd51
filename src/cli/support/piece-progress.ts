import type { Session } from './session.js';
import { createStyle, mayColor } from './style.js';

const clearLine = '\r\u001b[2K';

/** Says on stderr which piece of a longer work is being done: one line that changes on a terminal, a line each elsewhere. */
export interface PieceProgress {
  show(done: number, total: number, what: string): void;
  /** Removes what stands there. Call it on success and on failure. */
  stop(): void;
}

/** Progress of a work whose pieces have names; `title` says who does it. */
export function createPieceProgress({ options, notes }: Session, title: string): PieceProgress {
  const isWanted = options.progress && options.quiet !== true;
  const isLive = process.stderr.isTTY === true && isWanted;
  const style = createStyle(mayColor(process.stderr, options.color));
  let isShown = false;
  return {
    show(done, total, what) {
      if (!isWanted || done >= total) return;
      const text = `${title} ${done + 1}/${total} ${what}`;
      if (isLive) process.stderr.write(`${clearLine}${style.dim(text)}`);
      else notes.note(text);
      isShown = true;
    },
    stop() {
      if (isLive && isShown) process.stderr.write(clearLine);
    },
  };
}

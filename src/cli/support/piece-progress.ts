import type { Session } from './session.js';
import { createStyle, mayColor } from './style.js';

const clearLine = '\r\u001b[2K';

/**
 * Reports on stderr which part of a longer task is running: one changing line on a terminal, one line per part
 * elsewhere.
 */
export interface PieceProgress {
  show(done: number, total: number, what: string): void;
  /** Removes the line. Call it on success and on failure. */
  stop(): void;
}

/** Progress of a task whose parts have names; `title` says who runs it. */
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

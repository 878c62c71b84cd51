import type { GlobalOptions } from './options.js';
import { createStyle, mayColor } from './style.js';
import { visibleLines } from './text-width.js';

/** Notes for people; they go to stderr, so that stdout holds only data. */
export interface Notes {
  /** One line for everyone, unless `--quiet`. */
  note(text: string): void;
  /** One line that is printed with `--verbose`. */
  detail(text: string): void;
  /** One line that must not be missed; printed even with `--quiet`. */
  warn(text: string): void;
}

export function createNotes(options: Pick<GlobalOptions, 'quiet' | 'verbose' | 'color'>): Notes {
  const isStyled = mayColor(process.stderr, options.color);
  const style = createStyle(isStyled);
  const say = (text: string) => process.stderr.write(`${visibleLines(text, isStyled)}\n`);
  return {
    note: (text) => {
      if (options.quiet !== true) say(text);
    },
    detail: (text) => {
      if (options.verbose === true && options.quiet !== true) say(style.dim(text));
    },
    warn: (text) => say(style.yellow(text)),
  };
}

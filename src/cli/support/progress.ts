import type { GlobalOptions } from './options.js';
import { createStyle, mayColor } from './style.js';
import { textWidth, visible, visibleLines } from './text-width.js';

/** Progress over files and their bytes. Goes to stderr: a bar on a terminal, one line per file elsewhere. */
export interface Progress {
  /** `bytes` more were worked through. */
  advance(bytes: number): void;
  /** A file was read; its outcome is known when its whole batch is done. */
  fileStored(name: string): void;
  /** A file is done; `outcome` says in a few words what became of it. */
  fileDone(name: string, outcome: string): void;
  /** Prints a line of its own without damaging the bar. */
  interject(line: string): void;
  /** Removes the bar. Call it on success and on failure. */
  stop(): void;
}

interface Total {
  files: number;
  /** 0 where only files are counted. */
  bytes: number;
}

type Terminal = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

const clearLine = '\r\u001b[2K';
/** Redrawing more often than this only costs time. */
const redrawMilliseconds = 100;

/** A size for people, in decimal units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/**
 * Without a bar, a line reports the progress after this long without output, because files are reported batch by
 * batch.
 */
const silentMilliseconds = 10_000;

function lines(total: Total, out: Terminal, now: () => number): Progress {
  // A file of a batch that is tried again is stored twice but counts once.
  const done = new Set<string>();
  const stored = new Set<string>();
  let bytes = 0;
  let saidAt = now();
  const sayHowFar = () => {
    if (now() - saidAt < silentMilliseconds) return;
    saidAt = now();
    const size = total.bytes > 0 ? `, ${formatBytes(bytes)} of ${formatBytes(total.bytes)} read` : '';
    out.write(`${Math.max(done.size, stored.size)}/${total.files} files${size} …\n`);
  };
  return {
    advance(more) {
      bytes += more;
      sayHowFar();
    },
    fileStored(name) {
      stored.add(name);
      sayHowFar();
    },
    fileDone(name, outcome) {
      done.add(name);
      saidAt = now();
      out.write(visibleLines(`${done.size}/${total.files} ${name}: ${outcome}\n`));
    },
    interject: (line) => void out.write(`${line}\n`),
    stop: () => undefined,
  };
}

function bar(total: Total, out: Terminal, color: boolean): Progress {
  const style = createStyle(color);
  const done = new Set<string>();
  const stored = new Set<string>();
  let bytes = 0;
  let current = '';
  let drawnAt = 0;
  const draw = (now: number) => {
    drawnAt = now;
    const files = Math.max(done.size, stored.size);
    const share = total.bytes > 0 ? bytes / total.bytes : files / Math.max(1, total.files);
    const filled = Math.round(Math.min(1, share) * 24);
    const size = total.bytes > 0 ? `  ${formatBytes(bytes)} of ${formatBytes(total.bytes)}` : '';
    const counts = ` ${files}/${total.files} files${size}  `;
    const room = (out.columns ?? 80) - 25 - counts.length;
    const name = textWidth(current) <= room ? current : '';
    out.write(
      `${clearLine}${style.cyan('█'.repeat(filled))}${style.dim('░'.repeat(24 - filled))}${counts}${name}`,
    );
  };
  const drawSometimes = () => {
    const now = Date.now();
    if (now - drawnAt >= redrawMilliseconds) draw(now);
  };
  return {
    advance(more) {
      bytes += more;
      drawSometimes();
    },
    fileStored(name) {
      stored.add(name);
      current = visible(name);
      drawSometimes();
    },
    fileDone(name) {
      done.add(name);
      current = visible(name);
      drawSometimes();
    },
    interject(line) {
      out.write(`${clearLine}${line}\n`);
      draw(Date.now());
    },
    stop: () => void out.write(clearLine),
  };
}

const silent: Progress = {
  advance: () => undefined,
  fileStored: () => undefined,
  fileDone: () => undefined,
  interject: (line) => void process.stderr.write(`${line}\n`),
  stop: () => undefined,
};

/** Progress over `total`, as the options and the kind of stderr call for. */
export function createProgress(
  options: Pick<GlobalOptions, 'quiet' | 'progress' | 'color'>,
  total: Total,
  out: Terminal = process.stderr,
  now: () => number = Date.now,
): Progress {
  if (options.quiet === true || !options.progress) return silent;
  return out.isTTY === true ? bar(total, out, mayColor(out, options.color)) : lines(total, out, now);
}

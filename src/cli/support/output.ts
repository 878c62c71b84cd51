import type { GlobalOptions } from './options.js';
import { createStyle, mayColor, type Style } from './style.js';
import { renderTable, type TableColumn } from './table.js';
import { visibleLines } from './text-width.js';

/** Width of the terminal that stdout is; no limit where it is a pipe or a file. */
export function outputWidth(): number {
  return process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
}

/** Styles for text on stdout. */
export function outputStyle(options: Pick<GlobalOptions, 'color'>): Style {
  return createStyle(mayColor(process.stdout, options.color));
}

/**
 * Writes text for people; control characters from files and metadata are made visible, so that they cannot command a
 * terminal.
 */
export function write(text: string): Promise<void> {
  return writeData(visibleLines(text, mayColor(process.stdout, true)));
}

/** Writes data unchanged, and waits while the reader is slower, so that nothing accumulates in memory. */
export async function writeData(data: string | Uint8Array): Promise<void> {
  if (process.stdout.write(data)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      process.stdout.off('drain', done).off('close', done);
      resolve();
    };
    // A reader that ends closes the stream instead of draining it.
    process.stdout.on('drain', done).on('close', done);
  });
}

/** Writes `value` as the one JSON document of a command's `--json`. */
export async function writeJson(value: unknown): Promise<void> {
  await writeData(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes a small table, as wide as the terminal allows. */
export async function writeTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: Pick<GlobalOptions, 'color'>,
): Promise<void> {
  await write(renderTable(columns, rows, outputWidth(), outputStyle(options)));
}

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const maximumLines = 1_000;

/** Where the lines typed in the shell are kept: CELLAR_HISTORY, else in the home folder; nowhere if it is empty. */
function historyFile(): string {
  return process.env.CELLAR_HISTORY ?? join(homedir(), '.cellar_history');
}

/** The lines of earlier sessions, newest first, as readline wants them. A missing or unreadable file is no history. */
export function readHistory(): string[] {
  try {
    const lines = readFileSync(historyFile(), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const kept = lines.slice(-maximumLines);
    if (lines.length > 2 * maximumLines)
      writeFileSync(historyFile(), `${kept.join('\n')}\n`, { mode: 0o600 });
    return kept.reverse();
  } catch {
    return [];
  }
}

/** Keeps a line for later sessions. If the history cannot be written, work goes on. */
export function rememberLine(line: string): void {
  if (line.trim() === '' || historyFile() === '') return;
  try {
    appendFileSync(historyFile(), `${line}\n`, { mode: 0o600 });
  } catch {
    // Nothing is lost but convenience.
  }
}

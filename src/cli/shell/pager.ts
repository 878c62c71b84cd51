import { spawnSync } from 'node:child_process';
import { visibleLines } from '../support/text-width.js';

/** The pager and its arguments: CELLAR_PAGER, PAGER, else `less` (`more` on Windows), which keeps long lines whole. */
function pager(): { file: string; words: string[] } {
  const [file, ...words] = (process.env.CELLAR_PAGER ?? process.env.PAGER ?? '').trim().split(/\s+/);
  if (file !== undefined && file !== '') return { file, words };
  return process.platform === 'win32' ? { file: 'more.com', words: [] } : { file: 'less', words: ['-FRSX'] };
}

/** Whether text has more lines or columns than the terminal. */
export function isLargerThanScreen(text: string): boolean {
  const { rows = 24, columns = 80 } = process.stdout;
  const lines = text.split('\n');
  return lines.length > rows || lines.some((line) => line.length > columns);
}

/** Shows text in the pager, and waits until the user leaves it; false where there is none. */
export function showInPager(text: string): boolean {
  const { file, words } = pager();
  const { error } = spawnSync(file, words, {
    input: visibleLines(text, true),
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  return error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE';
}

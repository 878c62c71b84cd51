import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../errors.js';
import { catchInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

const help = `
Examples:
  cellar shell                        a prompt; .help lists its commands
  cellar shell < questions.sql        the statements of a file, one after another

A new snapshot that an ingest publishes is picked up before the next statement. Lines are kept in ~/.cellar_history
(CELLAR_HISTORY names another file).`;

/** Adds `cellar shell`. */
export function registerShell(program: Command): void {
  program
    .command('shell')
    .summary('SQL prompt with history and completion')
    .description('Ask the database in SQL, statement by statement.')
    .addHelpText('after', help)
    .action(action(runShell));
}

async function runShell(session: Session): Promise<ExitCode> {
  const { FollowedSnapshot } = await import('./shell/open-snapshot.js');
  const { readHistory, rememberLine } = await import('./shell/history.js');
  const { HistorySearch } = await import('./shell/history-search.js');
  const { Shell } = await import('./shell/shell.js');
  const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const snapshot = new FollowedSnapshot(session.db);
  await snapshot.current();
  const shell = new Shell(session, snapshot, isInteractive);

  const lines = createInterface({
    input: process.stdin,
    ...(isInteractive ? { output: process.stdout, history: readHistory(), historySize: 1_000 } : {}),
    terminal: isInteractive,
    completer: (line: string, done: (error: Error | null, result?: [string[], string]) => void) => {
      shell.complete(line, lines.line).then(
        (result) => done(null, result),
        () => done(null, [[], line]),
      );
    },
  });
  const prompt = () => {
    if (!isInteractive) return;
    lines.setPrompt(shell.isInsideStatement ? '   ...> ' : 'cellar> ');
    lines.prompt();
  };
  /** Ctrl-C stops the running statement, else discards what was typed; it never leaves the shell. */
  const stop = () => {
    if (shell.isRunning) snapshot.interrupt();
    else if (isInteractive) {
      shell.forgetStatement();
      process.stdout.write('\n');
      // As if the user had deleted the line: to its end, then back to its start.
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      prompt();
    }
    return shell.isRunning || isInteractive;
  };
  lines.on('SIGINT', stop);
  if (isInteractive) {
    let history = readHistory();
    lines.on('history', (now) => {
      history = now;
    });
    const search = new HistorySearch();
    process.stdin.on('keypress', (_text, key: { ctrl?: boolean; name?: string }) => {
      if (key.ctrl !== true || key.name !== 'r') return;
      const found = search.next(lines.line, history);
      if (found === undefined) return;
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      lines.write(found);
    });
  }
  catchInterruption(stop);

  try {
    if (isInteractive) session.notes.note(`${session.db}, read-only. Statements end with ; and .help helps.`);
    prompt();
    for await (const line of lines) {
      if (isInteractive) rememberLine(line);
      if (!(await shell.takeLine(line))) break;
      prompt();
    }
    await shell.end();
  } finally {
    lines.close();
    snapshot.close();
  }
  return shell.hasFailed && !isInteractive ? exitCodes.usage : exitCodes.done;
}

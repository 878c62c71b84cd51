import { exitCodes } from '../../errors.js';

/**
 * Events from outside the process: signals, and readers of its output that close it.
 *
 * A command that must clean up, or stop an engine at work, calls `takeInterruption()` and watches the signal it gets;
 * from then on an interruption aborts that signal and waits for the command to end. A command that does not call it
 * ends at once: it only reads, or what it has not committed is rolled back. A second interruption always ends at once.
 */

const interruption = new AbortController();
let isTaken = false;
let endsWhenUnread = true;
let terminatedCode: number = exitCodes.terminated;
let stoppedWith: number | undefined;

/**
 * The caller promises to clean up and end soon after the returned signal aborts. With `whenUnread` the signal also
 * aborts when nobody reads standard output any more (`| head`), which is right for a command that only prints. With
 * `endsWell`, SIGTERM counts as a success, for a command that runs until it is told to end.
 */
export function takeInterruption({ whenUnread = false, endsWell = false } = {}): AbortSignal {
  isTaken = true;
  endsWhenUnread = whenUnread;
  if (endsWell) terminatedCode = exitCodes.done;
  return interruption.signal;
}

/** Exit code for what stopped the command (130, 143, 0 for a reader that left), or undefined. */
export function interruptionCode(): number | undefined {
  return stoppedWith;
}

/** What Ctrl-C does instead of ending the process, while there is something else for it to stop. */
let instead: (() => boolean) | undefined;

/** Has Ctrl-C call `handler` first; it ends the process only where that returns false. */
export function catchInterruption(handler: () => boolean): void {
  instead = handler;
}

function stop(code: number): void {
  const again = stoppedWith !== undefined;
  stoppedWith ??= code;
  if (!isTaken || again) process.exit(code);
  interruption.abort();
}

/** Turns SIGINT and SIGTERM into exit codes 130 and 143. */
export function watchSignals(): void {
  process.on('SIGINT', () => {
    if (instead?.() !== true) stop(exitCodes.interrupted);
  });
  process.on('SIGTERM', () => stop(terminatedCode));
}

/** A reader that has seen enough closes the pipe; nobody reads any more, so the process ends quietly. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (endsWhenUnread && stoppedWith === undefined) stop(exitCodes.done);
  });
  process.stderr.on('error', () => undefined);
}

/**
 * Failures that can end a command. Each knows its exit code; only `src/cli` uses it. Bad data are not an error: they
 * are findings or rejects. Anything that is not one of these is a bug and exits 70.
 */

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  undecided: 3,
  rejected: 4,
  notComputable: 5,
  bug: 70,
  storage: 74,
  busy: 75,
  interrupted: 130,
  terminated: 143,
} as const;

/** A value of `exitCodes`. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An expected failure: says what was wrong and where; `hint` says what to do next. */
export class CellarError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.name = 'CellarError';
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** A wrong request: option, configuration, metadata or SQL. Exit code 2. */
export const usageError = (message: string, hint?: string) => new CellarError(exitCodes.usage, message, hint);

/** Storage that is full or cannot be read; what was committed stays. Exit code 74. */
export const storageError = (message: string, hint?: string) =>
  new CellarError(exitCodes.storage, message, hint);

/** Another process holds the database. Exit code 75. */
export const busyError = (message: string, hint?: string) => new CellarError(exitCodes.busy, message, hint);

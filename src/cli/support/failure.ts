import { CommanderError } from 'commander';
import { NotComputable } from '../../analysis/result.js';
import { CellarError, exitCodes, storageError } from '../../errors.js';
import { interruptionCode } from './process.js';
import { visibleLines } from './text-width.js';

/** Errors of the operating system for storage that is full, broken or not accessible. */
const storageCodes = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'ENAMETOOLONG']);

/** The same errors in the words of DuckDB, whose errors have no code. */
const storageMessages =
  /No space left on device|disk quota exceeded|Input\/output error|Read-only file system/i;

/** What is wrong with a path, by the error code of the operating system. */
const placeMessages: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `${path} is not there`,
  ENOTDIR: (path) => `a part of ${path} is a file where a folder has to be`,
  EISDIR: (path) => `${path} is a folder where a file has to be`,
  EEXIST: (path) => `${path} is there already`,
  ELOOP: (path) => `the links of ${path} form a circle`,
};

function asStorageError(error: Error): CellarError | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  const place = code === undefined ? undefined : placeMessages[code];
  if (place !== undefined && path !== undefined)
    return storageError(place(path), 'Name another place; what was committed is kept.');
  if (code === 'EMFILE' || code === 'ENFILE') {
    return storageError(
      error.message,
      'Raise the limit, for example with `ulimit -n 1024`; what was committed is kept.',
    );
  }
  if (code !== undefined && storageCodes.has(code)) {
    return storageError(error.message, 'Check free space and permissions; what was committed is kept.');
  }
  if (storageMessages.test(error.message)) {
    return storageError(error.message, 'Free some space; what was committed is kept.');
  }
  return undefined;
}

/** What to print for each kind of failure, and the exit code. */
function describe(error: unknown): { code: number; message: string; hint: string | undefined } {
  if (error instanceof CellarError) return { code: error.exitCode, message: error.message, hint: error.hint };
  if (error instanceof NotComputable) {
    return { code: exitCodes.notComputable, message: error.message, hint: undefined };
  }
  const storage = error instanceof Error ? asStorageError(error) : undefined;
  if (storage !== undefined) return { code: storage.exitCode, message: storage.message, hint: storage.hint };
  return {
    code: exitCodes.bug,
    message: `this is a bug in Cellar: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Nothing that was committed is lost. Please report it with what you ran and its output with --debug.',
  };
}

/** Prints why a command failed, without a stack unless `debug`, and returns the exit code. */
export function reportFailure(error: unknown, debug: boolean): number {
  // Commander has already printed its message; its own code 1 would mean a failed target.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const interrupted = interruptionCode();
  if (interrupted !== undefined) return interrupted;
  return printFailure(error, debug);
}

/** Prints why something failed, and returns the exit code it stands for. */
export function printFailure(error: unknown, debug: boolean): number {
  const { code, message, hint } = describe(error);
  process.stderr.write(`cellar: ${visibleLines(message)}\n`);
  if (hint !== undefined) process.stderr.write(`${visibleLines(hint)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return code;
}

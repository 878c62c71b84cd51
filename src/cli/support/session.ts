import type { Command } from 'commander';
import type { ExitCode } from '../../errors.js';
import { createNotes, type Notes } from './notes.js';
import type { GlobalOptions } from './options.js';
import { interruptionCode } from './process.js';

/** What a command runs with. */
export interface Session {
  /** Path of the snapshot: `--db`, else `CELLAR_DB`, else `cellar.duckdb`. */
  db: string;
  /** Folder of the laboratory's metadata, where `--lab` names it. */
  lab: string | undefined;
  options: GlobalOptions;
  /** What is said to people, on stderr. */
  notes: Notes;
}

function openSession(options: GlobalOptions): Session {
  return { db: options.db, lab: options.lab, options, notes: createNotes(options) };
}

/**
 * A commander action: `work` gets the session, the command's own options and its arguments; what it returns is the
 * exit code (nothing: 0).
 */
export function action<Options, Arguments extends unknown[]>(
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands return nothing
  work: (session: Session, options: Options, ...given: Arguments) => Promise<ExitCode | void>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const session = openSession(command.optsWithGlobals<GlobalOptions>());
    const code = await work(session, command.opts() as Options, ...(all.slice(0, -2) as Arguments)).catch(
      async (error: Error) => {
        const { damageError } = await import('../../store/snapshot.js');
        throw await damageError(session.db, error);
      },
    );
    process.exitCode = interruptionCode() ?? code ?? 0;
  };
}

import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../errors.js';
import { fitProgress } from './support/analysis.js';
import { write, writeJson } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

interface Options {
  raw?: string;
  signers?: string;
  json?: boolean;
}

/** Adds `cellar verify`. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('make everything in a bundle again from its raw files and compare every number and word')
    .argument('<bundle>', 'a file that `cellar report --bundle` wrote')
    .option('--raw <dir>', 'where the raw files are, for a bundle without them')
    .option('--signers <file>', 'who may have signed it: allowed signers as ssh-keygen reads them')
    .option('--json', 'print the outcome as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  cellar verify evidence.zip
  cellar verify evidence.zip --raw /exports
  cellar verify evidence.zip --signers allowed_signers

No database is needed and none is written. Exit code 0: the same. 1: it differs, and how.`,
    )
    .action(action(runVerify));
}

async function runVerify(session: Session, options: Options, path: string): Promise<ExitCode> {
  const { verifyBundle } = await import('../bundle/verify.js');
  const progress = fitProgress(session);
  const found = await verifyBundle(path, {
    ...progress,
    raw: options.raw,
    signers: options.signers,
    signal: takeInterruption(),
  }).finally(() => progress.stop());
  const { differences, verdicts, files, manifest, signature, is_exact } = found;
  const code = differences.length === 0 ? exitCodes.done : exitCodes.failed;
  if (options.json === true) {
    await writeJson({ schema: 'cellar.verify/1', bundle: path, is_same: differences.length === 0, ...found });
    return code;
  }
  await write(
    differences.length === 0
      ? `${path}: the same; ${verdicts} verdicts and the page made again from ${files} files${is_exact ? '' : ', to seven digits: this Node.js rounds functions differently from the one that made them'}\n`
      : `${path} does not agree with its files:\n${differences.map((text) => `- ${text}\n`).join('')}`,
  );
  await write(`SHA-256 of its manifest: ${manifest}\n${signature.text}\n`);
  return code;
}

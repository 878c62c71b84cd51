import { buildProgram } from './program.js';
import { reportFailure } from './support/failure.js';
import { watchOutput, watchSignals } from './support/process.js';

/** Ends the process once everything written to a pipe was delivered, or cannot be delivered any more. */
function leave(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

watchOutput();
watchSignals();
const debug = process.argv.includes('--debug');
process.on('uncaughtException', (error) => leave(reportFailure(error, debug)));

try {
  await buildProgram().parseAsync(process.argv);
  leave(Number(process.exitCode ?? 0));
} catch (error) {
  leave(reportFailure(error, debug));
}

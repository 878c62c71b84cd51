import { Command, Option } from 'commander';
import type { Database } from '../store/connection.js';
import { toolVersion } from '../version.js';
import { registerAnalyze } from './analyze.js';
import { registerAssign } from './assign.js';
import { registerCalc } from './calc.js';
import { registerCheck } from './check.js';
import { registerCompletion } from './completion.js';
import { registerDerive } from './derive.js';
import { registerDigest } from './digest.js';
import { registerDoctor } from './doctor.js';
import { registerExclude } from './exclude.js';
import { registerExport } from './export.js';
import { registerFit } from './fit.js';
import { registerForget } from './forget.js';
import { registerFormats } from './formats.js';
import { registerIngest } from './ingest.js';
import { registerInit } from './init.js';
import { registerLab } from './lab.js';
import { registerNotify } from './notify.js';
import { registerPlot } from './plot.js';
import { registerQuery } from './query.js';
import { registerRename } from './rename.js';
import { registerReport } from './report.js';
import { registerSchedule } from './schedule.js';
import { registerSchema } from './schema.js';
import { registerServe } from './serve.js';
import { registerShell } from './shell.js';
import { registerSniff } from './sniff.js';
import { registerStatus } from './status.js';
import type { Session } from './support/session.js';
import { registerTargets } from './targets.js';
import { registerVerify } from './verify.js';
import { registerWhy } from './why.js';

/** Adds one command to the program. Heavy modules are imported inside its action, so that `--help` starts fast. */
type Register = (program: Command) => void;

/** Raw exports for `query --from`. */
const prepareFrom = async (files: readonly string[], session: Session): Promise<Database> => {
  const { openExports } = await import('../ingest/open-exports.js');
  return openExports(files, session.lab);
};

/** Every command, in the order `cellar --help` lists them. */
const commands: readonly Register[] = [
  registerInit,
  registerIngest,
  registerSniff,
  registerFormats,
  registerStatus,
  registerDigest,
  registerNotify,
  registerAnalyze,
  registerFit,
  registerCheck,
  registerReport,
  registerVerify,
  registerWhy,
  registerServe,
  registerPlot,
  registerCalc,
  registerTargets,
  registerExclude,
  registerLab,
  registerAssign,
  registerRename,
  registerForget,
  (program) => registerQuery(program, prepareFrom),
  registerShell,
  registerSchema,
  registerExport,
  registerDerive,
  registerCompletion,
  registerSchedule,
  registerDoctor,
];

/** The whole command tree; parsing it runs the command that was asked for. */
export function buildProgram(): Command {
  const program = new Command('cellar')
    .description(
      "Turns what battery laboratories' instruments export into clean DuckDB tables, fits and verdicts.",
    )
    .version(toolVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addOption(new Option('--db <file>', 'database to use').env('CELLAR_DB').default('cellar.duckdb'))
    .addOption(new Option('--lab <dir>', 'folder of cells.csv, materials.csv and cellar.toml'))
    .addOption(new Option('--quiet', 'print no notes and no progress'))
    .addOption(new Option('--verbose', 'print more notes'))
    .addOption(new Option('--no-progress', 'show no progress bar'))
    .addOption(new Option('--no-color', 'print no colours (NO_COLOR does the same)'))
    .addOption(new Option('--debug', 'print the stack of an error'))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'cellar: ')) })
    .showHelpAfterError('(the same command with --help says how it is used)')
    .exitOverride();
  for (const register of commands) register(program);
  return program;
}

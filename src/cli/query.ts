import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { usageError } from '../errors.js';
import type { QueryParameters } from '../query/parameters.js';
import type { FileFormat } from '../query/save.js';
import type { Database } from '../store/connection.js';
import { outputStyle, outputWidth, write, writeData } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

/** Loads raw exports into a database in memory, whose tables are then queried. */
export type PrepareFrom = (files: readonly string[], session: Session) => Promise<Database>;

interface QueryOptions {
  file?: string;
  format?: FileFormat | 'table';
  output?: string;
  decimalComma?: boolean;
  bom?: boolean;
  param?: string[];
  maxRows?: number;
  allowFiles?: boolean;
  from?: string[];
}

/** The request, with options interpreted. */
interface Request {
  sql: string;
  parameters: QueryParameters;
  options: QueryOptions;
  open: (writableFile?: string) => Promise<Database>;
}

const help = `
Examples:
  cellar query "SELECT cell_id, count(*) AS tests FROM tests GROUP BY cell_id"
  cellar query "SELECT * FROM cycles WHERE test_id = $test" --param test=3     (in a shell, mind the quotes around $)
  cellar query --file fade.sql --format json
  cellar query "SELECT * FROM curves" -o curves.parquet
  cellar query --from cell.csv "SELECT count(*) FROM measurements"     (a raw export, without a database)
  cellar query "SELECT * FROM verdicts" -o verdicts.xlsx
  echo "FROM cells" | cellar query -

A query only reads. The result is a table on a terminal (numbers to seven digits) and CSV in a pipe (all digits). NULL
is an empty field in CSV; NaN is NaN in CSV, Parquet and Arrow, and null in JSON, where integers beyond 2^53 are
strings. In a workbook NaN and what has more than 15 digits is text. Tables: cellar schema.`;

const formats = ['table', 'csv', 'json', 'ndjson', 'parquet', 'arrow', 'xlsx'];

function parseCount(given: string): number {
  if (!/^\d+$/.test(given)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(given);
}

async function readSql(given: string | undefined, file: string | undefined): Promise<string> {
  if (given !== undefined && file !== undefined) {
    throw usageError('the query is given twice, as an argument and by --file', 'Leave one of them out.');
  }
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw usageError(`the query file ${file} cannot be read: ${(error as Error).message}`);
    }
  }
  if (given === '-' || (given === undefined && !process.stdin.isTTY)) return await text(process.stdin);
  if (given !== undefined) return given;
  throw usageError(
    'there is no query',
    'For example: cellar query "SELECT * FROM cells"; or use cellar shell.',
  );
}

/** Opens the database for `work`; an interruption, or a reader that goes away, stops the engine. */
async function withDatabase<T>(
  { open }: Request,
  work: (connection: Database['connection']) => Promise<T>,
  writableFile?: string,
): Promise<T> {
  const database = await open(writableFile);
  let again: NodeJS.Timeout | undefined;
  takeInterruption({ whenUnread: true }).addEventListener('abort', () => {
    // The engine ignores an interruption between two statements, so it is interrupted again until it has ended.
    again = setInterval(() => database.connection.interrupt(), 50);
  });
  try {
    return await work(database.connection);
  } finally {
    clearInterval(again);
    database.close();
  }
}

/** Writes to the file of `-o`, which appears complete or not at all. */
async function saveToFile(request: Request, file: string): Promise<void> {
  const { sql, parameters, options } = request;
  const { checkTarget, formatOfFile, partialPath, saveQuery } = await import('../query/save.js');
  if (options.format === 'table')
    throw usageError('a table is for the screen', 'Use --format csv, for example.');
  const format = options.format ?? formatOfFile(file);
  checkTarget(file);
  const csv = { decimalComma: options.decimalComma === true, mark: options.bom === true };
  await withDatabase(
    request,
    (connection) => saveQuery(connection, { sql, parameters, file, format, csv }),
    partialPath(file),
  );
}

/** Parquet ends with its index, so it is made as a file first and then passed on. */
async function printParquet(request: Request): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-'));
  try {
    const file = join(folder, 'result.parquet');
    await saveToFile(request, file);
    for await (const piece of createReadStream(file)) await writeData(piece as Buffer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function printTable(session: Session, request: Request): Promise<void> {
  const { sql, parameters, options } = request;
  const { runQuery } = await import('../query/run.js');
  const { resultTable } = await import('./support/result-table.js');
  const { rows, isComplete } = await withDatabase(request, async (connection) => {
    const table = resultTable(await runQuery(connection, sql, parameters), {
      width: outputWidth(),
      style: outputStyle(session.options),
      maximumRows: options.maxRows ?? (process.stdout.isTTY ? 1_000 : Number.POSITIVE_INFINITY),
    });
    let step = await table.next();
    for (; !step.done; step = await table.next()) await write(step.value);
    return step.value;
  });
  if (!isComplete) session.notes.note(`first ${rows} rows; --max-rows or -o FILE gives more`);
  else if (process.stdout.isTTY) session.notes.note(rows === 1 ? '1 row' : `${rows} rows`);
}

async function print(request: Request, format: Exclude<FileFormat, 'parquet'>): Promise<void> {
  const { sql, parameters, options } = request;
  const { runQuery } = await import('../query/run.js');
  const { encode } = await import('../query/save.js');
  const csv = { decimalComma: options.decimalComma === true, mark: options.bom === true };
  await withDatabase(request, async (connection) => {
    for await (const piece of encode(await runQuery(connection, sql, parameters), format, csv))
      await writeData(piece);
  });
}

async function runRequest(session: Session, request: Request): Promise<void> {
  const { options } = request;
  if (options.output !== undefined) return saveToFile(request, options.output);
  const format = options.format ?? (process.stdout.isTTY ? 'table' : 'csv');
  if (format === 'table') return printTable(session, request);
  if ((format === 'parquet' || format === 'arrow' || format === 'xlsx') && process.stdout.isTTY) {
    throw usageError(
      `${format} is not for a terminal`,
      `Save it: -o result.${format}, or send it on: > file.`,
    );
  }
  return format === 'parquet' ? printParquet(request) : print(request, format);
}

/**
 * `--from` takes all names that follow, so that a query after them is its last one: it is not a file and looks like
 * SQL.
 */
function takeQueryFrom(from: readonly string[] | undefined): { files?: readonly string[]; sql?: string } {
  if (from === undefined) return {};
  const last = from.at(-1)!;
  const isQuery = from.length > 1 && !existsSync(last) && /^\s*[(a-z]\w*\s+\S/i.test(last);
  return isQuery ? { files: from.slice(0, -1), sql: last } : { files: from };
}

async function query(
  session: Session,
  options: QueryOptions,
  argument: string | undefined,
  prepareFrom: PrepareFrom | undefined,
): Promise<void> {
  const { files: from, sql: behind } = takeQueryFrom(options.from);
  const isElsewhere = argument !== undefined || options.file !== undefined;
  if (behind !== undefined && isElsewhere)
    throw usageError(
      `there is no file ${behind}`,
      '--from takes files and folders; the query is given already.',
    );
  const given = argument ?? behind;
  const sql = await readSql(given, options.file);
  const { parseParameter } = await import('../query/parameters.js');
  const { lockDown, openForQueries } = await import('../query/open.js');
  const parameters = Object.fromEntries((options.param ?? []).map(parseParameter));
  const open = async (writableFile?: string): Promise<Database> => {
    const locks = {
      allowFiles: options.allowFiles === true,
      ...(writableFile === undefined ? {} : { writableFile }),
    };
    if (from === undefined || prepareFrom === undefined) {
      const database = await openForQueries(session.db, locks);
      session.notes.detail(`reading ${session.db}`);
      return database;
    }
    const database = await prepareFrom(from, session);
    await lockDown(database.connection, locks);
    return database;
  };
  await runRequest(session, { sql, parameters, options, open });
}

/** Adds `cellar query`. `--from` is offered only if `prepare` is given. */
export function registerQuery(program: Command, prepareFrom?: PrepareFrom): void {
  const command = program
    .command('query')
    .summary('ask the database in SQL')
    .description('Run SQL on the database and print the result.')
    .argument('[sql]', 'the query; - reads it from standard input')
    .option('-f, --file <file>', 'read the query from a file')
    .addOption(new Option('--format <format>', 'how to write the result').choices(formats))
    .option('-o, --output <file>', 'write to a file; its name tells the format')
    .option('--decimal-comma', 'CSV with decimal commas and semicolons')
    .option('--bom', 'CSV that Excel opens as UTF-8')
    .option(
      '-p, --param <name=value>',
      'value of $name in the query; repeatable',
      (value: string, before: string[] = []) => [...before, value],
    )
    .option('--max-rows <count>', 'rows of a table; default 1000 on a terminal, else all', parseCount)
    .option('--allow-files', 'let the query read files: read_csv, read_parquet, …')
    .addHelpText('after', help);
  if (prepareFrom !== undefined) {
    command.option('--from <file...>', 'query raw exports instead of the database');
  }
  command.action(
    action((session, options: QueryOptions, given: string | undefined) =>
      query(session, options, given, prepareFrom),
    ),
  );
}

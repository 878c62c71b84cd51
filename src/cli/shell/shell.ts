import { readFileSync } from 'node:fs';
import { usageError } from '../../errors.js';
import { runQuery } from '../../query/run.js';
import { encode } from '../../query/save.js';
import { firstWord, takeStatements } from '../../query/sql-text.js';
import { closest } from '../../query/suggest.js';
import { printSchema } from '../schema.js';
import { printFailure } from '../support/failure.js';
import { outputStyle, outputWidth, write, writeData } from '../support/output.js';
import { resultTable } from '../support/result-table.js';
import type { Session } from '../support/session.js';
import { complete, readVocabulary, type Vocabulary } from './completer.js';
import type { FollowedSnapshot } from './open-snapshot.js';

export const shellFormats = ['table', 'csv', 'json', 'ndjson'] as const;
type ShellFormat = (typeof shellFormats)[number];

const help = `Statements end with a semicolon and may take several lines.
.tables          tables and views
.schema [TABLE]  what the columns mean
.format FORMAT   ${shellFormats.join(', ')}
.read FILE       run the statements in a file
.timing on|off   say how long each statement took
.help            this
.quit            leave; so does Ctrl-D. Ctrl-C stops a statement
`;

const dotCommands = [...help.matchAll(/^\.\w+/gm)].map(([name]) => name);

/** The state of a shell: what was typed of a statement, and how results are shown. */
export class Shell {
  isRunning = false;
  hasFailed = false;
  private readonly session: Session;
  private readonly snapshot: FollowedSnapshot;
  private pending = '';
  private format: ShellFormat = 'table';
  private timing: boolean;
  private vocabulary: Vocabulary | undefined;

  constructor(session: Session, snapshot: FollowedSnapshot, isInteractive: boolean) {
    this.session = session;
    this.snapshot = snapshot;
    this.timing = isInteractive;
  }

  /** Whether a statement has begun that no semicolon has ended. */
  get isInsideStatement(): boolean {
    return this.pending.trim() !== '';
  }

  forgetStatement(): void {
    this.pending = '';
  }

  /** Takes one line; false: the user wants to leave. Failures are printed, and the shell goes on. */
  async takeLine(line: string): Promise<boolean> {
    try {
      if (!this.isInsideStatement && line.trim().startsWith('.')) return await this.dotCommand(line.trim());
      await this.takeSql(`${line}\n`);
    } catch (error) {
      this.hasFailed = true;
      printFailure(error, this.session.options.debug === true);
    }
    return true;
  }

  /** Runs what the input ended with, as if a semicolon had followed. */
  async end(): Promise<void> {
    if (this.isInsideStatement) await this.takeLine(';');
  }

  async complete(line: string): Promise<[string[], string]> {
    if (line.startsWith('.')) {
      return [dotCommands.filter((name) => name.startsWith(line)), line];
    }
    const { database, isNew } = await this.snapshot.current();
    if (isNew || this.vocabulary === undefined) this.vocabulary = await readVocabulary(database.connection);
    return complete(line, this.pending, this.vocabulary);
  }

  private async takeSql(text: string): Promise<void> {
    const { complete: statements, rest } = takeStatements(this.pending + text);
    this.pending = rest;
    for (const statement of statements) await this.run(statement);
  }

  private async run(sql: string): Promise<void> {
    const { database, isNew } = await this.snapshot.current();
    if (isNew) this.session.notes.note('the database was updated: this reads the new data');
    const started = performance.now();
    this.isRunning = true;
    try {
      const rows = await this.print(await runQuery(database.connection, sql));
      if (firstWord(sql) === 'CREATE') this.vocabulary = undefined;
      if (this.timing)
        this.session.notes.note(`${rows}${((performance.now() - started) / 1000).toFixed(3)} s`);
    } finally {
      this.isRunning = false;
    }
  }

  /** Prints a result; returns what to say about its size. */
  private async print(result: Awaited<ReturnType<typeof runQuery>>): Promise<string> {
    if (this.format !== 'table') {
      for await (const piece of encode(result, this.format)) await writeData(piece);
      return '';
    }
    const table = resultTable(result, {
      width: outputWidth(),
      style: outputStyle(this.session.options),
      maximumRows: process.stdout.isTTY ? 1_000 : Number.POSITIVE_INFINITY,
    });
    let step = await table.next();
    for (; !step.done; step = await table.next()) await write(step.value);
    const { rows, isComplete } = step.value;
    return `${isComplete ? '' : 'first '}${rows} ${rows === 1 ? 'row' : 'rows'}, `;
  }

  private async dotCommand(line: string): Promise<boolean> {
    const [name, ...words] = line.replace(/;\s*$/, '').split(/\s+/);
    const argument = words.join(' ');
    switch (name) {
      case '.quit':
      case '.exit':
        return false;
      case '.help':
        await write(help);
        break;
      case '.tables':
        await this.run(
          'SELECT table_name, comment FROM (SELECT table_name, comment FROM duckdb_tables() UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal) ORDER BY table_name',
        );
        break;
      case '.schema':
        await printSchema(this.session, {}, argument === '' ? undefined : argument);
        break;
      case '.format':
        this.format = choose(argument, shellFormats, '.format');
        break;
      case '.timing':
        this.timing = choose(argument, ['on', 'off'] as const, '.timing') === 'on';
        break;
      case '.read':
        await this.read(argument);
        break;
      default: {
        const near = closest(name ?? '', dotCommands);
        throw usageError(
          `there is no command ${name}`,
          near === undefined ? '.help lists them.' : `Did you mean ${near}?`,
        );
      }
    }
    return true;
  }

  private async read(file: string): Promise<void> {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw usageError(
        `${file === '' ? 'the file of .read' : file} cannot be read: ${(error as Error).message}`,
      );
    }
    await this.takeSql(`${text}\n;`);
  }
}

function choose<Choice extends string>(given: string, choices: readonly Choice[], command: string): Choice {
  const found = choices.find((choice) => choice === given.toLowerCase());
  if (found === undefined) throw usageError(`${command} takes one of ${choices.join(', ')}`);
  return found;
}

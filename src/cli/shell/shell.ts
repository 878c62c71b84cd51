import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
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
import { createStyle } from '../support/style.js';
import { complete, readVocabulary, type Vocabulary } from './completer.js';
import type { FollowedSnapshot } from './open-snapshot.js';
import { isLargerThanScreen, showInPager } from './pager.js';

export const shellFormats = ['table', 'csv', 'json', 'ndjson'] as const;
type ShellFormat = (typeof shellFormats)[number];

const help = `Statements end with a semicolon and may take several lines.
.tables          tables and views
.schema [TABLE]  what the columns mean
.mode FORMAT     how results are written: ${shellFormats.join(', ')}; .format is the same
.output [FILE]   write results to a file; without one, to the screen again
.pager on|off    show long tables page by page (CELLAR_PAGER or PAGER, else less; on a terminal)
.read FILE       run the statements in a file
.timing on|off   say how long each statement took
.help            this
.quit            leave; so does Ctrl-D. Ctrl-C stops a statement
Ctrl-R           fetch the last line typed that contains what stands there; again: the one before
`;

const dotCommands = [...help.matchAll(/^\.\w+/gm)].map(([name]) => name);

/** The state of a shell: the statement as typed so far, and how results are shown. */
export class Shell {
  isRunning = false;
  hasFailed = false;
  private readonly session: Session;
  private readonly snapshot: FollowedSnapshot;
  private pending = '';
  private format: ShellFormat = 'table';
  private timing: boolean;
  private isPaged: boolean;
  /** Time spent in the pager with the last result; it does not count as time of the query. */
  private pagedMilliseconds = 0;
  /** The file that results go to; undefined: the screen. */
  private output: string | undefined;
  private vocabulary: Vocabulary | undefined;

  constructor(session: Session, snapshot: FollowedSnapshot, isInteractive: boolean) {
    this.session = session;
    this.snapshot = snapshot;
    this.timing = isInteractive;
    this.isPaged = isInteractive;
  }

  /** Whether a statement has begun and is not ended by a semicolon yet. */
  get isInsideStatement(): boolean {
    return this.pending.trim() !== '';
  }

  forgetStatement(): void {
    this.pending = '';
  }

  /** Takes one line; returns false if the user wants to leave. Failures are printed, and the shell goes on. */
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

  /** Runs the last statement of the input, as if a semicolon had followed. */
  async end(): Promise<void> {
    if (this.isInsideStatement) await this.takeLine(';');
  }

  /**
   * What the last word of `line` may become; `whole` is the line with the text after the cursor, which may name the
   * table of an alias before the cursor.
   */
  async complete(line: string, whole: string = line): Promise<[string[], string]> {
    if (line.startsWith('.')) {
      return [dotCommands.filter((name) => name.startsWith(line)), line];
    }
    const { database, isNew } = await this.snapshot.current();
    if (isNew || this.vocabulary === undefined) this.vocabulary = await readVocabulary(database.connection);
    return complete(line, `${this.pending} ${whole}`, this.vocabulary);
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
      this.pagedMilliseconds = 0;
      const rows = await this.print(await runQuery(database.connection, sql));
      const seconds = (performance.now() - started - this.pagedMilliseconds) / 1000;
      if (firstWord(sql) === 'CREATE') this.vocabulary = undefined;
      if (this.timing) this.session.notes.note(`${rows}${seconds.toFixed(3)} s`);
    } finally {
      this.isRunning = false;
    }
  }

  /** Prints a result; returns what to say about its size. */
  private async print(result: Awaited<ReturnType<typeof runQuery>>): Promise<string> {
    if (this.format !== 'table') {
      for await (const piece of encode(result, this.format)) await this.put(piece);
      return '';
    }
    const isScreen = this.output === undefined && process.stdout.isTTY === true;
    const isPaged = isScreen && this.isPaged;
    const table = resultTable(result, {
      width: isScreen && !isPaged ? outputWidth() : Number.POSITIVE_INFINITY,
      style: isScreen ? outputStyle(this.session.options) : createStyle(false),
      maximumRows: isScreen ? 1_000 : Number.POSITIVE_INFINITY,
    });
    const pieces: string[] = [];
    let step = await table.next();
    for (; !step.done; step = await table.next()) {
      if (isPaged) pieces.push(step.value);
      else if (this.output === undefined) await write(step.value);
      else await this.put(step.value);
    }
    if (isPaged) await this.page(pieces.join(''));
    const { rows, isComplete } = step.value;
    return `${isComplete ? '' : 'first '}${rows} ${rows === 1 ? 'row' : 'rows'}, `;
  }

  /** Writes a piece of a result to the screen or to the file of `.output`. */
  private async put(piece: string | Uint8Array): Promise<void> {
    if (this.output === undefined) await writeData(piece);
    else appendFileSync(this.output, piece);
  }

  /** Shows a table page by page where it is longer or wider than the screen. */
  private async page(text: string): Promise<void> {
    const shown = performance.now();
    const isRead = isLargerThanScreen(text) && showInPager(text);
    this.pagedMilliseconds = performance.now() - shown;
    if (!isRead) await write(text);
  }

  /** Opens the file of `.output`, emptied; without a name results go to the screen again. */
  private setOutput(file: string): void {
    this.output = file === '' ? undefined : file;
    if (this.output === undefined) return;
    try {
      writeFileSync(this.output, '');
    } catch (error) {
      this.output = undefined;
      throw usageError(`${file} cannot be written: ${(error as Error).message}`);
    }
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
      case '.mode':
      case '.format':
        this.format = choose(argument, shellFormats, name);
        break;
      case '.output':
        this.setOutput(argument);
        break;
      case '.pager':
        this.isPaged = choose(argument, ['on', 'off'] as const, '.pager') === 'on';
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

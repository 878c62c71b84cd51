import type { Command } from 'commander';
import { usageError } from '../errors.js';
import type { DocumentedRelation, RelationColumn } from '../query/documentation.js';
import { write, writeJson, writeTable } from './support/output.js';
import { action, type Session } from './support/session.js';

interface SchemaOptions {
  markdown?: boolean;
  json?: boolean;
}

const help = `
Examples:
  cellar schema                       every table and view, in one line each
  cellar schema cycles                the columns of a table: meaning, unit, formula
  cellar schema --markdown > schema.md`;

/** Adds `cellar schema`: what the tables and columns mean. Needs no database. */
export function registerSchema(program: Command): void {
  program
    .command('schema')
    .summary('the documented tables and columns')
    .description('Print what every table, view and column means, with units, signs and formulas.')
    .argument('[table]', 'a table or view; without it, a list of all')
    .option('--markdown', 'the whole reference as Markdown')
    .option('--json', 'the same as one JSON object')
    .addHelpText('after', help)
    .action(action(printSchema));
}

/** Prints the documentation of all tables, or of one. */
export async function printSchema(
  session: Session,
  options: SchemaOptions,
  name: string | undefined,
): Promise<void> {
  const { documentedSchema } = await import('../query/documentation.js');
  const all = await documentedSchema();
  const chosen = name === undefined ? all : [await find(all, name)];
  if (options.json === true) return writeJson({ schema: 'cellar.schema/1', relations: chosen });
  if (options.markdown === true) return write(markdown(chosen));
  return name === undefined ? printList(session, all) : printColumns(session, chosen[0]!);
}

async function find(all: readonly DocumentedRelation[], name: string): Promise<DocumentedRelation> {
  const found = all.find((relation) => relation.name === name.toLowerCase());
  if (found !== undefined) return found;
  const { closest } = await import('../query/suggest.js');
  const near = closest(
    name,
    all.map((relation) => relation.name),
  );
  throw usageError(
    `there is no table or view ${name}`,
    near === undefined ? '`cellar schema` lists them.' : `Did you mean ${near}?`,
  );
}

function printList(session: Session, relations: readonly DocumentedRelation[]): Promise<void> {
  return writeTable(
    [{ name: 'table' }, { name: 'kind' }, { name: 'columns', align: 'right' }, { name: 'a row is' }],
    relations.map(({ name, kind, columns, row }) => [name, kind, String(columns.length), row]),
    session.options,
  );
}

function describe({ meaning, formula }: RelationColumn): string {
  return formula === undefined ? meaning : `${meaning} Formula: ${formula}`;
}

async function printColumns(
  session: Session,
  { name, kind, row, columns }: DocumentedRelation,
): Promise<void> {
  await write(`${name} (${kind}): a row is ${row}\n\n`);
  await writeTable(
    [{ name: 'column' }, { name: 'type' }, { name: 'unit' }, { name: 'meaning' }],
    columns.map((column) => [column.name, column.type, column.unit ?? '', describe(column)]),
    session.options,
  );
}

const cell = (text: string) => text.replaceAll('|', '\\|');

function markdown(relations: readonly DocumentedRelation[]): string {
  const sections = relations.map(({ name, kind, row, columns }) =>
    [
      `## ${name}`,
      '',
      `${kind === 'view' ? 'View; a' : 'A'} row is ${row}.`,
      '',
      '| column | type | unit | meaning | formula |',
      '|---|---|---|---|---|',
      ...columns.map(
        (column) =>
          `| \`${column.name}\` | ${column.type} | ${column.unit ?? ''} | ${cell(column.meaning)} | ${cell(column.formula ?? '')} |`,
      ),
      '',
    ].join('\n'),
  );
  const head =
    '# Tables and columns\n\nMade by `cellar schema --markdown`. Ratios are fractions; a current is positive where it charges.\n';
  return [head, ...sections, ...(relations.length > 1 ? [keysSection(relations)] : [])].join('\n');
}

/** What identifies a row, and where its columns lead. */
function keysSection(relations: readonly DocumentedRelation[]): string {
  const names = (columns: readonly string[]) => columns.map((name) => `\`${name}\``).join(', ');
  const lines = relations.map(({ name, keys: { primary, foreign } }) => {
    const leads = foreign.map(({ columns, references, of }) =>
      columns.join() === of.join()
        ? `${names(columns)} → ${references}`
        : `${names(columns)} → ${references} (${names(of)})`,
    );
    return `| ${name} | ${names(primary)} | ${leads.join('; ')} |`;
  });
  return [
    '## Keys',
    '',
    'What identifies a row, and which columns, where they are not null, are the key of another table or view. Join by these',
    '(`JOIN … USING (cell_id, cell_cycle)`), never by all columns of the same name.',
    '',
    '| table or view | a row is identified by | leads to |',
    '|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

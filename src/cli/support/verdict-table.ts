import { writeFile } from 'node:fs/promises';
import { storageError } from '../../errors.js';
import {
  emptyCell,
  momentCell,
  numberCell,
  type SheetColumn,
  textCell,
  WorkbookWriter,
  wrappedCell,
} from '../../query/formats/workbook.js';
import { dueStatuses } from '../../targets/due.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { asOf } from '../../targets/projection.js';
import { shortfall } from '../../targets/remarks.js';
import { unitSymbol } from '../../targets/units.js';
import type { Circumstances } from './verdict-text.js';

/** Verdicts as tables for people who work with spreadsheets: one line each, numbers as numbers. */

type Cell = string | number | null;

interface TableColumn extends SheetColumn {
  /** `date`: a day as `2026-12-31`; `text`: words that may take several lines. */
  kind?: 'date' | 'text';
}

interface Table {
  name: string;
  columns: readonly TableColumn[];
  rows: Cell[][];
}

const plain = (...names: string[]): TableColumn[] => names.map((name) => ({ name }));
const words = (name: string, width: number): TableColumn => ({ name, width, kind: 'text' });
const day = (name: string): TableColumn => ({ name, width: 11, kind: 'date' });
/** What names a verdict in every table. */
const named: TableColumn[] = [
  { name: 'material', width: 12 },
  { name: 'target', width: 24 },
];
const bounds = ['ci95_low', 'ci95_high', 'bound95_low', 'bound95_high'];

function verdictTable(judged: readonly JudgedTarget[], { today, past }: Circumstances): Table {
  return {
    name: 'verdicts',
    columns: [
      ...named,
      { name: 'verdict', width: 19 },
      ...plain('value', ...bounds, 'comparison', 'limit', 'unit', 'missed_by', 'samples', 'scope'),
      day('due'),
      ...plain('due_state'),
      day('projected'),
      ...plain('owner'),
      words('reason', 70),
      words('missing', 50),
      words('assumed', 30),
      words('note', 30),
    ],
    rows: judged.map((one) => {
      const { target, verdict, value } = one;
      const own = target.due === null ? undefined : dueStatuses(one, past(one), today).at(-1);
      return [
        one.material_id,
        target.id,
        verdict,
        value,
        one.ci95_low,
        one.ci95_high,
        one.bound95_low,
        one.bound95_high,
        target.comparison,
        target.threshold,
        unitSymbol(target.unit),
        shortfall(verdict, value, target),
        one.sample_size,
        one.scope,
        target.due,
        own?.state ?? null,
        own?.projected ?? null,
        target.owner,
        one.reason,
        one.said.missing === null ? null : asOf(one.said.missing, today),
        one.assumed.join(', '),
        target.note,
      ];
    }),
  };
}

/** Every date of every target, milestones first. */
function dateTable(judged: readonly JudgedTarget[], { today, past }: Circumstances): Table {
  return {
    name: 'dates',
    columns: [
      ...named,
      day('due'),
      ...plain('comparison', 'limit', 'unit', 'state'),
      day('projected'),
      { name: 'projected_from', width: 16 },
      ...plain('set', 'owner'),
    ],
    rows: judged.flatMap((one) =>
      dueStatuses(one, past(one), today).map(({ due, threshold, state, projected, from }): Cell[] => [
        one.material_id,
        one.target.id,
        due,
        one.target.comparison,
        threshold,
        unitSymbol(one.target.unit),
        state,
        projected,
        from,
        one.target.set,
        one.target.owner,
      ]),
    ),
  };
}

function budgetTable(judged: readonly JudgedTarget[]): Table {
  return {
    name: 'budget',
    columns: [
      ...named,
      { name: 'component', width: 24 },
      ...plain('kind', 'distribution', 'standard_uncertainty', 'unit', 'degrees_of_freedom', 'share'),
      words('assumed', 40),
    ],
    rows: judged.flatMap(({ material_id, target, budget }) =>
      budget.map((line): Cell[] => [
        material_id,
        target.id,
        line.component,
        line.kind,
        line.distribution,
        line.standard_uncertainty,
        unitSymbol(line.unit),
        line.dof,
        line.share,
        line.assumed,
      ]),
    ),
  };
}

function alternativeTable(judged: readonly JudgedTarget[]): Table {
  return {
    name: 'alternatives',
    columns: [
      ...named,
      { name: 'choice', width: 20 },
      { name: 'alternative', width: 44 },
      ...plain('value', ...bounds, 'unit'),
      { name: 'verdict', width: 19 },
      { name: 'other_side', width: 11 },
    ],
    rows: judged.flatMap(({ material_id, target, alternatives }) =>
      alternatives.map((line): Cell[] => [
        material_id,
        target.id,
        line.choice,
        line.alternative,
        line.value,
        line.ci95_low,
        line.ci95_high,
        line.bound95_low,
        line.bound95_high,
        unitSymbol(target.unit),
        line.verdict,
        line.crosses ? 'yes' : 'no',
      ]),
    ),
  };
}

/** Spreadsheets recognise UTF-8 only by this mark. */
const BYTE_ORDER_MARK = '\ufeff';

/** A text that begins like a formula must stay a text: spreadsheets do so behind an apostrophe. */
function csvField(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content).catch((error: Error) => {
    throw storageError(`${path} cannot be written: ${error.message}`, 'name another file');
  });
}

/**
 * Writes the verdicts as CSV with a byte order mark.
 *
 * @throws CellarError (storage) where the file cannot be written
 */
export async function writeVerdictsCsv(
  path: string,
  judged: readonly JudgedTarget[],
  circumstances: Circumstances,
): Promise<void> {
  const { columns, rows } = verdictTable(judged, circumstances);
  const text = [columns.map(({ name }) => name), ...rows]
    .map((row) => row.map(csvField).join(','))
    .join('\r\n');
  await write(path, `${BYTE_ORDER_MARK}${text}\r\n`);
}

function sheetCell(value: Cell, { kind }: TableColumn): string {
  if (value === null || value === '') return emptyCell;
  if (typeof value === 'number') return numberCell(String(value));
  if (kind === 'date') return momentCell(Date.parse(value), 'date') ?? textCell(value);
  return kind === 'text' ? wrappedCell(value) : textCell(value);
}

/**
 * Writes the verdicts as a workbook, with their dates, budgets and alternatives on sheets of their own.
 *
 * @throws CellarError (storage) where the file cannot be written
 */
export async function writeVerdictsWorkbook(
  path: string,
  judged: readonly JudgedTarget[],
  circumstances: Circumstances,
): Promise<void> {
  const workbook = new WorkbookWriter();
  const tables = [
    verdictTable(judged, circumstances),
    dateTable(judged, circumstances),
    budgetTable(judged),
    alternativeTable(judged),
  ];
  for (const { name, columns, rows } of tables) {
    workbook.beginSheet(name, columns);
    workbook.rows(
      rows.map((row) => row.map((value, i) => sheetCell(value, columns[i] as TableColumn)).join('')),
    );
  }
  workbook.end();
  await write(path, Buffer.concat(workbook.take()));
}

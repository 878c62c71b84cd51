import { createStyle, type Style } from './style.js';
import { pad, textWidth, visible, wrap } from './text-width.js';

export interface TableColumn {
  name: string;
  /** Shown behind the name. */
  unit?: string;
  /** Numbers are aligned right, so that their digits line up. */
  align?: 'left' | 'right';
}

/**
 * How rows are laid out: a grid whose columns fit the width (text columns wrap where they must), or, where even that
 * does not fit, one block of lines per row.
 */
export interface TableLayout {
  kind: 'grid' | 'records';
  columns: { title: string; align: 'left' | 'right'; width: number }[];
  style: Style;
}

const gap = '  ';
/** A text column is wrapped down to this width before records replace the grid. */
const narrowestText = 14;

const titleOf = ({ name, unit }: TableColumn) => (unit === undefined ? name : `${name} (${unit})`);

/** Takes width from the widest text columns until the grid fits; tells whether it does. */
function shrink(columns: TableLayout['columns'], available: number): boolean {
  const total = () => columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1));
  for (let excess = total() - available; excess > 0; excess = total() - available) {
    const texts = columns.filter(({ align, width }) => align === 'left' && width > narrowestText);
    const widest = texts.reduce<(typeof texts)[number] | undefined>(
      (best, next) => (best === undefined || next.width > best.width ? next : best),
      undefined,
    );
    if (widest === undefined) return false;
    const second = Math.max(narrowestText, ...texts.filter((c) => c !== widest).map(({ width }) => width));
    widest.width = Math.max(narrowestText, Math.min(widest.width - 1, second), widest.width - excess);
  }
  return true;
}

/** Decides the layout from the columns and the rows seen first; `available` is the terminal's width. */
export function layoutTable(
  columns: readonly TableColumn[],
  sample: readonly (readonly string[])[],
  available = Number.POSITIVE_INFINITY,
  style: Style = createStyle(false),
): TableLayout {
  const laid = columns.map((column, index) => {
    const title = visible(titleOf(column));
    const widest = sample.reduce((width, row) => Math.max(width, textWidth(visible(row[index] ?? ''))), 0);
    return { title, align: column.align ?? ('left' as const), width: Math.max(textWidth(title), widest) };
  });
  const kind = shrink(laid, available) ? 'grid' : 'records';
  return { kind, columns: laid, style };
}

/** The lines above the first row. */
export function tableHead({ kind, columns, style }: TableLayout): string[] {
  if (kind === 'records') return [];
  const wrapped = columns.map(({ title, width }) => wrap(title, width));
  const height = Math.max(0, ...wrapped.map(({ length }) => length));
  const titles = Array.from({ length: height }, (_, line) =>
    columns.map(({ align, width }, index) => pad(wrapped[index]?.[line] ?? '', width, align)).join(gap),
  );
  const rule = columns.map(({ width }) => '─'.repeat(width)).join(gap);
  return [...titles.map((title) => style.bold(title.trimEnd())), style.dim(rule)];
}

function gridLines(columns: TableLayout['columns'], row: readonly string[]): string[] {
  const cells = columns.map(({ width, align }, index) => {
    const text = visible(row[index] ?? '');
    return align === 'right' ? [text] : wrap(text, width);
  });
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width, align }, index) => pad(cells[index]?.[line] ?? '', width, align))
      .join(gap)
      .trimEnd(),
  );
}

function recordLines({ columns, style }: TableLayout, row: readonly string[], number: number): string[] {
  const titleWidth = Math.max(...columns.map(({ title }) => textWidth(title)));
  const fields = columns.map(({ title }, index) =>
    `${style.bold(pad(title, titleWidth, 'right'))}  ${visible(row[index] ?? '')}`.trimEnd(),
  );
  return [style.dim(`── row ${number} ${'─'.repeat(titleWidth)}`), ...fields];
}

/** The lines of one row; `number` counts rows from 1. */
export function tableRow(layout: TableLayout, row: readonly string[], number: number): string[] {
  return layout.kind === 'grid' ? gridLines(layout.columns, row) : recordLines(layout, row, number);
}

/** A whole table as text with a final line end; for tables that fit in memory. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  available?: number,
  style?: Style,
): string {
  const layout = layoutTable(columns, rows, available, style);
  const lines = [...tableHead(layout), ...rows.flatMap((row, index) => tableRow(layout, row, index + 1))];
  return `${lines.join('\n')}\n`;
}

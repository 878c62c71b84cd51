import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { closest } from '../query/suggest.js';
import { chartFigure } from '../report/figures/chart.js';
import type { Figure } from '../report/plot/figure.js';
import { select } from '../store/connection.js';
import type { Kind, PlotContent } from './kinds/index.js';

/** What a kind made, with everything as figures. */
export interface PlotFigures extends PlotContent {
  all: readonly Figure[];
}

/** Options as texts, checked. @throws CellarError (usage) that names the option */
export function checkedOptions(kind: Kind, given: Readonly<Record<string, string>>): unknown {
  const checked = kind.options.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw usageError(`${issue?.path.join('.') ?? 'an option'}: ${issue?.message ?? 'cannot be read'}`);
}

/** Makes sure that there are such cells. @throws CellarError (usage) with the nearest id */
export async function requireCells(connection: DuckDBConnection, ids: readonly string[]): Promise<void> {
  const rows = await select<{ cell_id: string }>(
    connection,
    `SELECT cell_id FROM cells UNION SELECT cell_id FROM tests WHERE cell_id IS NOT NULL
     UNION SELECT cell_id FROM spectra WHERE cell_id IS NOT NULL`,
  );
  const known = rows.map(({ cell_id }) => cell_id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const near = closest(unknown, known);
  throw usageError(
    `there is no cell ${unknown}`,
    near === undefined ? '`cellar query "FROM cells"` lists them.' : `Did you mean ${near}?`,
  );
}

const isNumber = (text: string) => /^\d{1,9}$/.test(text);

/** Draws a kind of its subjects. @throws CellarError (usage) for a subject or an option that there is not */
export async function drawKind(
  connection: DuckDBConnection,
  kind: Kind,
  subjects: readonly string[],
  given: Readonly<Record<string, string>>,
): Promise<PlotFigures> {
  const options = checkedOptions(kind, given);
  if (subjects.length === 0) throw usageError(`name a ${kind.subject} to plot`);
  const cells = kind.subject === 'cell' ? subjects : subjects.filter((one) => !isNumber(one));
  await requireCells(connection, cells);
  const drawn = await kind.draw(connection, { subjects, options });
  return { ...drawn, all: [...(drawn.figures ?? []), ...drawn.charts.map((chart) => chartFigure(chart))] };
}

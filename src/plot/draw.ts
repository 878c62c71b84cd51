import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { requireCells } from '../query/known-cells.js';
import { chartFigure } from '../report/figures/chart.js';
import type { Figure } from '../report/plot/figure.js';
import type { Kind, PlotContent } from './kinds/index.js';

/** The result of a kind, with everything as figures. */
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

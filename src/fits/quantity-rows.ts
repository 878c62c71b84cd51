import type { FitResult, Quantity } from '../analysis/result.js';
import type { SqlRow } from '../store/connection.js';
import { toJson } from './plain.js';

/** What a fit says as a whole, beside its quantities. */
export type FitFigures = Partial<Pick<FitResult, 'goodness' | 'warnings' | 'excluded'>>;

/** The same as columns of a fit table. */
export const figureColumns = ({ goodness, warnings, excluded }: FitFigures): SqlRow => ({
  goodness: toJson(goodness ?? {}),
  warnings: toJson(warnings ?? []),
  excluded: toJson(excluded ?? []),
});

/** One row per quantity, each with goodness, warnings and exclusions. */
export function quantityRows(quantities: readonly Quantity[], shared: SqlRow, figures: FitFigures): SqlRow[] {
  const beside = figureColumns(figures);
  return quantities.map(({ label: _label, ...row }) => ({
    ...shared,
    ...(row as unknown as SqlRow),
    ...beside,
  }));
}

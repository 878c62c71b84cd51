import type { DuckDBConnection } from '@duckdb/node-api';
import { run } from '../../store/connection.js';
import { placeOf } from '../containers/place-of.js';
import type { TextView } from '../containers/view.js';
import type { LedgerRow } from '../ledger/ledger.js';
import type { LoadedFile } from './loaded.js';

/** Replaces lines of the text by places in the file, for what was loaded from a container. */
export async function placeInContainer(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  view: TextView,
): Promise<void> {
  // Records that were read from columns already have their places in the file.
  if (view.columns !== undefined) return;
  for (const reject of loaded.rejects) reject.line_number = placeOf(view, reject.line_number);
  for (const table of loaded.tables) {
    const shift = table.firstLine - placeOf(view, table.firstLine);
    if (shift === 0) continue;
    table.firstLine -= shift;
    const move = (name: string, where: string) =>
      run(connection, `UPDATE ${name} SET line_number = line_number - ${shift} WHERE ${where}`);
    if (table.testId !== undefined) await move('measurements', `test_id = ${table.testId}`);
    const ids = table.spectra.map(({ spectrumId }) => spectrumId);
    if (ids.length > 0) await move('impedance', `spectrum_id IN (${ids.join(', ')})`);
  }
}

/** Removes the lines that the view adds from the count of lines. */
export function withoutHeads(row: LedgerRow, view: TextView): void {
  const [first, ...others] = view.heads.map(({ count }) => count);
  const added = Math.min(first ?? 0, row.lines_head);
  const between = others.reduce((sum, count) => sum + count, 0);
  row.lines_head -= added;
  row.lines_structural -= between;
  row.lines_total -= added + between;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { run } from '../../store/connection.js';
import { placeOf } from '../containers/place-of.js';
import type { TextView } from '../containers/view.js';
import type { LedgerRow } from '../ledger/ledger.js';
import type { LoadedFile } from './loaded.js';

/** Gives what was loaded from a container the places in the file in place of lines of its text. */
export async function placeInContainer(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  view: TextView,
): Promise<void> {
  // What was read from columns has its places in the file already.
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

/** Takes the lines that the view adds out of the count of a file's lines. */
export function withoutHeads(row: LedgerRow, view: TextView): void {
  const [first, ...others] = view.heads.map(({ count }) => count);
  const added = Math.min(first ?? 0, row.lines_head);
  const between = others.reduce((sum, count) => sum + count, 0);
  row.lines_head -= added;
  row.lines_structural -= between;
  row.lines_total -= added + between;
}

/** Everything made again from the raw files: ingest, derivation, fits, verdicts, page. */
import { join } from 'node:path';
import { ingest } from '../ingest/ingest.js';
import type { Language } from '../messages/message.js';
import { makeModel } from '../report/model.js';
import { renderPage } from '../report/page/page.js';
import { insertRows, inTransaction, run } from '../store/connection.js';
import { openSnapshot } from '../store/snapshot.js';
import { openWriter } from '../store/writer.js';
import { analyzeOnly } from '../targets/check.js';
import type { JudgedTarget } from '../targets/evaluate.js';
import { loadTargets } from '../targets/load.js';
import type { Records } from './contents.js';

export interface RecomputeOptions {
  /** Folder with the content of the bundle. */
  folder: string;
  /** Where the scratch database goes. */
  database: string;
  roots: readonly string[];
  lab: string | null;
  targets: string;
  material: string | null;
  as_of: string | null;
  /** Of the page; absent: English. */
  language?: Language | undefined;
  records: Records;
  signal?: AbortSignal | undefined;
  onStart?: ((spectra: number) => void) | undefined;
  onSpectrum?: (() => void) | undefined;
}

const command = 'cellar verify';

async function restoreRecords(database: string, { exclusions, runs, history }: Records): Promise<void> {
  const writer = await openWriter(database, { command });
  try {
    const { connection } = writer;
    await inTransaction(connection, async () => {
      // The run numbers of the scratch database would be mistaken for those of past verdicts.
      await run(connection, 'DELETE FROM runs');
      await insertRows(
        connection,
        'runs',
        runs.map((one) => ({ ...one, started_at: new Date(one.started_at) })),
      );
      await insertRows(
        connection,
        'exclusions',
        exclusions.map((one) => ({
          ...one,
          decided_at: new Date(one.decided_at),
          undone_at: one.undone_at === null ? null : new Date(one.undone_at),
        })),
      );
      await insertRows(connection, 'verdict_history', history);
    });
    await writer.publish();
  } finally {
    await writer.end();
  }
}

/** The verdicts and the page that a folder of raw files and metadata gives. */
export async function recompute(
  options: RecomputeOptions,
): Promise<{ judged: readonly JudgedTarget[]; page: string }> {
  const { folder, database, signal, material, as_of, language } = options;
  await ingest(
    options.roots.map((root) => join(folder, root)),
    { database, lab: options.lab === null ? undefined : join(folder, options.lab), signal, command },
  );
  await restoreRecords(database, options.records);
  const table = await loadTargets(join(folder, options.targets));
  const outcome = await analyzeOnly(table, {
    database,
    command,
    signal,
    onStart: options.onStart,
    onSpectrum: options.onSpectrum,
  });
  const snapshot = await openSnapshot(database);
  try {
    const request = { targets: options.targets, table, material, since: null, as_of, language };
    const model = await makeModel(snapshot.connection, request, outcome);
    return { judged: model.judged, page: renderPage(model) };
  } finally {
    snapshot.close();
  }
}

import { recordRun } from '../fits/store.js';
import type { Language } from '../messages/message.js';
import { inTransaction } from '../store/connection.js';
import { openSnapshot } from '../store/snapshot.js';
import { openWriter } from '../store/writer.js';
import { analyzeAndStore, analyzeOnly, type CheckOptions } from '../targets/check.js';
import { dayOf } from '../targets/due.js';
import { loadTargets } from '../targets/load.js';
import { asOfDay, readReportRuns } from './history.js';
import { makeModel, type ReportModel } from './model.js';

export { writeAtomically } from './files-out.js';
export { renderMarkdown } from './markdown.js';
export { renderPage } from './page/page.js';

export interface ReportOptions extends CheckOptions {
  /** As `--targets` was given: the name of a table that ships, or a file. */
  targets: string;
  material: string | null;
  /** A date or a run; undefined: the last report that showed something else. */
  since: string | undefined;
  /** The day on which it is made, `2026-12-31`; default: today. */
  today?: string;
  /** Default: English. */
  language?: Language;
  /** Whether to store fits, verdicts, and that this report was made. */
  write: boolean;
}

export interface Report {
  model: ReportModel;
  /** False where a reader holds the old snapshot: what was stored appears later. */
  isPublished: boolean;
}

/**
 * Brings fits and verdicts up to date and puts the report together.
 *
 * @throws CellarError for unknown targets, material or run (2), a full disk (74), a database that is held (75)
 */
export async function makeReport(options: ReportOptions): Promise<Report> {
  const startedAt = new Date();
  const table = await loadTargets(options.targets);
  const outcome = options.write ? await analyzeAndStore(table, options) : await analyzeOnly(table, options);
  const snapshot = await openSnapshot(options.database);
  const shown = outcome.judged.filter(({ material_id }) => material_id === (options.material ?? material_id));
  const as_of = asOfDay(shown, options.today ?? dayOf(new Date()));
  const model = await makeModel(
    snapshot.connection,
    { ...options, table, as_of, language: options.language ?? 'en' },
    outcome,
  ).finally(() => snapshot.close());
  if (options.write && model.judged.length > 0) await recordReport(model, options, startedAt);
  return { model, isPublished: outcome.isPublished };
}

/**
 * Notes what was shown, so that the next report can say what changed since. The same state again is the same report.
 * Only the next run reads it, so publishing can wait until there is something for people to read.
 */
async function recordReport(model: ReportModel, options: ReportOptions, startedAt: Date): Promise<void> {
  const { scope, manifest } = model;
  const writer = await openWriter(options.database, {
    command: options.command,
    ...(options.waitSeconds === undefined ? {} : { waitSeconds: options.waitSeconds }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    const last = (await readReportRuns(writer.connection, scope)).at(-1);
    if (last?.state === manifest.state) return;
    await inTransaction(writer.connection, () =>
      recordRun(writer.connection, 'report', startedAt, { scope, state: manifest.state }),
    );
  } finally {
    await writer.end();
  }
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { usageError } from '../errors.js';
import { openSnapshot } from '../store/snapshot.js';
import { analyzeOnly, type CheckOptions } from '../targets/check.js';
import { loadTargets } from '../targets/load.js';
import type { Baseline } from './history.js';
import { manifestDifferences, type ReportManifest, readManifest } from './manifest.js';
import { makeModel } from './model.js';
import { renderPage } from './page/page.js';

export interface VerifyOptions extends CheckOptions {
  /** Whether to make every fit again, instead of using stored ones with unchanged input. */
  refit: boolean;
}

async function readPage(path: string): Promise<{ page: string; manifest: ReportManifest }> {
  if (!existsSync(path))
    throw usageError(`there is no file ${path}`, 'name a report that `cellar report` wrote');
  const page = await readFile(path, 'utf8');
  const manifest = readManifest(page);
  if (manifest === null) {
    throw usageError(
      `${path} carries no manifest of a Cellar report`,
      'name a page that `cellar report` wrote',
    );
  }
  return { page, manifest };
}

function baselineOf({ parameters }: ReportManifest): Baseline | null {
  const { since } = parameters;
  return since === null ? null : { run_id: since.run_id, started_at: new Date(since.started_at) };
}

/** The first line in which two texts differ, from 1. */
function firstDifferingLine(before: string, now: string): number {
  const [a, b] = [before.split('\n'), now.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return (at < 0 ? a.length : at) + 1;
}

/**
 * Makes the page again with the parameters in its manifest, from the present database; nothing is written.
 *
 * @returns what differs, in words; empty where the bytes are the same
 */
export async function verifyReport(path: string, options: VerifyOptions): Promise<{ differences: string[] }> {
  const { page, manifest } = await readPage(path);
  const { targets, material, as_of, language = 'en' } = manifest.parameters;
  const table = await loadTargets(targets);
  const outcome = await analyzeOnly(table, options);
  const snapshot = await openSnapshot(options.database);
  const request = { targets, table, material, since: baselineOf(manifest), as_of, language };
  const model = await makeModel(snapshot.connection, request, outcome).finally(() => snapshot.close());
  const now = renderPage(model);
  if (now === page) return { differences: [] };
  const parts = manifestDifferences(manifest, model.manifest);
  if (parts.length > 0) return { differences: parts };
  const line = firstDifferingLine(page, now);
  return { differences: [`the page itself was changed: line ${line} is the first that differs`] };
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import type { Language, ReaderSettings } from '../messages/message.js';
import type { JudgedTarget } from '../targets/evaluate.js';
import type { LabData, MaterialRecord } from '../targets/lab-data.js';
import type { TargetTable } from '../targets/schema.js';
import { type LedgerFile, readLedger } from './files.js';
import {
  type Baseline,
  baselineSince,
  type HistoryPoint,
  lastOtherReport,
  readHistory,
  readReportRuns,
} from './history.js';
import { comparedWith, makeManifest, type ReportManifest, relativePaths, scopeOf } from './manifest.js';

/** What a report is asked for. */
export interface ReportRequest {
  /** As `--targets` was given. */
  targets: string;
  table: TargetTable;
  material: string | null;
  /**
   * With what to compare changes: the value of `--since`; undefined: the last report that showed something else; a
   * baseline or null: exactly this one, for verifying a page.
   */
  since: string | Baseline | null | undefined;
  /** The day that dates are compared with, as `asOfDay` gives it. */
  as_of: string | null;
  /** Default: English. */
  language?: Language | undefined;
}

/** The result of a check over the database. */
export interface ReportResults {
  judged: readonly JudgedTarget[];
  lab: LabData;
}

/** A material with its verdicts, in the order of the target table. */
export interface MaterialReport {
  material: MaterialRecord;
  judged: JudgedTarget[];
}

/** Everything a page is written from. */
export interface ReportModel {
  table: TargetTable;
  lab: LabData;
  judged: readonly JudgedTarget[];
  materials: MaterialReport[];
  /** Materials that no target of the table is for. */
  unjudged: MaterialRecord[];
  history: HistoryPoint[];
  baseline: Baseline | null;
  files: LedgerFile[];
  relativePath(path: string): string;
  manifest: ReportManifest;
  /** Which reports this one follows. */
  scope: string;
}

/** The language of a report, and the day as of which it is read. */
export const readingOf = ({ manifest }: Pick<ReportModel, 'manifest'>): ReaderSettings => ({
  language: manifest.parameters.language ?? 'en',
  day: manifest.parameters.as_of,
});

/** Verdicts by material, in the order in which the table first names them. */
function byMaterial(lab: LabData, judged: readonly JudgedTarget[]): MaterialReport[] {
  const ids = [...new Set(judged.map(({ material_id }) => material_id))];
  return ids.flatMap((id) => {
    const material = lab.materials.find(({ material_id }) => material_id === id);
    const own = judged.filter(({ material_id }) => material_id === id);
    return material === undefined ? [] : [{ material, judged: own }];
  });
}

function requireMaterial(lab: LabData, id: string | null): void {
  if (id === null || lab.materials.some(({ material_id }) => material_id === id)) return;
  const known = lab.materials.map(({ material_id }) => material_id).join(', ');
  throw usageError(
    `no material has the id ${id}`,
    known === '' ? 'list materials in materials.csv' : `materials are: ${known}`,
  );
}

async function baselineOf(
  connection: DuckDBConnection,
  { since }: ReportRequest,
  scope: string,
  state: string,
): Promise<Baseline | null> {
  if (typeof since === 'string') return baselineSince(connection, since);
  if (since !== undefined) return since;
  return lastOtherReport(await readReportRuns(connection, scope), state);
}

/**
 * Combines verdicts, fits, past and files. The result does not depend on the clock or on the place of the files.
 *
 * @throws CellarError (usage) for a material or a run that does not exist
 */
export async function makeModel(
  connection: DuckDBConnection,
  request: ReportRequest,
  { judged: all, lab }: ReportResults,
): Promise<ReportModel> {
  const { material, table } = request;
  requireMaterial(lab, material);
  const isShown = (id: string) => material === null || id === material;
  const judged = all.filter(({ material_id }) => isShown(material_id));
  const files = await readLedger(connection);
  const history = (await readHistory(connection, table.name)).filter(({ material_id }) =>
    isShown(material_id),
  );
  const manifest = makeManifest({
    ...request,
    language: request.language ?? 'en',
    judged,
    lab,
    files,
    history,
  });
  const scope = scopeOf(manifest, table);
  const baseline = await baselineOf(connection, request, scope, manifest.state);
  const materials = byMaterial(lab, judged);
  const named = new Set(materials.map((one) => one.material.material_id));
  return {
    table,
    lab,
    judged,
    materials,
    unjudged: lab.materials.filter(({ material_id }) => isShown(material_id) && !named.has(material_id)),
    history,
    baseline,
    files,
    relativePath: relativePaths(files),
    manifest: comparedWith(manifest, baseline),
    scope,
  };
}

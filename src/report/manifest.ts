import { contentKey } from '../fits/plain.js';
import { fitsVersion } from '../fits/version.js';
import type { Language } from '../messages/message.js';
import { schemaVersion } from '../store/schema.js';
import type { JudgedTarget } from '../targets/evaluate.js';
import type { LabData } from '../targets/lab-data.js';
import type { TargetTable } from '../targets/schema.js';
import { toolVersion } from '../version.js';
import { compare, type LedgerFile } from './files.js';
import type { Baseline, HistoryPoint } from './history.js';

/** What a report was made with: enough to make it again and to find what is different now. */
export interface ReportManifest {
  schema: 'cellar.report/1';
  tool_version: string;
  schema_version: number;
  fit_version: string;
  parameters: {
    /** As `--targets` was given: the name of a table that ships, or a file. */
    targets: string;
    material: string | null;
    /** The run with which changes are compared; null where there is none. */
    since: { run_id: number; started_at: string } | null;
    /** The day that dates are compared with; null where none has passed, and no target has one. */
    as_of: string | null;
    /** Absent: English. */
    language?: Language;
  };
  targets_sha256: string;
  /** Every file that gave data or was refused. */
  files: { count: number; sha256: string };
  /** materials.csv, cells.csv and exclusions on record. */
  metadata_sha256: string;
  fits: { count: number; sha256: string };
  verdicts: { count: number; sha256: string };
  history_sha256: string;
  /** Digest of everything above, except `since` and `as_of`. */
  state: string;
}

export interface ManifestInput {
  targets: string;
  table: TargetTable;
  material: string | null;
  as_of: string | null;
  language: Language;
  judged: readonly JudgedTarget[];
  lab: LabData;
  files: readonly LedgerFile[];
  history: readonly HistoryPoint[];
}

/**
 * Makes every path relative to its root, so that the same laboratory elsewhere on the disk gives the same manifest.
 */
export function relativePaths(files: readonly LedgerFile[]): (path: string) => string {
  const known = new Map(files.map(({ absolute, path }) => [absolute, path]));
  return (path) => known.get(path) ?? path.split('/').at(-1) ?? path;
}

function verdictContent(judged: readonly JudgedTarget[], files: readonly LedgerFile[]): unknown {
  const relative = relativePaths(files);
  return judged.map((one) => ({
    ...one,
    evidence: {
      ...one.evidence,
      cells: one.evidence.cells.map((cell) => ({
        ...cell,
        files: cell.files.map((file) => ({ ...file, path: relative(file.path) })),
      })),
    },
  }));
}

/** Everything that decides what the page says, hashed part by part. */
export function makeManifest(input: ManifestInput): ReportManifest {
  const { table, lab, files, judged, history } = input;
  const fits = lab.fits.all
    .map(({ kind, subject, input_key }) => `${kind} ${subject} ${input_key}`)
    .sort(compare);
  const core = {
    schema: 'cellar.report/1',
    tool_version: toolVersion,
    schema_version: schemaVersion,
    fit_version: fitsVersion(),
    parameters: { targets: input.targets, material: input.material },
    targets_sha256: contentKey(table),
    files: {
      count: files.length,
      sha256: contentKey(
        files.map(({ path, sha256, status, rows_loaded, rows_rejected }) => [
          path,
          sha256,
          status,
          rows_loaded,
          rows_rejected,
        ]),
      ),
    },
    metadata_sha256: contentKey(lab.materials, lab.fits.cells),
    fits: { count: fits.length, sha256: contentKey(fits) },
    verdicts: { count: judged.length, sha256: contentKey(verdictContent(judged, files)) },
    history_sha256: contentKey(history),
  } as const;
  return {
    ...core,
    parameters: {
      ...core.parameters,
      since: null,
      as_of: input.as_of,
      ...(input.language === 'en' ? {} : { language: input.language }),
    },
    state: contentKey(core),
  };
}

/** The manifest with the run it compares with. */
export function comparedWith(manifest: ReportManifest, baseline: Baseline | null): ReportManifest {
  const since =
    baseline === null ? null : { run_id: baseline.run_id, started_at: baseline.started_at.toISOString() };
  return { ...manifest, parameters: { ...manifest.parameters, since } };
}

/** Reports of the same targets and material follow each other; one of another table is no report to compare with. */
export const scopeOf = ({ parameters }: ReportManifest, table: TargetTable): string =>
  JSON.stringify([table.name, parameters.material]);

const OPENING = '<script type="application/json" id="cellar-manifest">';
const CLOSING = '</script>';

/** The manifest as a data block of the page; `<` is escaped, so that no text can end the block. */
export function manifestBlock(manifest: ReportManifest): string {
  return `${OPENING}${JSON.stringify(manifest).replaceAll('<', '\\u003c')}${CLOSING}`;
}

/** The manifest that a page carries; null where there is none. */
export function readManifest(page: string): ReportManifest | null {
  const start = page.indexOf(OPENING);
  if (start < 0) return null;
  const end = page.indexOf(CLOSING, start);
  try {
    const found = JSON.parse(page.slice(start + OPENING.length, end)) as ReportManifest;
    return found.schema === 'cellar.report/1' ? found : null;
  } catch {
    return null;
  }
}

/** A page without the manifest that it carries. */
export function withoutManifest(page: string): string {
  const start = page.indexOf(OPENING);
  return start < 0 ? page : page.slice(0, start) + page.slice(page.indexOf(CLOSING, start));
}

const partNames: Readonly<Record<string, string>> = {
  tool_version: 'the version of Cellar',
  schema_version: 'the version of the schema',
  fit_version: 'the version of the fits',
  parameters: 'what was asked for',
  targets_sha256: 'the target table',
  files: 'the ingested files',
  metadata_sha256: 'materials, cells or exclusions',
  fits: 'what was fitted',
  verdicts: 'the verdicts or their evidence',
  history_sha256: 'the past verdicts',
  state: '',
};

/** In words, which parts of two manifests differ; empty where none does. */
export function manifestDifferences(before: ReportManifest, now: ReportManifest): string[] {
  const parts = Object.keys(partNames) as (keyof ReportManifest)[];
  return parts.flatMap((part) => {
    const [was, is] = [before[part], now[part]].map((value) => JSON.stringify(value));
    if (was === is || partNames[part] === '') return [];
    const isPlain = typeof before[part] !== 'object' && !part.endsWith('sha256');
    const counts = [before[part], now[part]].map((value) => (value as { count?: number } | null)?.count);
    const detail = isPlain
      ? `: ${was} then, ${is} now`
      : counts[0] !== undefined && counts[0] !== counts[1]
        ? `: ${counts[0]} then, ${counts[1]} now`
        : '';
    return [`${partNames[part]}${detail}`];
  });
}

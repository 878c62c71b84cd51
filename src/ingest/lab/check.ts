import { resolve } from 'node:path';
import type { LabBounds } from '../../analysis/plausibility/index.js';
import { globMatches, relativePath } from '../../store/path-patterns.js';
import { discoverFiles } from '../bytes/discover.js';
import { examineLab, type LabMetadata } from './index.js';
import type { Mistake } from './mistakes.js';
import { entryText, implausibleEntries } from './plausibility.js';

/** The result of checking the metadata of a folder. */
export interface LabCheck {
  folder: string;
  mistakes: Mistake[];
  /** Entries that may be right, and entries that are kept without being checked. */
  doubts: string[];
  counts: { materials: number; cells: number; conditions: number };
}

/**
 * Reads and checks the metadata of a folder, without a database.
 *
 * @throws CellarError (usage) where the folder does not exist
 */
export async function checkMetadata(folder: string): Promise<LabCheck> {
  const { lab, mistakes } = await examineLab(folder);
  const silent = lab.silent.map(({ path, why }) => `${path} ${why}`);
  return {
    folder: resolve(folder),
    mistakes,
    doubts: [
      ...silent,
      ...implausibleEntries(lab, lab.settings.plausible as LabBounds)
        .filter(({ isConfirmed }) => !isConfirmed)
        .map(entryText),
      ...ownColumns(lab),
      ...(await unusedPatterns(lab, resolve(folder))),
    ],
    counts: {
      materials: lab.materials?.length ?? 0,
      cells: lab.cells?.length ?? 0,
      conditions: lab.conditions?.length ?? 0,
    },
  };
}

function ownColumns(lab: LabMetadata): string[] {
  return (['materials', 'cells', 'conditions'] as const).flatMap((table) => {
    const names = new Set(
      (lab[table] ?? []).flatMap(({ own_columns }) =>
        own_columns == null ? [] : Object.keys(JSON.parse(own_columns)),
      ),
    );
    return names.size === 0
      ? []
      : [`${table}.csv: ${[...names].join(', ')} kept as the laboratory's own: shown, not judged`];
  });
}

async function unusedPatterns(lab: LabMetadata, folder: string): Promise<string[]> {
  const patterns = [
    ...(lab.cells ?? []).flatMap(({ cell_id, file_pattern, lead_file_pattern }) =>
      [file_pattern, lead_file_pattern].flatMap((glob) =>
        glob === null ? [] : [{ glob, text: `cells.csv: file_pattern ${glob} of ${cell_id}` }],
      ),
    ),
    ...(lab.conditions ?? []).map(({ file_pattern: glob }) => ({
      glob,
      text: `conditions.csv: file_pattern ${glob}`,
    })),
  ];
  if (patterns.length === 0) return [];
  const { files } = await discoverFiles([folder]);
  // Metadata may be in another place than the exports.
  if (files.length === 0) return [];
  const names = files.map(({ path }) => relativePath(path, folder));
  return patterns
    .filter(({ glob }) => !names.some((name) => globMatches(glob, name)))
    .map(({ text }) => `${text} fits no file below ${folder}`);
}

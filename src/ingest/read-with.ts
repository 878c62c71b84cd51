import { usageError } from '../errors.js';
import { globMatches, relativePath } from '../store/path-patterns.js';
import type { FoundFile } from './bytes/discover.js';
import type { Format } from './formats/index.js';
import { formats as shipped } from './formats/index.js';
import type { Settings } from './lab/index.js';
import { type LabFolders, labsOf, settingsFor } from './lab/labs.js';
import type { TablePlan } from './sniff/plan.js';

/**
 * The settings that a file is read with: from the laboratory, and from the command line of a run. They are stored with
 * the file, so that it is read again when other settings are declared.
 */

/** Settings that decide how a file is read. */
export interface ReadSettings {
  date_order: string | null;
  time_zone: string | null;
  /** `format` of a `[[files]]` entry. */
  format: string | null;
  /** The laboratory's own formats, any of which might match the file. */
  own_formats: string | null;
}

/** What is stored with a file, as JSON. */
export interface ReadWith {
  declared: ReadSettings;
  /** Settings that made a difference to it. */
  depends_on: (keyof ReadSettings)[];
  /** The order of dates that was used, which may come from the command line. */
  date_order: string | null;
}

type Place = Pick<FoundFile, 'path' | 'root'>;

/** The laboratory's settings for a file: those of its folder, overridden by each matching `[[files]]` entry. */
export function settingsForFile(
  labs: LabFolders,
  { path, root }: Place,
): Settings & { format?: string; ignored: boolean } {
  const settings = settingsFor(labs, path);
  const folders = [root, ...labsOf(labs, path).flatMap(({ folder }) => folder ?? [])];
  const names = folders.map((folder) => relativePath(path, folder));
  const fits = (glob: string) => names.some((name) => globMatches(glob, name));
  let result: Settings & { format?: string; ignored: boolean } = {
    ...settings,
    ignored: settings.ignore.some(fits),
  };
  for (const { pattern, ignore, ...own } of settings.files) {
    if (!fits(pattern)) continue;
    const stated = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    result = { ...result, ...stated, ignored: ignore ?? result.ignored };
  }
  return result;
}

/**
 * The format that `[[files]]` names for a file.
 *
 * @throws CellarError (usage) where there is no such format
 */
export function declaredFormat(id: string | undefined, formats: readonly Format[]): Format | undefined {
  if (id === undefined) return undefined;
  const format = formats.find((one) => one.id === id);
  if (format !== undefined) return format;
  throw usageError(`cellar.toml, files.format: no format has the id ${id}`, '`cellar formats` lists them');
}

/** Fingerprint of the formats that a laboratory declares itself. */
export function ownFormats(formats: readonly Format[]): string | null {
  const own = formats.filter((format) => !shipped.includes(format)).map(({ fingerprint }) => fingerprint);
  return own.length === 0 ? null : own.join(',');
}

export function declaredFor(
  settings: ReturnType<typeof settingsForFile>,
  formats: readonly Format[],
): ReadSettings {
  return {
    date_order: settings.date_order ?? null,
    time_zone: settings.time_zone ?? null,
    format: settings.format ?? null,
    own_formats: ownFormats(formats),
  };
}

/** Which settings made, or would make, a difference to how these tables were read. */
export function dependsOn(tables: readonly TablePlan[], hasOpenOrder: boolean): (keyof ReadSettings)[] {
  const hasWallClock = tables.some(
    ({ clock, startedAt, mapping }) =>
      !mapping.has('unix_time_second') &&
      (clock !== undefined ? clock.kind !== 'unix' : startedAt !== undefined),
  );
  return [
    ...(hasOpenOrder ? (['date_order'] as const) : []),
    ...(hasWallClock ? (['time_zone'] as const) : []),
    'format',
    'own_formats',
  ];
}

export const ownFormatsChanged = "the laboratory's own formats changed";

const words: Record<Exclude<keyof ReadSettings, 'own_formats'>, string> = {
  date_order: 'date_order',
  time_zone: 'time_zone',
  format: 'the format of [[files]]',
};

/** What is declared differently now than when a file was read, in words; undefined where nothing is different. */
export function changedSettings(kept: string | null, now: ReadSettings): string | undefined {
  const before: Partial<ReadWith> = kept === null ? {} : (JSON.parse(kept) as ReadWith);
  // The settings of a file that was read by an older Cellar are unknown; all those it depends on count as changed.
  const keys = before.depends_on ?? (['date_order', 'time_zone', 'format'] as const);
  const changed = keys.filter((key) => (before.declared?.[key] ?? null) !== now[key]);
  if (changed.length === 0) return undefined;
  return changed
    .map((key) =>
      key === 'own_formats' ? ownFormatsChanged : `${words[key]} is now ${now[key] ?? 'not stated'}`,
    )
    .join(', ');
}

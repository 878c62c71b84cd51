import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { storageError, usageError } from '../errors.js';
import { readLab } from '../ingest/lab/index.js';
import type { NotifySettings } from '../ingest/lab/notify-settings.js';
import { select } from '../store/connection.js';
import { databasePaths } from '../store/paths.js';
import { requireCurrentSchema } from '../store/schema.js';
import { openSnapshot } from '../store/snapshot.js';
import { type Item, itemsOfDatabase, itemsOfLog } from './items.js';
import { noteTold, readTold } from './record.js';
import { type Way, waysOf } from './ways.js';

export interface NotifyRequest {
  database: string;
  /** `--lab`. */
  lab: string | undefined;
  /** Only sends a test message. */
  isTest?: boolean;
  /** Only finds out what there is to tell, and sends nothing. */
  isDryRun?: boolean;
  now?: Date;
}

/** What was told, and how. */
export interface NotifyOutcome {
  items: Item[];
  told: { by: string; items: number }[];
  failures: { by: string; message: string }[];
}

interface NotifyFolder {
  settings: NotifySettings;
  folder: string;
}

/** Metadata folders that a database knows; none where it cannot be opened. */
async function knownFolders(database: string): Promise<string[]> {
  try {
    const snapshot = await openSnapshot(database);
    const rows = await select<{ value: string }>(
      snapshot.connection,
      `SELECT value FROM meta WHERE key = 'lab_folders'`,
    ).finally(() => snapshot.close());
    return JSON.parse(rows[0]?.value ?? '[]') as string[];
  } catch {
    return [];
  }
}

/** `[notify]` of the first cellar.toml that has one: that of `--lab`, beside the database, or of a folder it knows. */
async function findSettings({ database, lab }: NotifyRequest): Promise<NotifyFolder | undefined> {
  const folders =
    lab === undefined ? [dirname(resolve(database)), ...(await knownFolders(database))] : [resolve(lab)];
  for (const folder of new Set(folders)) {
    if (!existsSync(folder)) continue;
    const { notify } = (await readLab(folder)).settings;
    if (notify !== undefined) return { settings: notify, folder };
  }
  return undefined;
}

/** Everything there is to tell now; a database that cannot be opened comes first. */
async function gather(
  { database, now = new Date() }: NotifyRequest,
  settings: NotifySettings,
): Promise<Item[]> {
  const { log } = databasePaths(database);
  const items = itemsOfLog(log, now);
  try {
    const snapshot = await openSnapshot(database);
    try {
      await requireCurrentSchema(snapshot.connection);
      items.push(...(await itemsOfDatabase(snapshot.connection, log, settings, now)));
    } finally {
      snapshot.close();
    }
  } catch (error) {
    const text = (error as Error).message.split('\n')[0]!;
    items.unshift({ key: `database/${text}`, text: `the database cannot be read: ${text}` });
  }
  return items;
}

/** A condition that went away and came back is told again if it was away for this long. */
const forgottenAfter = 7 * 24 * 3_600_000;

/**
 * Tells people what they were not told before, by every way in the settings, and records it.
 *
 * @returns undefined where the laboratory has no `[notify]`
 * @throws CellarError (usage) for wrong settings or secrets; (storage) where nobody could be told
 */
export async function notify(request: NotifyRequest): Promise<NotifyOutcome | undefined> {
  const found = await findSettings(request);
  if (found === undefined) {
    if (request.isTest !== true) return undefined;
    throw usageError('no cellar.toml has a [notify] section', 'docs/nightly.md shows one');
  }
  const paths = databasePaths(request.database);
  const now = request.now ?? new Date();
  const ways = waysOf(found.settings, found.folder);
  const items =
    request.isTest === true
      ? [
          {
            key: 'test',
            text: `a test by \`cellar notify --test\`: this is how ${request.database} would tell`,
          },
        ]
      : await gather(request, found.settings);
  const told = request.isTest === true ? [] : readTold(paths);
  const outcome: NotifyOutcome = { items, told: [], failures: [] };
  if (request.isDryRun === true) {
    outcome.items = items.filter((item) => ways.some((way) => isNew(item, way, told, now)));
    return outcome;
  }
  for (const way of ways) {
    const fresh = items.filter((item) => isNew(item, way, told, now));
    if (fresh.length === 0) continue;
    const title = `Cellar: ${fresh.length === 1 ? fresh[0]!.text.slice(0, 80) : `${fresh.length} things to look at`}`;
    try {
      await way.tell({ title, items: fresh });
      outcome.told.push({ by: way.name, items: fresh.length });
      if (request.isTest === true) continue;
      noteTold(
        paths,
        fresh.map(({ key, text }) => ({ at: now.toISOString(), key, by: way.name, text })),
      );
    } catch (error) {
      outcome.failures.push({ by: way.name, message: describeFailure(error as Error) });
    }
  }
  if (outcome.failures.length === 0) return outcome;
  const failures = outcome.failures.map(({ by, message }) => `${by}: ${message}`).join('\n');
  throw storageError(failures, 'what could not be sent is sent by the next `cellar notify`');
}

function isNew(
  { key }: Item,
  way: Way,
  told: readonly { key: string; by: string; at: string }[],
  now: Date,
): boolean {
  const last = told.findLast((one) => one.key === key && one.by === way.name);
  if (last === undefined) return true;
  // Conditions have keys without a time: after a long silence they count as new ones.
  return /^(failed|folder|database)\//.test(key) && now.getTime() - Date.parse(last.at) > forgottenAfter;
}

/** A failure of the network, whose cause says more. */
function describeFailure({ message, cause }: Error): string {
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}

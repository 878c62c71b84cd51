import type { DuckDBConnection } from '@duckdb/node-api';
import { findingMessages as say } from '../messages/findings.js';
import { insertRows, inTransaction, run, select } from '../store/connection.js';
import type { Discovery, FoundFile } from './bytes/discover.js';
import { findingRow } from './findings.js';
import type { Format } from './formats/index.js';
import type { LabFolders } from './lab/labs.js';
import type { KnownFile } from './ledger/ledger.js';
import type { LedgerIndex } from './ledger/ledger-index.js';
import { ledgerPath } from './ledger/ledger-row.js';
import { removeStored } from './ledger/replace.js';
import {
  changedSettings,
  declaredFor,
  ownFormatsChanged,
  type ReadSettings,
  type ReadWith,
  settingsForFile,
} from './read-with.js';
import { sniffFile } from './sniff/sniff.js';

/** A stored file that is to be read again, and why. */
export interface RereadFile {
  stored: KnownFile;
  why: string;
}

/** Reasons to read stored files again: `--reread`, `--format`, `--date-order`, or changed settings. */
export interface RereadRequest {
  reread: boolean;
  format: Format | undefined;
  dateOrder: string | undefined;
}

function reasonFor(
  stored: KnownFile,
  file: FoundFile,
  labs: LabFolders,
  formats: readonly Format[],
  asked: RereadRequest,
): string | undefined {
  if (asked.reread) return 'asked for by --reread';
  if (asked.format !== undefined && stored.format !== asked.format.id) return `--format ${asked.format.id}`;
  if (asked.dateOrder !== undefined && stored.read_with !== null) {
    const kept = JSON.parse(stored.read_with) as Partial<ReadWith>;
    const isOpen = kept.depends_on?.includes('date_order') === true;
    if (isOpen && kept.date_order !== asked.dateOrder) return `--date-order ${asked.dateOrder}`;
  }
  return changedSettings(stored.read_with, declaredFor(settingsForFile(labs, file), formats));
}

/**
 * Stored files that were found and would be read differently now, by the path they are read from. Files whose content
 * does not exist any more are `gone`.
 */
function findRereads(
  files: readonly FoundFile[],
  searched: readonly string[],
  index: LedgerIndex,
  labs: LabFolders,
  formats: readonly Format[],
  asked: RereadRequest,
): { rereads: Map<string, RereadFile>; gone: RereadFile[] } {
  const byPath = new Map(files.map((file) => [ledgerPath(file), file]));
  const rereads = new Map<string, RereadFile>();
  const gone: RereadFile[] = [];
  for (const stored of index.stored()) {
    const places = index.placesOf(stored);
    const found = places.map((path) => byPath.get(path)).find((file) => file !== undefined);
    const isLookedFor = searched.some((folder) => stored.path.startsWith(`${folder.replaceAll('\\', '/')}/`));
    if (found === undefined && !isLookedFor) continue;
    const file = found ?? { path: stored.path, root: searched[0] ?? '', size: 0, modifiedNs: 0n };
    const why = reasonFor(stored, file, labs, formats, asked);
    if (why === undefined) continue;
    if (found === undefined) gone.push({ stored, why });
    else rereads.set(ledgerPath(found), { stored, why });
  }
  return { rereads, gone };
}

/**
 * Leaves out the files for which other formats of the laboratory change nothing: each one is examined, and its
 * settings are noted.
 */
async function leaveUnconcerned(
  connection: DuckDBConnection,
  rereads: Map<string, RereadFile>,
  formats: readonly Format[],
  declared: (path: string) => ReadSettings,
): Promise<void> {
  for (const [path, { stored, why }] of [...rereads]) {
    if (why !== ownFormatsChanged) continue;
    const sniffed = await sniffFile(path, { formats }).catch(() => undefined);
    const format = sniffed?.recognition?.format;
    if (format?.id !== stored.format || format?.fingerprint !== stored.format_version) continue;
    rereads.delete(path);
    const kept = JSON.parse(stored.read_with ?? '{}') as Partial<ReadWith>;
    await run(connection, `UPDATE files SET read_with = $1 WHERE file_id = ${stored.file_id}`, [
      JSON.stringify({ ...kept, declared: declared(path) }),
    ]);
  }
}

/** Reports once for each file that it cannot be read again; its stored data stay. */
async function noteGone(connection: DuckDBConnection, gone: readonly RereadFile[]): Promise<string[]> {
  if (gone.length === 0) return [];
  const known = await select<{ file_id: number; message: string }>(
    connection,
    "SELECT file_id, message FROM findings WHERE code = 'NOT_READ_AGAIN'",
  );
  const said = new Set(known.map(({ file_id, message }) => `${file_id} ${message}`));
  const fresh = gone
    .map(({ stored, why }) => ({
      file_id: stored.file_id,
      path: stored.path,
      ...say('NOT_READ_AGAIN', { why }),
    }))
    .filter(({ file_id, message }) => !said.has(`${file_id} ${message}`));
  await inTransaction(connection, () =>
    insertRows(
      connection,
      'findings',
      fresh.map(({ file_id, path: _, ...finding }) => findingRow(file_id, finding)),
    ),
  );
  return fresh.map(({ path, message }) => `${path}: ${message}`);
}

/**
 * Removes the stored data of files that `ignore` excludes now, unless the same bytes exist under another name. The
 * exports stay, so that this can be undone by reading them again.
 */
async function dropIgnored(
  connection: DuckDBConnection,
  ignored: readonly FoundFile[],
  files: readonly FoundFile[],
  index: LedgerIndex,
): Promise<string[]> {
  const there = new Set(files.map(ledgerPath));
  const left = new Set(ignored.map(ledgerPath));
  const dropped = index
    .stored()
    .filter((stored) => left.has(stored.path) && !index.placesOf(stored).some((path) => there.has(path)));
  if (dropped.length === 0) return [];
  await inTransaction(connection, async () => {
    for (const { file_id, path } of dropped) {
      await removeStored(connection, {
        file_id,
        path,
        root: '',
        lines_total: 0,
        rows_loaded: 0,
        is_last_line_open: null,
      });
      await run(connection, `DELETE FROM rejects WHERE file_id = ${file_id}`);
      await run(connection, `DELETE FROM findings WHERE file_id = ${file_id}`);
      await run(
        connection,
        `UPDATE files SET status = 'ignored', rows_loaded = 0, rows_rejected = 0, read_with = '{"ignored":true}',
         lines_structural = lines_total - lines_head,
         message = 'ignore in cellar.toml fits it: what was stored of it was removed'
         WHERE file_id = ${file_id}`,
      );
    }
  });
  await index.refresh(connection);
  return dropped.map(
    ({ path }) => `${path}: ignore in cellar.toml fits it now; what was stored of it was removed`,
  );
}

/** The effect of the present settings of the laboratory on the files that were found. */
export interface SettledSettings {
  /** Files that are not excluded. */
  files: FoundFile[];
  /** Stored files to be read again, by the path they are read from. */
  rereads: Map<string, RereadFile>;
  notices: string[];
}

/**
 * Brings the stored data into line with `ignore`, and finds files that were read with other settings than those of
 * now.
 */
export async function settleSettings(
  connection: DuckDBConnection,
  { files: all, searched }: Pick<Discovery, 'files' | 'searched'>,
  index: LedgerIndex,
  labs: LabFolders,
  formats: readonly Format[],
  asked: RereadRequest,
): Promise<SettledSettings> {
  const isIgnored = (file: FoundFile) => settingsForFile(labs, file).ignored;
  const files = all.filter((file) => !isIgnored(file));
  const dropped = await dropIgnored(connection, all.filter(isIgnored), files, index);
  const { rereads, gone } = findRereads(files, searched, index, labs, formats, asked);
  const byPath = new Map(files.map((file) => [ledgerPath(file), file]));
  await leaveUnconcerned(connection, rereads, formats, (path) =>
    declaredFor(settingsForFile(labs, byPath.get(path)!), formats),
  );
  return { files, rereads, notices: [...dropped, ...(await noteGone(connection, gone))] };
}

import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CellarError, exitCodes, usageError } from '../errors.js';
import { fitsVersion } from '../fits/version.js';
import { mostMembers } from '../ingest/containers/zip.js';
import type { Language } from '../messages/message.js';
import { compare } from '../report/files.js';
import { schemaVersion } from '../store/schema.js';
import { openSnapshot } from '../store/snapshot.js';
import type { JudgedTarget } from '../targets/evaluate.js';
import { targetFile } from '../targets/load.js';
import { toolVersion } from '../version.js';
import { arithmetic } from './arithmetic.js';
import { readLabMembers, readRecords } from './contents.js';
import type { BundleManifest } from './manifest.js';
import { readmeOf } from './readme.js';
import { recompute } from './recompute.js';
import { signatureMember, signText } from './signature.js';
import { statedVerdicts, verdictDifferences } from './verdicts.js';
import { digestOf, type Member, writeZip } from './zip.js';

export interface BundleOptions {
  database: string;
  /** As `--targets` was given. */
  targets: string;
  material: string | null;
  /** The day that the page compares dates with. */
  as_of: string | null;
  language: Language;
  /** The verdicts of the database, which the raw files have to reproduce. */
  judged: readonly JudgedTarget[];
  /** Whether raw files are included. */
  raw: boolean;
  /** Key of SSH to sign the manifest with; undefined: it is not signed. */
  sign?: string | undefined;
  signal?: AbortSignal | undefined;
  onStart?: ((spectra: number) => void) | undefined;
  onSpectrum?: (() => void) | undefined;
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;

/** Copies members into a folder. */
async function layOut(folder: string, members: readonly Member[]): Promise<void> {
  for (const { path, content } of members) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string') await writeFile(file, content);
    else await copyFile(content.file, file);
  }
}

/**
 * Writes a bundle from which anybody can reproduce the verdicts. They are first reproduced here, from copies of the
 * raw files alone; the page inside comes from this run.
 *
 * @returns the SHA-256 of the manifest
 * @throws CellarError where a file is not what was ingested (2), or where raw files and metadata do not give the
 *   verdicts of the database (1)
 */
export async function makeBundle(path: string, options: BundleOptions): Promise<{ manifest: string }> {
  const { database, material, as_of, language, signal } = options;
  const snapshot = await openSnapshot(database);
  const [records, lab] = await (async () =>
    [await readRecords(snapshot.connection), await readLabMembers(snapshot.connection)] as const)().finally(
    () => snapshot.close(),
  );
  const tableFile = targetFile(options.targets);
  const targets = `targets/${basename(tableFile)}`;
  const given: Member[] = [
    ...lab.raw,
    ...lab.metadata,
    { path: targets, content: { file: tableFile } },
    { path: 'records.json', content: json(records) },
  ];
  await refuseChanged(lab.raw);
  const scratch = await mkdtemp(join(tmpdir(), 'cellar-bundle-'));
  try {
    const folder = join(scratch, 'bundle');
    await layOut(folder, given);
    const { onStart, onSpectrum } = options;
    const place = { folder, database: join(scratch, 'scratch.duckdb'), roots: lab.roots, lab: lab.lab };
    const asked = { targets, material, as_of, ...(language === 'en' ? {} : { language }) };
    const made = await recompute({ ...place, ...asked, records, signal, onStart, onSpectrum });
    const verdicts = statedVerdicts(made.judged);
    const shown = options.judged.filter(({ material_id }) => material === null || material_id === material);
    // They may have been stored by a run of another Node.js.
    refuseOtherVerdicts(verdictDifferences(statedVerdicts(shown), verdicts, false));
    const members = [
      ...given,
      { path: 'report.html', content: made.page },
      { path: 'verdicts.json', content: json(verdicts) },
      { path: 'README.txt', content: readmeOf({ raw: options.raw }) },
    ].sort((a, b) => compare(a.path, b.path));
    const isPacked = (member: Member) => options.raw || !lab.raw.some((one) => one.path === member.path);
    const files: BundleManifest['files'] = [];
    for (const member of members) {
      files.push({ path: member.path, ...(await digestOf(member)), packed: isPacked(member) });
    }
    const manifest = json({
      schema: 'cellar.bundle/1',
      tool_version: toolVersion,
      schema_version: schemaVersion,
      fit_version: fitsVersion(),
      arithmetic: arithmetic(),
      ...asked,
      roots: lab.roots,
      lab: lab.lab,
      files,
    } satisfies BundleManifest);
    const manifestMember = { path: 'manifest.json', content: manifest };
    const signature: Member[] =
      options.sign === undefined
        ? []
        : [{ path: signatureMember, content: await signText(manifest, options.sign) }];
    const packed = [...members.filter(isPacked), manifestMember, ...signature];
    refuseTooMany(packed);
    await writeWhole(
      path,
      packed.sort((a, b) => compare(a.path, b.path)),
    );
    return { manifest: (await digestOf(manifestMember)).sha256 };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function refuseChanged(raw: readonly (Member & { sha256: string })[]): Promise<void> {
  const changed: string[] = [];
  for (const member of raw) {
    const { sha256 } = await digestOf(member);
    if (sha256 !== member.sha256) changed.push(member.path);
  }
  if (changed.length === 0) return;
  throw usageError(
    `files have changed since they were ingested: ${changed.join(', ')}`,
    'run `cellar ingest` again, then make the bundle',
  );
}

function refuseOtherVerdicts(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new CellarError(
    exitCodes.failed,
    `the raw files and the metadata as they are now do not give the verdicts of the database:\n${differences.map((text) => `- ${text}`).join('\n')}`,
    'Ingest again where metadata were edited. What was ingested with --format, --date-order or --repair must be stated in cellar.toml.',
  );
}

/** Refuses to write what `verify` would refuse. */
function refuseTooMany(packed: readonly Member[]): void {
  if (packed.length <= mostMembers) return;
  throw usageError(
    `the bundle would hold ${packed.length} files, more than ${mostMembers}`,
    'leave the raw files out with --no-raw, or name one material',
  );
}

/** Written beside its place first, so that nobody finds half a bundle. */
async function writeWhole(path: string, members: readonly Member[]): Promise<void> {
  const beside = join(dirname(path), `.cellar-${randomUUID()}.tmp`);
  try {
    await writeZip(beside, members);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

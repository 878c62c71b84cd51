import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CellarError, usageError } from '../errors.js';
import { hashFile } from '../export/hash-file.js';
import { fitsVersion } from '../fits/version.js';
import { ContainerRefusal } from '../ingest/containers/record-table.js';
import { type Archive, openArchive } from '../ingest/containers/zip.js';
import {
  manifestDifferences,
  type ReportManifest,
  readManifest,
  withoutManifest,
} from '../report/manifest.js';
import { toolVersion } from '../version.js';
import { arithmetic, isAlikeText } from './arithmetic.js';
import type { Records } from './contents.js';
import { type BundleManifest, readBundleManifest } from './manifest.js';
import { recompute } from './recompute.js';
import { checkSignature, type Signature, signatureMember } from './signature.js';
import { type StatedVerdict, statedVerdicts, verdictDifferences } from './verdicts.js';

export interface VerifyBundleOptions {
  /** Folder with the raw files that the bundle leaves out. */
  raw: string | undefined;
  /** File of allowed signers, as ssh-keygen reads it. */
  signers?: string | undefined;
  signal?: AbortSignal | undefined;
  onStart?: ((spectra: number) => void) | undefined;
  onSpectrum?: (() => void) | undefined;
}

export interface Verification {
  /** Everything that differs from what the bundle states, one sentence each. */
  differences: string[];
  verdicts: number;
  files: number;
  /** Whether this engine computes to the same last digit as the one that made it; else seven digits are compared. */
  is_exact: boolean;
  /** SHA-256 of the manifest: whoever handed the bundle over can be asked for theirs. */
  manifest: string;
  signature: Signature;
}

async function openBundle(path: string): Promise<Archive> {
  if (!existsSync(path)) throw usageError(`there is no file ${path}`, 'name a bundle');
  try {
    return await openArchive(path);
  } catch (error) {
    if (!(error instanceof ContainerRefusal)) throw error;
    throw usageError(`${path}: ${error.message}`, 'name a bundle that `cellar report --bundle` wrote');
  }
}

/** Puts the files of the manifest into a folder; says which are not what it states. */
async function unpack(
  archive: Archive,
  manifest: BundleManifest,
  folder: string,
  raw: string | undefined,
): Promise<string[]> {
  const differences: string[] = [];
  const known = new Set(['manifest.json', signatureMember, ...manifest.files.map(({ path }) => path)]);
  for (const name of archive.members.keys()) {
    if (!known.has(name)) differences.push(`${name} is in the bundle, but not in its manifest`);
  }
  for (const { path, sha256, packed } of manifest.files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const entry = archive.members.get(path);
    const elsewhere = raw === undefined ? undefined : findRaw(raw, path);
    if (entry !== undefined) await pipeline(await archive.stream(entry), createWriteStream(file));
    else if (!packed && elsewhere !== undefined) await copyFile(elsewhere, file);
    else {
      differences.push(
        packed
          ? `${path} is missing`
          : `${path} is not in ${raw ?? 'the bundle: name its folder with --raw'}`,
      );
      continue;
    }
    if ((await hashFile(file)) !== sha256)
      differences.push(`${path} was changed: its SHA-256 is not that of the manifest`);
  }
  return differences;
}

/** Finds a raw file in a folder that may be the unpacked bundle, its `raw`, or a root itself. */
function findRaw(folder: string, path: string): string | undefined {
  const parts = path.split('/');
  return [0, 1, 2].map((skip) => join(folder, ...parts.slice(skip))).find((file) => existsSync(file));
}

const readJson = async <T>(folder: string, name: string): Promise<T> =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as T;

function versionDifferences(manifest: BundleManifest): string[] {
  const of = (what: string, stated: string, now: string) =>
    stated === now ? [] : [`${what}: the bundle was made with ${stated}, this is ${now}`];
  return [
    ...of('the version of Cellar', manifest.tool_version, toolVersion),
    ...of('the version of the fits', manifest.fit_version, fitsVersion()),
  ];
}

const hasSameArithmetic = (manifest: BundleManifest) =>
  manifest.arithmetic === undefined || manifest.arithmetic === arithmetic();

/** What differs between the page of the bundle and the one made now. */
function pageDifferences(stated: string, now: string, isExact: boolean): string[] {
  if (stated === now) return [];
  const [before, after] = [readManifest(stated), readManifest(now)];
  const parts =
    before === null || after === null
      ? []
      : manifestDifferences(
          before,
          isExact ? after : { ...after, fits: before.fits, verdicts: before.verdicts },
        );
  if (!isExact && before !== null && after !== null && parts.length === 0) {
    // Checksums of numbers differ as well; only the visible text is compared.
    const read = (page: string, { state, fits, verdicts }: ReportManifest) =>
      (JSON.stringify([state, fits, verdicts]).match(/[0-9a-f]{16,}/g) ?? []).reduce(
        (text, sum) => text.replaceAll(sum, ''),
        withoutManifest(page),
      );
    if (isAlikeText(read(stated, before), read(now, after))) return [];
  }
  return parts.length === 0
    ? ['report.html is not the page that these files produce: its text was changed']
    : parts.map((part) => `report.html: ${part}`);
}

/**
 * Reads the raw files of a bundle again, derives, fits, judges, makes the page, and compares every number and word. It
 * writes only into a folder of its own, which is removed afterwards.
 *
 * @throws CellarError (usage) for a file that is not a bundle
 */
export async function verifyBundle(path: string, options: VerifyBundleOptions): Promise<Verification> {
  const archive = await openBundle(path);
  const scratch = await mkdtemp(join(tmpdir(), 'cellar-verify-'));
  try {
    const entry = archive.members.get('manifest.json');
    if (entry === undefined) throw usageError(`${path} has no manifest.json`, 'name a bundle');
    const text = await archive.bytes(entry);
    const manifest = readBundleManifest(text.toString('utf8'));
    const folder = join(scratch, 'bundle');
    const found = await unpack(archive, manifest, folder, options.raw);
    const signed = archive.members.get(signatureMember);
    const signature = await checkSignature(
      text.toString('utf8'),
      signed === undefined ? null : (await archive.bytes(signed)).toString('utf8'),
      options.signers,
    );
    if (signature.state === 'bad') found.push(signature.text);
    else if (signature.state !== 'trusted' && options.signers !== undefined) {
      found.push(`it has no signature of anybody whom ${options.signers} allows`);
    }
    const isWhole = !found.some((one) => / is (missing|not in)\b/.test(one));
    const recomputed = isWhole
      ? await compareAnew(manifest, folder, scratch, options)
      : ['nothing was recomputed: files are missing'];
    return {
      differences: [...found, ...versionDifferences(manifest), ...recomputed],
      verdicts: isWhole ? (await readJson<unknown[]>(folder, 'verdicts.json')).length : 0,
      files: manifest.files.length,
      is_exact: hasSameArithmetic(manifest),
      manifest: createHash('sha256').update(text).digest('hex'),
      signature,
    };
  } finally {
    archive.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function compareAnew(
  manifest: BundleManifest,
  folder: string,
  scratch: string,
  { signal, onStart, onSpectrum }: VerifyBundleOptions,
): Promise<string[]> {
  const { roots, lab, targets, material, as_of, language } = manifest;
  try {
    const stated = await readJson<StatedVerdict[]>(folder, 'verdicts.json');
    const records = await readJson<Records>(folder, 'records.json');
    const database = join(scratch, 'scratch.duckdb');
    const place = { folder, database, roots, lab, targets, material, as_of, language, records };
    const now = await recompute({ ...place, signal, onStart, onSpectrum });
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    const isExact = hasSameArithmetic(manifest);
    return [
      ...verdictDifferences(stated, statedVerdicts(now.judged), isExact),
      ...pageDifferences(page, now.page, isExact),
    ];
  } catch (error) {
    // A file that was changed by hand may not even be readable; that is a result, too.
    if (error instanceof CellarError || error instanceof SyntaxError) {
      return [`it cannot be recomputed: ${error.message.replaceAll(`${folder}/`, '')}`];
    }
    throw error;
  }
}

import { z } from 'zod';
import { usageError } from '../errors.js';
import { languages } from '../messages/message.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A path below the bundle that cannot lead out of it. */
const safePath = z
  .string()
  .refine(
    (path) =>
      !/[\\:\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    { message: 'is not a path inside the bundle' },
  );

/** `manifest.json` of a bundle: what it holds and what it was made with. */
const bundleManifest = z.strictObject({
  schema: z.literal('cellar.bundle/1'),
  tool_version: z.string(),
  schema_version: z.number().int(),
  fit_version: z.string(),
  /** Checksum that differs between engines whose functions differ in the last digits. */
  arithmetic: z.string().optional(),
  /** Target table, below the bundle, and the material that was asked for. */
  targets: safePath,
  material: z.string().nullable(),
  /** The day that the page compares dates with; null where it does not compare any. */
  as_of: z.iso.date().nullable(),
  /** Language of the page; absent: English. */
  language: z.enum(languages).optional(),
  /** Folders below the bundle that are ingested, in this order. */
  roots: z.array(safePath),
  /** Folder of the metadata where it lies outside of the roots. */
  lab: safePath.nullable(),
  files: z.array(
    z.strictObject({ path: safePath, sha256, size: z.number().int().nonnegative(), packed: z.boolean() }),
  ),
});

export type BundleManifest = z.output<typeof bundleManifest>;

/** @throws CellarError (usage) where the text is not a manifest of this version */
export function readBundleManifest(text: string): BundleManifest {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw usageError('its manifest.json is not JSON', 'ask for the bundle again');
  }
  const read = bundleManifest.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw usageError(
    `its manifest.json cannot be used: ${issue?.path.join('.')} ${issue?.message}`,
    'ask for the bundle again, or use the version of Cellar that wrote it',
  );
}

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FitKindName, fitKinds } from './kinds/index.js';

/** The module that makes the fits of a kind; what it imports is found by following it. */
const moduleOf = (kind: FitKindName) => new URL(`./making/${kind.replaceAll('_', '-')}.js`, import.meta.url);

/** Modules that compute a fit. How the input is read does not matter, since the input itself is part of the key. */
const isFollowed = (url: URL) => /\/(analysis|fits\/making)\//.test(url.pathname);

/** Imports of values; a compiled module has no imports of types. */
const importedFrom = /\b(?:import|export)\b(?!\s+type\b)[^;'"]*?['"](\.[^'"]+)['"]/g;

/**
 * The text of a compiled module. Where the sources run directly, it is that of the build, so that both make the same
 * fits; without a build it is that of the source.
 */
export function textOf(url: URL): string {
  const path = fileURLToPath(url);
  const built = path.replace(/([\\/])src([\\/](?:analysis|fits)[\\/])/, '$1dist$2');
  const found = [path, built].find((one) => existsSync(one)) ?? path.replace(/\.js$/, '.ts');
  return readFileSync(found, 'utf8');
}

function collect(url: URL, read: (url: URL) => string, texts: Map<string, string>): void {
  if (texts.has(url.href)) return;
  const text = read(url);
  texts.set(url.href, text);
  for (const [, path] of text.matchAll(importedFrom)) {
    const imported = new URL(path as string, url);
    if (isFollowed(imported)) collect(imported, read, texts);
  }
}

/** Digest of the text of every module that a kind of fit is made by, as `read` gives it. */
export function digestOfModules(kind: FitKindName, read: (url: URL) => string = textOf): string {
  const texts = new Map<string, string>();
  collect(moduleOf(kind), read, texts);
  const digest = createHash('sha256');
  for (const href of [...texts.keys()].sort()) digest.update(texts.get(href) as string).update('\0');
  return digest.digest('hex').slice(0, 32);
}

const known = new Map<FitKindName, string>();

/**
 * Version of what makes the fits of a kind: a digest of the text of every module of the analysis it reaches. When the
 * text changes, stored fits are made again, so that no release can forget it.
 */
export function fitVersion(kind: FitKindName): string {
  const version = known.get(kind) ?? digestOfModules(kind);
  known.set(kind, version);
  return version;
}

/** One version for the fits of all kinds. */
export function fitsVersion(): string {
  const digest = createHash('sha256');
  for (const { kind } of fitKinds) digest.update(fitVersion(kind));
  return digest.digest('hex').slice(0, 32);
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Asset {
  type: string;
  body: Buffer;
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const folder = fileURLToPath(new URL('./client', import.meta.url));

/** The client as `npm run build` made it, by exact name, read once, so that no request accesses the disk. */
export function readAssets(): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  if (!existsSync(folder)) return assets;
  for (const name of readdirSync(folder)) {
    const type = types[name.split('.').at(-1) ?? ''];
    if (type !== undefined && /-[A-Z0-9]{8}\./i.test(name)) {
      assets.set(name, { type, body: readFileSync(join(folder, name)) });
    }
  }
  return assets;
}

/** The page that every screen's address gives. */
export function shellPage(assets: ReadonlyMap<string, Asset>): string {
  const named = (prefix: string, suffix: string) =>
    [...assets.keys()].find((name) => name.startsWith(prefix) && name.endsWith(suffix)) ?? '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Cellar</title>
<link rel="icon" href="/assets/${named('icon-', '.svg')}">
<link rel="stylesheet" href="/assets/${named('app-', '.css')}">
<script type="module" src="/assets/${named('app-', '.js')}"></script>
</head>
<body><div id="app"></div><noscript>This page needs JavaScript. <code>cellar report</code> makes one that does not.</noscript></body>
</html>
`;
}

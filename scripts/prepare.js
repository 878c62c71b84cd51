// `npm install` in a checkout builds; an installation without development tools uses the packed dist/.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const hasCompiler = (() => {
  try {
    createRequire(import.meta.url).resolve('typescript-7/package.json');
    return true;
  } catch {
    return false;
  }
})();

if (hasCompiler) await import('./build.js');
else if (!existsSync(join(root, 'dist', 'index.js'))) {
  console.error(
    'cellar: dist/ is missing and typescript is not installed; run `npm install` without --omit=dev',
  );
  process.exit(1);
}

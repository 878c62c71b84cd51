import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

/** npm makes the command executable where it installs the package, not in the checkout, where `npx cellar` runs it. */
it.skipIf(process.platform === 'win32')('is executable in a checkout', () => {
  const { bin } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    bin: { cellar: string };
  };
  expect(() => accessSync(join(projectRoot, bin.cellar), constants.X_OK)).not.toThrow();
});

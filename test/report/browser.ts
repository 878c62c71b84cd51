import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../../src/report/pdf.js';

/** Where CI sets this, a missing browser fails instead of skipping. */
const isRequired = process.env.CELLAR_REQUIRE_BROWSER === '1';

const path = findBrowser();

/** Whether there is a browser to test in; without one tests that need it skip, saying so. */
export const hasBrowser = path !== null || isRequired;
if (!hasBrowser) {
  console.warn('skipped: no Chromium or Chrome is here (install one, or name it in CELLAR_BROWSER)');
}

export function launchBrowser(): Promise<Browser> {
  if (path === null) throw new Error('CELLAR_REQUIRE_BROWSER is set, and there is no Chromium or Chrome');
  return chromium.launch({
    executablePath: path,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

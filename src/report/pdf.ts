import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CellarError, exitCodes, storageError } from '../errors.js';

/** Where browsers that can print are installed, in addition to PATH. */
const places: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'Google\\Chrome\\Application\\chrome.exe',
    'Chromium\\Application\\chrome.exe',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ].flatMap((path) =>
    [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA].flatMap(
      (folder) => (folder === undefined ? [] : [`${folder}\\${path}`]),
    ),
  ),
};
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** A Chromium or Chrome: `CELLAR_BROWSER`, one on PATH, or one where they are usually installed. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | null {
  if (environment.CELLAR_BROWSER !== undefined) {
    return existsSync(environment.CELLAR_BROWSER) ? environment.CELLAR_BROWSER : null;
  }
  const onPath = (environment.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...(places[process.platform] ?? [])].find((path) => existsSync(path)) ?? null;
}

const TIME_LIMIT = 120_000;

/** Nothing is loaded from elsewhere, and the profile of the user is not touched. */
const quiet = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--no-pdf-header-footer',
];

/** A browser that runs as root has no sandbox to offer. */
const sandbox = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

function run(browser: string, options: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(browser, options, { stdio: ['ignore', 'ignore', 'pipe'], timeout: TIME_LIMIT });
    let said = '';
    child.stderr.on('data', (piece) => {
      said = `${said}${piece}`.slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`it ended with code ${code}: ${said.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}

/**
 * Makes a file of a page with a browser.
 *
 * @throws CellarError (usage) where no browser is found, (storage) where it cannot print or the file cannot be written
 */
async function printWith(
  page: string,
  ending: string,
  path: string,
  options: (target: string) => string[],
): Promise<void> {
  const browser = findBrowser();
  if (browser === null) {
    throw new CellarError(
      exitCodes.usage,
      'no Chromium or Chrome was found to print with',
      'install one, name it in CELLAR_BROWSER, or open the page in any browser and print it',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'cellar-pdf-'));
  try {
    const [source, target] = [join(folder, `page.${ending}`), join(folder, 'printed')];
    await writeFile(source, page);
    await run(browser, [
      ...quiet,
      ...sandbox(),
      `--user-data-dir=${join(folder, 'profile')}`,
      ...options(target),
      pathToFileURL(source).href,
    ]);
    await copyFile(target, path);
  } catch (error) {
    throw storageError(
      `${browser} could not print ${path}: ${(error as Error).message}`,
      'print the page by hand',
    );
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Prints a page to a PDF file on A4. Errors as `printWith`. */
export function printToPdf(page: string, path: string): Promise<void> {
  return printWith(page, 'html', path, (target) => [`--print-to-pdf=${target}`]);
}

/** Draws an SVG file as a picture of twice its size, which paper and screens need. Errors as `printWith`. */
export function printToPng(
  svg: string,
  path: string,
  size: { width: number; height: number },
): Promise<void> {
  return printWith(svg, 'svg', path, (target) => [
    '--hide-scrollbars',
    '--force-device-scale-factor=2',
    `--window-size=${size.width},${size.height}`,
    `--screenshot=${target}`,
  ]);
}

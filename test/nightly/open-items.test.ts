import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findingLines } from '../../src/cli/ingest.js';
import { digestMarkdown, digestText } from '../../src/cli/support/digest-text.js';
import { scheduleFor } from '../../src/cli/support/schedules.js';
import { visibleLines } from '../../src/cli/support/text-width.js';
import { actionsOf, hasOpenItems } from '../../src/digest/actions.js';
import { readDigest } from '../../src/digest/digest.js';
import { openWriter } from '../../src/store/writer.js';
import { excludeCell } from '../../src/targets/exclusions.js';
import { Laboratory } from '../ingest/laboratory.js';

/** What a morning's digest says of folders, moved files and exclusions, and that nothing in it commands a terminal. */

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

/** An export from which nothing is to be derived. */
const spectrum = "Frequency (Hz),Z' (ohm),Z'' (ohm)\n1000,10,-1\n100,11,-2\n10,12,-3\n";

it('files without a cell are open only where the laboratory keeps a list of cells', async () => {
  lab.write('x.csv', spectrum);
  await lab.ingest();
  expect(hasOpenItems(await readDigest(lab.database, undefined))).toBe(false);
  lab.write('cells.csv', 'cell_id,material_id\nA-1,\n');
  await lab.ingest();
  expect(hasOpenItems(await readDigest(lab.database, undefined))).toBe(true);
});

it('an emptied folder and one that cannot be entered are items, each once however many nights it lasts', async () => {
  lab.write('nas/x.csv', spectrum);
  await lab.ingest();
  rmSync(join(lab.exports, 'nas', 'x.csv'));
  await lab.ingest();
  await lab.ingest();
  const digest = await readDigest(lab.database, undefined);
  expect(digest.surroundings).toMatchObject([{ event: 'emptied', path: join(lab.exports, 'nas') }]);
  expect(digest.vanished).toEqual([]);
  expect(hasOpenItems(digest)).toBe(true);
  expect(digestText(digest, actionsOf(digest))).toContain('is the share mounted?');
});

it('an exclusion whose cell is gone is an item', async () => {
  const cells = lab.write('cells.csv', 'cell_id\nK-04\n');
  lab.write('K-04.csv', spectrum);
  await lab.ingest();
  const writer = await openWriter(lab.database, { command: 'test' });
  await excludeCell(writer.connection, 'K-04', 'internal short');
  await writer.publish();
  await writer.end();
  writeFileSync(cells, 'cell_id\nK-44\n');
  await lab.ingest();
  const digest = await readDigest(lab.database, undefined);
  const text = digestText(digest, actionsOf(digest));
  expect(text).toContain('cell K-04 is excluded (internal short)');
  expect(text).toContain('cellar rename K-04 NEW');
}, 60_000);

it.skipIf(process.platform === 'win32')('names reach a terminal and Markdown as text', async () => {
  lab.write(
    'a\u001b[2K\u0007[x](javascript:1)\n.csv',
    'Test Time / s,Voltage / V,Current / A\n0,3,x\n1,3.1,0.1\n',
  );
  await lab.ingest();
  const digest = await readDigest(lab.database, undefined);
  const text = digestText(digest, actionsOf(digest));
  const markdown = digestMarkdown(digest, actionsOf(digest));
  // As a reader of the Markdown sees it.
  const rendered = markdown.replaceAll(/\\([\\`*_[\]<>|])/g, '$1');
  for (const said of [text, rendered]) {
    expect(said).not.toContain(String.fromCharCode(27));
    expect(said).not.toContain(String.fromCharCode(7));
    expect(said).toContain('a\\u001b');
  }
  expect(markdown).not.toMatch(/[^\\]\[x\]\(/);
});

it('colours stay where a terminal is given them, and only they', () => {
  const text = '\u001b[32mok\u001b[0m \u001b[2Kname\nnext';
  expect(visibleLines(text, true)).toBe('\u001b[32mok\u001b[0m \\u001b[2Kname\nnext');
  expect(visibleLines(text)).toBe('\\u001b[32mok\\u001b[0m \\u001b[2Kname\nnext');
});

it('findings of one code are one line', () => {
  const finding = (message: string) => ({ code: 'UNKNOWN_COLUMN' as const, message });
  expect(findingLines([finding('a'), finding('b'), finding('c')])).toEqual([
    'UNKNOWN_COLUMN: a (and 2 more like this)',
  ]);
});

it('every entry of a scheduler runs all commands of the night', () => {
  const night = {
    hour: 2,
    minute: 0,
    commands: [['/a', 'x']],
    finally: ['/a', 'notify'],
    folder: '/f',
    log: '/f/l',
  };
  for (const scheduler of ['systemd', 'cron', 'launchd', 'windows'] as const) {
    expect(scheduleFor(scheduler, night)).toContain('notify');
  }
});

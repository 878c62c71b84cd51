import { rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeReport, type Report, renderMarkdown, renderPage } from '../../src/report/index.js';
import { openSnapshot } from '../../src/store/snapshot.js';
import { listExclusions } from '../../src/targets/exclusions.js';
import { temporaryFolder } from '../cli/run.js';
import { sampleLaboratory } from '../sample-laboratory.js';

/** The report in Simplified Chinese: every word of it, and every number as it is in English. */

/** Latin words that stay: units, symbols, names of methods, formats, files and columns, and what the verdicts are called. */
const staying = new Set(
  `PASS FAIL INCONCLUSIVE INSUFFICIENT DATA Cellar SHA csv cells materials conditions Kramers Kronig Nyquist Bode
   Arrhenius Huber AICc CPE ASR exp kHz MHz mHz mAh MPa ohm cycle cycles`.split(/\s+/),
);

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** What is read of a page: texts and names of drawings, without file names, code and styles. */
const textOf = (page: string): string =>
  page
    .replace(/<(script|style|code)\b.*?<\/\1>/gs, ' ')
    .replace(/(?:aria-label|data-label)="([^"]*)"/g, '>$1<')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? ' ')
    .replace(/\b[0-9a-f]{12,64}\b/g, ' ');

/** Latin words of three letters and more that are nobody's own and stand in no list. */
function strangers(text: string, own: readonly string[]): string[] {
  const rest = own.reduce((left, one) => left.replaceAll(one, ' '), text);
  const words = rest.replace(/\b\w*_\w*\b|\b[A-Z0-9]+-[A-Z0-9-]+\b/g, ' ').match(/[A-Za-z]{3,}/g) ?? [];
  return [...new Set(words)].filter((word) => !staying.has(word));
}

const values = (page: string) => [...page.matchAll(/<data value="([^"]+)"/g)].map(([, value]) => value);

describe('the report in Chinese', () => {
  const folder = temporaryFolder();
  let english: Report;
  let chinese: Report;
  /** What the laboratory wrote itself: names, sources, reasons. */
  let own: string[];
  beforeAll(async () => {
    const { database } = sampleLaboratory(folder);
    const options = {
      database,
      command: 'cellar report',
      targets: 'rd-fund',
      material: null,
      since: undefined,
    };
    english = await makeReport({ ...options, write: false });
    chinese = await makeReport({ ...options, write: false, language: 'zh' });
    const snapshot = await openSnapshot(database);
    const exclusions = await listExclusions(snapshot.connection).finally(() => snapshot.close());
    const { lab, table, files } = chinese.model;
    const texts = [
      ...lab.materials.flatMap((one) => [one.material_id, ...Object.values(one)]),
      ...lab.fits.cells.flatMap(({ cell_id, batch }) => [cell_id, batch]),
      ...table.targets.flatMap(({ id, source, note, owner }) => [id, source, note, owner]),
      ...exclusions.map(({ reason }) => reason),
      ...files.map(({ format }) => format),
      table.name,
    ].filter((text) => typeof text === 'string' && text.length > 2) as string[];
    own = texts.sort((a, b) => b.length - a.length);
    return () => rmSync(folder, { recursive: true, force: true });
  }, 300_000);

  it('has no English left, on the page and in its Markdown', () => {
    expect(strangers(textOf(renderPage(chinese.model)), own)).toEqual([]);
    const markdown = renderMarkdown(chinese.model).replaceAll(/\\([\\|[\]`])/g, '$1');
    expect(strangers(markdown, own)).toEqual([]);
    expect(renderPage(chinese.model)).toContain('<html lang="zh-CN">');
  });

  it('has the numbers of the English one, and the words of the verdicts beside the Chinese', () => {
    expect(values(renderPage(chinese.model))).toEqual(values(renderPage(english.model)));
    const markdown = renderMarkdown(chinese.model);
    for (const { verdict } of chinese.model.judged) expect(markdown).toContain(`**${verdict} `);
    expect(markdown).toContain('PASS 达标');
  });

  it('leaves the English one as it is, and says in its manifest what it is in', () => {
    expect(chinese.model.manifest.parameters.language).toBe('zh');
    expect(english.model.manifest.parameters).not.toHaveProperty('language');
    expect(english.model.manifest.state).toBe(chinese.model.manifest.state);
  });
});

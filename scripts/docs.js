// Writes the generated parts of README.md (formats, tables) from the declarations; a test holds them equal.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formats } from '../dist/ingest/formats/index.js';
import { tables } from '../dist/store/tables/index.js';
import { views } from '../dist/store/views.js';

const readme = join(dirname(fileURLToPath(import.meta.url)), '..', 'README.md');

const cell = (text) => text.replaceAll('|', '\\|');

export function formatsTable() {
  const rows = formats.map(
    ({ id, vendor, title, evidence }) =>
      `| \`${id}\` | ${cell(vendor)} | ${cell(title)} | ${evidence === 'recorded' ? 'recorded file' : 'description'} |`,
  );
  return ['| id | vendor | what | evidence |', '|---|---|---|---|', ...rows].join('\n');
}

export function tablesTable() {
  const rows = [...tables, ...views].map(({ name, row }) => `| \`${name}\` | ${cell(row)} |`);
  return ['| table or view | a row is |', '|---|---|', ...rows].join('\n');
}

/** The text with what stands between the markers of `name` replaced. */
export function withSection(text, name, content) {
  const pattern = new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  return text.replace(pattern, (_match, begin, end) => `${begin}${content}\n${end}`);
}

export function generatedReadme(text) {
  return withSection(withSection(text, 'formats', formatsTable()), 'tables', tablesTable());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(readme, generatedReadme(readFileSync(readme, 'utf8')));
}

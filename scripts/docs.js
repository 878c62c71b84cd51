// Writes the generated parts of README.md (own files, formats, tables) from the declarations; a test holds them equal.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownFiles } from '../dist/ingest/containers/kinds.js';
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

export function ownFilesTable() {
  const rows = ownFiles.map(({ file, vendor, title, versions, described, checkedAgainst }) => {
    const seen = described === undefined ? versions : `${versions}; ${described} by description`;
    return `| ${[`\`${file}\``, vendor, title, seen, checkedAgainst].map(cell).join(' | ')} |`;
  });
  return ['| file | vendor | what | versions | checked against |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
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
  const sections = { 'own-files': ownFilesTable(), formats: formatsTable(), tables: tablesTable() };
  return Object.entries(sections).reduce((whole, [name, content]) => withSection(whole, name, content), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(readme, generatedReadme(readFileSync(readme, 'utf8')));
}

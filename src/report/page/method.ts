import { html, type Markup, nothing } from '../html.js';
import type { ReportManifest } from '../manifest.js';
import type { ReportModel } from '../model.js';
import { words } from '../speech.js';
import { sentence, thresholdText } from '../words.js';
import { badge, verdictWords } from './badge.js';
import { namedFigures } from './evidence.js';
import { titleOf } from './metric.js';
import { categoryText, dateOf } from './overview.js';

function glossary(): Markup {
  return html`<dl class="glossary">${verdictWords.map((word) => html`<div><dt>${badge(word)}</dt><dd>${words(`meaning/${word}`)}</dd></div>`)}</dl>`;
}

function targetTable({ table }: ReportModel): Markup {
  const rows = table.targets.map(
    (target) =>
      html`<tr><th scope="row"><code>${target.id}</code></th><td>${categoryText(target.category)}</td><td>${sentence(titleOf(target.metric))} <span class="limit-text">${thresholdText(target.comparison, target.threshold, target.unit)}</span></td><td>${namedFigures(target.conditions)}</td><td>${target.source ?? ''}</td></tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words('targets')}"><table><thead><tr><th scope="col">${words('column_target')}</th><th scope="col">${words('column_for')}</th><th scope="col">${words('column_limit')}</th><th scope="col">${words('column_conditions')}</th><th scope="col">${words('column_source')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What became of a file, or of lines of it. */
function troubleText(status: string, rejected: number, unit: string): string {
  const outcome = status === 'conflict' ? 'conflict' : 'rejected';
  if (rejected === 0) return words(`file_${outcome}`);
  const lines = unit === 'row' ? 'rows' : unit === 'record' ? 'records' : 'lines';
  return words(`${lines}_${outcome}`, { n: rejected });
}

/** Files that were refused or lost lines; all others are in the hash. */
function troubledFiles({ files }: ReportModel): Markup {
  const troubled = files.filter(
    ({ status, rows_rejected }) => status === 'rejected' || status === 'conflict' || rows_rejected > 0,
  );
  if (troubled.length === 0) return html`<p>${words('no_trouble')}</p>`;
  const items = troubled.map(
    ({ path, status, rows_rejected, unit_of_lines }) =>
      html`<li><code>${path}</code> ${troubleText(status, rows_rejected, unit_of_lines)}</li>`,
  );
  return html`<p>${words('trouble_before')}<code>cellar status</code>${words('trouble_after')}</p><ul class="plain">${items}</ul>`;
}

function manifestRows(manifest: ReportManifest): [string, string][] {
  const { parameters } = manifest;
  return [
    [
      'Cellar',
      words('made_with', {
        version: manifest.tool_version,
        schema: String(manifest.schema_version),
        fits: manifest.fit_version.slice(0, 12),
      }),
    ],
    [words('targets'), `${parameters.targets}, SHA-256 ${manifest.targets_sha256}`],
    [words('row_material'), parameters.material ?? words('all')],
    [
      words('row_since'),
      parameters.since === null
        ? words('since_nothing')
        : words('since_run', {
            run: String(parameters.since.run_id),
            date: parameters.since.started_at.slice(0, 10),
          }),
    ],
    [
      words('row_files'),
      words('files_hash', { n: String(manifest.files.count), hash: manifest.files.sha256 }),
    ],
    [words('row_metadata'), `SHA-256 ${manifest.metadata_sha256}`],
    [words('row_fits'), words('fits_hash', { n: String(manifest.fits.count), hash: manifest.fits.sha256 })],
    [
      words('row_verdicts'),
      words('verdicts_hash', { n: String(manifest.verdicts.count), hash: manifest.verdicts.sha256 }),
    ],
    [words('row_state'), manifest.state],
  ];
}

function fileTable({ files }: ReportModel): Markup {
  const rows = files.map(
    ({ path, format, rows_loaded, rows_rejected, sha256 }) =>
      html`<tr><td><code>${path}</code></td><td>${format ?? ''}</td><td class="num">${rows_loaded}</td><td class="num">${rows_rejected}</td><td><code class="hash">${sha256 ?? ''}</code></td></tr>
`,
  );
  return html`<details class="more"><summary>${words('files_with_hashes', { n: files.length })}</summary><div class="scroll" tabindex="0" role="region" aria-label="${words('row_files')}"><table><thead><tr><th scope="col">${words('column_file')}</th><th scope="col">${words('column_format')}</th><th scope="col">${words('column_rows')}</th><th scope="col">${words('column_rejected')}</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/** What the words mean, what was requested, and what the page was made from. */
export function method(model: ReportModel): Markup {
  const { manifest, unjudged, history } = model;
  const newest = history.at(-1);
  return html`<section class="method" aria-labelledby="method-title">
<h2 id="method-title">${words('method_title')}</h2>
<h3>${words('four_words')}</h3>
${glossary()}
<p>${words('method_notes')}</p>
<h3>${words('targets')}</h3>
${targetTable(model)}
${unjudged.length === 0 ? nothing : html`<p>${words('without_target', { materials: unjudged.map(({ material_id }) => material_id) })}</p>`}
<h3>${words('made_from')}</h3>
${newest === undefined ? nothing : html`<p>${words('last_changed', { date: dateOf(newest.started_at), run: String(newest.run_id) })}</p>`}
<dl class="manifest">${manifestRows(manifest).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
${troubledFiles(model)}
${fileTable(model)}
<p><code>cellar report --verify FILE</code>${words('verify_after')}</p>
</section>
`;
}

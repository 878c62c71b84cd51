import { metricOf } from '../../targets/metrics/index.js';
import { html, type Markup, nothing } from '../html.js';
import type { ReportManifest } from '../manifest.js';
import type { ReportModel } from '../model.js';
import { counted } from '../numbers.js';
import { limitText, sentence } from '../words.js';
import { badge, verdictWords } from './badge.js';
import { namedFigures } from './evidence.js';
import { categoryText, dateOf } from './overview.js';

const meanings: Readonly<Record<(typeof verdictWords)[number], string>> = {
  PASS: 'The one-sided 95 % bound clears the target, with statistics, instrument and geometry counted.',
  FAIL: 'Even the favourable one-sided 95 % bound misses the target, or a rule of the evidence says it cannot be reached.',
  INCONCLUSIVE: 'The target lies between the bounds, or something found in the data forbids a PASS.',
  'INSUFFICIENT DATA':
    'The evidence that the target requires is not there yet, however good the number looks.',
};

function glossary(): Markup {
  return html`<dl class="glossary">${verdictWords.map((word) => html`<div><dt>${badge(word)}</dt><dd>${meanings[word]}</dd></div>`)}</dl>`;
}

function targetTable({ table }: ReportModel): Markup {
  const rows = table.targets.map(
    (target) =>
      html`<tr><th scope="row"><code>${target.id}</code></th><td>${categoryText(target.category)}</td><td>${sentence(metricOf(target.metric)?.title ?? target.metric)} <span class="limit-text">${limitText(target.comparison, target.threshold, target.unit)}</span></td><td>${namedFigures(target.conditions)}</td><td>${target.source ?? ''}</td></tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Targets"><table><thead><tr><th scope="col">Target</th><th scope="col">For</th><th scope="col">Limit</th><th scope="col">Conditions</th><th scope="col">Source</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Files that were refused or lost lines; all others are in the hash. */
function troubledFiles({ files }: ReportModel): Markup {
  const troubled = files.filter(
    ({ status, rows_rejected }) => status === 'rejected' || status === 'conflict' || rows_rejected > 0,
  );
  if (troubled.length === 0) return html`<p>No file was refused and no line was rejected.</p>`;
  const items = troubled.map(
    ({ path, status, rows_rejected, unit_of_lines }) =>
      html`<li><code>${path}</code> ${rows_rejected > 0 ? counted(rows_rejected, unit_of_lines) : 'file'} ${status === 'conflict' ? 'in conflict with what is stored' : 'rejected'}</li>`,
  );
  return html`<p>Not everything could be read; <code>cellar status</code> says more:</p><ul class="plain">${items}</ul>`;
}

function manifestRows(manifest: ReportManifest): [string, string][] {
  const { parameters } = manifest;
  return [
    [
      'Cellar',
      `${manifest.tool_version} (schema ${manifest.schema_version}, fits ${manifest.fit_version.slice(0, 12)})`,
    ],
    ['Targets', `${parameters.targets}, SHA-256 ${manifest.targets_sha256}`],
    ['Material', parameters.material ?? 'All'],
    [
      'Changes told against',
      parameters.since === null
        ? 'Nothing: first report'
        : `Run ${parameters.since.run_id}, ${parameters.since.started_at.slice(0, 10)}`,
    ],
    ['Files', `${manifest.files.count}, SHA-256 over paths and contents ${manifest.files.sha256}`],
    ['Materials and cells', `SHA-256 ${manifest.metadata_sha256}`],
    ['Fits', `${manifest.fits.count}, SHA-256 over their inputs ${manifest.fits.sha256}`],
    ['Verdicts', `${manifest.verdicts.count}, SHA-256 with evidence ${manifest.verdicts.sha256}`],
    ['State', manifest.state],
  ];
}

function fileTable({ files }: ReportModel): Markup {
  const rows = files.map(
    ({ path, format, rows_loaded, rows_rejected, sha256 }) =>
      html`<tr><td><code>${path}</code></td><td>${format ?? ''}</td><td class="num">${rows_loaded}</td><td class="num">${rows_rejected}</td><td><code class="hash">${sha256 ?? ''}</code></td></tr>
`,
  );
  return html`<details class="more"><summary>${counted(files.length, 'file')} with their hashes</summary><div class="scroll" tabindex="0" role="region" aria-label="Files"><table><thead><tr><th scope="col">File</th><th scope="col">Format</th><th scope="col">Rows</th><th scope="col">Rejected</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/** What the words mean, what was asked for, and what the page was made from. */
export function method(model: ReportModel): Markup {
  const { manifest, unjudged, history } = model;
  const newest = history.at(-1);
  return html`<section class="method" aria-labelledby="method-title">
<h2 id="method-title">How to read and check this report</h2>
<h3>The four words</h3>
${glossary()}
<p>Several targets are judged at 95 % each; nothing is adjusted for their number. The sample is the cell, never the cycle or the spectrum. Numbers are rounded by their uncertainty; the page carries all digits.</p>
<h3>Targets</h3>
${targetTable(model)}
${unjudged.length === 0 ? nothing : html`<p>Without a target in this table: ${unjudged.map(({ material_id }) => material_id).join(', ')}.</p>`}
<h3>Made from</h3>
${newest === undefined ? nothing : html`<p>Verdicts last changed on ${dateOf(newest.started_at)} (run ${newest.run_id}).</p>`}
<dl class="manifest">${manifestRows(manifest).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
${troubledFiles(model)}
${fileTable(model)}
<p><code>cellar report --verify FILE</code> makes this page again from the database and says what differs. The same data, versions and targets give the same bytes.</p>
</section>
`;
}

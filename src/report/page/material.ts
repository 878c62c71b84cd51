import type { JudgedTarget } from '../../targets/evaluate.js';
import { asOf } from '../../targets/projection.js';
import { forestFigure } from '../figures/forest.js';
import { trendFigure } from '../figures/trend.js';
import { historyOf, projectionOf } from '../history.js';
import { html, type Markup, nothing } from '../html.js';
import type { MaterialReport, ReportModel } from '../model.js';
import { counted, listed, plainNumber } from '../numbers.js';
import { renderFigure } from '../plot/figure.js';
import { capitalised, cellTypeText, limitText, missingItems, sentence } from '../words.js';
import { arithmetic } from './arithmetic.js';
import { badge } from './badge.js';
import { budgetSection } from './budget.js';
import { dueList } from './due.js';
import { cellTable, sources } from './evidence.js';
import { plots } from './figures.js';
import { categoryText, changeText, dateOf, materialId, targetId } from './overview.js';
import { estimate, sampleText } from './value.js';

function warnings({ warnings: all }: JudgedTarget): Markup {
  if (all.length === 0) return nothing;
  const items = all.map(({ code, message }) => html`<li><code>${code}</code> ${sentence(message)}.</li>`);
  return html`<div class="warnings"><p>${counted(all.length, 'warning')} on this number</p><ul>${items}</ul></div>`;
}

/** What is missing, as it reads on the day of the page. */
function missing({ missing: text, evidence }: JudgedTarget, today: string | null): Markup {
  if (text === null) return nothing;
  const current = today === null ? text : asOf(text, today);
  const items = missingItems(
    current,
    evidence.cells.map(({ cell_id }) => cell_id),
  );
  const body =
    items.length === 1
      ? html`<p>${sentence(current)}.</p>`
      : html`<ul>${items.map((item) => html`<li>${sentence(item)}</li>`)}</ul>`;
  return html`<div class="missing"><p class="missing-title">What is missing</p>${body}</div>`;
}

function marginText({ margin, verdict }: JudgedTarget): string {
  if (margin === null) return '';
  const times = plainNumber(Math.abs(margin), 2);
  const side = margin >= 0 ? 'meets' : 'misses';
  const narrow =
    verdict === 'PASS' && margin < 1
      ? ' A narrow PASS: one in twenty such borderline cases passes by chance.'
      : '';
  return ` The value ${side} the target by ${times} times the half width of its 95\u00a0% interval.${narrow}`;
}

function change(judged: JudgedTarget, model: ReportModel): string {
  const text = changeText(judged, historyOf(model.history, judged), model.baseline);
  if (model.baseline === null) return 'First report: nothing to compare with.';
  return `Since ${dateOf(model.baseline.started_at)}: ${text}.`;
}

function verdictBlock(judged: JudgedTarget, model: ReportModel): Markup {
  const { target, evidence } = judged;
  const points = historyOf(model.history, judged);
  const { as_of } = model.manifest.parameters;
  const projection = projectionOf(judged, as_of);
  const trend = trendFigure(judged, points, projection);
  const forest = forestFigure(judged);
  const first = points.at(0);
  const past =
    trend === null && first !== undefined
      ? html`<p class="muted">Judged first on ${dateOf(first.started_at)}${points.length === 1 ? ', and not changed since' : ''}.</p>`
      : nothing;
  return html`<section class="verdict" id="${targetId(judged)}" aria-labelledby="${materialId(judged.material_id)}-title ${targetId(judged)}-title">
<h3 id="${targetId(judged)}-title">${sentence(evidence.metric_title)} <span class="limit-text">${limitText(target.comparison, target.threshold, target.unit)}</span></h3>
<p class="result">${badge(judged.verdict)} <span class="value">${estimate(judged, target.unit)}</span> <span class="n">${sampleText(judged)}</span></p>
<p>${sentence(judged.reason)}.${marginText(judged)} ${change(judged, model)}</p>
${warnings(judged)}${dueList(judged, model)}${missing(judged, as_of)}${arithmetic(judged)}
<div class="figures">${forest === null ? nothing : renderFigure(forest)}${trend === null ? nothing : renderFigure(trend)}</div>
${past}${cellTable(judged, as_of)}${budgetSection(judged)}${sources(judged, model)}</section>
`;
}

/** `3 pellets`, `2 Li|Cu cells`. */
function countedType(count: number, type: string | null): string {
  if (type === 'pellet') return counted(count, 'pellet');
  if (type === null) return `${counted(count, 'cell')} of unknown type`;
  return counted(count, `${cellTypeText(type)} cell`);
}

/** Cells, batches and what is left out, in a sentence. */
function facts({ material }: MaterialReport, { lab }: ReportModel): string {
  const cells = lab.fits.cells.filter(({ material_id }) => material_id === material.material_id);
  if (cells.length === 0) return 'No cells: its numbers are bought or weighed.';
  const batches = [...new Set(cells.flatMap(({ batch }) => batch ?? []))];
  const excluded = cells.filter(({ exclusion }) => exclusion !== null);
  const types = [...new Set(cells.map(({ cell_type }) => cell_type))];
  const kinds = types.map((type) =>
    countedType(cells.filter(({ cell_type }) => cell_type === type).length, type),
  );
  const parts = [
    listed(kinds),
    batches.length === 0
      ? 'batches not stated'
      : `${counted(batches.length, 'batch', 'batches')} (${batches.join(', ')})`,
    ...(excluded.length === 0 ? [] : [`${excluded.map(({ cell_id }) => cell_id).join(', ')} excluded`]),
  ];
  return `${capitalised(parts.join(', '))}.`;
}

/** Everything about one material: its verdicts with their evidence, then the plots. */
export function materialSection(report: MaterialReport, model: ReportModel): Markup {
  const { material, judged } = report;
  const id = materialId(material.material_id);
  return html`<section class="material" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${material.material_id} <span class="material-name">${material.name ?? ''}</span></h2>
<p class="lead">${capitalised(categoryText(material.category))}. ${facts(report, model)}</p>
${judged.map((one) => verdictBlock(one, model))}${plots(report, model.lab)}</section>
`;
}

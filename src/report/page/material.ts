import type { JudgedTarget } from '../../targets/evaluate.js';
import { forestFigure } from '../figures/forest.js';
import { trendFigure } from '../figures/trend.js';
import { historyOf, projectionOf } from '../history.js';
import { html, type Markup, nothing } from '../html.js';
import type { MaterialReport, ReportModel } from '../model.js';
import { plainNumber } from '../numbers.js';
import { renderFigure } from '../plot/figure.js';
import { clauses, spoken, words } from '../speech.js';
import { capitalised, cellTypeText, missingItems, sentence, stopped, thresholdText } from '../words.js';
import { arithmetic } from './arithmetic.js';
import { badge } from './badge.js';
import { budgetSection } from './budget.js';
import { dueList } from './due.js';
import { cellTable, sources } from './evidence.js';
import { plots } from './figures.js';
import { metricTitle } from './metric.js';
import { categoryText, changeText, dateOf, materialId, targetId } from './overview.js';
import { estimate, sampleText } from './value.js';

function warnings({ warnings: all }: JudgedTarget): Markup {
  if (all.length === 0) return nothing;
  const items = all.map(
    (warning) => html`<li><code>${warning.code}</code> ${stopped(sentence(spoken(warning)))}</li>`,
  );
  return html`<div class="warnings"><p>${words('warnings_on', { n: all.length })}</p><ul>${items}</ul></div>`;
}

/** What is missing, as it reads on the day of the page. */
function missing({ said }: JudgedTarget): Markup {
  if (said.missing === null) return nothing;
  const items = missingItems(said.missing);
  const body =
    items.length === 1
      ? html`<p>${stopped(sentence(spoken(said.missing)))}</p>`
      : html`<ul>${items.map((item) => html`<li>${sentence(item)}</li>`)}</ul>`;
  return html`<div class="missing"><p class="missing-title">${words('column_missing')}</p>${body}</div>`;
}

function marginText({ margin, verdict }: JudgedTarget): string {
  if (margin === null) return '';
  const times = plainNumber(Math.abs(margin), 2);
  const side = words(margin >= 0 ? 'margin_meets' : 'margin_misses', { times });
  return verdict === 'PASS' && margin < 1 ? side + words('narrow_pass') : side;
}

function change(judged: JudgedTarget, model: ReportModel): string {
  const text = changeText(judged, historyOf(model.history, judged), model.baseline);
  if (model.baseline === null) return words('first_change');
  return words('change_since', { date: dateOf(model.baseline.started_at), change: text });
}

function verdictBlock(judged: JudgedTarget, model: ReportModel): Markup {
  const { target } = judged;
  const points = historyOf(model.history, judged);
  const { as_of } = model.manifest.parameters;
  const projection = projectionOf(judged, as_of);
  const trend = trendFigure(judged, points, projection);
  const forest = forestFigure(judged);
  const first = points.at(0);
  const past =
    trend === null && first !== undefined
      ? html`<p class="muted">${words(points.length === 1 ? 'judged_first_unchanged' : 'judged_first', { date: dateOf(first.started_at) })}</p>`
      : nothing;
  return html`<section class="verdict" id="${targetId(judged)}" aria-labelledby="${materialId(judged.material_id)}-title ${targetId(judged)}-title">
<h3 id="${targetId(judged)}-title">${sentence(metricTitle(judged))} <span class="limit-text">${thresholdText(target.comparison, target.threshold, target.unit)}</span></h3>
<p class="result">${badge(judged.verdict)} <span class="value">${estimate(judged, target.unit)}</span> <span class="n">${sampleText(judged)}</span></p>
<p>${stopped(sentence(clauses(judged.said.reason)))}${marginText(judged)} ${change(judged, model)}</p>
${warnings(judged)}${dueList(judged, model)}${missing(judged)}${arithmetic(judged)}
<div class="figures">${forest === null ? nothing : renderFigure(forest)}${trend === null ? nothing : renderFigure(trend)}</div>
${past}${cellTable(judged)}${budgetSection(judged)}${sources(judged, model)}</section>
`;
}

/** A list in words: `a, b and c`. */
const listed = (items: readonly string[]): string =>
  items.length < 2
    ? (items[0] ?? '')
    : words('list_and', { items: items.slice(0, -1), last: items.at(-1) ?? '' });

/** `3 pellets`, `2 Li|Cu cells`. */
function countedType(count: number, type: string | null): string {
  if (type === 'pellet') return words('pellets', { n: count });
  if (type === null) return words('cells_unknown', { n: count });
  return words('cells_of_type', { n: count, type: cellTypeText(type) });
}

/** Cells, batches and what is left out, in a sentence. */
function facts({ material }: MaterialReport, { lab }: ReportModel): string {
  const cells = lab.fits.cells.filter(({ material_id }) => material_id === material.material_id);
  if (cells.length === 0) return words('no_cells');
  const batches = [...new Set(cells.flatMap(({ batch }) => batch ?? []))];
  const excluded = cells.filter(({ exclusion }) => exclusion !== null);
  const types = [...new Set(cells.map(({ cell_type }) => cell_type))];
  const kinds = types.map((type) =>
    countedType(cells.filter(({ cell_type }) => cell_type === type).length, type),
  );
  const parts = [
    listed(kinds),
    batches.length === 0 ? words('no_batches') : words('batches', { n: batches.length, names: batches }),
    ...(excluded.length === 0
      ? []
      : [words('excluded_cells', { cells: excluded.map(({ cell_id }) => cell_id) })]),
  ];
  return stopped(capitalised(words('parts', { items: parts })));
}

/** Everything about one material: its verdicts with their evidence, then the plots. */
export function materialSection(report: MaterialReport, model: ReportModel): Markup {
  const { material, judged } = report;
  const id = materialId(material.material_id);
  return html`<section class="material" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${material.material_id} <span class="material-name">${material.name ?? ''}</span></h2>
<p class="lead">${stopped(capitalised(categoryText(material.category)))} ${facts(report, model)}</p>
${judged.map((one) => verdictBlock(one, model))}${plots(report, model.lab)}</section>
`;
}

import { categories } from '../../store/vocabulary.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { nothingToJudge } from '../../targets/remarks.js';
import { strip } from '../figures/strip.js';
import { type Baseline, type HistoryPoint, historyOf, pointAt, projectionOf } from '../history.js';
import { html, type Markup, nothing, slug } from '../html.js';
import type { MaterialReport, ReportModel } from '../model.js';
import { plainNumber } from '../numbers.js';
import { spoken, spokenWithoutDates, words } from '../speech.js';
import { missingItems, sentence, thresholdText, unitAfter } from '../words.js';
import { badge, verdictText, verdictWords } from './badge.js';
import { dueNote } from './due.js';
import { metricTitle } from './metric.js';
import { estimate, sampleText } from './value.js';

export const materialId = (material_id: string): string => `material-${slug(material_id)}`;
export const targetId = ({ material_id, target }: JudgedTarget): string =>
  `verdict-${slug(material_id)}-${slug(target.id)}`;

const isCategory = (name: string): name is (typeof categories)[number] =>
  (categories as readonly string[]).includes(name);

/** A category as people write it. */
export function categoryText(category: string | null): string {
  if (category === null) return words('category/none');
  return isCategory(category) ? words(`category/${category}`) : category.replaceAll('_', ' ');
}

export const dateOf = (time: Date): string => time.toISOString().slice(0, 10);

/** How many of each verdict, as a sentence that can be read aloud. */
export function headline(judged: readonly JudgedTarget[]): string {
  const of = (word: JudgedTarget['verdict']) => judged.filter(({ verdict }) => verdict === word).length;
  const open = of('INCONCLUSIVE') + of('INSUFFICIENT DATA');
  return words('headline', { met: of('PASS'), total: judged.length, missed: of('FAIL'), open });
}

function tally(judged: readonly JudgedTarget[]): Markup {
  const items = verdictWords.map((word) => {
    const count = judged.filter(({ verdict }) => verdict === word).length;
    return html`<li><span class="count">${count}</span> ${badge(word)}</li>`;
  });
  return html`<ul class="tally" aria-label="${words('tally')}">${items}</ul>`;
}

/** What is different from the report before, in a few words. */
export function changeText(
  judged: JudgedTarget,
  points: readonly HistoryPoint[],
  baseline: Baseline | null,
): string {
  if (baseline === null) return words('first_report');
  const before = pointAt(points, baseline);
  if (before === null) return words('new_since');
  if (before.threshold !== judged.target.threshold || before.unit !== judged.target.unit) {
    return words('target_changed', { verdict: verdictText(before.verdict) });
  }
  const parts: string[] = [];
  if (before.verdict !== judged.verdict) parts.push(words('was', { what: verdictText(before.verdict) }));
  if (before.value !== judged.value) {
    parts.push(
      before.value === null
        ? words('no_value_before')
        : words('was', { what: `${plainNumber(before.value)}${unitAfter(before.unit)}` }),
    );
  }
  if (before.sample_size !== judged.sample_size)
    parts.push(words('n_was', { n: String(before.sample_size) }));
  return parts.length === 0 ? words('unchanged') : words('parts', { items: parts });
}

const LISTED_MISSING = 2;

/** What is missing: one item per cell that lacks something; the rest is on the page of the material. */
function missing(judged: JudgedTarget, { manifest }: ReportModel): Markup {
  if (judged.said.missing === null) return html`<span class="muted">${words('nothing_missing')}</span>`;
  const items = missingItems(judged.said.missing, spokenWithoutDates);
  const rest = items.length - LISTED_MISSING;
  const more =
    rest > 0 ? html` <a href="#${targetId(judged)}">${words('and_more', { n: String(rest) })}</a>` : nothing;
  const projection = projectionOf(judged, manifest.parameters.as_of);
  const when =
    projection === null
      ? nothing
      : projection.hasPassed
        ? html` <span class="projected">${words('stands_still')}</span>`
        : html` <span class="projected">${words('projection', { date: projection.date })}</span>`;
  return html`${words('clauses', { items: items.slice(0, LISTED_MISSING).map(sentence) })}${more}${when}`;
}

function remarks(judged: JudgedTarget): Markup {
  const count = judged.warnings.length;
  if (count === 0) return nothing;
  return html` <a class="remarks" href="#${targetId(judged)}">${words('warnings', { n: count })}</a>`;
}

function row(judged: JudgedTarget, model: ReportModel): Markup {
  const points = historyOf(model.history, judged);
  const { target } = judged;
  return html`<tr role="row">
<td role="cell" class="c-verdict">${badge(judged.verdict)}</td>
<th role="rowheader" scope="row" class="c-target"><a href="#${targetId(judged)}">${sentence(metricTitle(judged))}</a> <span class="limit-text">${thresholdText(target.comparison, target.threshold, target.unit)}</span>${dueNote(judged, model)}</th>
<td role="cell" class="c-scale">${strip(judged)}</td>
<td role="cell" class="c-value">${estimate(judged, target.unit)} <span class="about"><span class="n">${sampleText(judged)}</span>${remarks(judged)}</span></td>
<td role="cell" class="c-change" data-label="${words('column_change')}">${changeText(judged, points, model.baseline)}</td>
<td role="cell" class="c-missing" data-label="${words('label_missing')}">${missing(judged, model)}</td>
</tr>
`;
}

function group({ material, judged }: MaterialReport, model: ReportModel): Markup {
  const id = material.material_id;
  return html`<tbody role="rowgroup">
<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="6"><a href="#${materialId(id)}">${id}</a> <span class="group-name">${material.name ?? ''}</span> <span class="group-category">${categoryText(material.category)}</span></th></tr>
${judged.map((one) => row(one, model))}</tbody>
`;
}

/** One line per material and target. */
export function overview(model: ReportModel): Markup {
  const { judged, materials, baseline } = model;
  if (judged.length === 0) {
    return html`<p class="empty">${words('there_is', { what: spoken(nothingToJudge(model.lab)) })}</p>`;
  }
  const columns = [
    ['c-verdict', words('column_verdict')],
    ['c-target', words('column_target')],
    ['c-scale', words('column_scale')],
    ['c-value', words('column_value')],
    [
      'c-change',
      baseline === null
        ? words('column_change')
        : words('column_change_since', { date: dateOf(baseline.started_at) }),
    ],
    ['c-missing', words('column_missing')],
  ] as const;
  return html`<section aria-labelledby="overview-title">
<h2 id="overview-title" class="headline">${headline(judged)}</h2>
${tally(judged)}
<table class="overview" role="table">
<caption>${words('caption')}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(([name, title]) => html`<th role="columnheader" scope="col" class="${name}">${title}</th>`)}</tr></thead>
${materials.map((one) => group(one, model))}</table>
</section>
`;
}

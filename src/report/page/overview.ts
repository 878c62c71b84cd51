import type { JudgedTarget } from '../../targets/evaluate.js';
import { withoutDates } from '../../targets/projection.js';
import { nothingToJudge } from '../../targets/remarks.js';
import { strip } from '../figures/strip.js';
import { type Baseline, type HistoryPoint, historyOf, pointAt, projectionOf } from '../history.js';
import { html, type Markup, nothing, slug } from '../html.js';
import type { MaterialReport, ReportModel } from '../model.js';
import { counted, listed, plainNumber } from '../numbers.js';
import { limitText, missingItems, sentence, unitAfter } from '../words.js';
import { badge, verdictWords } from './badge.js';
import { dueNote } from './due.js';
import { estimate, sampleText } from './value.js';

export const materialId = (material_id: string): string => `material-${slug(material_id)}`;
export const targetId = ({ material_id, target }: JudgedTarget): string =>
  `verdict-${slug(material_id)}-${slug(target.id)}`;

export const categoryText = (category: string | null): string =>
  (category ?? 'category not stated')
    .replaceAll('_', ' ')
    .replace('li rich', 'Li-rich')
    .replace('li metal', 'Li-metal');

export const dateOf = (time: Date): string => time.toISOString().slice(0, 10);

/** How many of each verdict, as a sentence that can be read aloud. */
export function headline(judged: readonly JudgedTarget[]): string {
  const of = (word: JudgedTarget['verdict']) => judged.filter(({ verdict }) => verdict === word).length;
  const open = of('INCONCLUSIVE') + of('INSUFFICIENT DATA');
  const parts = [
    `${of('PASS')} of ${counted(judged.length, 'target')} met`,
    `${of('FAIL')} missed`,
    `${open} open`,
  ];
  return `${listed(parts)}.`;
}

function tally(judged: readonly JudgedTarget[]): Markup {
  const items = verdictWords.map((word) => {
    const count = judged.filter(({ verdict }) => verdict === word).length;
    return html`<li><span class="count">${count}</span> ${badge(word)}</li>`;
  });
  return html`<ul class="tally" aria-label="Verdicts by kind">${items}</ul>`;
}

/** What is different from the report before, in a few words. */
export function changeText(
  judged: JudgedTarget,
  points: readonly HistoryPoint[],
  baseline: Baseline | null,
): string {
  if (baseline === null) return 'first report';
  const before = pointAt(points, baseline);
  if (before === null) return 'new since then';
  if (before.threshold !== judged.target.threshold || before.unit !== judged.target.unit) {
    return `target changed; was ${before.verdict}`;
  }
  const parts: string[] = [];
  if (before.verdict !== judged.verdict) parts.push(`was ${before.verdict}`);
  if (before.value !== judged.value) {
    parts.push(
      before.value === null ? 'no value before' : `was ${plainNumber(before.value)}${unitAfter(before.unit)}`,
    );
  }
  if (before.sample_size !== judged.sample_size) parts.push(`n was ${before.sample_size}`);
  return parts.length === 0 ? 'unchanged' : parts.join(', ');
}

const LISTED_MISSING = 2;

/** What is missing: one item per cell that is short, the rest where all of it stands. */
function missing(judged: JudgedTarget, { manifest }: ReportModel): Markup {
  if (judged.missing === null) return html`<span class="muted">nothing</span>`;
  const items = missingItems(
    withoutDates(judged.missing),
    judged.evidence.cells.map(({ cell_id }) => cell_id),
  );
  const rest = items.length - LISTED_MISSING;
  const more = rest > 0 ? html` <a href="#${targetId(judged)}">and ${rest} more</a>` : nothing;
  const projection = projectionOf(judged, manifest.parameters.as_of);
  const when =
    projection === null
      ? nothing
      : projection.hasPassed
        ? html` <span class="projected">The tests stand still</span>`
        : html` <span class="projected">Projection: conclusive about ${projection.date}</span>`;
  return html`${items.slice(0, LISTED_MISSING).map(sentence).join('; ')}${more}${when}`;
}

function remarks(judged: JudgedTarget): Markup {
  const count = judged.warnings.length;
  if (count === 0) return nothing;
  return html` <a class="remarks" href="#${targetId(judged)}">${counted(count, 'warning')}</a>`;
}

function row(judged: JudgedTarget, model: ReportModel): Markup {
  const points = historyOf(model.history, judged);
  const { target, evidence } = judged;
  return html`<tr role="row">
<td role="cell" class="c-verdict">${badge(judged.verdict)}</td>
<th role="rowheader" scope="row" class="c-target"><a href="#${targetId(judged)}">${sentence(evidence.metric_title)}</a> <span class="limit-text">${limitText(target.comparison, target.threshold, target.unit)}</span>${dueNote(judged, model)}</th>
<td role="cell" class="c-scale">${strip(judged)}</td>
<td role="cell" class="c-value">${estimate(judged, target.unit)} <span class="about"><span class="n">${sampleText(judged)}</span>${remarks(judged)}</span></td>
<td role="cell" class="c-change" data-label="Change">${changeText(judged, points, model.baseline)}</td>
<td role="cell" class="c-missing" data-label="Missing">${missing(judged, model)}</td>
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
  if (judged.length === 0) return html`<p class="empty">There is ${nothingToJudge(model.lab)}</p>`;
  const columns = [
    ['c-verdict', 'Verdict'],
    ['c-target', 'Target'],
    ['c-scale', 'On the scale of the target'],
    ['c-value', 'Value, 95\u00a0% interval, sample'],
    ['c-change', baseline === null ? 'Change' : `Change since ${dateOf(baseline.started_at)}`],
    ['c-missing', 'What is missing'],
  ] as const;
  return html`<section aria-labelledby="overview-title">
<h2 id="overview-title" class="headline">${headline(judged)}</h2>
${tally(judged)}
<table class="overview" role="table">
<caption>Each line is one target for one material. On the scale the vertical line is the target and its shaded side meets it; the diamond is the value, the thick bar the one-sided 95 % bounds that are judged, the thin line the 95 % interval, rings single cells, crosses excluded ones.</caption>
<thead role="rowgroup"><tr role="row">${columns.map(([name, title]) => html`<th role="columnheader" scope="col" class="${name}">${title}</th>`)}</tr></thead>
${materials.map((one) => group(one, model))}</table>
</section>
`;
}

import { type Message, named } from '../../messages/message.js';
import type { BudgetLine } from '../../targets/budget.js';
import { largestSource } from '../../targets/budget-advice.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { alternativesFigure } from '../figures/alternatives.js';
import { html, type Markup, nothing } from '../html.js';
import { plainNumber } from '../numbers.js';
import { renderFigure } from '../plot/figure.js';
import { spoken, words } from '../speech.js';
import { capitalised, sentence, stopped, unitAfter } from '../words.js';
import { metricTitle } from './metric.js';

/** What was assumed, without its name. */
function assumedValue(assumes: Message | undefined): string {
  const { half, value } = assumes?.values ?? {};
  const isWritten = (one: unknown): one is number | string =>
    typeof one === 'number' || typeof one === 'string';
  if (!isWritten(half)) return '';
  return isWritten(value) ? `${value} ± ${half} eV` : `±${half}`;
}

function row(line: BudgetLine): Markup {
  const { component, kind, standard_uncertainty: u, unit, share, dof, shared, assumes } = line;
  const how =
    kind === 'assumed'
      ? html`<strong>${words('kind/assumed')}</strong> ${assumedValue(assumes)}`
      : words(`kind/${kind}`);
  const percent = (100 * share).toFixed(share < 0.1 ? 1 : 0);
  return html`<tr><th scope="row">${capitalised(spoken(named(component)))}</th><td>${how}</td><td class="num">${plainNumber(u)}${unitAfter(unit)}</td><td class="num">${dof === null ? '' : plainNumber(dof)}</td><td class="num">${percent}\u202f%</td><td>${shared ? words('shared') : ''}</td></tr>`;
}

/** The sources of the uncertainty of the value, in the form used in metrology. */
function budgetTable(judged: JudgedTarget): Markup {
  const { budget, material_id } = judged;
  if (budget.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words('budget_of', { title: metricTitle(judged), material: material_id })}"><table class="budget">
<thead><tr><th scope="col">${words('column_source')}</th><th scope="col">${words('column_known')}</th><th scope="col">${words('column_u')}</th><th scope="col">${words('column_dof')}</th><th scope="col">${words('column_share')}</th><th scope="col">${words('column_shared')}</th></tr></thead>
<tbody>${budget.map(row)}</tbody></table></div>
`;
}

/** What the interval is made of and what the verdict depends on, folded behind one sentence. */
export function budgetSection(judged: JudgedTarget): Markup {
  const largest = largestSource(judged.budget);
  const figure = alternativesFigure(judged);
  if (largest === null && figure === null) return nothing;
  const tried = judged.alternatives.length;
  const summary = tried === 0 ? words('made_of') : words('made_of_tried', { n: tried });
  const lead = largest === null ? nothing : html`<p>${stopped(sentence(spoken(largest.text)))}</p>`;
  return html`<details class="made-of"><summary>${summary}</summary>
${lead}${budgetTable(judged)}${figure === null ? nothing : html`<div class="figures">${renderFigure(figure)}</div>`}</details>
`;
}

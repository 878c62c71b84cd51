import type { BudgetLine } from '../../targets/budget.js';
import { largestSource } from '../../targets/budget-advice.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { alternativesFigure } from '../figures/alternatives.js';
import { html, type Markup, nothing } from '../html.js';
import { counted, plainNumber } from '../numbers.js';
import { renderFigure } from '../plot/figure.js';
import { capitalised, sentence, unitAfter } from '../words.js';

function row(line: BudgetLine): Markup {
  const { component, kind, standard_uncertainty: u, unit, share, dof, shared, assumed } = line;
  const how = kind === 'assumed' ? html`<strong>assumed</strong> ${assumed?.split('= ')[1] ?? ''}` : kind;
  const percent = (100 * share).toFixed(share < 0.1 ? 1 : 0);
  return html`<tr><th scope="row">${capitalised(component.replaceAll('_', ' '))}</th><td>${how}</td><td class="num">${plainNumber(u)}${unitAfter(unit)}</td><td class="num">${dof === null ? '' : plainNumber(dof)}</td><td class="num">${percent}\u202f%</td><td>${shared ? 'shared' : ''}</td></tr>`;
}

/** Where the uncertainty of the value comes from, as metrology writes it. */
function budgetTable({ budget, evidence, material_id }: JudgedTarget): Markup {
  if (budget.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Uncertainty budget of ${evidence.metric_title} of ${material_id}"><table class="budget">
<thead><tr><th scope="col">Source</th><th scope="col">Known how</th><th scope="col">Standard uncertainty</th><th scope="col">Degrees of freedom</th><th scope="col">Share of the variance</th><th scope="col">Over cells</th></tr></thead>
<tbody>${budget.map(row)}</tbody></table></div>
`;
}

/** What the interval is made of and what the verdict hangs on, folded behind one sentence. */
export function budgetSection(judged: JudgedTarget): Markup {
  const largest = largestSource(judged.budget);
  const figure = alternativesFigure(judged);
  if (largest === null && figure === null) return nothing;
  const tried = judged.alternatives.length;
  const choices = tried === 0 ? '' : `: ${counted(tried, 'other choice')} tried`;
  const lead = largest === null ? nothing : html`<p>${sentence(largest.text)}.</p>`;
  return html`<details class="made-of"><summary>What this interval is made of, and what the verdict hangs on${choices}</summary>
${lead}${budgetTable(judged)}${figure === null ? nothing : html`<div class="figures">${renderFigure(figure)}</div>`}</details>
`;
}

import { type DueStatus, dueStatuses, dueText } from '../../targets/due.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { historyOf } from '../history.js';
import { html, type Markup, nothing } from '../html.js';
import type { ReportModel } from '../model.js';
import { capitalised, limitText } from '../words.js';

/** Where the dates of a target stand on the day of the page; none where it has no date. */
function statuses(judged: JudgedTarget, { history, manifest }: ReportModel): DueStatus[] {
  const day = manifest.parameters.as_of;
  return day === null ? [] : dueStatuses(judged, historyOf(history, judged), day);
}

/** The next date of a target that is not met, or its last one, in a few words. */
export function dueNote(judged: JudgedTarget, model: ReportModel): Markup {
  const all = statuses(judged, model);
  const next = all.find(({ state }) => state !== 'met') ?? all.at(-1);
  if (next === undefined) return nothing;
  const projected = next.projected === null ? '' : `, projection ${next.projected}`;
  return html` <span class="due ${next.state.replace(' ', '-')}">due ${next.due}: ${next.state}${projected}</span>`;
}

/** Every date with its limit, who answers for the target, and what is noted beside it. */
export function dueList(judged: JudgedTarget, model: ReportModel): Markup {
  const all = statuses(judged, model);
  const { owner, note, comparison, unit } = judged.target;
  const dates = all.map(
    (one) =>
      html`<li>${capitalised(dueText(one))}${all.length > 1 ? html`, ${limitText(comparison, one.threshold, unit)}` : ''}</li>`,
  );
  const list =
    dates.length === 0
      ? nothing
      : html`<ul class="dates" aria-label="Due dates, as of ${model.manifest.parameters.as_of}">${dates}</ul>`;
  const words = [owner === null ? '' : `Owner: ${owner}.`, capitalised(note ?? '')]
    .filter((part) => part !== '')
    .join(' ');
  return html`${list}${words === '' ? nothing : html`<p class="muted">${words}</p>`}`;
}

import { type DueStatus, dueStatuses } from '../../targets/due.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { historyOf } from '../history.js';
import { html, type Markup, nothing } from '../html.js';
import type { ReportModel } from '../model.js';
import { words } from '../speech.js';
import { capitalised, thresholdText } from '../words.js';

/** The state of the dates of a target on the day of the page; empty where it has no date. */
function statuses(judged: JudgedTarget, { history, manifest }: ReportModel): DueStatus[] {
  const day = manifest.parameters.as_of;
  return day === null ? [] : dueStatuses(judged, historyOf(history, judged), day);
}

/** The next date of a target that is not met, or its last one, in a few words. */
export function dueNote(judged: JudgedTarget, model: ReportModel): Markup {
  const all = statuses(judged, model);
  const next = all.find(({ state }) => state !== 'met') ?? all.at(-1);
  if (next === undefined) return nothing;
  const { due, projected: date } = next;
  const state = words(`due_state/${next.state}`);
  const text =
    date === null ? words('due_note', { due, state }) : words('due_note_projected', { due, state, date });
  return html` <span class="due ${next.state.replace(' ', '-')}">${text}</span>`;
}

/** The state of a date, in a few words. */
function dueText({ due, state: code, projected: date, from }: DueStatus): string {
  const state = words(`due_state/${code}`);
  if (code === 'open') return words('due_no_pace', { due });
  if (code === 'met' || code === 'missed') return words('due_note', { due, state });
  const pace = words(from === 'tests' ? 'pace/tests' : 'pace/values');
  return date === null
    ? words('due_never', { due, state, pace })
    : words('due_projected', { due, state, date, pace });
}

/** Every date with its limit, the owner of the target, and its note. */
export function dueList(judged: JudgedTarget, model: ReportModel): Markup {
  const all = statuses(judged, model);
  const { owner, note, comparison, unit } = judged.target;
  const dates = all.map(
    (one) =>
      html`<li>${words('parts', {
        items: [
          capitalised(dueText(one)),
          ...(all.length > 1 ? [thresholdText(comparison, one.threshold, unit)] : []),
        ],
      })}</li>`,
  );
  const list =
    dates.length === 0
      ? nothing
      : html`<ul class="dates" aria-label="${words('due_dates', { day: model.manifest.parameters.as_of })}">${dates}</ul>`;
  const people = [owner === null ? '' : words('owner', { owner }), capitalised(note ?? '')]
    .filter((part) => part !== '')
    .join(' ');
  return html`${list}${people === '' ? nothing : html`<p class="muted">${people}</p>`}`;
}

import { type DueStatus, dueStatuses, dueText } from '../../targets/due.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { dayOfNewest, type HistoryPoint } from '../history.js';
import { html, type Markup, nothing } from '../html.js';
import { capitalised, limitText } from '../words.js';

/** Where the dates of a target stood on the day of its newest verdict; none where it has no date. */
function statuses(judged: JudgedTarget, points: readonly HistoryPoint[]): { all: DueStatus[]; day: string } {
  const day = dayOfNewest(points);
  return day === null ? { all: [], day: '' } : { all: dueStatuses(judged, points, day), day };
}

/** The next date of a target that is not met, or its last one, in a few words. */
export function dueNote(judged: JudgedTarget, points: readonly HistoryPoint[]): Markup {
  const { all } = statuses(judged, points);
  const next = all.find(({ state }) => state !== 'met') ?? all.at(-1);
  if (next === undefined) return nothing;
  const projected = next.projected === null ? '' : `, projection ${next.projected}`;
  return html` <span class="due ${next.state.replace(' ', '-')}">due ${next.due}: ${next.state}${projected}</span>`;
}

/** Every date with its limit, who answers for the target, and what is noted beside it. */
export function dueList(judged: JudgedTarget, points: readonly HistoryPoint[]): Markup {
  const { all, day } = statuses(judged, points);
  const { owner, note, comparison, unit } = judged.target;
  const dates = all.map(
    (one) =>
      html`<li>${capitalised(dueText(one))}${all.length > 1 ? html`, ${limitText(comparison, one.threshold, unit)}` : ''}</li>`,
  );
  const list =
    dates.length === 0 ? nothing : html`<ul class="dates" aria-label="Due dates, as of ${day}">${dates}</ul>`;
  const words = [owner === null ? '' : `Owner: ${owner}.`, note ?? '']
    .filter((part) => part !== '')
    .join(' ');
  return html`${list}${words === '' ? nothing : html`<p class="muted">${words}</p>`}`;
}

import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, type Markup, raw } from '../html.js';
import { words } from '../speech.js';

export type VerdictName = JudgedTarget['verdict'];

/** The order in which verdicts are counted and explained. */
export const verdictWords: readonly VerdictName[] = ['PASS', 'FAIL', 'INCONCLUSIVE', 'INSUFFICIENT DATA'];

export const verdictClass = (verdict: VerdictName): string => verdict.toLowerCase().replace(' ', '-');

/** The verdict for people: the word, which is the same in every language, and its meaning. */
export const verdictText = (verdict: VerdictName): string => words(`verdict/${verdict}`);

/** Outlines of 14 × 14, which differ even without colour or printed in black. */
const signs: Readonly<Record<VerdictName, string>> = {
  PASS: '<path d="M2.5 7.5l3 3 6-7"/>',
  FAIL: '<path d="M3 3l8 8M11 3l-8 8"/>',
  INCONCLUSIVE: '<circle cx="7" cy="7" r="5"/><path class="half" d="M7 2a5 5 0 0 1 0 10z"/>',
  'INSUFFICIENT DATA': '<circle cx="7" cy="7" r="5" stroke-dasharray="2.6 1.9"/>',
};

/** The word with its sign; all verdicts have the same size. */
export function badge(verdict: VerdictName): Markup {
  return html`<span class="badge ${verdictClass(verdict)}"><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">${raw(signs[verdict])}</svg>${verdictText(verdict)}</span>`;
}

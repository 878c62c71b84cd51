import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, type Markup } from '../html.js';
import { words } from '../speech.js';
import { type Interval, intervalTexts, unitAfter } from '../words.js';

/** A number for people that also holds all its digits for machines. */
export function dataValue(value: number, text: string, className = ''): Markup {
  return html`<data value="${value}"${className === '' ? '' : html` class="${className}"`}>${text}</data>`;
}

/** Value and interval of anything, with its unit. */
export function estimate(interval: Interval, unit: string): Markup {
  if (interval.value === null) return html`<span class="none">${words('no_value')}</span>`;
  const texts = intervalTexts({ ...interval, value: interval.value });
  const value = html`${dataValue(interval.value, texts.value, 'number')}${unitAfter(unit)}`;
  if (texts.low === null) return value;
  const [low, high] = [interval.ci95_low as number, interval.ci95_high as number];
  return html`${value} <span class="interval">${dataValue(low, texts.low)}${words('to')}${dataValue(high, texts.high)}</span>`;
}

/** What a verdict's sample is made of. */
export function sampleText({ sample_size, evidence }: JudgedTarget): string {
  if (evidence.inputs !== null) return words('from_materials');
  return words('cells', { n: sample_size });
}

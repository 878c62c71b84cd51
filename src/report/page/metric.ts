import type { JudgedTarget } from '../../targets/evaluate.js';
import { metricOf } from '../../targets/metrics/index.js';
import { spokenLanguage } from '../speech.js';

const inLanguage = (metric: string) =>
  spokenLanguage() === 'zh' ? metricOf(metric)?.inChinese : metricOf(metric);

/** What a metric is, in the language of the page. */
export const titleOf = (metric: string): string =>
  inLanguage(metric)?.title ?? metricOf(metric)?.title ?? metric;

/** What the metric of a verdict is. */
export const metricTitle = ({ target, evidence }: Pick<JudgedTarget, 'target' | 'evidence'>): string =>
  spokenLanguage() === 'en' ? evidence.metric_title : titleOf(target.metric);

/** How it is computed. */
export const metricFormula = ({ target, evidence }: Pick<JudgedTarget, 'target' | 'evidence'>): string =>
  (spokenLanguage() === 'en' ? undefined : inLanguage(target.metric)?.formula) ?? evidence.formula;

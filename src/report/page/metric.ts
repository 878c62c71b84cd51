import { metricsInChinese } from '../../messages/metrics.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { metricOf } from '../../targets/metrics/index.js';
import { spokenLanguage } from '../speech.js';

const inChinese = (metric: string) => (spokenLanguage() === 'zh' ? metricsInChinese[metric] : undefined);

/** What a metric is, in the language of the page. */
export const titleOf = (metric: string): string =>
  inChinese(metric)?.title ?? metricOf(metric)?.title ?? metric;

type TargetWithEvidence = Pick<JudgedTarget, 'target' | 'evidence'>;

/** What the metric of a verdict is. */
export const metricTitle = ({ target, evidence }: TargetWithEvidence): string =>
  inChinese(target.metric)?.title ?? evidence.metric_title;

/** How it is computed. */
export const metricFormula = ({ target, evidence }: TargetWithEvidence): string =>
  inChinese(target.metric)?.formula ?? evidence.formula;
